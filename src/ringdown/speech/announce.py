"""Telling, at the start of the server, where audio goes beside this machine."""

from collections.abc import Iterable

from ringdown.audit.api import INSTALLATION, Audit
from ringdown.core.principal import system
from ringdown.runtime.db import Database
from ringdown.runtime.telemetry import get_logger
from ringdown.speech.engines import Chosen, chain_of
from ringdown.speech.settings import SpeechSettings


def elsewhere(settings: SpeechSettings) -> tuple[Chosen, ...]:
    """The engines of the chain that get audio off this machine. Raises BadConfig."""
    return tuple(one for one in chain_of(settings) if one.goes_to is not None)


async def announce(
    settings: SpeechSettings, database: Database, audit: Audit, centres: Iterable[str]
) -> tuple[str, ...]:
    """The hosts that get audio, once that is in the audit log of each centre. Raises BadConfig."""
    found = elsewhere(settings)
    if not found:
        return ()
    async with database.write() as tx:
        for centre_id in (INSTALLATION, *centres):
            for one in found:
                await audit.append(
                    tx,
                    centre_id=centre_id,
                    tag="speech:engine:remote",
                    actor=system(centre_id, "speech"),
                    subject=one.name,
                    details={
                        "host": one.goes_to,
                        "model": one.model,
                        "set_by": "configuration",
                        "setting": "speech.engine",
                    },
                )
    log = get_logger("speech")
    for one in found:
        log.warning("audio goes off this machine", engine=one.name, host=one.goes_to)
    return tuple(str(one.goes_to) for one in found)
