"""The house rules find what they should, leave alone what they should, and hold in the package."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import ringdown
from tests.architecture.house_rules import banned_calls, naked_tasks, work_at_import

PACKAGE = Path(ringdown.__file__).parent
# The technical ground gives out time, ids and tasks; the guardian and worker entry points use them.
EXEMPT = ("runtime/", "cli/", "testing/")


def modules(*, exempt: tuple[str, ...] = ()) -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.relative_to(PACKAGE).as_posix().startswith(exempt or ("\0",))
    ]


def broken(rule: Callable[[str], Iterator[str]], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(PACKAGE)}:{found}"
        for path in paths
        for found in rule(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "import time as t\nt.time()",
        "from time import time\ntime()",
        "from time import time as now\nnow()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.now(UTC)",
        "from datetime import datetime as dt\ndt.utcnow()",
        "from datetime import date\ndate.today()",
        "import uuid\nuuid.uuid4()",
        "from uuid import uuid4\nuuid4()",
        "import random\nrandom.random()",
        "from random import choice",
        "import asyncio\nasyncio.create_task(x())",
        "from asyncio import create_task\ncreate_task(x())",
        "import time\nfield(default_factory=time.time)",
    ],
)
def test_a_banned_call_is_found(source: str) -> None:
    """Through any way of importing it, also when it is handed on uncalled."""
    assert list(banned_calls(source))


@pytest.mark.parametrize(
    "source",
    [
        "clock.now()",
        "from ringdown.core.clock import Clock\ndef f(clock: Clock): return clock.monotonic()",
        "from datetime import datetime\ndatetime.fromisoformat(text)",
        "import time\ntime.sleep(1)",
        "import asyncio\nasyncio.sleep(1)",
        "self.time()",
    ],
)
def test_innocent_code_is_left_alone(source: str) -> None:
    """A name that merely looks alike is no offence."""
    assert not list(banned_calls(source))


@pytest.mark.parametrize(
    "source", ["loop.create_task(x())", "asyncio.get_running_loop().create_task(x())"]
)
def test_a_naked_task_is_found(source: str) -> None:
    """A task without an owner, made on the loop itself."""
    assert list(naked_tasks(source))


def test_a_task_group_may_make_tasks() -> None:
    """A group waits for what it starts."""
    assert not list(
        naked_tasks("async with asyncio.TaskGroup() as group:\n group.create_task(x())")
    )


@pytest.mark.parametrize(
    "source",
    [
        "import os\nHOME = os.environ['HOME']",
        "import os\nclass A:\n x = os.getenv('X')",
        "import socket\ns = socket.socket()",
    ],
)
def test_work_at_import_is_found(source: str) -> None:
    """In the module's body and in a class's body."""
    assert list(work_at_import(source))


@pytest.mark.parametrize(
    "source",
    [
        "import os\ndef f(): return os.environ",
        "import os\nif __name__ == '__main__':\n print(os.environ)",
    ],
)
def test_work_in_functions_is_left_alone(source: str) -> None:
    """What runs when called is not run at import."""
    assert not list(work_at_import(source))


def test_time_ids_and_randomness_are_passed_in() -> None:
    """No module outside `runtime` asks the machine itself."""
    assert broken(banned_calls, modules(exempt=EXEMPT)) == []


def test_no_task_is_without_an_owner() -> None:
    """Tasks come from `runtime.tasks` or from a TaskGroup."""
    assert broken(naked_tasks, modules(exempt=EXEMPT)) == []


def test_importing_does_nothing() -> None:
    """No module reads the environment or opens a socket at its top level."""
    assert broken(work_at_import, modules()) == []
