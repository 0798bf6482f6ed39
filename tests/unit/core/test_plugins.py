"""Plugins: nothing is active that is not named, and a wrong name says what there is."""

from importlib.metadata import EntryPoint, EntryPoints

import pytest
from pydantic import BaseModel, SecretStr

from ringdown.core import plugins
from ringdown.core.errors import BadConfig
from ringdown.core.plugins import Plugin, PluginBroken, PluginMissing, config_of, load_plugin

GROUP = "ringdown.asr"


def test_the_bundled_recogniser_is_offered() -> None:
    """Named in this distribution's own entry points."""
    loaded = load_plugin(GROUP, "moonshine")
    assert isinstance(loaded, Plugin)
    assert issubclass(loaded.config, BaseModel)


def test_a_plugin_that_is_absent_is_a_setting_to_correct() -> None:
    """The error names what there is instead."""
    with pytest.raises(PluginMissing) as caught:
        load_plugin(GROUP, "moonshien")
    assert isinstance(caught.value, BadConfig)
    assert "moonshine" in caught.value.details["offered"]


@pytest.mark.parametrize(
    "value", ["ringdown.no_such_module:plugin", "ringdown.core.clock:nothing", "ringdown.core:ids"]
)
def test_a_broken_plugin_is_told_apart(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A module or name that is not there, or something that is no plugin."""
    broken = EntryPoint("broken", value, GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: EntryPoints([broken]))
    with pytest.raises(PluginBroken):
        load_plugin(GROUP, "broken")


def test_listing_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package does nothing until it is named."""
    other = EntryPoint("other", "no.such.package:plugin", GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: EntryPoints([other]))
    assert list(plugins.installed(GROUP)) == ["other"]


class Theirs(BaseModel):
    """Settings of somebody's plugin."""

    url: str
    key: SecretStr
    tries: dict[str, int] = {}


def test_settings_that_a_plugin_does_not_take_are_named_without_their_content() -> None:
    """A key in the wrong place must not reach a log."""
    theirs = load_plugin(GROUP, "moonshine")
    plugin = Plugin("theirs", Theirs, theirs.open)
    assert config_of(plugin, {"url": "x", "key": "y"}, "no").url == "x"
    with pytest.raises(PluginBroken, match="cannot be used") as caught:
        options = {"url": 7, "key": ["s3cret"], "tries": {"first": "hush"}}
        config_of(plugin, options, "cannot be used", error=PluginBroken, plugin="theirs")
    assert caught.value.details == {"plugin": "theirs", "keys": ["url", "key", "tries.first"]}
    assert "s3cret" not in repr(caught.value)
    assert caught.value.__cause__ is None
