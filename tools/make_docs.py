"""Write the generated reference pages; `--check` only says whether they are fresh."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import TypeVar

import ringdown
from ringdown.core.errors import RingdownError
from ringdown.core.events import Fact, Signal

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
T = TypeVar("T")
NOTE = "<!-- Written by `make docs`; do not edit. -->\n"


def import_everything() -> None:
    """Import every module of the package, so that all of its classes are known."""
    for module in pkgutil.walk_packages(ringdown.__path__, "ringdown."):
        # Entry points and what Alembic runs are not for importing.
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)


def descendants(root: type[T]) -> list[type[T]]:
    """Every subclass of ours, however far down, each once."""
    found = {root}
    waiting = [root]
    while waiting:
        for child in waiting.pop().__subclasses__():
            if child not in found and child.__module__.startswith("ringdown."):
                found.add(child)
                waiting.append(child)
    return sorted(found - {root}, key=lambda kind: (kind.__module__, kind.__qualname__))


def errors() -> str:
    """One row for each error code."""
    kinds = sorted([RingdownError, *descendants(RingdownError)], key=lambda kind: kind.code)
    rows = [
        f"| `{kind.code}` | {summary(kind)} | {kind.action} | {'yes' if kind.retryable else 'no'} |"
        for kind in kinds
        if "code" in vars(kind)
    ]
    return "\n".join(
        [
            NOTE,
            "# Error codes",
            "",
            "Every answer that is an error carries one of these codes, what happened, and what to",
            "do. Codes are stable; the words may change. *Again* says whether the same request may",
            "work later.",
            "",
            "| Code | What happened | What to do | Again |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def events() -> str:
    """One row for each fact and signal."""
    lines = [
        NOTE,
        "# Facts and signals",
        "",
        "A fact has happened and is kept; the console feed carries each with its position. A",
        "signal is worth knowing now and never stored. A changed shape is a new version.",
    ]
    for title, root in (("Facts", Fact), ("Signals", Signal)):
        lines += ["", f"## {title}", "", "| Name | Meaning | Fields |", "|---|---|---|"]
        for kind in sorted(descendants(root), key=lambda kind: kind.kind):
            if kind.kind:
                fields = ", ".join(f"`{name}`" for name in kind.model_fields)
                lines.append(f"| `{kind.kind}` | {summary(kind)} | {fields} |")
    return "\n".join([*lines, ""])


def summary(kind: type) -> str:
    """The first sentence of a class's docstring."""
    text = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
    return text.replace("|", "\\|")


PAGES = {"errors.md": errors, "events.md": events}


def main() -> int:
    """Write the pages, or compare them."""
    import_everything()
    stale: list[str] = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv[1:]:
            stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/reference/{name}")
    if stale:
        print(f"Stale: {', '.join(stale)}. Run `make docs`.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
