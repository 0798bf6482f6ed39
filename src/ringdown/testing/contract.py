"""The contract of the interfaces, as one OpenAPI document that also describes the live feed."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from ringdown.app import FACTS, App, World, build
from ringdown.runtime.lamps import LampChanged
from ringdown.settings import HttpSettings, MediaServerSettings, Settings
from ringdown.speech.events import SIGNALS as SPEECH_SIGNALS

SIGNALS = (LampChanged, *SPEECH_SIGNALS)
REF = "#/components/schemas/{model}"


@asynccontextmanager
async def _application() -> AsyncGenerator[App, None]:
    """The application in a folder of its own, for as long as it is looked at."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder), media_server=MediaServerSettings(mode="off"), http=HttpSettings()
        )
        async with build(settings, World.real()) as app:
            yield app


async def permissions() -> dict[tuple[str, str], str]:
    """What each route asks for, by method and path; `WS` stands for a WebSocket."""
    async with _application() as app:
        return app.asgi.state.permissions


async def openapi() -> dict[str, Any]:
    """Every route, and every fact and signal of the feed under `components.schemas`.

    The bodies of facts and signals are given without `centre_id` and `call_id`, as the feed
    carries them; `x-feed` maps each kind to its schema.
    """
    async with _application() as app:
        document = app.asgi.openapi()
    kinds = (*FACTS, *SIGNALS)
    _, shared = models_json_schema([(kind, "serialization") for kind in kinds], ref_template=REF)
    schemas = document["components"]["schemas"]
    for name, schema in shared["$defs"].items():
        if name in {kind.__name__ for kind in kinds}:
            for envelope in ("centre_id", "call_id"):
                schema["properties"].pop(envelope, None)
                if envelope in schema.get("required", []):
                    schema["required"].remove(envelope)
        schemas.setdefault(name, schema)
    document["x-feed"] = {
        kind.kind: REF.format(model=kind.__name__) for kind in sorted(kinds, key=lambda k: k.kind)
    }
    # The version is that of the package, not of the contract; it would make this stale for nothing.
    document["info"]["version"] = "1"
    return document
