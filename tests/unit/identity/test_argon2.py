"""Argon2id off the loop: right and wrong passwords, unknown users, and a bounded line."""

import asyncio
import threading
from pathlib import Path

import pytest

from ringdown.core.errors import BadConfig
from ringdown.core.sensitive import Sensitive
from ringdown.identity.adapters.argon2 import Argon2Hasher, load_rules
from ringdown.identity.ports import TooManyLogOns
from ringdown.identity.settings import Argon2Settings, IdentitySettings

LIGHT = Argon2Settings(time_cost=1, memory_kib=8, parallelism=1, threads=1, waiting=1)
PASSWORD = Sensitive("tangerine otter kiln", "password")


async def test_a_password_fits_its_own_hash_only() -> None:
    """Salted argon2id with its parameters inside."""
    hasher = Argon2Hasher(LIGHT)
    known = await hasher.hash(PASSWORD)
    assert known.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert known != await hasher.hash(PASSWORD)
    assert await hasher.verify(known, PASSWORD)
    assert not await hasher.verify(known, Sensitive("tangerine otter kilt", "password"))


async def test_keyboards_do_not_matter() -> None:
    """The same letters in another Unicode form are the same password (NFKC)."""
    hasher = Argon2Hasher(LIGHT)
    known = await hasher.hash(Sensitive("gr\u00fcnkohl", "password"))
    assert await hasher.verify(known, Sensitive("gru\u0308nkohl", "password"))


async def test_unknown_users_cost_a_whole_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is checked against a well-formed hash with the same parameters, and fails."""
    hasher, seen = Argon2Hasher(LIGHT), []
    check = hasher._fits
    monkeypatch.setattr(
        hasher, "_fits", lambda known, text: seen.append(known) or check(known, text)
    )
    assert not await hasher.verify(None, PASSWORD)
    assert not hasher.outdated(seen[0])


@pytest.mark.parametrize("known", ["", "$argon2id$v=19$broken", "quick:1"])
async def test_a_broken_hash_fits_nothing(known: str) -> None:
    """A damaged row locks its user out and breaks nothing else."""
    assert not await Argon2Hasher(LIGHT).verify(known or "x", PASSWORD)


async def test_the_work_leaves_the_loop_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing happens in another thread, and no more than allowed wait for it."""
    hasher, go, threads = Argon2Hasher(LIGHT), threading.Event(), []

    def slow(known: str, text: bytes) -> bool:
        threads.append(threading.current_thread())
        return go.wait(10)

    monkeypatch.setattr(hasher, "_fits", slow)
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(hasher.verify("x", PASSWORD)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyLogOns):
            await hasher.verify("x", PASSWORD)
        go.set()
    assert all(task.result() for task in waiting)
    assert threading.main_thread() not in threads


def test_new_parameters_make_old_hashes_outdated() -> None:
    """They are made anew at the next log-on."""
    old = Argon2Hasher(LIGHT)._decoy
    assert Argon2Hasher(Argon2Settings(time_cost=2, memory_kib=8, parallelism=1)).outdated(old)


def test_a_centre_may_bring_its_own_list(tmp_path: Path) -> None:
    """One password a line, whatever the case."""
    file = tmp_path / "blocked.txt"
    file.write_text("Our Old Wi-Fi Word\n\n", encoding="utf-8")
    rules = load_rules(IdentitySettings(password_blocklist=file))
    assert rules.blocked == {"our old wi-fi word"}


def test_a_missing_list_stops_the_start(tmp_path: Path) -> None:
    """A list that was asked for and is not there is an error of the settings."""
    with pytest.raises(BadConfig):
        load_rules(IdentitySettings(password_blocklist=tmp_path / "none.txt"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"lock_failures": 6},
        {"lock_window_minutes": 5},
        {"password_min_length": 7},
        {"session_hours": 25},
    ],
)
def test_settings_cannot_fall_below_the_policy(wrong: dict[str, int]) -> None:
    """CJIS is the floor."""
    with pytest.raises(ValueError):
        IdentitySettings(**wrong)
