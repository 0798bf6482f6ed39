"""Write the generated reference pages; `--check` only says whether they are fresh."""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import ringdown
from ringdown.audit.catalogue import TAGS
from ringdown.core.errors import RingdownError
from ringdown.core.events import Fact, Signal
from ringdown.identity.api import CLIENT_SCOPES, ROLE_PERMISSIONS, Permission, Role
from ringdown.runtime.settings import section_of
from ringdown.settings import Settings, default_data
from ringdown.testing.contract import permissions as every_route

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


def settings() -> str:
    """One table for each section of the settings."""
    lines = [
        NOTE,
        "# Settings",
        "",
        "Everything works without any of them. They are read from a TOML file (`--config FILE` or",
        "`RINGDOWN_CONFIG`), then from the environment, then from the command line; an unknown key",
        "is an error. `[http] port` in the file is the variable `RINGDOWN_HTTP__PORT`: two",
        "underscores between the parts of the name. `ringdown config explain` says what holds now.",
        "Secrets are best kept in files of their own, which the `…_file` settings name.",
    ]
    for section, model, fields in sections(Settings):
        lines += ["", f"## {section or 'On top'}", "", summary(model), ""]
        lines += ["| Setting | Meaning | Default | Allowed |", "|---|---|---|---|"]
        for name, field in fields:
            row = (f"`{name}`", cell(field.description), default_of(field), allowed(field))
            lines.append(f"| {' | '.join(row)} |")
    return "\n".join([*lines, ""])


Section = tuple[str, type[BaseModel], list[tuple[str, FieldInfo]]]


def sections(model: type[BaseModel], prefix: str = "") -> Iterator[Section]:
    """The settings of a model that are values, then those of its sections, each by dotted name."""
    own = [(n, f) for n, f in model.model_fields.items() if section_of(f.annotation) is None]
    if own:
        yield prefix, model, own
    for name, field in model.model_fields.items():
        inner = section_of(field.annotation)
        if inner is not None:
            yield from sections(inner, f"{prefix}.{name}" if prefix else name)


def default_of(field: FieldInfo) -> str:
    """What holds when nothing is said."""
    if field.default_factory is default_data:
        return "`RINGDOWN_DATA`, or `~/.local/share/ringdown`"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ({}, ()):
        return "none"
    return f"`{json.dumps(value, default=str)}`".replace("|", "\\|")


def allowed(field: FieldInfo) -> str:
    """The bounds of a number, or the words to choose from."""
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{word}`" for word in get_args(field.annotation))
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    found = [
        f"{sign} {getattr(bound, name)}"
        for bound in field.metadata
        for name, sign in signs.items()
        if getattr(bound, name, None) is not None
    ]
    return ", ".join(found)


def permissions() -> str:
    """Which role may do what, and which route asks for which permission."""
    roles = list(Role)
    lines = [
        NOTE,
        "# Permissions",
        "",
        "Every route names the permission it asks for, or says that it is public; one that does",
        "not keeps Ringdown from starting. A person has the permissions of all their roles. An API",
        "client has the scopes that it was given, at most those marked here, and changes only the",
        "calls that it began itself. The first administrator is a telecommunicator too.",
        "",
        "## Roles",
        "",
        f"| Permission | {' | '.join(role.value for role in roles)} | API client |",
        f"|---|{'---|' * (len(roles) + 1)}",
    ]
    for permission in Permission:
        marks = [permission in ROLE_PERMISSIONS[role] for role in roles]
        marks.append(permission in CLIENT_SCOPES)
        lines.append(f"| `{permission}` | {' | '.join('yes' if m else '' for m in marks)} |")
    lines += ["", "## Routes", "", "| Route | Permission |", "|---|---|"]
    for (method, path), permission in sorted(
        asyncio.run(every_route()).items(), key=lambda item: (item[0][1], item[0][0])
    ):
        lines.append(f"| `{method} {path}` | `{permission}` |")
    return "\n".join([*lines, ""])


def audit() -> str:
    """One row for each act that the audit log knows."""
    lines = [
        NOTE,
        "# Audit tags",
        "",
        "Every row of the audit log has one of these tags, who did it, to what, and details. A tag",
        "keeps its meaning for good. `ringdown audit verify` checks that no row was changed.",
    ]
    feature = ""
    for tag, text in TAGS.items():
        if tag.partition(":")[0] != feature:
            feature = tag.partition(":")[0]
            lines += ["", f"## {feature}", "", "| Tag | What happened |", "|---|---|"]
        lines.append(f"| `{tag}` | {cell(text)} |")
    return "\n".join([*lines, ""])


def partner_api() -> str:
    """Every field of the interface for partners; the table is a file of its own."""
    table = tomllib.loads((REFERENCE / "partner-api.toml").read_text(encoding="utf-8"))
    lines = [NOTE, f"# {table['title']}", "", table["intro"].strip()]
    for kind in table["object"]:
        lines += ["", f"## {kind['title']}", ""]
        if "intro" in kind:
            lines += [kind["intro"].strip(), ""]
        lines += ["| Field | Type | There | Meaning | Source |", "|---|---|---|---|---|"]
        for name, *rest in kind["fields"]:
            lines.append(f"| {' | '.join([f'`{name}`', *map(cell, rest)])} |")
    return "\n".join([*lines, ""])


def cell(text: str | None) -> str:
    """Text for a table."""
    return (text or "").replace("|", "\\|")


PAGES = {
    "errors.md": errors,
    "events.md": events,
    "settings.md": settings,
    "permissions.md": permissions,
    "audit.md": audit,
    "partner-api.md": partner_api,
}


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
