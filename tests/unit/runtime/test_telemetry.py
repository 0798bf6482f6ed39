"""What nobody has reviewed does not reach the log."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from ringdown.core.errors import Invalid
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import configure_logs, get_logger


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    out = io.StringIO()
    before = logging.getLogger().handlers[:]
    configure_logs(to=out)
    yield out
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


def read(out: io.StringIO) -> dict[str, object]:
    (line,) = out.getvalue().splitlines()
    return json.loads(line)


def test_reviewed_keys_are_kept_and_others_dropped(lines: io.StringIO) -> None:
    """A caller's number under a new key is not written."""
    get_logger("calls").info("call started", call_id="call_1", ani="555-0100")
    entry = read(lines)
    assert entry["call_id"] == "call_1"
    assert entry["ani"] == "<dropped>"
    assert entry["event"] == "call started"
    assert entry["level"] == "info"


def test_a_value_that_is_not_plain_is_not_written(lines: io.StringIO) -> None:
    """An object under a reviewed key shows its type only."""
    get_logger("x").info("seen", reason=Sensitive("555-0100", "caller.phone"), state=["a name"])
    assert "555-0100" not in lines.getvalue()
    assert "a name" not in lines.getvalue()


def test_other_libraries_lose_their_arguments_and_error_text(lines: io.StringIO) -> None:
    """A library's message keeps its words and loses what it was about."""
    try:
        raise ValueError("caller said 12 Elm Street")
    except ValueError:
        logging.getLogger("lib").exception("cannot read %s", "12 Elm Street")
    assert "Elm" not in lines.getvalue()
    entry = read(lines)
    assert (entry["event"], entry["error"]) == ("cannot read %s", "ValueError")


def test_an_error_is_described_without_its_text() -> None:
    """Type, code and place are told; the message may quote a caller and is not."""
    try:
        raise Invalid("no such street as Elm", details={"field": "location"})
    except Invalid as error:
        told = describe(error)
    assert told["code"] == "request.invalid"
    assert told["details"] == {"field": "location"}
    assert "Elm" not in str(told)
