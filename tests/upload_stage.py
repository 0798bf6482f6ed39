"""Callers' files on a database and a folder of their own, with their routes and no network."""

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from ringdown.app import FACTS
from ringdown.audit.service import AuditLog
from ringdown.audit.store import SqlAuditStore
from ringdown.caller.api import LinkOver, NotAgreed, PageSession, PageUnknown, Share
from ringdown.core.errors import NotFound, Refused
from ringdown.core.principal import Person, Principal
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.db import SqlDatabase, Tx
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.http import install
from ringdown.testing.clock import CountingIds, ManualClock
from ringdown.uploads.adapters.sealed_files import SealedFiles
from ringdown.uploads.fakes import FakePictures, FakeScanner
from ringdown.uploads.http import upload_routes
from ringdown.uploads.ports import Pictures
from ringdown.uploads.service import UploadService
from ringdown.uploads.settings import UploadSettings
from ringdown.uploads.store import SqlUploadStore
from ringdown.uploads.tus_http import page_upload_routes
from ringdown.uploads.views import UploadView
from ringdown.video.api import Subject, ViewingView

CENTRE, CALL = "centre_a", "call_1"
ALL = frozenset({"uploads:view", "uploads:export"})
DANA = Principal("user", "usr_dana", "Dana", CENTRE, frozenset({"uploads:view"}))
LEE = Principal("user", "usr_lee", "Lee", CENTRE, ALL)
FAR = Principal("user", "usr_far", "Far", "centre_b", ALL)
PEOPLE = {"dana": DANA, "lee": LEE, "far": FAR}
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {**TUS, "Content-Type": "application/offset+octet-stream"}
SMALL = UploadSettings(max_photo_mb=1, max_video_mb=2, keep_free_mb=0, per_link=3)


class OneCall:
    """There is one call of one centre."""

    async def read(self, tx: Tx, centre_id: str, call_id: str) -> None:
        if (centre_id, call_id) != (CENTRE, CALL):
            raise NotFound("there is no such call")


class Book:
    """Who looks at what."""

    def __init__(self) -> None:
        self.rows: list[ViewingView] = []

    async def open_in(
        self, tx: Tx, principal: Principal, call_id: str, subject: Subject, subject_id: str
    ) -> ViewingView:
        by = Person(user_id=principal.id, name=principal.name)
        view = ViewingView(
            viewing_id=f"view_{len(self.rows) + 1}", call_id=call_id, subject=subject,
            subject_id=subject_id, by=by, started_at="now",
        )  # fmt: skip
        self.rows.append(view)
        return view

    async def read_viewings(self, tx: Tx, centre_id: str, call_id: str) -> list[ViewingView]:
        return self.rows

    def close(self) -> None:
        self.rows = [row.model_copy(update={"ended_at": "now"}) for row in self.rows]


class Phones:
    """The pages of four links: one like any other, another's, one that is over, one not agreed.

    `answers` is how often the first is still known; then its caller has stopped.
    """

    def __init__(self) -> None:
        self.answers = 1_000_000

    async def of(self, cookie: str | None, share: Share | None = None) -> PageSession:
        if cookie == "over":
            raise LinkOver("the link is over")
        if cookie not in {"phone", "other", "silent"}:
            raise PageUnknown("nobody's page")
        shares: tuple[Share, ...] = ("location",) if cookie == "silent" else ("upload",)
        self.answers -= 1
        if self.answers < 0:
            raise NotAgreed("the caller has stopped")
        session = PageSession(f"link_{cookie}", CENTRE, CALL, shares, "sharing")
        if share is not None and share not in shares:
            raise NotAgreed("not agreed")
        return session


def foreign(connection: HTTPConnection) -> None:
    """Other sites' pages say where they come from."""
    if connection.headers.get("origin", "http://psap") != "http://psap":
        raise Refused("another site's page")


class Stage:
    """One installation; `restart` ends it and begins it again on what is kept."""

    def __init__(self, folder: Path, pictures: Pictures | None = None) -> None:
        self.folder = folder
        self.db = SqlDatabase(f"sqlite:///{folder / 'uploads.sqlite3'}")
        self.clock = ManualClock()
        self.ids = CountingIds()
        self.book = Book()
        self.phones = Phones()
        self.pictures: Pictures = pictures or FakePictures()
        self.scanner: FakeScanner | None = None
        self.settings = SMALL
        self.facts = Facts(SqlFactStore(), self.clock, self.ids, FACTS)
        self.audit_store = SqlAuditStore()
        self.restart()

    def restart(self) -> None:
        self.files = SealedFiles(self.folder / "uploads", b"k" * 32)
        self.service = UploadService(
            self.db, SqlUploadStore(), files=self.files, pictures=self.pictures,
            scanner=self.scanner, viewings=self.book, calls=OneCall(), facts=self.facts,  # type: ignore[arg-type]
            audit=AuditLog(self.audit_store, self.clock), clock=self.clock, ids=self.ids,
            settings=self.settings,
        )  # fmt: skip
        self.asgi = FastAPI(openapi_url=None)

        async def who(connection: HTTPConnection) -> Principal | None:
            return PEOPLE.get(connection.headers.get("x-who", ""))

        routes = [
            upload_routes(self.service),
            page_upload_routes(self.service.receiving, self.phones, foreign),
        ]
        install(self.asgi, who, routes)

    def phone(self, cookie: str = "phone") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.asgi)
        return httpx.AsyncClient(
            transport=transport, base_url="http://psap", cookies={"ringdown_caller": cookie}
        )

    def console(self, name: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.asgi)
        return httpx.AsyncClient(
            transport=transport, base_url=f"http://psap/v1/calls/{CALL}",
            headers={"x-who": name},
        )  # fmt: skip

    async def begin(
        self, size: int, said: str = "image/jpeg", cookie: str = "phone"
    ) -> httpx.Response:
        kind = base64.b64encode(said.encode()).decode()
        headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filetype {kind}"}
        async with self.phone(cookie) as http:
            return await http.post("/l/api/uploads", headers=headers)

    async def write(
        self, place: str, at: int, data: bytes, cookie: str = "phone"
    ) -> httpx.Response:
        async with self.phone(cookie) as http:
            headers = {**BODY, "Upload-Offset": str(at)}
            return await http.patch(place, headers=headers, content=data)

    async def held(self, place: str, cookie: str = "phone") -> httpx.Response:
        async with self.phone(cookie) as http:
            return await http.head(place, headers=TUS)

    async def send(self, data: bytes, said: str = "image/jpeg") -> tuple[str, httpx.Response]:
        """A whole file, looked at and checked: its id, and the answer to its bytes."""
        place = (await self.begin(len(data), said)).headers["location"]
        answer = await self.write(place, 0, data)
        await self.service.checking.look()
        return place.rpartition("/")[2], answer

    async def by_text(self, data: bytes, part: int = 0) -> str:
        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(data), 50_000):
                yield data[at : at + 50_000]

        return await self.service.receiving.on_media(
            centre_id=CENTRE, call_id=CALL, message_id="msg_01", part=part,
            number=Sensitive("+15095550142", "number"), content_type="image/jpeg",
            chunks=chunks(),
        )  # fmt: skip

    async def views(self) -> list[UploadView]:
        return await self.service.uploads(DANA, CALL)

    async def view(self, upload_id: str) -> UploadView:
        return next(each for each in await self.views() if each.upload_id == upload_id)

    async def acts(self) -> list[tuple[str, str]]:
        """The story of the audit log: what was done, by whom."""
        async with self.db.read() as tx:
            rows = await self.audit_store.rows(tx, CENTRE, after=0, limit=100)
        return [(row.tag, row.actor_name) for row in rows]

    async def told(self) -> list[str]:
        async with self.db.read() as tx:
            return [
                stored.record.fact.upload.state  # type: ignore[attr-defined]
                for stored in await self.facts.since(tx, CENTRE, 0)
            ]

    def on_disk(self) -> list[str]:
        found: Iterator[Path] = (self.folder / "uploads").rglob("*")
        return sorted(path.name for path in found if path.is_file())


@asynccontextmanager
async def opened(folder: Path, pictures: Pictures | None = None) -> AsyncIterator[Stage]:
    from tests.conftest import _create

    stage = Stage(folder, pictures)
    await _create(stage.db)
    yield stage
    await stage.db.close()
