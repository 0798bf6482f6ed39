"""`ringdown redact` tells tokens and places, and never a value."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ringdown.cli.main import build
from ringdown.cli.texts import TextLineUnusable
from ringdown.core.errors import BadConfig

SAID = "My name is Priya Raman. It's 555-0143. — Priya Raman?"


def redact(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(build(["redact"]), ["redact", *words], input=given)


def test_each_line_gives_the_text_with_tokens_and_the_places_in_the_original(
    tmp_path: Path,
) -> None:
    file = tmp_path / "texts.jsonl"
    lines = [{"id": "a", "text": SAID}, {"id": 2, "text": "Nobody is hurt."}]
    file.write_text("\n\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    done = redact("--json", str(file))
    assert done.exit_code == 0, done.output
    first, second = [json.loads(line) for line in done.output.splitlines()]
    assert first["text"] == "My name is [NAME_1]. It's [PHONE_1]. — [NAME_1]?"
    assert [(SAID[s["start"] : s["end"]], s["label"]) for s in first["spans"]] == [
        ("Priya Raman", "NAME"),
        ("555-0143", "PHONE"),
        ("Priya Raman", "NAME"),
    ]
    assert second == {"id": 2, "text": "Nobody is hurt.", "spans": []}
    assert "Priya" not in done.output


def test_without_json_and_from_standard_input() -> None:
    """Each line counts anew."""
    given = "\n".join(json.dumps({"id": name, "text": SAID}) for name in "ab")
    done = redact("-", given=given)
    assert done.output.splitlines() == [
        f"{name}\tMy name is [NAME_1]. It's [PHONE_1]. — [NAME_1]?" for name in "ab"
    ]


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": "a"}', '{"id": null, "text": "x"}'])
def test_a_line_that_is_no_text_is_named_and_not_shown(line: str) -> None:
    done = redact("--json", "-", given=f"\n{line}\n")
    assert isinstance(done.exception, TextLineUnusable)
    assert done.exception.message == "line 2 is no JSON object with id and text"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    done = redact(str(tmp_path / "none.jsonl"))
    assert isinstance(done.exception, BadConfig)
