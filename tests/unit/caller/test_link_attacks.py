"""What must not work: forged, cut, expired, used, foreign tokens; guesses; other phones; floods."""

import asyncio
import base64
import secrets

import pytest
from tests.unit.caller.link_world import DANA, HERE, LinkWorld, cookie_of

from ringdown.caller.door import (
    REFUSALS_PER_LINK,
    WRONG_ALTOGETHER,
    WRONG_PER_ADDRESS,
    plain_device,
)
from ringdown.caller.means import PER_LINK
from ringdown.caller.model import (
    LinkNotFound,
    LinkOver,
    OtherDevice,
    PageUnknown,
    TooOften,
)
from ringdown.caller.pages import TEXTS_PER_LINK
from ringdown.caller.phone_http import AliveBody
from ringdown.caller.views import PageVideo
from ringdown.runtime.link_tokens import LinkTokens

GUESSES = 10_000


def wrong_tokens(token: str) -> list[str]:
    """The token with something about it that is not right."""
    other = "B" if token[0] != "B" else "C"
    stranger = LinkTokens(b"x" * 32, "caller", secrets.token_bytes).make()
    field = LinkTokens(b"k" * 32, "responder", secrets.token_bytes).make()
    return [
        "", "x", token[:-1], token[:16], token + "A", token.lower(), token.upper(), token[::-1],
        other + token[1:], token[:-1] + ("A" if token[-1] != "A" else "B"), f" {token[1:]}",
        token + "=", "ä" * 32, "\u0000" * 32, "/l#" + token, "' OR 1=1 --" + "x" * 21,
        stranger.reveal("made with another key"), field.reveal("made for another purpose"),
    ]  # fmt: skip


@pytest.mark.parametrize("which", range(18))
async def test_a_token_that_is_not_whole_and_ours_is_unknown(links: LinkWorld, which: int) -> None:
    """Forged, cut short, changed, made with another key: all look like one that never was."""
    token, link, _ = await links.send()
    wrong = wrong_tokens(token)[which]
    for attempt in (links.look(wrong), links.open(wrong)):
        with pytest.raises(LinkNotFound):
            await attempt
    assert (await links.link(link.link_id)) == link


async def test_ten_thousand_guesses_find_nothing_and_keep_nobody_out(links: LinkWorld) -> None:
    """Most are not even looked at; the caller's own link opens all the while, from there too."""
    token, link, _ = await links.send()
    raw = base64.urlsafe_b64decode(token)
    unknown = limited = 0
    for number in range(GUESSES):
        # Half of them know all of the link but its signature, and come from everywhere.
        near = base64.urlsafe_b64encode(raw[:16] + secrets.token_bytes(8)).decode()
        guess = near if number % 2 else secrets.token_urlsafe(24)
        try:
            await links.look(guess, source=HERE if number % 4 else f"198.51.100.{number % 250}")
        except LinkNotFound:
            unknown += 1
        except TooOften:
            limited += 1
    assert (unknown + limited, unknown <= WRONG_ALTOGETHER) == (GUESSES, True)
    assert limited > GUESSES - WRONG_ALTOGETHER - 1
    assert (await links.look(token)).shares == link.shares
    assert (await links.open(token)).link.state == "opened"
    await links.caller.door.told_wrong()
    assert (await links.story()).count("caller:link:refused") == 1


async def test_one_address_guesses_little_and_comes_back_later(links: LinkWorld) -> None:
    """Others are not slowed down by it."""
    for _ in range(WRONG_PER_ADDRESS):
        with pytest.raises(LinkNotFound):
            await links.look("wrong")
    with pytest.raises(TooOften):
        await links.look("wrong")
    with pytest.raises(LinkNotFound):
        await links.look("wrong", source="198.51.100.9")
    links.clock.advance(60)
    with pytest.raises(LinkNotFound):
        await links.look("wrong")


async def test_an_expired_link_opens_for_nobody(links: LinkWorld) -> None:
    """By our clock, also before anything has noticed that it is over."""
    token, link, _ = await links.send()
    links.clock.advance(1800)
    for attempt in (links.look(token), links.open(token)):
        with pytest.raises(LinkOver):
            await attempt
    await links.tick()
    now = await links.link(link.link_id)
    assert (now.state, now.offer) == ("expired", "unopened")


async def test_an_open_page_outlives_the_thirty_minutes_until_it_is_left(links: LinkWorld) -> None:
    """A camera that runs is not cut in the middle; the phone that left does not come back."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    links.clock.advance(1801)
    await links.pages.alive(cookie, sharing=("video",))
    await links.tick()
    assert (await links.link(link.link_id)).state == "sharing"
    assert (await links.open(token, cookie=cookie)).link.state == "opened"
    await links.tick(61)
    assert (await links.link(link.link_id)).state == "expired"
    with pytest.raises(LinkOver):
        await links.open(token, cookie=cookie)


async def test_a_used_link_is_refused_on_another_phone_and_the_console_told(
    links: LinkWorld,
) -> None:
    """Looking or opening, with no cookie or a wrong one; the first phone notices nothing."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    for other in (None, "not-the-cookie"):
        with pytest.raises(OtherDevice):
            await links.look(token, other, source="198.51.100.9")
        with pytest.raises(OtherDevice):
            await links.open(token, cookie=other, source="198.51.100.9")
    now = await links.link(link.link_id)
    assert (now.refused_devices, now.state, now.agreed) == (4, "opened", link.shares)
    assert (await links.pages.of(cookie)).link_id == link.link_id
    assert (await links.story()).count("caller:link:refused") == 4


async def test_a_phone_that_never_got_its_cookie_is_known_by_what_it_proposed(
    links: LinkWorld,
) -> None:
    """An answer lost on a bad connection does not lock the caller out of their own link."""
    token, link, _ = await links.send()
    lost = cookie_of(await links.open(token, proposed="made-by-the-phone"))
    assert lost == "made-by-the-phone"
    again = cookie_of(await links.open(token, cookie="of-another-link", proposed=lost))
    assert again == lost
    assert (await links.pages.of(again)).link_id == link.link_id
    with pytest.raises(OtherDevice):
        await links.open(token, proposed="made-by-another-phone")


async def test_two_phones_at_the_same_moment_one_is_bound(links: LinkWorld) -> None:
    """Whoever commits first; the other is refused like any other phone."""
    token, link, _ = await links.send()
    results = await asyncio.gather(*(links.open(token) for _ in range(5)), return_exceptions=True)
    bound = [each for each in results if not isinstance(each, BaseException)]
    assert len(bound) == 1
    assert all(isinstance(each, OtherDevice) for each in results if each is not bound[0])
    assert (await links.link(link.link_id)).refused_devices == 4


async def test_a_robot_that_looks_uses_nothing_up(links: LinkWorld) -> None:
    """Looking binds nothing; a robot does not even have the token, which no server is sent."""
    token, link, message = await links.send()
    assert f"/l#{token}" in message.text
    for _ in range(10):
        await links.look(token, source="192.0.2.1")
    assert await links.link(link.link_id) == link
    assert (await links.open(token)).link.state == "opened"


async def test_a_phone_of_one_call_is_nobody_in_another(links: LinkWorld) -> None:
    """Each cookie is good for its own link; none and a made-up one for nothing."""
    token, first, _ = await links.send()
    other = await links.ring("CA-2")
    second, _, _ = await links.send(call_id=other)
    cookie, theirs = cookie_of(await links.open(token)), cookie_of(await links.open(second))
    for tried, phone in ((token, theirs), (second, cookie)):
        with pytest.raises(OtherDevice):
            await links.open(tried, cookie=phone)
    assert (await links.pages.of(cookie)).call_id == links.call_id
    assert (await links.pages.of(theirs)).call_id == other
    await links.pages.stop(theirs, shares=None, reason="stop")
    assert (await links.link(first.link_id)).state == "opened"
    for nobody in (None, "", "x", cookie[:-1]):
        with pytest.raises(PageUnknown):
            await links.pages.of(nobody)
        with pytest.raises(PageUnknown):
            await links.pages.alive(nobody, sharing=())


async def test_a_flood_of_refused_phones_writes_little(links: LinkWorld) -> None:
    """The console hears of it, and the log is not filled by whoever has the link."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    outcomes = set()
    for _ in range(PER_LINK + 50):
        try:
            await links.look(token, source="198.51.100.9")
        except (OtherDevice, TooOften) as error:
            outcomes.add(type(error))
    assert outcomes == {OtherDevice, TooOften}
    assert (await links.link(link.link_id)).refused_devices == REFUSALS_PER_LINK
    assert (await links.story()).count("caller:link:refused") == REFUSALS_PER_LINK
    # The bound phone is not slowed down by any of it.
    assert (await links.pages.alive(cookie, sharing=())).orders == ()
    assert (await links.open(token, cookie=cookie)).link.state == "opened"


async def test_a_page_writes_as_much_as_a_person_can(links: LinkWorld) -> None:
    """More is refused for a moment; its signs of life go on."""
    token, _, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    for number in range(TEXTS_PER_LINK):
        await links.pages.write(cookie, f"help {number}")
    with pytest.raises(TooOften):
        await links.pages.write(cookie, "help")
    assert (await links.pages.alive(cookie, sharing=("chat",))).state == "sharing"


async def test_neither_token_nor_cookie_is_kept_anywhere(links: LinkWorld) -> None:
    """Only their digests are, except where a person must send the text by hand."""
    token, link, message = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("location",))
    kept = await links.everything_kept()
    assert cookie not in kept
    rows = [row for row in kept.splitlines() if token in row]
    assert rows
    assert all(message.message_id in row for row in rows)
    assert link.link_id in kept
    assert token not in repr(await links.pages.of(cookie))


async def test_a_device_may_call_itself_what_it_likes(links: LinkWorld) -> None:
    """It is shown short, printable and as text."""
    token, _, _ = await links.send()
    assert plain_device("iPhone,\n Safari\x1b[31m\u202e" + "x" * 400) is not None
    shown = plain_device("\x00\u202e<b>a</b>" + "x" * 400) or ""
    assert len(shown) == 60
    assert shown.isprintable()
    assert plain_device("\n\t") is None
    assert (await links.open(token)).link.device == "iPhone, Safari"


async def test_a_phone_writes_nothing_of_its_own_into_the_log(links: LinkWorld) -> None:
    """Why it stopped is a word of the page's; another is left out."""
    token, _, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.stop(cookie, shares=("video",), reason="call 202 555 0142")
    await links.pages.stop(cookie, shares=("chat",), reason="denied")
    (*_, first, second), _ = await links.caller.of_call(DANA, links.call_id)
    assert (first.reason, second.reason) == ("caller", "denied")
    assert "call 202" not in await links.everything_kept()


async def test_figures_that_make_no_sense_are_no_video(links: LinkWorld) -> None:
    """The sign of life counts all the same."""
    for video in ({"state": "x"}, {"width": -1}, {"kbps": 1e300}, "no", 7, []):
        assert AliveBody.model_validate({"video": video}).video is None
    told = AliveBody.model_validate({"video": {"state": "live", "kbps": 120}, "more": 1}).video
    assert told == PageVideo(state="live", kbps=120)
