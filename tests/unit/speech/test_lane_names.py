"""Workers follow a leg with the names its centre has at that moment."""

import asyncio
from pathlib import Path

from tests.unit.speech.test_lane import Theatre, leg, play

from ringdown.runtime.tasks import Tasks
from ringdown.speech.model.names import NameBook
from ringdown.speech.model.protocol import Follow
from ringdown.speech.names_file import NameFiles, read_book


def test_the_next_leg_gets_the_names_loaded_meanwhile(tmp_path: Path) -> None:
    """A centre without names has none; a leg that is followed keeps the book it began with."""

    async def scene(tasks: Tasks) -> None:
        files = NameFiles(tmp_path)
        theatre = Theatre(tasks)
        theatre.lane._names_of = files.names_of
        theatre.run()
        await theatre.lane.follow(leg("leg_1"))
        await asyncio.sleep(0.1)
        for number, name in enumerate(("Genesee St", "Gough St"), start=2):
            files.write("a", NameBook(f"{number}a", (name,), "s"))
            await theatre.lane.follow(leg(f"leg_{number}"))
            await asyncio.sleep(0.1)
        (worker,) = theatre.started
        told = [order.names_file for order in worker.orders if isinstance(order, Follow)]
        assert told[0] is None
        assert [read_book(path or "").names for path in told[1:]] == [
            ("Genesee St",),
            ("Gough St",),
        ]

    play(scene)
