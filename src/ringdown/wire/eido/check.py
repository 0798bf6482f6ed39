"""Whether a document is a good EIDO 1.0: names, required members, registries, references, notes.

EidoInvalid        a document is not one; `details.problems` says where, never what stood there
"""

import json
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, ClassVar, Final, cast

from ringdown.core.clock import parse_iso
from ringdown.core.errors import Invalid
from ringdown.wire.eido.names import (
    COMPONENTS,
    DOCUMENT,
    EITHER,
    INNER,
    PROLOGUE,
    REFERS_TO,
    VERSION,
    Shape,
)
from ringdown.wire.eido.registries import REGISTRIES

TIMES: Final = frozenset(
    {"lastUpdateTimeStamp", "callStartTimestamp", "answerDate", "vehicleRelationshipTimeStamp"}
)
SAFE_TAGS: Final = frozenset({"p", "b", "i", "ul", "ol", "li", "br"})
LARGEST: Final = 16_000_000

Plain = Mapping[str, Any]


class EidoInvalid(Invalid):
    """A document is not a good EIDO 1.0."""

    code: ClassVar[str] = "wire.eido.invalid"
    action: ClassVar[str] = "Look at the places named; nothing was sent or taken."


def decode(body: bytes) -> dict[str, Any]:
    """Read a document and check all of it. Raises EidoInvalid."""
    if len(body) > LARGEST:
        raise EidoInvalid("the document is too large")
    try:
        read: object = json.loads(body)
    except (ValueError, RecursionError):
        raise EidoInvalid("the document is not JSON") from None
    if not isinstance(read, dict):
        raise EidoInvalid("the document is not an object")
    plain = cast("dict[str, Any]", read)
    ensure(plain)
    return plain


def ensure(document: Plain) -> None:
    """Raise EidoInvalid unless the document is good."""
    if found := sorted(set(problems(document))):
        raise EidoInvalid("the document is not a good EIDO", details={"problems": found[:50]})


def problems(document: Plain) -> Iterator[str]:
    """What is wrong with a document, as `place: what`. It names no value, which may be personal."""
    yield from _component("", document, DOCUMENT)
    if document.get("eidoVersion") != VERSION:
        yield "eidoVersion: not 1.0"
    for name, place, component, shape in _components(document):
        if not isinstance(component, Mapping):
            yield f"{place}: not an object"
            continue
        one = cast("Plain", component)
        yield from _component(place, one, shape)
        if (pair := EITHER.get(name)) is not None and (pair[0] in one) == (pair[1] in one):
            yield f"{place}: exactly one of {pair[0]} and {pair[1]}"
    yield from _references(document)


def _components(document: Plain) -> Iterator[tuple[str, str, object, Shape]]:
    for name, shape in COMPONENTS.items():
        held: object = document.get(name)
        if held is None:
            continue
        if shape.one:
            yield name, name, held, shape
        elif isinstance(held, list) and held:
            for at, one in enumerate(cast("list[object]", held)):
                yield name, f"{name}[{at}]", one, shape
        else:
            yield name, name, None, shape


def _component(place: str, component: Plain, shape: Shape) -> Iterator[str]:
    dot = f"{place}." if place else ""
    for name in sorted((PROLOGUE | shape.must) - component.keys()):
        yield f"{dot}{name}: missing"
    for name in component:
        if name not in shape.allowed:
            yield f"{dot}{name if name.isascii() and name.isalnum() else '?'}: no such member"
    for name in TIMES & component.keys():
        if not _is_time(component[name]):
            yield f"{dot}{name}: not a time"
    for name, registry in shape.from_registry:
        if name in component and not _registered(component[name], REGISTRIES[registry]):
            yield f"{dot}{name}: not in the registry"
    for name, inner in INNER.items():
        if name in component:
            yield from _inner(f"{dot}{name}", component[name], inner)
    if "notesActionComments" in component and not _is_escaped(component["notesActionComments"]):
        yield f"{dot}notesActionComments: not escaped"


def _inner(place: str, held: object, shape: Shape) -> Iterator[str]:
    found = [held] if shape.one else held
    if not isinstance(found, list):
        yield f"{place}: not a list"
        return
    for one in cast("list[object]", found):
        if isinstance(one, Mapping):
            yield from _component(place, cast("Plain", one), shape)
        else:
            yield f"{place}: not an object"


def _is_time(value: object) -> bool:
    if not isinstance(value, str) or "T" not in value or not (value[-1:] == "Z" or ":" in value):
        return False
    try:
        parse_iso(value)
    except ValueError:
        return False
    return True


def _registered(value: object, registry: frozenset[str]) -> bool:
    values = cast("list[object]", value) if isinstance(value, list) else [value]
    return bool(values) and all(isinstance(one, str) and one in registry for one in values)


def _references(document: Plain) -> Iterator[str]:
    """Every `$ref` leads to the `$id` of a component of its kind; no `$id` is given twice."""
    known: dict[str, str] = {}
    for name, place, component, _ in _components(document):
        own: object = cast("Plain", component).get("$id") if _is_map(component) else None
        if not isinstance(own, str) or not own:
            yield f"{place}.$id: not a text"
        elif own in known:
            yield f"{place}.$id: given twice"
        else:
            known[own] = name
    for place, name, target in _refs("", "", document):
        kind = REFERS_TO.get(name)
        if not isinstance(target, str) or target not in known:
            yield f"{place}: leads nowhere"
        elif kind is None or known[target] != kind:
            yield f"{place}: leads to another kind of component"


def _refs(place: str, name: str, value: object) -> Iterator[tuple[str, str, object]]:
    if isinstance(value, list):
        for at, one in enumerate(cast("list[object]", value)):
            yield from _refs(f"{place}[{at}]", name, one)
    elif _is_map(value):
        plain = cast("Plain", value)
        if name.endswith("Reference") or "$ref" in plain:
            yield place, name, plain.get("$ref") if len(plain) == 1 else None
            return
        for key, one in plain.items():
            yield from _refs(f"{place}.{key}" if place else key, key, one)
    elif name.endswith("Reference"):
        yield place, name, None


def _is_map(value: object) -> bool:
    return isinstance(value, Mapping)


class _Tags(HTMLParser):
    """Collects whether anything but plain text in a few harmless tags is there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.safe = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SAFE_TAGS or attrs:
            self.safe = False

    def handle_endtag(self, tag: str) -> None:
        if tag not in SAFE_TAGS:
            self.safe = False

    def handle_comment(self, data: str) -> None:
        del data
        self.safe = False

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def _is_escaped(note: object) -> bool:
    if not isinstance(note, str):
        return False
    tags = _Tags()
    tags.feed(note)
    # What is left over is an unfinished tag.
    unfinished = bool(tags.rawdata)
    tags.close()
    return tags.safe and not unfinished
