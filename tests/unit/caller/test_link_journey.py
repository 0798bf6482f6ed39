"""From the question on the call to the last word of the page: what is asked, sent, opened, ended."""

from dataclasses import replace

import pytest
from tests.unit.caller.link_world import ANI, DANA, FAR, PHONES, SAM, LinkWorld, cookie_of

from ringdown.caller.events import PageAlive
from ringdown.caller.model import (
    CallOver,
    ConsentInvalid,
    ConsentMissing,
    LinkOver,
    NotAgreed,
    NumberMissing,
    OverrideRefused,
    ReasonMissing,
)
from ringdown.caller.views import PageVideo
from ringdown.core.errors import NotFound

LIVE = PageVideo(state="live", width=640, height=480, fps=15, kbps=180, loss_percent=0)
DEAD = LIVE.model_copy(update={"state": "dead", "fps": 0})


async def test_a_link_goes_from_the_question_to_sharing_and_stops(links: LinkWorld) -> None:
    """Each step is a state of the link, a consent with its second of audio, and an audit row."""
    token, link, message = await links.send()
    assert (link.state, link.number, message.state) == ("sent", ANI, "manual")
    assert message.text.endswith(f"https://psap.example/l#{token}")
    assert len(token) == 32
    found = await links.look(token)
    assert (found.agency, found.language, found.state) == ("Spruce County 911", "es", "sent")
    assert (found.shares, found.expires_in_s) == (link.shares, 1800)

    opened = await links.open(token, ("location", "video", "chat"))
    cookie = cookie_of(opened)
    assert opened.link.agreed == ("location", "video", "chat")
    assert (opened.link.device, opened.call_open) == ("iPhone, Safari", True)
    session = await links.pages.of(cookie, "video")
    assert (session.link_id, session.call_id, session.number) == (link.link_id, links.call_id, ANI)
    with pytest.raises(NotAgreed):
        await links.pages.of(cookie, "upload")

    told = await links.pages.alive(cookie, sharing=("location", "video", "upload"), video=LIVE)
    assert told.orders == ("stop_upload",)
    now = await links.link(link.link_id)
    assert (now.state, now.sharing) == ("sharing", ("location", "video"))
    assert [s.link_id for s in links.bus.signals if isinstance(s, PageAlive)] == [link.link_id]

    stopped = await links.pages.stop(cookie, shares=("video",), reason="stop")
    assert (stopped.agreed, stopped.sharing) == (("location", "chat"), ("location",))
    stopped = await links.pages.stop(cookie, shares=None, reason="stop")
    assert (stopped.state, stopped.agreed, stopped.sharing) == ("stopped", (), ())
    with pytest.raises(LinkOver):
        await links.pages.of(cookie)
    assert (await links.pages.alive(cookie, sharing=("location",))).orders == ("stop",)
    assert await links.story() == [
        "caller:consent:agreed", "caller:link:made",
        "caller:link:opened", "caller:consent:agreed",
        "caller:share:started", "caller:share:started",
        "caller:consent:withdrawn", "caller:share:ended",
        "caller:consent:withdrawn", "caller:share:ended", "caller:link:stopped",
    ]  # fmt: skip
    consents = (await links.caller.of_call(DANA, links.call_id))[0]
    assert [(c.via, c.outcome, c.at_ms) for c in consents] == [
        ("voice", "agreed", 20_000), ("page", "agreed", 20_000),
        ("page", "withdrawn", 20_000), ("page", "withdrawn", 20_000),
    ]  # fmt: skip


async def test_reopening_after_a_stop_asks_again_on_the_same_phone(links: LinkWorld) -> None:
    """The caller may change their mind as often as they like while the call goes on."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.stop(cookie, shares=None, reason="stop")
    assert (await links.look(token, cookie)).state == "stopped"
    again = await links.open(token, ("chat",), cookie)
    assert (again.link.state, again.link.agreed, cookie_of(again)) == ("opened", ("chat",), cookie)
    assert (await links.link(link.link_id)).ended_at is None


async def test_a_page_can_be_loaded_twenty_times(links: LinkWorld) -> None:
    """Each time the caller is asked anew; it stays one phone, one link and one cookie."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    for _ in range(20):
        await links.look(token, cookie)
        assert cookie_of(await links.open(token, ("location",), cookie)) == cookie
        await links.pages.alive(cookie, sharing=("location",))
    now = await links.link(link.link_id)
    assert (now.state, now.agreed, now.refused_devices) == ("sharing", ("location",), 0)
    assert (await links.story()).count("caller:link:opened") == 1


async def test_a_refusal_is_recorded_and_costs_nothing(links: LinkWorld) -> None:
    """No link can be made from it; the caller can be asked again, and may agree."""
    refused = await links.caller.consents.record(
        DANA, links.call_id, shares=("video",), outcome="refused", language="en"
    )
    with pytest.raises(ConsentMissing):
        await links.caller.make(DANA, links.call_id, consent_id=refused.consent_id)
    token, _, _ = await links.send(("location",))
    opened = await links.open(token, ())
    assert opened.link.agreed == ()
    with pytest.raises(NotAgreed):
        await links.pages.of(cookie_of(opened), "location")
    assert (await links.open(token, ("location",), cookie_of(opened))).link.agreed == ("location",)
    assert (await links.story()).count("caller:consent:refused") == 2


async def test_an_override_is_for_a_location_by_role_with_a_reason(links: LinkWorld) -> None:
    """Anything else is refused, and leaves nothing behind."""

    async def override(principal, shares, reason):
        return await links.caller.consents.record(
            principal, links.call_id, shares=shares, outcome="overridden", language="en",
            reason=reason,
        )  # fmt: skip

    for principal, shares in (
        (DANA, ("location",)),
        (SAM, ("video",)),
        (SAM, ("location", "chat")),
    ):
        with pytest.raises(OverrideRefused):
            await override(principal, shares, "unconscious")
    with pytest.raises(ReasonMissing):
        await override(SAM, ("location",), "  ")
    assert await links.story() == []
    consent = await override(SAM, ("location",), "caller no longer answers")
    shown = await links.caller.preview(SAM, links.call_id, consent_id=consent.consent_id)
    link, message = await links.caller.make(SAM, links.call_id, consent_id=consent.consent_id)
    assert link.shares == ("location",)
    assert "agreed" not in shown.text
    assert (len(shown.text), "agreed" in message.text) == (len(message.text), False)
    assert await links.story() == ["caller:consent:overridden", "caller:link:made"]


async def test_another_number_needs_a_reason_and_none_needs_one(links: LinkWorld) -> None:
    """By default a link goes to the number that calls."""
    consent = await links.agree()
    with pytest.raises(ReasonMissing):
        await links.caller.make(
            DANA, links.call_id, consent_id=consent.consent_id, number="202 555 0199"
        )
    link, _ = await links.caller.make(
        DANA, links.call_id, consent_id=consent.consent_id, number="202 555 0199",
        other_number_reason="her husband's phone",
    )  # fmt: skip
    assert link.number == "+12025550199"
    unknown = await links.ring("CA-2", ani=None)
    consent = await links.agree(call_id=unknown)
    with pytest.raises(NumberMissing):
        await links.caller.make(DANA, unknown, consent_id=consent.consent_id)


async def test_a_link_needs_the_consent_of_its_own_call_and_centre(links: LinkWorld) -> None:
    """Neither another call's consent nor another centre's call can be used."""
    other = await links.ring("CA-2")
    consent = await links.agree(call_id=other)
    with pytest.raises(NotFound):
        await links.caller.make(DANA, links.call_id, consent_id=consent.consent_id)
    for attempt in (
        links.caller.make(FAR, other, consent_id=consent.consent_id),
        links.caller.preview(FAR, other, consent_id=consent.consent_id),
        links.caller.of_call(FAR, other),
    ):
        with pytest.raises(NotFound):
            await attempt
    token, link, _ = await links.send()
    with pytest.raises(NotFound):
        await links.caller.revoke(DANA, other, link.link_id, "wrong call")
    assert (await links.look(token)).state == "sent"
    fewer = links.caller._settings.model_copy(update={"shares": ("location",)})
    links.caller.consents._with = replace(links.caller._with, settings=fewer)
    with pytest.raises(ConsentInvalid):
        await links.agree(("video",))


async def test_withdrawn_on_the_call_ends_sharing_at_once(links: LinkWorld) -> None:
    """What the telecommunicator hears counts as much as a button; no new link comes of it."""
    consent = await links.agree(("location", "video"))
    link, message = await links.caller.make(DANA, links.call_id, consent_id=consent.consent_id)
    cookie = cookie_of(await links.open(message.text.rpartition("#")[2]))
    await links.pages.alive(cookie, sharing=("location", "video"), video=LIVE)
    await links.caller.consents.record(
        DANA, links.call_id, shares=("video",), outcome="withdrawn", language="en"
    )
    now = await links.link(link.link_id)
    assert (now.agreed, now.sharing) == (("location",), ("location",))
    with pytest.raises(NotAgreed):
        await links.pages.of(cookie, "video")
    told = await links.pages.alive(cookie, sharing=("location", "video"), video=LIVE)
    assert told.orders == ("stop_video",)
    again, _ = await links.caller.make(DANA, links.call_id, consent_id=consent.consent_id)
    assert again.shares == ("location",)


async def test_closing_the_call_stops_the_camera_at_the_next_sign_of_life(links: LinkWorld) -> None:
    """Also before any handler has heard of it; afterwards the link opens for nobody."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("video",), video=LIVE)
    await links.calls.end(PHONES, links.call_id, "hangup")
    with pytest.raises(LinkOver):
        await links.pages.of(cookie, "video")
    assert (await links.pages.alive(cookie, sharing=("video",), video=LIVE)).orders == ("stop",)
    await links.settle()
    now = await links.link(link.link_id)
    assert (now.state, now.reason, now.sharing) == ("stopped", "call_over", ())
    for phone in (cookie, None):
        with pytest.raises(LinkOver):
            await links.look(token, phone)
    with pytest.raises(CallOver):
        await links.agree()


async def test_a_call_that_needs_somebody_keeps_its_link(links: LinkWorld) -> None:
    """A caller whose voice broke off still shows what happens, until a person closes the call."""
    token, link, _ = await links.send()
    await links.open(token)
    await links.calls.interrupt(PHONES, links.call_id)
    await links.calls.lose(PHONES, links.call_id)
    await links.settle()
    assert (await links.link(link.link_id)).state == "opened"
    await links.calls.close(DANA, links.call_id, "units are there")
    await links.settle()
    assert (await links.link(link.link_id)).state == "stopped"


async def test_a_revoked_link_stops_its_page_and_one_not_opened_never_opens(
    links: LinkWorld,
) -> None:
    """A person ends it: at the page's next sign of life, or before there is any."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    other, second, _ = await links.send()
    for each in (link, second):
        await links.caller.revoke(DANA, links.call_id, each.link_id, "no longer needed")
    told = await links.pages.alive(cookie, sharing=("video",), video=LIVE)
    assert (told.orders, told.state) == (("stop",), "revoked")
    for tried, phone in ((token, cookie), (other, None)):
        with pytest.raises(LinkOver):
            await links.open(tried, cookie=phone)
    assert (await links.story()).count("caller:link:revoked") == 2


async def test_a_link_that_the_caller_stopped_can_be_taken_back_for_good(links: LinkWorld) -> None:
    """They might go on with it by themselves; after that they no longer can."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.stop(cookie, shares=None, reason="caller")
    await links.open(token, cookie=cookie)
    await links.pages.stop(cookie, shares=None, reason="caller")
    await links.caller.revoke(DANA, links.call_id, link.link_id, "no longer needed")
    assert (await links.link(link.link_id)).state == "revoked"
    with pytest.raises(LinkOver):
        await links.open(token, cookie=cookie)
    assert (await links.story())[-3:-1] == ["caller:link:stopped", "caller:link:revoked"]


async def test_the_thread_goes_by_the_page_while_it_is_there_and_by_sms_after(
    links: LinkWorld,
) -> None:
    """The same thread: written here, answered there; quiet, and the next text is an SMS."""
    token, link, _ = await links.send()
    cookie = cookie_of(await links.open(token))
    await links.pages.alive(cookie, sharing=("chat",))
    first = await links.texting.send(DANA, links.call_id, text="Can you get out?")
    assert (first.channel, first.link_id) == ("page", link.link_id)
    told = await links.pages.alive(cookie, sharing=("chat",))
    assert [message.text for message in told.messages] == ["Can you get out?"]
    wrote = await links.pages.write(cookie, "No, the stairs are full of smoke")
    assert (wrote.direction, wrote.channel, wrote.call_id) == ("in", "page", links.call_id)
    told = await links.pages.alive(cookie, sharing=("chat",), after=first.message_id)
    assert [message.text for message in told.messages] == ["No, the stairs are full of smoke"]
    await links.tick(6)
    second = await links.texting.send(DANA, links.call_id, text="Stay low. They are coming.")
    assert (second.channel, second.state) == ("sms", "manual")
    await links.pages.stop(cookie, shares=("chat",), reason="stop")
    with pytest.raises(NotAgreed):
        await links.pages.write(cookie, "and now?")


async def test_the_preview_is_as_long_as_the_text_and_holds_no_link(links: LinkWorld) -> None:
    """A sample stands for the token; nothing is kept."""
    consent = await links.agree()
    shown = await links.caller.preview(DANA, links.call_id, consent_id=consent.consent_id)
    _, message = await links.caller.make(DANA, links.call_id, consent_id=consent.consent_id)
    assert (len(shown.text), shown.segments) == (len(message.text), message.segments)
    with pytest.raises(NotFound):
        await links.look(shown.text.rpartition("#")[2])
