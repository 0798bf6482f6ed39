"""With a carrier set, an address that phones cannot use is told before the first caller meets it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ringdown.cli.main import build
from ringdown.settings import load

TWILIO = {"carrier": "twilio"}
NEAR = {"carrier": "twilio", "twilio": {"url": "http://127.0.0.1:9000"}}


@pytest.mark.parametrize(
    ("texting", "http", "caller", "told"),
    [
        ({}, {}, {}, None),
        (TWILIO, {}, {}, "which leads phones nowhere"),
        (TWILIO, {"host": "0.0.0.0"}, {}, "https pages alone"),
        (TWILIO, {"public_url": "http://psap.example"}, {}, "http://psap.example, and phones"),
        (TWILIO, {"public_url": "https://psap.example"}, {}, None),
        (TWILIO, {"public_url": "https://psap.example"}, {"public_url": "http://10.0.0.5"}, "10.0"),
        (TWILIO, {"public_url": "http://psap"}, {"public_url": "https://caller.example"}, None),
        (NEAR, {}, {}, None),
        (NEAR, {"public_url": "http://psap.example"}, {}, "https pages alone"),
    ],
)
def test_links_that_phones_cannot_use_are_told(texting, http, caller, told) -> None:
    """Plain http and this machine's own address; nothing without a carrier or beside a simulator."""
    overrides = {"texting": texting, "http": http, "caller": caller}
    warning = load(None, environ={}, overrides=overrides).phones_warning
    assert (warning is None) == (told is None)
    if told is not None:
        assert told in warning
        assert "Set caller.public_url" in warning


def test_checking_the_settings_says_so(tmp_path: Path) -> None:
    """They can be used all the same: texts and voice need no https."""
    file = tmp_path / "ringdown.toml"
    file.write_text('[texting]\ncarrier = "twilio"\n[caller]\npublic_url = "http://psap.example"\n')
    words = ["config", "check", "--config", str(file)]
    done = CliRunner().invoke(build(words), words)
    assert done.exit_code == 0, done.output
    assert "But: links in texts begin with http://psap.example" in done.output
