"""A feature imports from another only its `api` and `events`, so that its inside can change."""

import importlib.metadata
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = {"core", "spoken", "wire", "runtime"}
# These put features together; they may see inside.
COMPOSERS = {"app", "composition", "cli", "testing", "settings"}
PUBLIC = {"api", "events"}
# The catalogue of tags is what `audit` publishes besides its api.
ALSO_PUBLIC = {"ringdown.audit.catalogue"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("ringdown", cache_dir=None)


def offence(importer: str, imported: str) -> bool:
    """Whether this import looks inside another feature."""
    ours, theirs = importer.split(".")[1:], imported.split(".")[1:]
    if not ours or not theirs or ours[0] == theirs[0]:
        return False
    if ours[0] in COMPOSERS or theirs[0] in SHARED or imported in ALSO_PUBLIC:
        return False
    return len(theirs) > 1 and theirs[1] not in PUBLIC


@pytest.mark.parametrize(
    ("importer", "imported", "wrong"),
    [
        ("ringdown.cad.service", "ringdown.calls.api", False),
        ("ringdown.cad.service", "ringdown.calls.events", False),
        ("ringdown.cad.service", "ringdown.calls.store", True),
        ("ringdown.cad.service", "ringdown.calls.model", True),
        ("ringdown.cad.service", "ringdown.cad.store", False),
        ("ringdown.cad.service", "ringdown.runtime.db", False),
        ("ringdown.cad.service", "ringdown.demo", False),
        ("ringdown.composition.voice", "ringdown.calls.store", False),
        ("ringdown.settings", "ringdown.calls.settings", False),
    ],
)
def test_the_rule_knows_inside_from_outside(importer: str, imported: str, wrong: bool) -> None:
    """The rule itself, on imports of each kind."""
    assert offence(importer, imported) is wrong


def test_features_meet_only_at_their_api_and_events(graph: grimp.ImportGraph) -> None:
    """Over every import of the package."""
    found = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if offence(importer, imported)
    ]
    assert found == []


def test_every_top_folder_has_a_place_in_the_layer_order(graph: grimp.ImportGraph) -> None:
    """A new folder is put into the order, not beside it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    named = {word.strip(" ()") for layer in contracts[0]["layers"] for word in layer.split("|")}
    top = {name.split(".")[1] for name in graph.modules if name.count(".") == 1}
    assert top <= named


def test_every_entry_point_names_something_that_exists(graph: grimp.ImportGraph) -> None:
    """A plugin that is named in the distribution can be found in the package."""
    points = [*importlib.metadata.distribution("ringdown").entry_points]
    assert points
    assert {point.module for point in points} <= graph.modules
