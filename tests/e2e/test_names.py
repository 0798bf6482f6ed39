"""The page of local names: loaded from a file, found, added to, removed."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SignIn, axe

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def open_names(page: Page) -> None:
    page.evaluate("location.hash = '#/admin/names'")
    expect(page.get_by_role("heading", name="Load a file")).to_be_visible()


def send(page: Page, file: Path, how: str) -> None:
    """Choose a file and press the button with the keyboard."""
    page.get_by_label("CSV or GeoJSON").set_input_files(file)
    page.get_by_role("button", name=how).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_names_are_loaded_found_and_removed(sign_in: SignIn, tmp_path: Path, scheme: str) -> None:
    """Every row of a file is accounted for; the names are in use at once, are found by a part of
    them, and go only when that is said twice."""
    page = sign_in("dana", color_scheme=scheme)
    open_names(page)
    expect(page.get_by_text("No names are loaded")).to_be_visible()
    rows = ["name,kind", "Genesee Street,street", "Ashlar Mill,business", ",street", "Ford,river"]
    table = tmp_path / "streets.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    send(page, table, "Replace all names")
    report = page.get_by_role("status").filter(has_text="in use now")
    expect(report).to_contain_text("The file has 4 rows")
    expect(
        report.get_by_role("list", name="Refused rows").get_by_role("listitem")
    ).not_to_have_count(0)
    expect(page.get_by_text("from streets.csv")).to_contain_text("by Dana Reyes")
    assert axe(page) == []

    feature = {"type": "Feature", "properties": {"name": "Weir Bridge"}, "geometry": None}
    feature["geometry"] = {"type": "Point", "coordinates": [-117.2, 45.5]}
    places = tmp_path / "places.geojson"
    places.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    send(page, places, "Add to the names")
    expect(page.get_by_text("from places.geojson")).to_be_visible()

    page.get_by_label("Search the names").focus()
    page.keyboard.type("weir")
    found = page.get_by_role("list", name="Names found").get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Weir Bridge")
    assert axe(page) == []

    send(page, table, "Add to the names")
    expect(page.get_by_text("Nothing changed: these names are in use already.")).to_be_visible()
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(b"\x00\x01\x02\xff")
    send(page, wrong, "Replace all names")
    expect(page.get_by_role("alert").filter(has_text="are unchanged")).to_be_visible()

    page.get_by_role("button", name="Remove every name").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove 4 names").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No names are loaded")).to_be_visible()
