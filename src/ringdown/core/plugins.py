"""Plugins: a protocol, an entry point, and explicit activation.

Installing a package never changes what happens on a call; naming its plugin in the settings does.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ringdown.core.errors import BadConfig

C = TypeVar("C", bound=BaseModel)
P = TypeVar("P")


class PluginMissing(BadConfig):
    """The settings name a plugin that no installed package offers."""

    code = "plugins.missing"
    action = "Name one of the plugins listed, or install the package that offers the one named."


class PluginBroken(BadConfig):
    """What the entry point names could not be loaded, or is not a plugin."""

    code = "plugins.broken"
    action = "Reinstall the package that offers this plugin, or name another one."


@dataclass(frozen=True)
class Plugin(Generic[C, P]):
    """What an entry point names. Nothing runs at import; `open` does all the work."""

    name: str
    config: type[C]
    open: Callable[[C], AbstractAsyncContextManager[P]]


def installed(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name; none of them is loaded."""
    return {found.name: found for found in entry_points(group=group)}


def load_plugin(group: str, name: str) -> Plugin[BaseModel, object]:
    """Load the one plugin that the settings name. Raises PluginMissing or PluginBroken."""
    offered = installed(group)
    if name not in offered:
        raise PluginMissing(
            f"No plugin {name!r} in {group}.",
            details={"group": group, "name": name, "offered": sorted(offered)},
        )
    details = {"group": group, "name": name, "value": offered[name].value}
    try:
        loaded: object = offered[name].load()
    except (ImportError, AttributeError) as error:
        raise PluginBroken(
            f"Plugin {name!r} of {group} cannot be loaded.", details=details
        ) from error
    if not isinstance(loaded, Plugin):
        raise PluginBroken(f"{offered[name].value} is not a plugin.", details=details)
    return loaded  # pyright: ignore[reportUnknownVariableType] # its type parameters are erased


def config_of(
    plugin: Plugin[C, P],
    options: Mapping[str, object],
    says: str,
    /,
    *,
    error: type[BadConfig] = BadConfig,
    **details: object,
) -> C:
    """A plugin's settings, checked. Raises `error` with the keys that are wrong, never a value."""
    try:
        return plugin.config.model_validate(options)
    except ValidationError as found:
        keys = [".".join(map(str, item["loc"])) for item in found.errors()]
        raise error(says, details={**details, "keys": keys}) from None
