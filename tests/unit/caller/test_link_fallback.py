"""When data does not come through: what the console is offered, and when the offer goes away."""

import pytest
from tests.unit.caller.link_world import DANA, LinkWorld, cookie_of

from ringdown.caller.phone_http import OpenBody
from ringdown.caller.views import PageVideo
from ringdown.texting.events import MessageChanged

LIVE = PageVideo(state="live", kbps=180)
DEAD = PageVideo(state="dead")


async def told(links: LinkWorld, message, state: str) -> None:
    """The carrier reports what became of the message."""
    changed = message.model_copy(update={"state": state})
    async with links.db.write() as tx:
        await links.facts.append(
            tx, MessageChanged(centre_id="centre_a", call_id=message.call_id, message=changed)
        )
    await links.settle()


async def test_an_unopened_link_is_offered_by_text_until_it_opens(links: LinkWorld) -> None:
    """After the time that the settings say; opening takes the offer away."""
    token, link, _ = await links.send()
    await links.tick(59)
    assert (await links.link(link.link_id)).offer is None
    await links.tick(1)
    assert (await links.link(link.link_id)).offer == "unopened"
    assert (await links.open(token)).link.offer is None


async def test_an_undelivered_message_is_offered_at_once_and_may_be_repaired(
    links: LinkWorld,
) -> None:
    """Reports may come late and twice; a link that is open no longer depends on them."""
    token, link, message = await links.send()
    for state in ("undelivered", "failed", "undelivered"):
        await told(links, message, state)
        now = await links.link(link.link_id)
        assert (now.state, now.offer) == ("failed", "undelivered")
    assert (await links.look(token)).state == "failed"
    await told(links, message, "delivered")
    now = await links.link(link.link_id)
    assert (now.state, now.offer) == ("sent", None)
    await links.open(token)
    await told(links, message, "failed")
    assert (await links.link(link.link_id)).state == "opened"


async def test_a_page_that_falls_silent_is_quiet_and_offered_within_five_seconds(
    links: LinkWorld,
) -> None:
    """Since when is told; the next sign of life takes it back, and sharing goes on."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("location", "video"), video=LIVE)
    await links.tick(2.5)
    assert (await links.link(link.link_id)).offer is None
    await links.tick(2)
    now = await links.link(link.link_id)
    assert (now.offer, now.state, now.sharing) == ("quiet", "sharing", ("location", "video"))
    assert now.quiet_since == "2026-03-01T03:00:20.000Z"
    await links.tick(30)
    assert (await links.link(link.link_id)).quiet_since == now.quiet_since
    await links.pages.alive(cookie, sharing=("location",))
    now = await links.link(link.link_id)
    assert (now.offer, now.quiet_since, now.sharing) == (None, None, ("location",))


async def test_dead_video_is_offered_by_text_until_it_comes_through(links: LinkWorld) -> None:
    """As the page measures it, or as the media server does; only while video is shared."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("location",), video=DEAD)
    assert (await links.link(link.link_id)).offer is None
    for video, offer in ((LIVE, None), (DEAD, "media_dead"), (LIVE, None)):
        await links.pages.alive(cookie, sharing=("video",), video=video)
        await links.tick()
        assert (await links.link(link.link_id)).offer == offer
    await links.caller.media_is("centre_a", link.link_id, dead=True)
    assert (await links.link(link.link_id)).offer == "media_dead"
    await links.caller.media_is("centre_a", link.link_id, dead=False)
    assert (await links.link(link.link_id)).offer is None


async def test_an_order_reaches_the_page_once(links: LinkWorld) -> None:
    """At its next sign of life."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    links.caller.order("centre_a", link.link_id, "stop_video")
    links.caller.order("centre_a", link.link_id, "stop_video")
    assert (await links.pages.alive(cookie, sharing=())).orders == ("stop_video",)
    assert (await links.pages.alive(cookie, sharing=())).orders == ()


async def test_a_person_ends_one_thing_and_the_rest_goes_on(links: LinkWorld) -> None:
    """The camera is no longer needed; the location is."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("location", "video"), video=LIVE)
    now = await links.caller.stop_share(DANA, links.call_id, link.link_id, "video")
    assert (now.sharing, "video" in now.agreed) == (("location",), False)
    assert "caller:share:ended" in await links.story()


async def test_after_a_restart_pages_are_found_again_or_fall_silent(
    links: LinkWorld, tmp_path
) -> None:
    """What is open counts as just seen; nothing is lost and nothing lives for ever."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("location",))
    again = LinkWorld(tmp_path)
    try:
        again.clock.advance(25)
        again.ids._count = 500
        await again.tick()
        assert (await again.link(link.link_id)).offer is None
        assert (await again.pages.of(cookie)).shares == link.shares
        again.clock.advance(6)
        await again.caller.watch.tick()
        assert (await again.link(link.link_id)).offer == "quiet"
        assert (await again.pages.alive(cookie, sharing=("location",))).state == "sharing"
    finally:
        await again.db.close()


async def test_watching_writes_nothing_while_nothing_changes(links: LinkWorld) -> None:
    """A fact is told when something is different, not twice a second."""
    token, _, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("location",))
    async with links.db.read() as tx:
        before = await links.facts.last_seq(tx)
    for _ in range(20):
        await links.pages.alive(cookie, sharing=("location",))
        await links.tick(1)
    async with links.db.read() as tx:
        assert await links.facts.last_seq(tx) == before


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_phone_whose_clock_is_wrong_by_a_day_is_like_any_other(
    links: LinkWorld, days: int
) -> None:
    """Nothing of a link depends on it: what is left of its time is told in seconds."""
    token, _, _ = await links.send()
    body = OpenBody(token=token, shares=["location"], clock=f"2026-03-0{1 + days % 2}T03:00:00Z")
    assert (await links.look(body.token)).expires_in_s == 1800
    opened = await links.open(body.token, ("location",))
    assert (await links.pages.alive(cookie_of(opened), sharing=("location",))).orders == ()
