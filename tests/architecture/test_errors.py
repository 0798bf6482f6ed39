"""Every error has a code of its own, says what to do, and is on the reference page."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from ringdown.core.errors import RingdownError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.import_everything()
    return module


@pytest.fixture(scope="module")
def kinds(docs: ModuleType) -> list[type[RingdownError]]:
    found: list[type[RingdownError]] = docs.descendants(RingdownError)
    return found


def test_no_two_errors_share_a_code(kinds: list[type[RingdownError]]) -> None:
    """A code names one thing that went wrong."""
    own = [kind for kind in kinds if "code" in vars(kind)]
    codes = [kind.code for kind in own]
    assert sorted(codes) == sorted(set(codes))


PARTNERS = {"no_audio", "recording_removed", "insufficient_scope"}
"""Codes that partners know by these very words."""


def test_codes_are_dotted_words(kinds: list[type[RingdownError]]) -> None:
    """`feature.thing` or longer, in lower case."""
    wrong = [
        kind.code
        for kind in kinds
        if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", kind.code)
        and kind.code not in PARTNERS
    ]
    assert wrong == []


def test_every_error_says_what_to_do(kinds: list[type[RingdownError]]) -> None:
    """An action is a sentence for the person who reads it, chosen on purpose, never by default."""
    bases = [RingdownError, *RingdownError.__mro__[1:]]
    silent = [
        kind.__qualname__
        for kind in kinds
        if not any("action" in vars(ancestor) for ancestor in kind.__mro__ if ancestor not in bases)
        and not kind.__subclasses__()
    ]
    assert silent == []
    assert [
        kind.__qualname__ for kind in kinds if not kind.action.rstrip().endswith((".", "!"))
    ] == []


def test_every_error_explains_itself(kinds: list[type[RingdownError]]) -> None:
    """The first sentence of its docstring is what the reference page says."""
    assert [kind.__qualname__ for kind in kinds if not (kind.__doc__ or "").strip()] == []


def test_generated_pages_are_fresh(docs: ModuleType) -> None:
    """`make docs` would change nothing."""
    stale = [
        name
        for name, make in docs.PAGES.items()
        if not (docs.REFERENCE / name).exists()
        or (docs.REFERENCE / name).read_text(encoding="utf-8") != make()
    ]
    assert stale == [], "run `make docs`"
