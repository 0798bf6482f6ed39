"""Personal data with a type of its own, so that it cannot reach a log line by accident."""

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Sensitive(Generic[T]):
    """A value that prints as its label, and is had only by saying why."""

    __slots__ = ("_label", "_value")

    def __init__(self, value: T, label: str) -> None:
        self._value = value
        self._label = label

    def reveal(self, reason: str) -> T:
        """The value itself. `reason` says what for; boundaries that matter audit it."""
        if not reason:
            raise ValueError("revealing a sensitive value needs a reason")
        return self._value

    def __repr__(self) -> str:
        return f"<{self._label}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and self._value == other._value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def __hash__(self) -> int:
        return hash((self._label, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r} is not to be pickled: reveal it with a reason instead")
