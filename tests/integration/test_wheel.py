"""The wheel that we ship works by itself: console, demo and all, in an empty environment."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The build and the demo are bounded by their own steps; this is for a machine that hangs.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("uv") is None:
        pytest.skip("uv is not on the PATH")
    if not (ROOT / "src" / "ringdown" / "console" / "static" / "index.html").exists():
        pytest.skip("the console is not built: run `make web`")
    folder = tmp_path_factory.mktemp("dist")
    run(["uv", "build", "--wheel", "--out-dir", str(folder)], cwd=ROOT)
    return next(folder.glob("*.whl"))


def run(command: list[str], *, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run without anything of this test's own environment that could lend the package to it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RINGDOWN_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=500
    )
    assert not check or done.returncode == 0, (
        f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    )
    return done


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel and the locked versions of what it needs."""
    folder = tmp_path_factory.mktemp("empty")
    wanted = folder / "wanted.txt"
    run(
        [
            "uv",
            "export",
            "--frozen",
            "--no-dev",
            "--no-emit-project",
            "--no-hashes",
            "-q",
            "-o",
            str(wanted),
        ],
        cwd=ROOT,
    )
    run(["uv", "venv", "-q", "--python", sys.executable, str(folder / "venv")], cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(
        ["uv", "pip", "install", "-q", "--python", str(python), "--no-deps", "-r", str(wanted)],
        cwd=folder,
    )
    run(
        ["uv", "pip", "install", "-q", "--python", str(python), "--no-deps", str(wheel)], cwd=folder
    )
    return folder / "venv" / "bin"


def test_the_wheel_holds_the_console_the_demo_and_the_licences(wheel: Path) -> None:
    """Everything that a user needs and nothing of our tests."""
    names = zipfile.ZipFile(wheel).namelist()
    assert "ringdown/console/static/index.html" in names
    assert any(
        name.startswith("ringdown/console/static/assets/") and name.endswith(".js")
        for name in names
    )
    assert {"ringdown/caller/static/index.html", "ringdown/caller/static/index.html.br"} <= set(
        names
    )
    assert {"ringdown/demo/call.wav", "ringdown/demo/script.toml", "ringdown/py.typed"} <= set(
        names
    )
    assert {"LICENSE", "NOTICE"} <= {
        Path(name).name for name in names if ".dist-info/licenses/" in name
    }
    assert not [name for name in names if name.startswith(("tests/", "tools/", "web/"))]


def test_the_installed_wheel_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    """From an empty folder, through the public interfaces alone, without this checkout."""
    where = run(
        [str(installed / "python"), "-c", "import ringdown; print(ringdown.__file__)"], cwd=tmp_path
    )
    assert str(installed.parent) in where.stdout
    done = run(
        [str(installed / "ringdown"), "demo", "--headless", "--json"], cwd=tmp_path, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}{done.stderr[-3000:]}"
    assert isinstance(json.loads(done.stdout), dict)
