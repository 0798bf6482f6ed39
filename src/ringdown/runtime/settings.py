"""Reading settings: TOML, then the environment, then secret files; unknown keys are refused.

Every feature has one frozen model; `ringdown.settings` composes them. They are loaded once, in the
command line, and passed on: nothing imports an instance.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ringdown.core.errors import BadConfig

M = TypeVar("M", bound=BaseModel)
PREFIX = "RINGDOWN_"


class Section(BaseModel):
    """A feature's settings: frozen, and unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class UnknownSetting(BadConfig):
    """A key that no setting has; the nearest known one is named."""

    code: ClassVar[str] = "settings.unknown_key"


class WrongSetting(BadConfig):
    """A setting whose value cannot be used."""

    code: ClassVar[str] = "settings.wrong_value"


class UnreadableSettings(BadConfig):
    """The settings file cannot be read, or is not TOML."""

    code: ClassVar[str] = "settings.unreadable"


def section_of(annotation: object) -> type[BaseModel] | None:
    """The section model behind a field's type, also when it is optional."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def known_keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting by its dotted name, with its pydantic field."""
    for name, field in model.model_fields.items():
        inner = section_of(field.annotation)
        if inner is None:
            yield f"{prefix}{name}", field
        else:
            yield from known_keys(inner, f"{prefix}{name}.")


def _check_keys(model: type[BaseModel], data: Mapping[str, Any], prefix: str, origin: str) -> None:
    for key, value in data.items():
        if key not in model.model_fields:
            known = [name for name, _ in known_keys(model, prefix)]
            near = difflib.get_close_matches(f"{prefix}{key}", known, n=1, cutoff=0.3)
            hint = f"; the nearest known one is {near[0]}" if near else ""
            raise UnknownSetting(
                f"{origin} has the unknown setting {prefix}{key}{hint}",
                details={"key": f"{prefix}{key}", "nearest": near[0] if near else None},
            )
        inner = section_of(model.model_fields[key].annotation)
        if inner is not None and isinstance(value, dict):
            _check_keys(inner, cast("dict[str, Any]", value), f"{prefix}{key}.", origin)


def _from_environment(environ: Mapping[str, str], ignored: frozenset[str]) -> dict[str, Any]:
    """`RINGDOWN_HTTP__PORT=8080` is `[http] port`; a list is written as in the file: `[1, 2]`."""
    data: dict[str, Any] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name in ignored:
            continue
        *path, last = name[len(PREFIX) :].lower().split("__")
        place = data
        for part in path:
            place = place.setdefault(part, {})
        place[last] = _listed(value) if value.startswith(("[", "{")) else value
    return data


def _listed(value: str) -> Any:
    """A list or a table as TOML has it; the text itself if it is neither."""
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], cast("dict[str, Any]", value))
        else:
            base[key] = value
    return base


def load(
    model: type[M],
    *,
    file: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, Any] | None = None,
    ignored: frozenset[str] = frozenset(),
) -> M:
    """Compose the settings: file, then environment, then command line. Raises `BadConfig`."""
    data: dict[str, Any] = {}
    if file is not None:
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise UnreadableSettings(
                f"the settings file cannot be read: {error.strerror}", details={"file": str(file)}
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnreadableSettings(
                f"the settings file is not TOML: {error}", details={"file": str(file)}
            ) from None
        _check_keys(model, data, "", str(file))
    environment = _from_environment(environ, ignored)
    _check_keys(model, environment, "", "the environment")
    _merge(data, environment)
    _merge(data, overrides or {})
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise WrongSetting(f"{key}: {first['msg']}", details={"key": key}) from None


def read_secret(file: Path) -> str:
    """A secret kept in a file of its own. Raises `UnreadableSettings`."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UnreadableSettings(
            f"the secret file cannot be read: {error.strerror}", details={"file": str(file)}
        ) from None
