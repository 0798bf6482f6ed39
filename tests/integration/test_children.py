"""Child processes end when they should, with real processes and real signals."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ringdown.runtime.children import ChildEnded, ChildSpec, clear_stale, keep_running, running
from ringdown.runtime.shim import process_start

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
)
WITH_GRANDCHILD = (
    sys.executable,
    "-c",
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print(p.pid, flush=True); time.sleep(600)",
)


def spec(tmp_path: Path, command: tuple[str, ...], **changes: object) -> ChildSpec:
    return ChildSpec(
        name="sample",
        command=command,
        log=tmp_path / "logs" / "sample.log",
        pid_file=tmp_path / "run" / "sample.pid",
        **changes,  # type: ignore[arg-type]
    )


def gone(pid: int) -> bool:
    """No such process, or only its remains that nobody has collected yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return process_start(pid) is None
    return state in "ZX"


def wait_for(condition, seconds: float = 10.0):
    """Poll until the condition gives something true; fail the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    return pytest.fail("the condition never came true")


async def until(condition, seconds: float = 10.0):
    """The same without blocking the event loop."""
    async with asyncio.timeout(seconds):
        while not (found := condition()):
            await asyncio.sleep(0.02)
    return found


def said(path: Path) -> str:
    return path.read_text() if path.exists() else ""


async def test_a_child_runs_in_its_own_group_and_its_output_is_kept(tmp_path: Path) -> None:
    """The command's words land in the log; its process group is not ours."""
    wanted = spec(tmp_path, SLEEPER)
    async with running(wanted) as child:
        await until(lambda: "up" in said(wanted.log))
        assert child.pid is not None
        assert os.getpgid(child.pid) == child.pid != os.getpgid(0)


async def test_leaving_the_block_ends_the_child_and_its_children(tmp_path: Path) -> None:
    """The whole group ends, not only the process we started."""
    wanted = spec(tmp_path, WITH_GRANDCHILD)
    async with running(wanted) as child:
        grandchild = int(await until(lambda: said(wanted.log).strip()))
        own = child.pid
    assert own is not None
    await until(lambda: gone(own) and gone(grandchild))
    assert not wanted.pid_file.exists()


async def test_a_child_that_ignores_sigterm_is_killed_after_the_grace_period(
    tmp_path: Path,
) -> None:
    """SIGTERM first, SIGKILL when that did not help."""
    wanted = spec(tmp_path, STUBBORN, grace_s=0.3)
    async with running(wanted) as child:
        await until(lambda: "up" in said(wanted.log))
        own = child.pid
        assert own is not None
        assert await child.stop() == 128 + signal.SIGKILL
    assert gone(own)


async def test_the_exit_code_of_the_command_is_ours(tmp_path: Path) -> None:
    """A child that ends by itself is told with its own exit code and its log file."""
    with pytest.raises(ChildEnded) as told:
        await keep_running(spec(tmp_path, (sys.executable, "-c", "raise SystemExit(7)")))
    assert told.value.details["exit_code"] == 7


async def test_a_command_that_does_not_exist_is_told_in_the_log(tmp_path: Path) -> None:
    """Exit code 127 and a line that names the missing program."""
    wanted = spec(tmp_path, ("/no/such/program",))
    async with running(wanted) as child:
        assert await child.wait() == 127
    assert "cannot start /no/such/program" in said(wanted.log)


async def test_a_failing_health_check_stops_the_child(tmp_path: Path) -> None:
    """What the watcher raises comes out, and nothing goes on running."""
    wanted = spec(tmp_path, SLEEPER)
    seen: list[int] = []

    async def watch(child) -> None:
        seen.append(await until(lambda: child.pid))
        raise LookupError("not healthy")

    with pytest.raises(LookupError):
        await keep_running(wanted, while_up=watch)
    assert gone(seen[0])


async def test_cancelling_the_keeper_stops_the_child(tmp_path: Path) -> None:
    """A cancelled supervisor leaves no process behind."""
    wanted = spec(tmp_path, SLEEPER)
    keeper = asyncio.ensure_future(keep_running(wanted))
    pid = await until(
        lambda: wanted.pid_file.exists() and json.loads(wanted.pid_file.read_text())["pid"]
    )
    keeper.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeper
    assert gone(pid)


async def test_logs_rotate_and_the_oldest_are_dropped(tmp_path: Path) -> None:
    """Past its limit a log moves aside; no more than `log_keep` old ones are kept."""
    shout = "import time\nfor n in range(8):\n print('x' * 400, flush=True); time.sleep(0.05)"
    wanted = spec(tmp_path, (sys.executable, "-c", shout), log_bytes=1000, log_keep=2)
    async with running(wanted) as child:
        await child.wait()
    files = sorted(path.name for path in wanted.log.parent.iterdir())
    assert files == ["sample.log", "sample.log.1", "sample.log.2"]
    assert all(path.stat().st_size <= 1000 for path in wanted.log.parent.iterdir())


PARENT = """
    import asyncio, sys
    from pathlib import Path
    from ringdown.runtime.children import ChildSpec, running

    async def main():
        folder = Path(sys.argv[1])
        wanted = ChildSpec(
            name="sample", command=(sys.executable, "-c", sys.argv[2]),
            log=folder / "logs" / "sample.log", pid_file=folder / "run" / "sample.pid", grace_s=0.5,
        )
        async with running(wanted):
            await asyncio.sleep(600)

    asyncio.run(main())
"""


@pytest.mark.parametrize(
    "command", [SLEEPER, STUBBORN, WITH_GRANDCHILD], ids=["polite", "stubborn", "grandchild"]
)
def test_killing_the_parent_with_sigkill_leaves_no_process(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    """The guardian sees the pipe close and ends the whole group, then itself."""
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path), command[2]]
    )
    pid_file, log = tmp_path / "run" / "sample.pid", tmp_path / "logs" / "sample.log"
    wait_for(lambda: said(log).strip())
    record = json.loads(pid_file.read_text())
    pids = [record["pid"], record["guardian"]]
    if command is WITH_GRANDCHILD:
        pids.append(int(said(log).strip()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_for(lambda: all(gone(pid) for pid in pids))
    assert not pid_file.exists()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the kernel's own guard is Linux's"
)
async def test_killing_the_guardian_ends_the_child_as_well(tmp_path: Path) -> None:
    """The guardian is no weak spot: without it the command is ended and its pid file cleared."""
    wanted = spec(tmp_path, SLEEPER)
    async with running(wanted) as child:
        await until(lambda: "up" in said(wanted.log))
        record = json.loads(wanted.pid_file.read_text())
        os.kill(record["guardian"], signal.SIGKILL)
        assert await child.wait() == -signal.SIGKILL
        await until(lambda: gone(record["pid"]))
    assert not wanted.pid_file.exists()


def test_a_stale_pid_file_of_a_living_process_ends_it(tmp_path: Path) -> None:
    """What a crash left running is stopped at the next start."""
    left = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
    )
    pid_file = tmp_path / "sample.pid"
    pid_file.write_text(json.dumps({"pid": left.pid, "started": process_start(left.pid)}))
    assert clear_stale(pid_file)
    assert left.wait(timeout=10) == -signal.SIGKILL
    assert not pid_file.exists()


@pytest.mark.parametrize(
    "content", ["", "not json", '{"pid": "x"}', "[]", '{"pid": 1, "started": "never"}']
)
def test_a_stale_pid_file_never_hits_another_process(tmp_path: Path, content: str) -> None:
    """A reused pid or a damaged file is cleared without a signal to anybody."""
    pid_file = tmp_path / "sample.pid"
    pid_file.write_text(content)
    assert not clear_stale(pid_file)
    assert not pid_file.exists()
