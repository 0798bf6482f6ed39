"""Final words written into a running installation, kept and told as the speech lane does."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from ringdown.app import FACTS
from ringdown.core.events import Fact
from ringdown.runtime.clock import SystemClock
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.ids import SystemIds
from ringdown.speech.api import UtteranceView, WordView
from ringdown.speech.events import UtteranceFinalised
from ringdown.speech.store import SqlTranscriptStore

WAKE: Final[dict[str, Any]] = {"type": "dtmf", "data": {"digit": "1"}}
"""An event to post on the call: the server looks at the log when it has written to it itself."""


class Lane:
    """Writes into an installation's transcript and log."""

    def __init__(self, database: SqlDatabase, centre_id: str) -> None:
        clock = SystemClock()
        self._database, self._centre_id = database, centre_id
        self._facts = Facts(SqlFactStore(), clock, SystemIds(clock), FACTS)

    async def hear(self, said: Iterable[UtteranceView]) -> None:
        """Final words, all in one go."""
        async with self._database.write() as tx:
            for each in said:
                await SqlTranscriptStore().add(tx, self._centre_id, each)
                fact = UtteranceFinalised(
                    centre_id=self._centre_id, call_id=each.call_id, utterance=each
                )
                await self._facts.append(tx, fact)

    async def tell(self, fact: Fact) -> None:
        """Something else that the lane found."""
        async with self._database.write() as tx:
            await self._facts.append(tx, fact)


@asynccontextmanager
async def lane(data: Path, centre_id: str) -> AsyncGenerator[Lane, None]:
    """A lane into the installation of this data folder, for as long as the block lasts."""
    database = SqlDatabase(f"sqlite:///{data / 'ringdown.sqlite3'}")
    try:
        yield Lane(database, centre_id)
    finally:
        await database.close()


def utterance(call_id: str, side: str, words: Sequence[WordView], **more: Any) -> UtteranceView:
    """Final words of one side; `more` is whatever else speech says of them."""
    start_ms = words[0].start_ms
    plain = {"revision": 1, "engine": "scripted", "doubtful": False}
    return UtteranceView(
        utterance_id=f"utt_{call_id[5:]}_{start_ms:07}", call_id=call_id,
        leg_id=f"leg_{call_id[5:]}_{side}", side=side, start_ms=start_ms, end_ms=words[-1].end_ms,
        text=" ".join(word.word for word in words), words=tuple(words), **{**plain, **more},
    )  # fmt: skip
