"""What the pages for partners show is what is tested."""

import re
import tomllib

from tests.tool import ROOT

HOW_TO = ROOT / "docs" / "how-to" / "partner-app.md"
TABLE = ROOT / "docs" / "reference" / "partner-api.toml"
PAGE = ROOT / "docs" / "reference" / "partner-api.md"
SAMPLES = ROOT / "examples" / "partner-samples"
SOURCES = re.compile(
    r"(documented( \((LiveKit|AnyCable|Rails|Standard Webhooks|OAuth|RFC 9457)\))?|ours)"
    r"(; [a-z ]+: ours)?"
)


def test_the_code_on_the_page_is_the_tested_code() -> None:
    """Each sample stands on the page exactly as in its file, and none is left out."""
    text = HOW_TO.read_text(encoding="utf-8")
    shown = dict(re.findall(r"<!-- from (\S+) -->\n```\w+\n(.*?)\n```", text, re.DOTALL))
    kept = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").rstrip()
        for path in SAMPLES.iterdir()
        if path.is_file()
    }
    assert shown == kept


def test_samples_are_short_enough_to_be_read() -> None:
    """About twenty lines are what a page can show, beside imports, comments and empty lines."""
    long = {
        path.name: sum(
            bool(line) and not line.startswith(("import ", "from ", "/**", " *", '"""'))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
        for path in SAMPLES.glob("*.*")
    }
    assert {name: lines for name, lines in long.items() if lines > 24} == {}


def test_every_field_has_a_source() -> None:
    """Documented, documented by a named project, or ours."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    for kind in table["object"]:
        assert kind["fields"], kind["name"]
        for name, _type, when, meaning, source in kind["fields"]:
            assert SOURCES.fullmatch(source), (kind["name"], name, source)
            assert when in {"always", "sometimes", "required", "optional"}, (kind["name"], name)
            assert meaning, (kind["name"], name)


def test_the_page_has_every_field_of_the_table() -> None:
    """`make docs` writes it."""
    page = PAGE.read_text(encoding="utf-8")
    parts = {part.split("\n", 1)[0]: part for part in page.split("\n## ")[1:]}
    for kind in tomllib.loads(TABLE.read_text(encoding="utf-8"))["object"]:
        for name, _type, when, *_ in kind["fields"]:
            assert f"| `{name}` |" in parts[kind["title"]], (kind["title"], name)
            assert when in parts[kind["title"]]
