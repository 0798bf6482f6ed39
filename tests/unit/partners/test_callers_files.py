"""A caller's photo for partners: only where the centre says so, only once looked at, as a file."""

import json
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from tests.unit.partners.world import PARTNER, World, call

from ringdown.core.errors import Gone
from ringdown.core.events import FactRecord
from ringdown.partners.http import partner_routes
from ringdown.partners.limits import RequestLimit
from ringdown.partners.model import incident_uuid
from ringdown.partners.settings import PartnersSettings
from ringdown.runtime.http import install
from ringdown.uploads.events import UploadChanged
from ringdown.uploads.views import UploadView

PICTURE = b"\xff\xd8 a photo made anew"
AT = "2026-03-01T02:59:30Z"


@dataclass
class Photo:
    content_type: str = "image/jpeg"
    size: int = len(PICTURE)
    name: str = "photo-1.jpg"

    def parts(self, start: int = 0, end: int | None = None):
        yield PICTURE[start:end]


class Files:
    """Callers' files, of which one is there until it is removed."""

    def __init__(self) -> None:
        self.asked, self.removed = [], False

    async def export(self, principal, call_id: str, upload_id: str) -> Photo:
        self.asked.append((principal.id, call_id, upload_id))
        if self.removed:
            raise Gone("the file is no longer held")
        return Photo()


async def changed(world: World, position: int, state: str) -> None:
    view = UploadView(
        upload_id="upl_1", call_id="call_1", link_id="link_1", via="page", state=state,
        kind="photo", content_type="image/webp", size=9, received=9, at=AT, changed_at=AT,
    )  # fmt: skip
    fact = UploadChanged(centre_id="a", call_id="call_1", upload=view)
    record = FactRecord(position, f"evt_{position}", world.clock.now(), fact)
    await world.incidents.on_upload(record)


async def test_a_callers_photo_is_told_and_fetched_once_somebody_looked_at_it() -> None:
    """Nothing before; not twice; gone once removed; stripped, as a file that no browser runs."""
    world, files = World(), Files()
    world.incidents._settings = PartnersSettings(caller_files=True)
    world.incidents._files = files
    await world.add(events=["media"])
    await world.hear(call())
    for position, state in enumerate(("checking", "quarantined", "viewed", "viewed"), 2):
        await changed(world, position, state)
    [made] = await world.all()
    body = json.loads(made.body)
    assert (body["type"], body["kind"], body["content_type"]) == ("media", "photo", "image/jpeg")
    assert "upl_1" not in made.body

    async def partner(_connection: object) -> object:
        return PARTNER

    app = FastAPI(openapi_url=None)
    install(app, partner, [partner_routes(world.incidents, RequestLimit(100, world.clock))])  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://x.test") as client:
        got = await client.get(body["url"])
        part = await client.get(body["url"], headers={"range": "bytes=2-5"})
        forged = await client.get(body["url"].replace("expires=", "expires=1"))
        files.removed = True
        gone = await client.get(body["url"])
    assert (got.status_code, got.content) == (200, PICTURE)
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"] == 'attachment; filename="photo-1.jpg"'
    assert "sandbox" in got.headers["content-security-policy"]
    assert (part.status_code, part.content) == (206, PICTURE[2:6])
    assert (forged.status_code, gone.status_code) == (403, 410)
    assert files.asked == [("client_1", "call_1", "upl_1")] * 3
    await changed(world, 9, "removed")
    read = await world.incidents.incident(PARTNER, incident_uuid("call_1"))
    assert read["media"] == []


async def test_without_the_centres_word_no_partner_hears_of_a_callers_photo() -> None:
    """Neither by an event nor in the incident; not either where the word was taken back."""
    world = World()
    await world.add(events=["media"])
    await world.hear(call())
    await changed(world, 2, "viewed")
    assert await world.all() == []
    world.incidents._settings = PartnersSettings(caller_files=True)
    await changed(world, 3, "viewed")
    assert len(await world.all()) == 1
    world.incidents._settings = PartnersSettings()
    read = await world.incidents.incident(PARTNER, incident_uuid("call_1"))
    assert read["media"] == []


async def test_what_the_callers_camera_showed_is_told_as_a_recording_of_it() -> None:
    """Partners have a name of their own for it."""
    world = World()
    world.incidents._settings = PartnersSettings(caller_files=True)
    world.incidents._files = Files()
    await world.add(events=["media"])
    await world.hear(call())
    view = UploadView(
        upload_id="upl_2", call_id="call_1", link_id="link_1", via="recording", state="viewed",
        kind="video", content_type="video/webm", size=9, received=9, at=AT, changed_at=AT,
    )  # fmt: skip
    fact = UploadChanged(centre_id="a", call_id="call_1", upload=view)
    await world.incidents.on_upload(FactRecord(2, "evt_2", world.clock.now(), fact))
    [made] = await world.all()
    body = json.loads(made.body)
    assert (body["kind"], body["content_type"]) == ("livestream_recording", "video/webm")
