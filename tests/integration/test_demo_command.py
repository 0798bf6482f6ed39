"""`ringdown demo` on a machine where Ringdown runs."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from ringdown.testing.instance import Person, running

pytestmark = pytest.mark.slow


async def ringdown(*words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "ringdown.cli", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={k: v for k, v in os.environ.items() if not k.startswith("RINGDOWN_")},
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_the_demo_call_arrives_at_the_server_that_runs_here(tmp_path: Path) -> None:
    """No credential has to be made by hand: whoever may run commands here may start it."""
    data = tmp_path / "data"
    async with running(data) as server:
        person = Person(server.address)
        try:
            code, said = await ringdown("demo", "--data", str(data), "--speed", "40")
            assert code == 1
            assert "cli.demo.which_centre" in said
            assert server.setup_link is not None
            await person.set_up(
                server.setup_link, username="dana", password="lantern oat 73 window barn"
            )
            for _ in range(2):
                code, said = await ringdown("demo", "--data", str(data), "--speed", "40")
                assert code == 0, said
            calls = (await person.ask("GET", "/v1/calls?state=ended"))["calls"]
            assert [call["demo"] for call in calls] == [True, True]
            sources = (await person.ask("GET", "/v1/clients"))["clients"]
            assert len(sources) == 1, "the second call uses the same source"
        finally:
            await person.close()


async def test_without_a_server_it_says_what_to_do(tmp_path: Path) -> None:
    """Two plain lines: what is the matter, and what to do."""
    (tmp_path / "run").mkdir()
    code, said = await ringdown("demo", "--data", str(tmp_path))
    assert code == 1
    assert "no Ringdown runs" in said
    assert "ringdown run" in said
    assert "Traceback" not in said
