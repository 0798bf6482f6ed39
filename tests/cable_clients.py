"""Programs around unmodified clients of other projects, run with Node.js."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cable_world import INCIDENT, World

HOME = Path(__file__).resolve().parents[1]
CLIENTS = HOME / "tests" / "clients"
PATIENCE_S = 90.0


def installed_node() -> str:
    """Node.js as the set-up finds it, with the clients installed once."""
    sys.path.insert(0, str(HOME / "tools"))
    from setup import Setup

    setup = Setup()
    setup.clients()
    return str(setup.node()[0].path)


@dataclass
class Client:
    """A partner's program and what it has said so far."""

    process: asyncio.subprocess.Process
    said: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            told = json.loads(line)
            if "held" in told:
                self.held = told["held"]
            self.said.append(told)

    def tell(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n".encode())

    def events(self) -> list[str]:
        return [told["event"] for told in self.said if "event" in told]

    def last(self, event: str) -> dict[str, Any]:
        return [told for told in self.said if told.get("event") == event][-1]

    def messages(self) -> int:
        return sum("held" in told for told in self.said)

    async def until(self, condition: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not condition():
                    assert self.process.returncode is None, self.said
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(self.said[-12:]) from None

    async def agrees(self, world: World) -> None:
        """It holds exactly the world's words of both sides."""
        await self.until(
            lambda: (
                bool(self.held)
                and all(
                    [word for word in self.held if word["speaker"] == speaker] == world.held(side)
                    for speaker, side in (("Caller", "caller"), ("CallTaker", "call_taker"))
                )
            )
        )


@asynccontextmanager
async def client(node: str, address: str, **options: Any) -> AsyncIterator[Client]:
    given = {
        "url": f"{address}/cable", "token": "good", "incident": INCIDENT, **options,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        node, "partner.mjs", json.dumps(given),
        cwd=CLIENTS, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 22,
    )  # fmt: skip
    made = Client(process)
    async with asyncio.TaskGroup() as group:
        group.create_task(made.read())
        try:
            yield made
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
