"""Secrets that an installation makes for itself on its first start and keeps in files."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from ringdown.core.errors import BadConfig

SHORTEST = 32
"""Characters that a kept secret has at least; a shorter file was cut off or written by hand."""


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
    try:
        if not path.exists():
            _write_once(path, make())
        path.chmod(0o600)
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, type(error).__name__) from None
    if len(text) < SHORTEST:
        raise _unusable(path, "too short")
    return text


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, since a rename would replace what another server has just made.
        path.hardlink_to(partial)
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def _unusable(path: Path, why: str) -> SecretFileUnusable:
    return SecretFileUnusable(
        f"the secret in {path.name} cannot be used", details={"file": str(path), "reason": why}
    )
