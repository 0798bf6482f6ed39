"""Files that only their owner can read, and the secrets an installation makes for itself."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from ringdown.core.errors import BadConfig

SHORTEST = 32
"""Characters that a kept secret has at least; a shorter file was cut off or written by hand."""
KEY_BYTES = 32


class SecretFileUnusable(BadConfig):
    """A file that holds a secret of this installation cannot be read, or is damaged."""

    code: ClassVar[str] = "runtime.secret_file"
    action: ClassVar[str] = (
        "Let only the user that runs Ringdown read the file named, or restore it from a backup."
    )


def read_or_make_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret kept in `path`; `make` gives it on the first start.

    Two servers that start on one folder at the same moment get the same one: whoever is later
    finds the file there. Only its owner can read it. Raises `SecretFileUnusable`.
    """
    kept = _read_or_make(path, lambda: f"{make()}\n".encode("ascii"))
    try:
        text = kept.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise _unusable(path, type(error).__name__) from None
    if len(text) < SHORTEST:
        raise _unusable(path, "too short")
    return text


def read_or_make_key(path: Path, make: Callable[[], bytes]) -> bytes:
    """As `read_or_make_secret`, for a key of `KEY_BYTES` bytes that is kept as it is."""
    key = _read_or_make(path, make)
    if len(key) != KEY_BYTES:
        raise _unusable(path, f"not {KEY_BYTES} bytes")
    return key


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step, in place of an earlier one."""
    _write_partial(path, text.encode()).replace(path)


def _read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    try:
        if not path.exists():
            _write_once(path, make())
        path.chmod(0o600)
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, type(error).__name__) from None


def _write_once(path: Path, content: bytes) -> None:
    partial = _write_partial(path, content)
    try:
        # A link, since a rename would replace what another server has just made.
        path.hardlink_to(partial)
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def _write_partial(path: Path, content: bytes) -> Path:
    """Everything under another name first: half a file is never found."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return partial


def _unusable(path: Path, why: str) -> SecretFileUnusable:
    return SecretFileUnusable(
        f"the secret in {path.name} cannot be used", details={"file": str(path), "reason": why}
    )
