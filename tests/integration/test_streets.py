"""The agency's map through the commands and the interface of a whole installation."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio
from tests.integration.test_names import run, settings
from tests.unit.streets.files import LANDMARKS_CSV, roads_file
from tests.unit.streets.town import LANDMARKS, ROADS

from ringdown.app import App, World, build
from ringdown.runtime.table_http import LARGEST
from ringdown.streets.model.kept import written

PASSWORD = "tangerine otter kiln"


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with build(settings(tmp_path), World.real()) as built:
        yield built


@pytest_asyncio.fixture
async def admin(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """The first administrator, signed in."""
    url = "http://127.0.0.1:8911"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app.asgi), base_url=url) as client:
        answer = await client.post(
            "/v1/setup",
            json={
                "token": await app.setup.issue_token(),
                "centre_name": "Invented",
                "username": "dana",
                "display_name": "Dana Reyes",
                "password": PASSWORD,
            },
            headers={"origin": url},
        )
        assert answer.status_code == 200, answer.text
        client.headers.update({"origin": url, "x-csrf-token": answer.json()["csrf_token"]})
        yield client


async def found(client: httpx.AsyncClient, text: str) -> list[str]:
    answer = await client.post("/v1/streets/match", json={"text": text})
    assert answer.status_code == 200, answer.text
    return [each["text"] for each in answer.json()["found"]]


async def test_a_map_is_loaded_asked_drawn_and_removed(admin: httpx.AsyncClient) -> None:
    """Each layer for itself; the layer is seen by what the file holds."""
    assert (await admin.get("/v1/streets")).json() == {"layers": [], "bounds": None}
    assert await found(admin, "214 wooster road") == []
    answer = await admin.put("/v1/streets?source=a/roads.geojson", json=roads_file())
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert (report["layer"], report["count"], report["refused"]) == ("roads", len(ROADS), 1)
    assert report["first_refused"] == [{"row": len(ROADS) + 1, "reason": "the road has no name"}]
    again = (await admin.put("/v1/streets", json=roads_file())).json()
    assert (again["changed"], again["version"]) == (False, report["version"])
    marks = (await admin.put("/v1/streets?layer=landmarks", content=LANDMARKS_CSV)).json()
    assert (marks["layer"], marks["count"]) == ("landmarks", len(LANDMARKS))

    assert await found(admin, "214 wooster road") == ["214 Worcester Rd, Fairhaven"]
    assert await found(admin, "Saint Mary's Hospital") == ["St. Mary's Hospital, Fairhaven"]
    shown = (await admin.get("/v1/streets")).json()
    assert [each["layer"] for each in shown["layers"]] == ["landmarks", "roads"]
    assert {each["loaded_by"] for each in shown["layers"]} == {"Dana Reyes"}
    assert shown["bounds"]["west"] < -90 < shown["bounds"]["east"]

    box = "west=-90&south=40&east=-89.98&north=40.02"
    drawn = await admin.get(f"/v1/streets/map?{box}")
    assert drawn.headers["content-type"] == "application/geo+json"
    names = {each["properties"]["name"] for each in drawn.json()["features"]}
    assert {"Maple St", "I-90", "Shell Station"} <= names
    assert drawn.json()["complete"]
    turned = await admin.get("/v1/streets/map?west=2&south=40&east=1&north=41")
    assert (turned.status_code, turned.json()["code"]) == (422, "streets.box_invalid")

    assert (await admin.delete("/v1/streets?layer=roads")).status_code == 204
    assert await found(admin, "214 wooster road") == []
    audit = (await admin.get("/v1/audit?after=0&limit=100")).text
    assert audit.count("streets:layer:loaded") == 2
    assert audit.count("streets:layer:removed") == 1
    assert "Worcester" not in audit


async def test_a_bad_file_is_refused_and_changes_nothing(admin: httpx.AsyncClient) -> None:
    """A code, what to do, the first rows; what is in use stays."""
    assert (await admin.put("/v1/streets", content=LANDMARKS_CSV)).status_code == 200
    answer = await admin.put("/v1/streets?layer=roads", content=LANDMARKS_CSV)
    assert (answer.status_code, answer.json()["code"]) == (422, "streets.unreadable")
    assert answer.json()["details"]["first_refused"][0].startswith("row 2: ")
    assert "WGS84" in answer.json()["action"]
    assert len((await admin.get("/v1/streets")).json()["layers"]) == 1
    large = b"x" * (LARGEST + 1)
    assert (await admin.put("/v1/streets", content=large)).status_code == 413


async def test_only_administrators_change_the_map(admin: httpx.AsyncClient) -> None:
    """Call-takers ask it; without a name nobody does."""
    assert (await admin.put("/v1/streets", content=LANDMARKS_CSV)).status_code == 200
    me = (await admin.get("/v1/session")).json()
    assert {"streets:read", "streets:write"} <= set(me["permissions"])
    bare = httpx.AsyncClient(transport=admin._transport, base_url=admin.base_url)
    assert (await bare.get("/v1/streets")).status_code == 401
    assert (await bare.get("/v1/streets/map?west=1&south=1&east=2&north=2")).status_code == 401
    await bare.aclose()


async def test_the_commands_work_beside_a_server(admin: httpx.AsyncClient, tmp_path: Path) -> None:
    """Import, show, find, remove."""
    import asyncio

    file = tmp_path / "roads.geojson"
    file.write_text(json.dumps(roads_file()), encoding="utf-8")

    async def command(*words: str) -> tuple[int, str]:
        return await asyncio.to_thread(run, tmp_path, "streets", *words)

    code, out = await command("import", str(file))
    assert code == 0, out
    assert f"{len(ROADS) + 1} rows: {len(ROADS)} taken as roads, 1 refused." in out
    assert f"row {len(ROADS) + 1}: the road has no name" in out
    assert "Nothing changed" in (await command("import", str(file), "--layer", "roads"))[1]
    assert f"{len(ROADS)} roads from roads.geojson" in (await command("show"))[1]
    assert "300 Genesee St, Fairhaven" in (await command("find", "300 jenna see street"))[1]
    assert "Nothing on the map" in (await command("find", "nowhere at all"))[1]
    assert (await command("remove", "roads", "--yes"))[0] == 0
    assert "no map" in (await command("show"))[1]
    assert await command("import", str(tmp_path / "missing.csv")) == (1, "settings.invalid")


def test_a_feature_is_one_line() -> None:
    """What is kept holds no line break, so that a version is told by its lines."""
    assert not any("\n" in written(each) for each in (*ROADS, *LANDMARKS))
