"""A caller's camera: who may be in its room, who looked for how long, and when it is gone."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.caller.link_world import PHONES, cookie_of, prepare
from tests.unit.video.camera_world import DANA, FAR, KIM, LEE, CameraWorld

from ringdown.caller.api import LinkNotFound, LinkOver, NotAgreed, PageUnknown, PageVideo
from ringdown.core.errors import RingdownError
from ringdown.core.principal import Principal
from ringdown.runtime.tasks import Tasks
from ringdown.video.model import (
    MediaServerSilent,
    SignalRefused,
    TooManyViewers,
    VideoNotListed,
    VideoNotLive,
    ViewingNotFound,
    ViewingOver,
    ViewingTakenOver,
    phone_of,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cameras")
    asyncio.run(prepare(folder))
    return folder


@pytest.fixture
async def world(empty: Path, tmp_path: Path, request: Any) -> AsyncIterator[CameraWorld]:
    """A call that has been answered; settings of video by parametrisation."""
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    made = CameraWorld(tmp_path, **getattr(request, "param", {}))
    await made.ring()
    yield made
    await made.db.close()


async def test_only_the_bound_phone_with_consent_gets_a_room(world: CameraWorld) -> None:
    """No cookie, another's, or video not agreed to: no room; the token is for the camera alone."""
    for cookie in (None, "guessed"):
        with pytest.raises(PageUnknown):
            await world.video.start(cookie)
    token, _, _ = await world.send(("video", "chat"))
    opened = await world.open(token, ("chat",))
    with pytest.raises(NotAgreed):
        await world.video.start(cookie_of(opened))
    assert world.eyes.there == {}
    room = await world.show()
    assert room.startswith(f"eyes_{world.link_id}_")
    again = await world.video.start(world.cookie)
    assert again.token.reveal("test").split() == [room, phone_of(world.link_id), "phone", "False"]
    assert "eyes_" not in repr(again)


async def test_whoever_is_not_invited_is_put_out(world: CameraWorld) -> None:
    """A stranger in the room, and a viewer whose viewing is over, are out at the next look."""
    room = await world.show()
    watching, identity = await world.watch()
    await world.passes(1)
    assert world.eyes.put == []
    world.eyes.there[room].add("phone_other")
    await world.video.viewings.close(DANA, world.call_id, watching.view.viewing_id, 0)
    world.eyes.there[room].add(identity)  # comes back with the pass that is not yet old
    await world.passes(0.5)
    assert world.eyes.there[room] == {phone_of(world.link_id)}


@pytest.mark.parametrize("end", ["stop", "revoke", "call", "withdraw"])
async def test_a_camera_ends_at_once_with_what_allowed_it(world: CameraWorld, end: str) -> None:
    """The caller stops, a person revokes or stops it, the call ends: no room, nobody looks."""
    room = await world.show()
    watching, _ = await world.watch()
    if end == "stop":
        await world.pages.stop(world.cookie, shares=None, reason="")
    elif end == "withdraw":
        await world.pages.stop(world.cookie, shares=("video",), reason="")
    elif end == "revoke":
        await world.caller.revoke(DANA, world.call_id, world.link_id, "done")
    else:
        await world.calls.end(PHONES, world.call_id, "hangup")
    await world.settle()
    await world.tick()
    assert room not in world.eyes.there
    (seen,) = await world.viewings()
    assert seen.ended_at is not None
    assert world.health().state == "none"
    with pytest.raises(RingdownError) as refused:
        await world.video.start(world.cookie)
    assert isinstance(refused.value, LinkOver | NotAgreed | PageUnknown)
    with pytest.raises(RingdownError):
        await world.watch()
    # Agreed again, it is another room: what opened the first opens nothing.
    assert watching.video is not None
    with pytest.raises(SignalRefused):
        await world.video.admit(watching.video.token.reveal("test"), None, nobody)


async def nobody() -> Principal | None:
    return None


async def test_the_room_goes_as_soon_as_the_media_server_answers_again(world: CameraWorld) -> None:
    """Stopped while it is down: shown to nobody at once, and removed at the next look."""
    room = await world.show()
    world.eyes.down = True
    await world.pages.stop(world.cookie, shares=("video",), reason="")
    await world.settle()
    with pytest.raises(NotAgreed):
        await world.watch()
    with pytest.raises(MediaServerSilent):
        await world.video.upkeep.look_into_rooms()
    world.eyes.down = False
    await world.look()
    assert room not in world.eyes.there


async def test_a_restarted_media_server_has_the_room_again(world: CameraWorld) -> None:
    """Same room, so that phone and console come back; nobody is thrown out of their viewing."""
    room = await world.show()
    await world.watch()
    world.eyes.there.clear()
    await world.passes(0.5)
    assert list(world.eyes.there) == [room]
    assert [one.ended_at for one in await world.viewings()] == [None]


async def test_a_silent_page_is_known_within_five_seconds_and_text_is_offered(
    world: CameraWorld,
) -> None:
    """No sign of life, or signs without a bit: dead; back again: live. Its room waits a while."""
    await world.show()
    await world.passes(10)
    assert world.health().state == "live"
    await world.passes(5, beats=False)
    assert world.health().state == "dead"
    assert (await world.link(world.link_id)).offer is not None
    world.beat(0)
    assert world.health().state == "live"  # one beat without a bit proves nothing
    world.beat(0)
    assert (world.health().state, world.health().kbps) == ("dead", 0)
    world.beat()
    assert world.health().kbps == 200
    world.clock.advance(90)
    await world.passes(1, beats=False)
    assert world.eyes.there == {}


@pytest.mark.parametrize("world", [{"carry_audio": True}, {}], indirect=True)
async def test_sound_is_said_to_come_only_while_it_does(world: CameraWorld) -> None:
    """A phone without a microphone sends none; nor does any where the agency has none."""
    await world.show()
    assert not world.health().carries_audio
    world.beat(sound=True)
    assert world.health().carries_audio == world.video.settings.carry_audio


async def test_text_is_offered_for_as_long_as_no_bit_comes(world: CameraWorld) -> None:
    """Though the page goes on saying that it is live; shown again later, the camera is not dead."""

    async def says(kbps: float) -> str | None:
        world.clock.advance(2)
        live = PageVideo(state="live", width=320, height=240, fps=15, kbps=kbps)
        await world.pages.alive(world.cookie, sharing=("video",), video=live)
        world.video.streams.page_alive(world.link_id, live)
        await world.look()
        return (await world.link(world.link_id)).offer

    await world.show()
    assert [await says(kbps) for kbps in (0, 0, 0, 0)] == [None, *["media_dead"] * 3]
    assert await says(200) is None
    assert [await says(kbps) for kbps in (0, 0)] == [None, "media_dead"]
    await world.video.streams.end(world.video.streams.all()[0], "silent")
    await world.video.start(world.cookie)
    assert await says(200) is None


async def test_viewing_is_written_down_bounded_and_closed_by_itself(world: CameraWorld) -> None:
    """Time shown is what is told, within the time it was open; a vanished console closes it."""
    await world.show()
    watching, _ = await world.watch()
    mine = watching.view.viewing_id
    await world.passes(4)
    told = await world.video.viewings.alive(DANA, world.call_id, mine, 3_000)
    assert told.shown_ms == 3_000
    assert (await world.video.viewings.alive(DANA, world.call_id, mine, 99_000)).shown_ms == 4_000
    assert (await world.video.viewings.alive(DANA, world.call_id, mine, 10)).shown_ms == 4_000
    for other in (LEE, FAR):
        with pytest.raises(ViewingNotFound):
            await world.video.viewings.alive(other, world.call_id, mine, 1)
        with pytest.raises(ViewingNotFound):
            await world.video.viewings.close(other, world.call_id, mine, 1)
    await world.passes(11)
    ended = await world.video.viewings.alive(DANA, world.call_id, mine, 15_000)
    assert (ended.ended_at is not None, ended.shown_ms) == (True, 4_000)
    (opened, _), (closed, details) = await world.written()
    assert (opened, closed) == ("viewing:opened", "viewing:closed")
    assert (details["because"], details["shown_ms"], details["who"]) == ("left", 4_000, DANA.id)


@pytest.mark.parametrize("world", [{"longest_viewing_s": 10}], indirect=True)
async def test_a_picture_left_open_is_closed(world: CameraWorld) -> None:
    """However alive the console is."""
    await world.show()
    watching, _ = await world.watch()
    for _ in range(12):
        await world.passes(1)
        await world.video.viewings.alive(DANA, world.call_id, watching.view.viewing_id, 0)
    assert (await world.written())[-1][1]["because"] == "too_long"


async def test_a_supervisor_takes_over_and_gives_back(world: CameraWorld) -> None:
    """The other's viewing ends with a name to it; they look again when the supervisor is done."""
    await world.show()
    watching, _ = await world.watch()
    theirs = watching.view.viewing_id
    with pytest.raises(ViewingNotFound):
        await world.video.take_over(FAR, world.call_id, theirs)
    over = await world.video.take_over(KIM, world.call_id, theirs)
    assert over.view.instead_of == theirs
    assert over.video is not None
    with pytest.raises(ViewingTakenOver) as refused:
        await world.watch()
    assert refused.value.private == {"by": "Kim Vale"}
    with pytest.raises(ViewingOver):
        await world.video.take_over(KIM, world.call_id, theirs)
    first, second = await world.viewings()
    assert first.taken_over_by is not None
    assert (first.taken_over_by.name, second.by.name) == ("Kim Vale", "Kim Vale")
    await world.video.viewings.close(KIM, world.call_id, over.view.viewing_id, None)
    await world.watch()
    acts = [act for act, _ in await world.written()]
    assert acts[:4] == [
        "viewing:opened", "viewing:closed", "viewing:taken_over", "viewing:opened",
    ]  # fmt: skip


@pytest.mark.parametrize("world", [{"call_types": ("structure_fire",)}], indirect=True)
async def test_video_is_for_listed_types_of_call_where_the_centre_says_so(
    world: CameraWorld,
) -> None:
    """Unknown and other types: neither the phone nor a person begins; the listed one: both do."""
    for kind in (None, "medical"):
        world.types.now = kind
        with pytest.raises(VideoNotListed):
            await world.show()
    world.types.now = "structure_fire"
    await world.show()
    await world.watch()
    world.types.now = "medical"
    with pytest.raises(VideoNotListed):
        await world.watch(LEE)


async def test_a_pass_alone_opens_nothing(world: CameraWorld) -> None:
    """A phone shows its cookie, a viewer is signed in as who got the pass; others are refused."""
    room = await world.show()
    watching, _ = await world.watch()
    assert watching.video is not None
    viewer = watching.video.token.reveal("test")
    phone = f"{room} {phone_of(world.link_id)} phone"

    def somebody(who: Principal):
        async def found() -> Principal | None:
            return who

        return found

    admit = world.video.admit
    assert await admit(phone, world.cookie, nobody) == "ws://media.test"
    assert await admit(viewer, None, somebody(DANA)) == "ws://media.test"
    for token, cookie, who in (
        (phone, None, somebody(DANA)),
        (phone, "other", nobody),
        (viewer, world.cookie, nobody),
        (viewer, None, somebody(LEE)),
        (f"{room} view_none viewer", None, somebody(DANA)),
        (f"eyes_other {phone_of(world.link_id)} phone", world.cookie, nobody),
        ("", world.cookie, somebody(DANA)),
    ):
        with pytest.raises(SignalRefused):
            await admit(token, cookie, who)


async def test_another_centres_camera_looks_missing(world: CameraWorld) -> None:
    """And one of another call of one's own centre too; before it is on there is nothing to see."""
    await world.show()
    with pytest.raises(LinkNotFound):
        await world.watch(FAR)
    other = await world.ring("CA-2")
    with pytest.raises(LinkNotFound):
        await world.video.watch(DANA, other, world.link_id)
    token, link, _ = await world.send(("video",), other)
    await world.open(token, ("video",))
    with pytest.raises(VideoNotLive):
        await world.video.watch(DANA, other, link.link_id)


async def test_the_field_sees_while_it_asks_and_not_a_moment_longer(world: CameraWorld) -> None:
    """A pass for who is in the field; revoked or silent they are out; a full room takes no more."""
    room = await world.show()
    one = await world.video.field_pass(DANA.centre_id, world.call_id, "rlink_1")
    identity = world.eyes.join(one.token)
    await world.passes(5)
    assert identity in world.eyes.there[room]
    assert world.video.field_alive(DANA.centre_id, "rlink_1")
    assert not world.video.field_alive("centre_b", "rlink_1")
    await world.video.field_over(DANA.centre_id, "rlink_1")
    assert identity not in world.eyes.there[room]
    world.eyes.join(one.token)
    await world.passes(0.5)
    assert identity not in world.eyes.there[room]
    with pytest.raises(VideoNotLive):
        await world.video.field_pass("centre_b", world.call_id, "rlink_1")
    for number in range(12):
        await world.video.field_pass(DANA.centre_id, world.call_id, f"rlink_{number}")
    with pytest.raises(TooManyViewers):
        await world.watch()
    await world.passes(21)
    await world.watch()


async def test_a_start_ends_what_a_crash_left_open(world: CameraWorld) -> None:
    """Nobody looks at anything then; rooms that nobody answers for are removed."""
    room = await world.show()
    watching, _ = await world.watch()
    await world.video.viewings.alive(DANA, world.call_id, watching.view.viewing_id, 0)
    after = world.service()
    async with Tasks() as tasks, asyncio.timeout(30):
        tasks.supervise("rooms", after.upkeep.run_rooms)
        tasks.supervise("pages", after.upkeep.run)
        while room in world.eyes.there or (await world.viewings())[0].ended_at is None:
            await asyncio.sleep(0.01)


async def test_what_is_opened_before_the_first_look_stays_open(world: CameraWorld) -> None:
    """A start ends what was open before it, and nothing that somebody has opened since."""
    await world.show()
    await world.watch()
    await world.video.viewings.take_up()
    assert [one.ended_at for one in await world.viewings()] == [None]


async def test_a_media_server_that_hangs_keeps_nothing_else_waiting(world: CameraWorld) -> None:
    """A silent page is known, text is offered and a forgotten viewing ends all the same."""
    await world.show()
    await world.watch()
    hangs = asyncio.Event()
    world.eyes.answers = hangs.wait
    rooms = asyncio.ensure_future(world.video.upkeep.look_into_rooms())
    world.clock.advance(5)
    await world.video.upkeep.look_at_pages()
    assert world.health().state == "dead"
    assert (await world.link(world.link_id)).offer is not None
    world.clock.advance(6)
    await world.video.upkeep.look_at_pages()
    assert [one.ended_at is None for one in await world.viewings()] == [False]
    assert not rooms.done()
    hangs.set()
    await rooms


async def test_a_room_made_anew_while_its_caller_stops_is_not_there_again(
    world: CameraWorld,
) -> None:
    """The media server comes back, and the caller stops before it has answered."""
    await world.show()
    world.eyes.there.clear()

    async def stopped_meanwhile() -> None:
        world.eyes.answers = world.eyes.at_once
        await world.pages.stop(world.cookie, shares=("video",), reason="")
        await world.settle()

    world.eyes.answers = stopped_meanwhile
    await world.video.upkeep.look_into_rooms()
    assert world.eyes.there == {}


async def test_everybody_sees_their_own_exposure_and_reading_others_is_written_down(
    world: CameraWorld,
) -> None:
    """Most first, by person; an older one counts for the month and not for the day."""
    await world.show()
    watching, _ = await world.watch()
    await world.passes(6)
    await world.video.viewings.close(DANA, world.call_id, watching.view.viewing_id, 5_000)
    await world.pages.stop(world.cookie, shares=("video",), reason="")
    world.clock.advance(26 * 3600)
    await world.calls.end(PHONES, world.call_id, "hangup")
    await world.settle()
    world.call_id = await world.ring("CA-3")
    await world.show()
    for who, shown in ((DANA, 2_000), (LEE, 3_000)):
        watching, _ = await world.watch(who)
        await world.passes(4)
        await world.video.viewings.close(who, world.call_id, watching.view.viewing_id, shown)
    mine = await world.video.viewings.exposure(LEE, 30)
    assert [(row.person.name, row.shown_ms) for row in mine.people] == [("Lee Park", 3_000)]
    assert "exposure:read" not in [act for act, _ in await world.written()]
    everybody = await world.video.viewings.exposure(KIM, 30)
    rows = [
        (r.person.name, r.viewings, r.shown_ms, r.today_ms, r.longest_ms) for r in everybody.people
    ]
    assert rows == [("Dana Reyes", 2, 7_000, 2_000, 5_000), ("Lee Park", 1, 3_000, 3_000, 3_000)]
    assert everybody.viewings == []
    assert (await world.written())[-1][0] == "exposure:read"
    assert (await world.video.viewings.exposure(FAR, 30)).people == []
