"""A small guardian between us and a child process, so that no child outlives us.

It runs as `python shim.py [options] -- command…` with the read end of a pipe as standard input.
When the pipe closes, which the kernel does even when the parent is killed with SIGKILL, the
whole process group of the command is stopped: SIGTERM first, SIGKILL after the grace period.
Standard library only and no package imports: it starts in a few milliseconds.
"""

import argparse
import ctypes
import json
import os
import pwd
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

_PR_SET_PDEATHSIG = 1
_CHUNK = 65536


def process_start(pid: int) -> str | None:
    """When the process began, in the system's own words; None when there is no such process.

    Together with the pid it names one process for good: pids are used again.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        if sys.platform.startswith("linux"):
            return None
        done = subprocess.run(  # noqa: S603 - a fixed program and a number
            ["/bin/ps", "-o", "lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip() or None
    return stat.rpartition(")")[2].split()[19]


def kill_group(group: int, signal_number: int) -> bool:
    """Signal a whole process group; False when nothing of it is left."""
    try:
        os.killpg(group, signal_number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so for a group of zombies
        return False
    return True


class RotatingLog:
    """A log file that moves to `name.1`, `name.2`… when it has grown past `limit` bytes."""

    def __init__(self, path: Path, limit: int, keep: int) -> None:
        self._path, self._limit, self._keep = path, limit, keep
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, data: bytes) -> None:
        """Append; a full disk loses log lines, never the child."""
        try:
            if self._file.tell() + len(data) > self._limit and self._file.tell() > 0:
                self._rotate()
            self._file.write(data)
        except OSError:
            return

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._keep, 1, -1):
            older = self._path.with_name(f"{self._path.name}.{number - 1}")
            if older.exists():
                older.replace(self._path.with_name(f"{self._path.name}.{number}"))
        if self._keep > 0:
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        self._file = self._path.open("ab" if self._keep > 0 else "wb", buffering=0)


def _die_with_shim() -> None:
    # Linux only: should the guardian itself be killed, the kernel ends the command too.
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _start(options: argparse.Namespace) -> subprocess.Popen[bytes]:
    if options.nice:
        os.nice(options.nice)
    output = subprocess.PIPE if options.log else None
    account = pwd.getpwnam(options.user) if options.user else None
    return subprocess.Popen(  # noqa: S603 - the command comes from our own configuration
        options.command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if options.log else None,
        start_new_session=True,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=_die_with_shim,  # noqa: PLW1509 - the guardian has one thread
    )


def _write_pid_file(path: Path, child: subprocess.Popen[bytes], command: list[str]) -> None:
    record = {
        "pid": child.pid,
        "started": process_start(child.pid),
        "guardian": os.getpid(),
        "command": command[0],
    }
    partial = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial.write_text(json.dumps(record), encoding="utf-8")
    partial.replace(path)


def _guard(
    child: subprocess.Popen[bytes], log: RotatingLog | None, grace: float, polite: signal.Signals
) -> int:
    """Wait until the child has ended by itself, or end it when the parent has gone."""
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    os.set_blocking(wake_read, False)
    asked: list[int] = []
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            asked.append(number)

    signal.signal(signal.SIGCHLD, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    selector = selectors.DefaultSelector()
    selector.register(wake_read, selectors.EVENT_READ, "wake")
    selector.register(0, selectors.EVENT_READ, "parent")
    if child.stdout is not None:
        selector.register(child.stdout, selectors.EVENT_READ, "output")
    deadline: float | None = None
    while True:
        code = child.poll()
        if code is not None:
            break
        if asked and deadline is None:
            kill_group(child.pid, polite)
            deadline = time.monotonic() + grace
        if deadline is not None and time.monotonic() >= deadline:
            kill_group(child.pid, signal.SIGKILL)
            deadline = time.monotonic() + grace
        wait = None if deadline is None else max(0.0, deadline - time.monotonic())
        for key, _ in selector.select(wait):
            if key.data == "wake":
                os.read(wake_read, _CHUNK)
                continue
            data = os.read(key.fd, _CHUNK)
            if key.data == "parent" and not data:
                selector.unregister(key.fileobj)
                asked.append(1)
            elif key.data == "output":
                if data and log is not None:
                    log.write(data)
                elif not data:
                    selector.unregister(key.fileobj)
    kill_group(child.pid, signal.SIGKILL)  # whatever the command left behind in its group
    _drain(child, log)
    return code


def _drain(child: subprocess.Popen[bytes], log: RotatingLog | None) -> None:
    """Keep the last words of a child that has ended; they usually say why."""
    if child.stdout is None or log is None:
        return
    os.set_blocking(child.stdout.fileno(), False)
    while True:
        try:
            data = os.read(child.stdout.fileno(), _CHUNK)
        except BlockingIOError:
            return
        if not data:
            return
        log.write(data)


def main(arguments: list[str]) -> int:
    """Run the command under guard; its exit code is ours (128 + n after signal n)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pid-file", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--log-bytes", type=int, default=5_000_000)
    parser.add_argument("--log-keep", type=int, default=3)
    parser.add_argument("--user", help="run the command as this user; only root can")
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--grace", type=float, default=3.0)
    parser.add_argument("--stop-signal", default="TERM", help="the polite signal: TERM, INT…")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the parent, which stops us in order
    log = RotatingLog(options.log, options.log_bytes, options.log_keep) if options.log else None
    try:
        child = _start(options)
    except OSError as error:
        message = f"cannot start {options.command[0]}: {error.strerror}\n"
        if log is not None:
            log.write(message.encode())
        sys.stderr.write(message)
        return 127
    if options.pid_file is not None:
        _write_pid_file(options.pid_file, child, options.command)
    try:
        code = _guard(child, log, options.grace, signal.Signals[f"SIG{options.stop_signal}"])
    finally:
        if options.pid_file is not None:
            options.pid_file.unlink(missing_ok=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
