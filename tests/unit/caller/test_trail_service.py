"""The trail from a page's fixes to the draft: consent first, thinned, told, read under audit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.incidents.test_incident_handlers import StraightBus
from tests.unit.incidents.world import DANA, MAX, World

from ringdown.audit.service import AuditLog
from ringdown.caller import events as caller_events
from ringdown.caller.model import LinkOver, NotAgreed, PageSession, TooOften
from ringdown.caller.store import SqlCallerStore
from ringdown.caller.trail import PhoneFix
from ringdown.caller.trail_handlers import subscribe
from ringdown.caller.trail_service import A_MINUTE, TrailService
from ringdown.caller.views import LinkView
from ringdown.calls import events as call_events
from ringdown.core.clock import iso
from ringdown.core.errors import NotFound
from ringdown.incidents import events as incident_events
from ringdown.runtime.db import SqlDatabase
from ringdown.runtime.facts import Facts, SqlFactStore
from ringdown.runtime.ids import SystemIds
from ringdown.runtime.schema import upgrade

OAK = {"lat": 40.5, "lon": -75.25, "accuracy_m": 12.0}


class Stage:
    """A call with an opened link whose caller agreed to be located."""

    def __init__(self, world: World) -> None:
        self.world, self.store = world, SqlCallerStore()
        kinds = (*call_events.FACTS, *incident_events.FACTS, *caller_events.FACTS)
        ids = SystemIds(world.clock)
        self.facts = Facts(SqlFactStore(), world.clock, ids, kinds)
        self.trail = TrailService(
            world.db, self.store, calls=world.calls, facts=self.facts,
            audit=AuditLog(world.audit_store, world.clock), clock=world.clock,
            ids=ids, every_s=5,
        )  # fmt: skip
        self.bus = StraightBus()
        subscribe(self.bus, world.service)
        self.page = PageSession("link_1", "centre_a", "", ("location",), "sharing")

    async def begin(self) -> None:
        call_id = await self.world.begin()
        self.page = PageSession("link_1", "centre_a", call_id, ("location",), "sharing")
        now = iso(self.world.clock.now())
        link = LinkView.model_validate(
            {"link_id": "link_1", "call_id": call_id, "consent_id": "con_1", "number": "+12025550143",
             "shares": ("location",), "language": "en", "state": "sharing", "agreed": ("location",),
             "made_by": {"user_id": DANA.id, "name": DANA.name}, "made_at": now, "expires_at": now,
             "opened_at": now}
        )  # fmt: skip
        async with self.world.db.write() as tx:
            await self.store.links.add(
                tx, "centre_a", "link_1", call_id, link,
                key_hash="k", expires_at=now, state="sharing",
            )  # fmt: skip

    async def change(self, **more) -> None:
        async with self.world.db.write() as tx:
            kept = await self.store.links.get(tx, "centre_a", "link_1")
            assert kept is not None
            changed = kept.value.model_copy(update=more)
            await self.store.links.replace(tx, "centre_a", "link_1", kept, changed)

    def fix(self, **more) -> PhoneFix:
        return PhoneFix.model_validate({**OAK, "at": iso(self.world.clock.now()), **more})

    async def send(self, *fixes: PhoneFix) -> tuple[int, int]:
        taken = await self.trail.take(self.page, fixes or (self.fix(),), None)
        return taken.kept, taken.unbelievable

    async def tell(self) -> None:
        """Hand every fix to who listens."""
        async with self.world.db.read() as tx:
            told = await self.facts.of_call(
                tx, "centre_a", self.page.call_id, caller_events.CallerLocated
            )
        for each in told:
            await self.bus.tell(each)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    db = SqlDatabase(f"sqlite:///{tmp_path / 'trail.sqlite3'}")
    await upgrade(db)
    world = World(db)
    await world.people()
    made = Stage(world)
    await made.begin()
    yield made
    await db.close()


async def test_a_trail_is_kept_thinly_and_stands_beside_the_other_places(stage: Stage) -> None:
    """Sent twice it is kept once; the draft shows the newest with 95 %, and replaces nothing."""
    assert await stage.send() == (1, 0)
    assert await stage.send() == (0, 0)
    stage.world.clock.advance(5)
    lost = stage.fix(lat=40.502, at=iso(stage.world.clock.now()))
    assert await stage.send(lost, stage.fix(lat=95)) == (1, 1)
    assert await stage.send(lost) == (0, 0)
    await stage.tell()
    await stage.world.hear(stage.page.call_id, "C: I'm at 40 Oak Street")
    draft = await stage.world.service.draft(DANA, stage.page.call_id)
    assert [place.source for place in draft.places] == ["spoken", "caller_link"]
    phone = draft.places[1]
    assert (phone.lat, phone.uncertainty_m, phone.confidence_percent) == (40.502, 12, 95)
    assert draft.fields["location"].text == "40 Oak Street"
    read = await stage.trail.read(DANA, stage.page.call_id)
    assert [(fix.lat, fix.at_ms) for fix in read.fixes] == [(40.5, 0), (40.502, 5000)]
    async with stage.world.db.read() as tx:
        rows = await stage.world.audit_store.rows(tx, "centre_a", after=0, limit=50)
    assert [row.tag for row in rows][-1] == "caller:location:read"
    assert "40.5" not in str([row.details for row in rows])
    with pytest.raises(NotFound):
        await stage.trail.read(MAX, stage.page.call_id)


async def test_a_console_that_shows_the_trail_writes_one_row_for_a_while(stage: Stage) -> None:
    """For each person and session; opened again after ten minutes it is another reading."""
    call_id, lee = stage.page.call_id, replace(DANA, id="user_lee", session_id="ses_9")
    for who in (DANA, DANA, lee, DANA, lee, replace(lee, session_id="ses_10")):
        await stage.trail.shown(who, call_id, fixes=3)
    stage.world.clock.advance(601)
    await stage.trail.shown(DANA, call_id, fixes=4)
    async with stage.world.db.read() as tx:
        rows = await stage.world.audit_store.rows(tx, "centre_a", after=0, limit=50)
    read = [(row.actor_id, row.details["fixes"]) for row in rows if row.details.get("by")]
    assert read == [(DANA.id, 3), ("user_lee", 3), ("user_lee", 3), (DANA.id, 4)]


async def test_nobody_is_located_without_consent(stage: Stage) -> None:
    """Not agreed, taken back while the fix was under way, or the link over: nothing is kept."""
    await stage.change(agreed=())
    with pytest.raises(NotAgreed):
        await stage.send()
    await stage.change(agreed=("location",), state="revoked")
    with pytest.raises(LinkOver):
        await stage.send()
    stage.page = PageSession("link_1", "centre_a", stage.page.call_id, ("video",), "sharing")
    with pytest.raises(NotAgreed):
        await stage.send()
    assert (await stage.trail.read(DANA, stage.page.call_id)).fixes == ()


async def test_a_page_that_floods_is_slowed_down_and_two_at_once_keep_one(stage: Stage) -> None:
    """The limit is the page's own; what was kept stays."""
    done = await asyncio.gather(*(stage.send() for _ in range(4)))
    assert sorted(done) == [(0, 0), (0, 0), (0, 0), (1, 0)]
    with pytest.raises(TooOften) as slow:
        for _ in range(A_MINUTE):
            await stage.trail.take(stage.page, (), None)
    assert slow.value.details["retry_after_s"] == 1
