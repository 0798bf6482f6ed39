"""Forms, signatures and reports of Twilio's interface for texts."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire import twilio_sms
from ringdown.wire.twilio_sms import (
    Inbound,
    Media,
    SmsFormInvalid,
    SmsSignatureWrong,
    read_error,
    read_form,
    read_inbound,
    read_report,
    read_taken,
    verify,
    write_form,
    write_inbound,
    write_report,
)

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PAIRS = (
    ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"),
    ("From", "+14158675309"), ("To", "+18005551212"),
)  # fmt: skip


def test_a_signature_is_the_one_that_the_carriers_page_shows() -> None:
    """The worked example of its documentation: token 12345."""
    made = twilio_sms.signature("12345", URL, PAIRS)
    assert made == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    verify("12345", URL, PAIRS, made)
    verify("12345", URL.replace(".com/", ".com:443/"), PAIRS, made)


@pytest.mark.parametrize(
    ("token", "url", "pairs", "given"),
    [
        ("12346", URL, PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("12345", URL + "&x=1", PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("12345", URL, PAIRS[:-1], "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("12345", URL, PAIRS, ""),
        ("12345", URL, PAIRS, "é"),
        ("", URL, PAIRS, twilio_sms.signature("", URL, PAIRS)),
    ],
)
def test_anything_else_is_spoofed(token: str, url: str, pairs, given: str) -> None:
    """Another token, address or value, no signature, or no token to check with."""
    with pytest.raises(SmsSignatureWrong):
        verify(token, url, pairs, given)


def test_a_text_with_a_picture_comes_back_as_it_was_written() -> None:
    """Unicode, line ends and media; what no store takes is left out."""
    text = Inbound(
        "SM1", "+12025550142", "+1", "Ayúdame 🚒\nplease", (Media("https://c/1", "image/jpeg"),)
    )
    assert read_inbound(read_form(write_form(write_inbound(text, "AC1")))) == text
    odd = (("MessageSid", "SM1"), ("From", "+1"), ("Body", "a\x00b\ud800"), ("NumMedia", "0"))
    assert read_inbound(odd).text == "ab"


@pytest.mark.parametrize(
    ("word", "error", "status", "reason"),
    [
        ("queued", 0, "sent", None),
        ("delivered", 0, "delivered", None),
        ("undelivered", 30003, "undelivered", "The phone is switched off or out of reach. (30003)"),
        ("failed", 0, "failed", "The carrier could not deliver it."),
    ],
)
def test_reports_say_what_became_of_a_text(word: str, error: int, status: str, reason) -> None:
    """In our words, with a reason only where it did not arrive."""
    told = read_report(write_report("SM1", word, "AC1", error))
    assert told is not None
    assert (told.sid, told.status, told.reason) == ("SM1", status, reason)


def test_a_word_nobody_knows_says_nothing() -> None:
    """A new status of the carrier is no error of ours."""
    assert read_report(write_report("SM1", "teleported", "AC1")) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """With the documented error and no other."""
    for read in (
        lambda: read_inbound(read_form(body)),
        lambda: read_report(read_form(body)),
        lambda: read_taken(body),
    ):
        with contextlib.suppress(SmsFormInvalid):
            read()
    assert read_error(body) in range(-(10**400), 10**400)
