"""Opening the CAD adapter that the settings name. For the composition root."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from ringdown.cad.eido import NOWHERE, Sender
from ringdown.cad.ports import CAD_GROUP, CadAdapter
from ringdown.cad.receiver import Receiver, serving
from ringdown.cad.settings import CadSettings, WebhookConfig
from ringdown.core.clock import Clock
from ringdown.core.errors import BadConfig
from ringdown.core.plugins import config_of, load_plugin
from ringdown.wire.standard_webhooks import Secret, write_secret


@asynccontextmanager
async def open_adapter(settings: CadSettings) -> AsyncGenerator[CadAdapter | None, None]:
    """The adapter named, opened; None when none is named. Raises BadConfig."""
    if settings.adapter is None:
        yield None
        return
    plugin = load_plugin(CAD_GROUP, settings.adapter)
    if settings.adapter == "webhook":
        if settings.webhook.content == "eido" and settings.eido.domain is None:
            raise BadConfig(
                "cad.eido.domain is needed to send EIDO documents",
                details={"keys": ["cad.eido.domain"]},
            )
        config = settings.webhook
    else:
        config = config_of(
            plugin, settings.options, "the options of the CAD adapter cannot be used"
        )
    async with plugin.open(config) as adapter:
        yield cast("CadAdapter", adapter)


@asynccontextmanager
async def open_practice_cad(clock: Clock) -> AsyncGenerator[CadSettings, None]:
    """A small CAD of our own on loopback, for a centre that has none set up yet."""
    key = secrets.token_bytes(32)
    async with serving(Receiver([Secret(key)], clock)) as address:
        webhook = WebhookConfig(url=address, secret=SecretStr(write_secret(key)))
        yield CadSettings(adapter="webhook", webhook=webhook)


def sender_of(settings: CadSettings) -> Sender:
    """Who an EIDO names as its sender."""
    told = settings.eido
    return Sender(told.domain or NOWHERE, told.agency_type, told.country)


def zone_of(settings: CadSettings) -> tzinfo:
    """The time zone of the lamp. Raises BadConfig."""
    if settings.timezone == "UTC":
        return UTC
    try:
        return ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError):
        raise BadConfig(
            "cad.timezone is not a time zone", details={"example": "America/Chicago"}
        ) from None
