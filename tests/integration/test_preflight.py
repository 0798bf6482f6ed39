"""Each thing that keeps us from starting is told apart, and says what to do."""

import os
import pwd
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ringdown.runtime import preflight

HOLD = """
import sys, time
from pathlib import Path
from ringdown.runtime.preflight import only_copy
with only_copy(Path(sys.argv[1]), "http://127.0.0.1:8911"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    preflight.prepare_folder(tmp_path / "data")
    return tmp_path / "data"


def test_a_good_machine_passes_every_check(tmp_path: Path) -> None:
    """Nothing is complained of without reason; afterwards there are folders for their owner alone."""
    data = tmp_path / "new" / "data"
    preflight.check_all(data, "127.0.0.1", 0)
    folders = [data, *data.iterdir()]
    assert {path.name for path in folders} == {"data", *preflight.FOLDERS}
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_a_second_copy_is_told_who_runs(data: Path) -> None:
    """It names the process and its address, in words with a next step."""
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(preflight.AlreadyRunning) as told:
            preflight.check_all(data, "127.0.0.1", 0)
        assert str(first.pid) in told.value.message
        assert "http://127.0.0.1:8911" in told.value.message
        with pytest.raises(preflight.AlreadyRunning), preflight.only_copy(data, "elsewhere"):
            pass
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate()


def test_a_killed_copy_leaves_no_lock_behind(data: Path) -> None:
    """After SIGKILL the next start goes through without any cleaning by hand."""
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    first.stdout.readline()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert preflight.holder(data) is None
    with preflight.only_copy(data, "http://127.0.0.1:1"):
        assert preflight.holder(data) == preflight.Holder(os.getpid(), "http://127.0.0.1:1")


def test_a_taken_port_is_named(data: Path) -> None:
    """The message carries the port; the action says how to choose another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(preflight.PortTaken, match=str(port)):
            preflight.check_all(data, "127.0.0.1", port)


def test_a_nearly_full_disk_says_how_much_is_missing(data: Path) -> None:
    """Too little room is refused before a call is lost to it."""
    with pytest.raises(preflight.DiskNearlyFull, match="MB are needed"):
        preflight.check_space(data, enough=1 << 62)


def test_space_is_measured_where_the_folder_will_be(tmp_path: Path) -> None:
    """A folder that does not exist yet is measured by its nearest parent."""
    assert preflight.check_space(tmp_path / "not" / "yet", enough=1) > 0


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """A data folder that cannot be made is told as such."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(preflight.FolderUnwritable, match="cannot be written"):
        preflight.prepare_folder(tmp_path / "data")


def test_a_folder_without_write_access_is_refused(tmp_path: Path) -> None:
    """Even an existing folder is tried with a real write, by a user without the right to."""
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    if os.geteuid() != 0:
        with pytest.raises(preflight.FolderUnwritable):
            preflight.prepare_folder(closed)
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    reader, writer = os.pipe()
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o755)
    child = os.fork()
    if child == 0:  # root may write everywhere, so somebody else tries
        os.setuid(nobody)
        try:
            preflight.prepare_folder(closed)
            os.write(writer, b"nothing was refused")
        except preflight.FolderUnwritable as error:
            os.write(writer, error.code.encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 200).decode() == "runtime.preflight.folder_unwritable"
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize(
    "error",
    [
        preflight.AlreadyRunning,
        preflight.PortTaken,
        preflight.DiskNearlyFull,
        preflight.FolderUnwritable,
    ],
)
def test_every_refusal_says_what_to_do(error: type[preflight.PreflightFailed]) -> None:
    """The action is a sentence of its own, not the root's."""
    assert error.action != preflight.RingdownError.action
    assert error.action.endswith(".")
