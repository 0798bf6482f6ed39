"""Media links and cursors: only ours are known, only for what they were made for."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from ringdown.partners.links import CursorUnknown, Grant, LinkRefused, Links
from ringdown.testing.clock import START

LINKS = Links(b"k" * 32)
PATH = "/v1/incident_events/i/media/m"
GRANT = Grant("a", "client_1", int(START.timestamp()) + 60)


def query(links: Links = LINKS) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(links.sign(PATH, GRANT)).query))


def test_a_link_holds_for_its_path_until_its_end() -> None:
    """A minute, and not a moment longer."""
    assert LINKS.check(PATH, query(), START) == GRANT
    with pytest.raises(LinkRefused):
        LINKS.check(PATH, query(), START + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/v1/incident_events/i/media/other", {}),
        (PATH, {"centre": "b"}),
        (PATH, {"client": "client_2"}),
        (PATH, {"expires": str(GRANT.expires + 1)}),
        (PATH, {"expires": "²"}),
        (PATH, {"expires": ""}),
        (PATH, {"signature": ""}),
        (PATH, {"signature": "é"}),
        (PATH, {"centre": "ac", "client": "lient_1"}),
    ],
)
def test_a_changed_link_is_refused(path: str, change: dict[str, str]) -> None:
    """Whatever was changed about it."""
    with pytest.raises(LinkRefused):
        LINKS.check(path, {**query(), **change}, START)


def test_a_link_of_another_installation_is_refused() -> None:
    """The key is what makes it ours."""
    with pytest.raises(LinkRefused):
        LINKS.check(PATH, query(Links(b"x" * 32)), START)


def test_a_cursor_leads_back_to_its_place_in_its_centre() -> None:
    """And to no other centre's."""
    text = LINKS.cursor("a", START, "i")
    assert LINKS.read_cursor("a", text) == (START, "i")
    for wrong in ("", "x", text[:-2], text + "AAAA", "ü", "A" * 64):
        with pytest.raises(CursorUnknown):
            LINKS.read_cursor("a", wrong)
    with pytest.raises(CursorUnknown):
        LINKS.read_cursor("b", text)
