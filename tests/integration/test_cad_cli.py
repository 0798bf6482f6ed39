"""`ringdown cad`: what a person types works and explains itself."""

import asyncio
import json
import sys
from pathlib import Path

from tests.unit.cad.world import World
from typer.testing import CliRunner

from ringdown.cad.adapters.webhook import open_webhook
from ringdown.cad.schema import schema_text
from ringdown.cad.settings import WebhookConfig
from ringdown.cad.summary import summary_schema_text
from ringdown.cli.cad import app
from ringdown.runtime.clock import SystemClock
from ringdown.wire.standard_webhooks import Secret


def test_the_schema_is_printed_and_written(tmp_path: Path) -> None:
    """The published file is made by this command."""
    assert CliRunner().invoke(app, ["schema"]).output == schema_text()
    CliRunner().invoke(app, ["schema", "--out", str(tmp_path / "s.json")])
    assert (tmp_path / "s.json").read_text() == schema_text()
    assert CliRunner().invoke(app, ["schema", "--summary"]).output == summary_schema_text()


def test_a_fresh_secret_can_be_used() -> None:
    """What is printed is what both sides take."""
    first, second = (CliRunner().invoke(app, ["secret"]).output for _ in range(2))
    assert first != second
    assert len(Secret.parse(first).key) >= 24


def test_an_unknown_way_to_fail_names_the_known_ones(tmp_path: Path) -> None:
    """The help is in the error."""
    done = CliRunner().invoke(
        app, ["receiver", "--secret-file", str(tmp_path / "s"), "--fail", "x"]
    )
    assert done.exit_code == 2
    assert "redirect" in done.output


async def test_the_receiver_command_takes_an_incident_and_writes_it_down(tmp_path: Path) -> None:
    """As a process of its own: makes its secret, listens, verifies, writes JSON lines."""
    secret, out = tmp_path / "secret", tmp_path / "out.jsonl"
    program = "from ringdown.cli.cad import app; app()"
    options = ["receiver", "--port", "0", "--secret-file", str(secret), "--out", str(out)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *options, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert process.stderr is not None
        url = (await process.stderr.readline()).decode().split()[-1]
        assert secret.stat().st_mode & 0o777 == 0o600
        config = WebhookConfig(url=url, secret_file=secret)
        async with open_webhook(config) as cad:
            world = World(cad=cad)
            world.clock.advance((SystemClock().now() - world.clock.now()).total_seconds())
            call_id = await world.queue()
            await world.deliveries.run_once()
            assert (await world.of(call_id))[0].state == "acknowledged"
    finally:
        process.terminate()
        await process.communicate()
    (line,) = out.read_text().splitlines()
    assert json.loads(line)["incident"]["fields"]["location"]["value"] == "12 Elm St"
