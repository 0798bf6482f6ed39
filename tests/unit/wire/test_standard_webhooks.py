"""Standard Webhooks: the published vector, every way to be refused, rotation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.wire import standard_webhooks as webhooks
from ringdown.wire.standard_webhooks import Secret

TEXT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRET = Secret.parse(TEXT)
OTHER = Secret(b"o" * 32)
NOW = 1614265330
BODY = b'{"test": 2432232314}'


def test_the_published_vector() -> None:
    """The example of the specification gives the published signature."""
    made = webhooks.sign([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, BODY)
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(body=st.binary(max_size=200), later=st.integers(-300, 300))
def test_what_is_signed_verifies_within_the_tolerance(body: bytes, later: int) -> None:
    """Sender and receiver agree for any body, up to five minutes apart."""
    headers = webhooks.sign([SECRET], "dlv_1", NOW, body)
    assert webhooks.verify([SECRET], headers, body, now=NOW + later) == "dlv_1"


@pytest.mark.parametrize("late", [301, -301])
def test_outside_the_tolerance_is_refused(late: int) -> None:
    """A message recorded and played again later is worth nothing."""
    headers = webhooks.sign([SECRET], "dlv_1", NOW, BODY)
    with pytest.raises(webhooks.TimestampTooFar):
        webhooks.verify([SECRET], headers, BODY, now=NOW + late)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", "dlv_2"),
        ("webhook-timestamp", str(NOW + 1)),
        ("webhook-timestamp", "0" + str(NOW)),
        ("webhook-signature", "v1,AAAA"),
        ("webhook-signature", "v1a,g0hM9SsE é"),
    ],
)
def test_any_changed_header_is_refused(name: str, value: str) -> None:
    """Id, time and body are all signed."""
    headers = webhooks.sign([SECRET], "dlv_1", NOW, BODY) | {name: value}
    with pytest.raises(webhooks.SignatureWrong):
        webhooks.verify([SECRET], headers, BODY, now=NOW)


def test_a_changed_body_is_refused() -> None:
    """Not one character of an incident can change on the way."""
    headers = webhooks.sign([SECRET], "dlv_1", NOW, BODY)
    with pytest.raises(webhooks.SignatureWrong):
        webhooks.verify([SECRET], headers, BODY + b" ", now=NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(name: str) -> None:
    """All three are needed."""
    headers = webhooks.sign([SECRET], "dlv_1", NOW, BODY)
    del headers[name]
    with pytest.raises(webhooks.HeadersMissing):
        webhooks.verify([SECRET], headers, BODY, now=NOW)


def test_while_a_secret_is_rotated_old_and_new_receivers_accept() -> None:
    """Both secrets sign; a receiver that knows either one is content."""
    headers = webhooks.sign([OTHER, SECRET], "dlv_1", NOW, BODY)
    assert webhooks.verify([SECRET], headers, BODY, now=NOW) == "dlv_1"
    assert webhooks.verify([OTHER], headers, BODY, now=NOW) == "dlv_1"
    with pytest.raises(webhooks.SignatureWrong):
        webhooks.verify([Secret(b"x" * 32)], headers, BODY, now=NOW)


def test_header_names_are_read_in_any_case() -> None:
    """HTTP does not care about the case of names."""
    headers = {k.title(): v for k, v in webhooks.sign([SECRET], "d", NOW, BODY).items()}
    assert webhooks.verify([SECRET], headers, BODY, now=NOW) == "d"


@pytest.mark.parametrize(
    "text", ["whsec_", "whsec_$$$", "whsec_c2hvcnQ=", "whsec_" + "A" * 120, "é"]
)
def test_a_secret_that_is_none_is_refused_without_repeating_it(text: str) -> None:
    """A typing mistake is found at start, and stays out of the log."""
    with pytest.raises(webhooks.SecretInvalid) as caught:
        Secret.parse(text)
    assert text.removeprefix("whsec_") == "" or text not in f"{caught.value}{caught.value.details}"


def test_a_secret_is_written_as_it_is_read_and_never_printed() -> None:
    """The text form round-trips; repr shows nothing."""
    assert webhooks.write_secret(SECRET.key) == TEXT
    assert repr(SECRET) == "<secret>"


@given(
    st.dictionaries(
        st.sampled_from([webhooks.ID, webhooks.TIMESTAMP, webhooks.SIGNATURE]), st.text()
    )
)
def test_any_headers_give_a_documented_error(headers: dict[str, str]) -> None:
    """No header can make the check fail in another way."""
    with pytest.raises(webhooks.WebhookRefused):
        webhooks.verify([SECRET], headers, BODY, now=NOW)
