"""The shape of every fact is kept by a golden sample: the log of an old installation stays readable.

A stored fact is read back for as long as the data folder lives, and consoles of another version
read the feed. So a shape never changes: a new one is a new kind, beside the old.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ringdown.app import FACTS
from ringdown.core.events import Fact
from ringdown.incidents.events import DraftRevised, IncidentConfirmed

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "facts"
ADVICE = (
    "The shape of {kind} has changed. Facts of this kind are in the logs of installations: leave "
    "the class as it was, add a new version of it (….v2) with a sample of its own, and handle both."
)
KINDS = pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.kind)


def golden(kind: type[Fact]) -> dict[str, object]:
    path = GOLDEN / f"{kind.kind}.json"
    assert path.exists(), f"{kind.kind} has no golden sample yet: write {path.name}"
    return json.loads(path.read_text(encoding="utf-8"))


def unchanged(kind: type[Fact], sample: dict[str, object]) -> bool:
    """Whether the sample loads and dumps to what it was."""
    try:
        return kind.model_validate(sample).model_dump(mode="json") == sample
    except ValidationError:
        return False


def empty_at(value: object, path: str = "") -> list[str]:
    """Where a sample says nothing: None or an empty list shows no shape."""
    match value:
        case dict():
            return [at for key, item in value.items() for at in empty_at(item, f"{path}.{key}")]
        case [first, *_]:
            return empty_at(first, f"{path}[]")
        case None | []:
            return [path]
        case _:
            return []


@KINDS
def test_a_golden_sample_loads_and_dumps_unchanged(kind: type[Fact]) -> None:
    """What was written by an earlier version is read, and written the same."""
    assert unchanged(kind, golden(kind)), ADVICE.format(kind=kind.kind)


@KINDS
def test_a_golden_sample_shows_every_field(kind: type[Fact]) -> None:
    """No value is missing in the sample, so that no part of the shape can change unseen."""
    assert empty_at(golden(kind)) == []


def test_a_draft_of_an_older_version_is_read_and_written_the_same() -> None:
    """Before there were cues, questions, places and matches, drafts were told without them."""
    sample: dict[str, Any] = golden(DraftRevised)
    draft = sample["draft"]
    for later in ("cues", "questions", "places", "disagreements"):
        del draft[later]
    for view in draft["fields"].values():
        view.pop("matches", None)
    assert unchanged(DraftRevised, sample)


def test_a_confirmation_of_an_older_version_is_read_and_written_the_same() -> None:
    """Before incidents could be cancelled, every confirmation was an active one."""
    sample: dict[str, Any] = golden(IncidentConfirmed)
    for later in ("state", "reason"):
        del sample["confirmation"][later]
    assert unchanged(IncidentConfirmed, sample)


def test_every_sample_belongs_to_a_fact() -> None:
    """A kind is retired on purpose: its sample goes with the last installation that has any."""
    assert {path.stem for path in GOLDEN.glob("*.json")} == {kind.kind for kind in FACTS}


def test_a_changed_shape_is_noticed() -> None:
    """The check itself: a field more, a field less and a renamed one."""
    kind = FACTS[0]
    sample = golden(kind)
    assert unchanged(kind, sample)
    assert not unchanged(kind, {**sample, "new": 1})
    assert not unchanged(kind, {key: sample[key] for key in sample if key != "call"})
    more = type("More", (kind,), {"__annotations__": {"new": int}, "new": 0})
    assert not unchanged(more, sample)
