"""The agency's own map in the console: loaded by an administrator, asked, drawn, and read aloud."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import FLAGS, Launch, LiveConsole, SignIn, axe
from tests.e2e.spoken import SpokenCall, show, signed_in
from tests.unit.streets.files import LANDMARKS_CSV, roads_file

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

DRAWS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
"""Maps are drawn with WebGL; without a graphics card the browser does it by itself."""


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Iterator[Browser]:
    """One that draws."""
    chromium = launch([*(flag for flag in FLAGS if flag != "--disable-gpu"), *DRAWS])
    yield chromium
    chromium.close()


def load(page: Page, file: Path) -> None:
    page.get_by_label("GeoJSON or CSV").set_input_files(file)
    page.get_by_role("button", name="Replace this layer").focus()
    page.keyboard.press("Enter")


def drawn(page: Page) -> int:
    """How many colours the picture of the map has; one is an empty one."""
    shot = page.locator("canvas.maplibregl-canvas").screenshot()
    return page.evaluate(
        """async (base64) => {
            const image = new Image();
            image.src = `data:image/png;base64,${base64}`;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const c = canvas.getContext("2d");
            c.drawImage(image, 0, 0);
            const data = c.getImageData(0, 0, image.width, image.height).data.buffer;
            return new Set(new Uint32Array(data)).size;
        }""",
        b64encode(shot).decode(),
    )


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_map_is_loaded_asked_and_drawn(sign_in: SignIn, tmp_path: Path, scheme: str) -> None:
    """Refused rows are told; a misheard place is found, drawn on the agency's own streets, said in
    words; the map moves by keyboard; nothing is asked of anybody else."""
    page = sign_in("dana", color_scheme=scheme)
    page.evaluate("location.hash = '#/admin/streets'")
    expect(page.get_by_text("No map is loaded")).to_be_visible()
    roads, marks = tmp_path / "roads.geojson", tmp_path / "landmarks.csv"
    roads.write_text(json.dumps(roads_file()), encoding="utf-8")
    marks.write_text(LANDMARKS_CSV, encoding="utf-8")
    load(page, roads)
    report = page.get_by_role("status").filter(has_text="in use now")
    expect(report).to_contain_text("1 refused")
    expect(report.get_by_role("list", name="Refused rows")).to_contain_text("the road has no name")
    load(page, marks)
    expect(report).to_contain_text("landmarks are in use now")

    expect(page.get_by_role("row")).to_have_count(3)

    page.get_by_label("A place as a caller says it").focus()
    page.keyboard.type("300 jenna see street")
    page.keyboard.press("Enter")
    places = page.get_by_role("list", name="Places by source")
    expect(places.get_by_role("listitem")).to_have_count(1)
    expect(places).to_contain_text("300 Genesee St, Fairhaven")
    mark = page.get_by_role("button", name="300 Genesee St, Fairhaven")
    expect(mark).to_be_visible()
    expect(page.get_by_text("across.")).to_be_visible()
    for _ in range(100):
        if drawn(page) > 20:
            break
        page.wait_for_timeout(100)
    assert drawn(page) > 20
    assert axe(page) == []
    mark.focus()
    page.keyboard.press("Enter")
    expect(places.get_by_role("listitem").first).to_be_focused()
    before = page.get_by_text("across.").inner_text()
    page.get_by_role("button", name="Zoom out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("across.")).not_to_have_text(before)

    page.get_by_label("A place as a caller says it").fill("Walmart")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing on the map is like it.")).to_be_visible()
    for layer in ("roads", "landmarks"):
        page.get_by_role("button", name=f"Remove the {layer}…").click()
        page.get_by_role("button", name=f"Remove the {layer}", exact=True).click()
    expect(page.get_by_text("No map is loaded")).to_be_visible()


def walks(console: LiveConsole, http: httpx.Client, call_id: str) -> None:
    """The caller agrees, opens the link, and walks north while their page tells where they are."""
    asked = {"shares": ["location"], "outcome": "agreed", "language": "en"}
    base = f"/v1/calls/{call_id}/caller"
    agreed = http.post(f"{base}/consents", json=asked).raise_for_status().json()
    wanted = {"consent_id": agreed["consent_id"]}
    made = http.post(f"{base}/links", json=wanted).raise_for_status().json()
    token = made["message"]["text"].rpartition("/l#")[2].split()[0]
    now = datetime.now(UTC)
    fixes = [
        {"lat": 40.0002 + step / 4000, "lon": -90.0, "accuracy_m": 9, "altitude_m": 181,
         "at": (now - timedelta(seconds=50 - 10 * step)).isoformat()}
        for step in range(5)
    ]  # fmt: skip
    with httpx.Client(base_url=console.base_url, trust_env=False, timeout=60) as phone:
        opens = {"token": token, "shares": ["location"], "device": "Test"}
        phone.post("/l/api/open", json=opens).raise_for_status()
        told = {"fixes": fixes, "clock": now.isoformat()}
        kept = phone.post("/l/api/fixes", json=told).raise_for_status().json()
    assert (kept["kept"], kept["unbelievable"]) == (5, 0)


def test_the_places_of_a_call_stand_on_the_map(
    sign_in: SignIn, live_console: LiveConsole, tmp_path: Path
) -> None:
    """What was said, at its place on the agency's own map; the network with its circle; where the
    caller's phone is, and the way it went. Each by its letter, in a list that says the same, and by keyboard."""
    with signed_in(live_console) as http:
        http.put("/v1/streets", json=roads_file()).raise_for_status()
        ali = {"text": "300 GENESEE ST", "lat": 40.003, "lon": -89.995, "uncertainty_m": 120}
        call = SpokenCall(live_console, http, "map-1", ani="+15095550142", ali=ali)
        call.say(("caller", "There's a fire, I'm at 350 Skyler Avenue."))
        page = sign_in("dana")
        show(page, call)
        page.keyboard.press("m")
        places = page.get_by_role("list", name="Places by source")
        expect(places).to_contain_text("350 Skyler Avenue")
        expect(places).to_contain_text("within 120 m")
        said = page.get_by_role("button", name="S, Spoken: 350 Skyler Avenue")
        expect(said).to_be_visible()
        expect(page.get_by_role("button", name="N, Network")).to_be_visible()
        walks(live_console, http, call.id)
        expect(places).to_contain_text("within 9 m (95 %), 181 m up")
        expect(page.get_by_role("button", name=re.compile("^P, Caller.s phone"))).to_be_visible()
        expect(page.get_by_text(re.compile("caller.s phone: 5 fixes in 40 s"))).to_be_visible()
        expect(page.get_by_text("across.")).to_be_visible()
        for _ in range(100):
            if drawn(page) > 20:
                break
            page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440
        box = page.locator("canvas.maplibregl-canvas").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1440
        assert axe(page) == []
        page.screenshot(path=tmp_path / "places.png")
        said.focus()
        page.keyboard.press("Enter")
        expect(places.get_by_role("listitem").first).to_be_focused()
        http.delete("/v1/streets?layer=roads").raise_for_status()
