"""What the `language_model` lamp says, in the words of somebody at 3 a.m. Pure."""

from dataclasses import dataclass

from ringdown.runtime.lamps import LampState

STILL_WORKS = "Everything: nothing on a call waits for it."


@dataclass(frozen=True, slots=True)
class Light:
    """A lamp's state and words."""

    state: LampState
    text: str
    still_works: str = ""


def light(
    *,
    name: str,
    host: str | None = None,
    code: str | None = None,
    spent: bool = False,
    distrusted: bool = False,
) -> Light:
    """The lamp for a model that is named, fails with a code, has used up its budget, or makes up
    most of what it writes.
    """
    if code is not None:
        return Light("down", FAILINGS.get(code, "The language model fails."), STILL_WORKS)
    if spent:
        return Light("warn", "The language model's budget of the day is used up.", STILL_WORKS)
    if distrusted:
        return Light(
            "warn",
            "Most of what the language model writes is withheld as unsupported.",
            STILL_WORKS,
        )
    where = "on this machine" if host is None else f"at {host}, which is given tokens only"
    return Light("ok", f"{name} writes along, {where}.")


FAILINGS = {
    "assist.model.unreachable": "The language model cannot be reached.",
    "assist.model.late": "The language model does not answer in time.",
    "assist.model.refused": "The language model's server refuses the key.",
    "assist.model.busy": "The language model's server is too busy.",
    "assist.model.answer_bad": "What the language model's server answers cannot be read.",
    "assist.answer.unreadable": "The language model does not keep to the agreed shape.",
    "redaction.values_closed": "Nothing is sent: values cannot be kept from the language model.",
}
