"""The CAD lamp in words."""

from datetime import UTC

from ringdown.cad.lamp import light


def test_a_practice_cad_never_looks_like_a_real_one() -> None:
    """Nobody believes that an incident was dispatched because a practice CAD took it."""
    shown = light(set_up=True, waiting=[], dead=[], zone=UTC, practice=True)
    assert shown.state == "warn"
    assert "Practice CAD" in shown.text


def test_a_real_cad_that_works_is_ok() -> None:
    """Nothing to say is said briefly."""
    assert light(set_up=True, waiting=[], dead=[], zone=UTC).state == "ok"
