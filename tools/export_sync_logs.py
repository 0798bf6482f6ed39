"""Write the logs of the law table for the console's reducer: web/core/test/fixtures/sync/*.json.

    uv run python tools/export_sync_logs.py

Each file holds what the console had before an action, the facts that the action wrote, and what a
fresh snapshot says after it. All of it is invented; time and ids are counted, so that the same
code writes the same files.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "web" / "core" / "test" / "fixtures" / "sync"


async def logs() -> dict[str, str]:
    """The text of every file by its name."""
    sys.path.insert(0, str(ROOT))
    try:
        from tests.sync_actions import ACTIONS  # noqa: PLC0415 - the tests are no package
        from tests.sync_world import World, opened, prepare  # noqa: PLC0415
    finally:
        sys.path.remove(str(ROOT))

    async def shown(world: World) -> dict[str, Any]:
        """What the server would answer now; lamps are signals and no part of the law."""
        call = await world.detail()
        return {
            "snapshot": (await world.snapshot()).model_dump(mode="json") | {"lamps": []},
            "detail": call and call.model_dump(mode="json") | {"gaps": await world.gaps()},
        }

    written: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as below:
        prepared = Path(below) / "prepared"
        prepared.mkdir()
        await prepare(prepared)
        for number, action in enumerate(ACTIONS):
            async with opened(Path(below) / str(number), prepared) as world:
                await action.before(world)
                before = await shown(world)
                await action.act(world)
                facts = await world.since(before["snapshot"]["position"])
                log = {
                    "name": action.name,
                    "before": before,
                    "facts": [{"type": "fact", **stored.envelope()} for stored in facts],
                    "after": await shown(world),
                }
            name = action.name.replace("'", "").replace(" ", "-")
            written[f"{name}.json"] = json.dumps(log, indent=1, ensure_ascii=False) + "\n"
    return written


def main() -> None:
    """Write them, and remove those of actions that are no more."""
    found = asyncio.run(logs())
    OUT.mkdir(parents=True, exist_ok=True)
    for path in OUT.glob("*.json"):
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (OUT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
