"""Settings are read once, from file, environment and command line, and mistakes are told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from ringdown.core.errors import BadConfig
from ringdown.runtime.settings import Section, UnknownSetting, WrongSetting, known_keys, load


class Door(Section):
    colour: str = Field(default="green", description="What it is painted.")
    width_cm: int = Field(default=90, ge=60, description="How wide it opens.")


class House(Section):
    door: Door = Door()
    name: str = Field(default="home", description="What it is called.")
    floors: tuple[int, ...] = Field(default=(), description="Which floors it has.")


def read(tmp_path: Path, text: str, environ: dict[str, str] | None = None) -> House:
    file = tmp_path / "house.toml"
    file.write_text(text)
    return load(House, file=file, environ=environ or {})


def test_later_sources_win(tmp_path: Path) -> None:
    """The environment overrides the file; what neither names keeps its default."""
    house = read(
        tmp_path, '[door]\ncolour = "red"\nwidth_cm = 80\n', {"RINGDOWN_DOOR__COLOUR": "blue"}
    )
    assert (house.door.colour, house.door.width_cm, house.name) == ("blue", 80, "home")


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    """Whoever mistypes a key at 3 a.m. is told the right one."""
    with pytest.raises(UnknownSetting, match=r"door\.color; the nearest known one is door\.colour"):
        read(tmp_path, '[door]\ncolor = "red"\n')


def test_an_unknown_variable_is_refused_too(tmp_path: Path) -> None:
    """A variable of ours that means nothing is a mistake, not a silence."""
    with pytest.raises(UnknownSetting, match=r"nearest known one is door\.width_cm"):
        read(tmp_path, "", {"RINGDOWN_DOOR__WIDTH": "80"})


def test_a_list_is_written_in_a_variable_as_in_the_file(tmp_path: Path) -> None:
    """And a text that only begins like one stays a text."""
    house = read(tmp_path, "", {"RINGDOWN_FLOORS": "[0, 1, 2]", "RINGDOWN_NAME": "[our house"})
    assert (house.floors, house.name) == ((0, 1, 2), "[our house")
    with pytest.raises(WrongSetting, match=r"^floors"):
        read(tmp_path, "", {"RINGDOWN_FLOORS": "[0, 1"})


def test_variables_of_others_are_left_alone(tmp_path: Path) -> None:
    """Only names that begin with ours are read."""
    assert read(tmp_path, "", {"DOOR__COLOUR": "blue"}).door.colour == "green"


def test_a_wrong_value_names_its_key(tmp_path: Path) -> None:
    """The message names the setting, not a stack of types."""
    with pytest.raises(WrongSetting, match=r"^door\.width_cm:"):
        read(tmp_path, "[door]\nwidth_cm = 3\n")


def test_settings_are_frozen(tmp_path: Path) -> None:
    """Nobody changes a setting while a call runs."""
    house = read(tmp_path, "")
    with pytest.raises(ValueError, match="frozen"):
        house.name = "other"  # type: ignore[misc]


def test_every_key_is_listed_with_its_section() -> None:
    """`config explain` knows every setting by its dotted name."""
    names = ["door.colour", "door.width_cm", "name", "floors"]
    assert [name for name, _ in known_keys(House)] == names


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused_with_our_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """No content of a settings file ends in a trace."""
    file = tmp_path_factory.mktemp("s") / "any.toml"
    file.write_bytes(data)
    try:
        load(House, file=file, environ={})
    except BadConfig:
        return
