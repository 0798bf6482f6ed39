"""Local names through the commands and the interface of a whole installation."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from ringdown.app import World, build
from ringdown.cli.main import build as command_line
from ringdown.core.errors import RingdownError
from ringdown.runtime.table_http import LARGEST
from ringdown.settings import Settings, load
from ringdown.speech.names_file import NameFiles, read_book

CHEAP = {"argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}
STREETS = "name,kind,lat,lon\nGenesee St,street,47.1,-117.2\nGough Street,,,\n,street,1,2\n"


def settings(folder: Path) -> Settings:
    overrides = {"data": folder, "media_server": {"mode": "off"}, "identity": CHEAP}
    return load(None, environ={}, overrides=overrides)


@pytest_asyncio.fixture
async def admin(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The first administrator, signed in."""
    async with build(settings(tmp_path), World.real()) as app:
        transport = httpx.ASGITransport(app.asgi)
        url = "http://127.0.0.1:8911"
        async with httpx.AsyncClient(transport=transport, base_url=url) as client:
            answer = await client.post(
                "/v1/setup",
                json={
                    "token": await app.setup.issue_token(),
                    "centre_name": "Invented",
                    "username": "dana",
                    "display_name": "Dana Reyes",
                    "password": "tangerine otter kiln",
                },
                headers={"origin": url},
            )
            assert answer.status_code == 200, answer.text
            client.headers.update({"origin": url, "x-csrf-token": answer.json()["csrf_token"]})
            yield client


def centre_names(folder: Path) -> tuple[str, ...]:
    files = NameFiles(folder)
    (centre_id,) = files.centres()
    return read_book(files.names_of(centre_id) or "").names


async def test_names_are_loaded_searched_and_removed(
    admin: httpx.AsyncClient, tmp_path: Path
) -> None:
    """By CSV and by GeoJSON, added and replaced; the workers' file follows."""
    answer = await admin.put("/v1/names?source=a/streets.csv", content=STREETS)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert (report["count"], report["refused"]) == (2, 1)
    assert report["first_refused"] == [{"row": 4, "reason": "the name is empty"}]
    feature = {"properties": {"FULLNAME": "Oak Ln"}, "geometry": None}
    more = {"type": "FeatureCollection", "features": [feature]}
    assert (await admin.post("/v1/names", json=more)).json()["count"] == 3
    shown = (await admin.get("/v1/names?search=gene")).json()
    assert (shown["count"], [each["name"] for each in shown["found"]]) == (3, ["Genesee St"])
    assert shown["loaded_by"] == "Dana Reyes"
    assert centre_names(tmp_path) == ("Genesee St", "Gough Street", "Oak Ln")
    assert (await admin.delete("/v1/names")).status_code == 204
    assert (await admin.get("/v1/names")).json()["count"] == 0
    assert NameFiles(tmp_path).centres() == set()


async def test_a_bad_file_is_refused_with_its_line(admin: httpx.AsyncClient) -> None:
    """A code, the line and what to do, as for every error."""
    answer = await admin.put("/v1/names", content="first,second\n1,2\n")
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "speech.names.unreadable"
    assert problem["details"]["line"] == 1
    assert "column" in problem["action"]


async def test_a_file_may_be_larger_than_other_bodies_but_not_endless(
    admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of this path alone is higher."""
    many = "name\n" + "".join(
        f"Street number {n} Avenue of the long names\n" for n in range(30_000)
    )
    assert len(many) > 1_000_000
    assert (await admin.put("/v1/names", content=many)).json()["count"] == 30_000
    assert (await admin.post("/v1/calls", content=many)).status_code == 413
    large = b"x" * (LARGEST + 1)
    assert (await admin.put("/v1/names", content=large)).status_code == 413


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """The command as a person would give it."""
    done = CliRunner().invoke(
        command_line(list(arguments)),
        arguments,
        env={"RINGDOWN_DATA": str(folder), "COLUMNS": "160"},
    )
    if isinstance(done.exception, RingdownError):
        return 1, done.exception.code
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


@pytest.mark.usefixtures("admin")
def test_the_commands_work_beside_a_server(tmp_path: Path) -> None:
    """Load, show, find, doctor, remove."""
    file = tmp_path / "streets.csv"
    file.write_text(STREETS, encoding="utf-8")
    code, out = run(tmp_path, "names", "load", str(file), "--replace")
    assert code == 0
    assert "3 rows: 2 taken, 0 merged, 1 refused." in out
    assert "row 4: the name is empty" in out
    assert "Nothing changed" in run(tmp_path, "names", "load", str(file))[1]
    assert "2 names from streets.csv" in run(tmp_path, "names", "show")[1]
    assert "Genesee St" in run(tmp_path, "names", "find", "jenna see street")[1]
    findings = json.loads(run(tmp_path, "doctor", "--json")[1])["findings"]
    assert {"2 names"} == {one["text"] for one in findings if one["name"] == "local names"}
    assert run(tmp_path, "names", "remove", "--yes")[0] == 0
    assert "no names" in run(tmp_path, "names", "show")[1]
    assert run(tmp_path, "names", "load", str(tmp_path / "missing.csv")) == (1, "settings.invalid")
