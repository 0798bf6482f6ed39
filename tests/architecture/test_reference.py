"""What can be set, allowed and recorded is explained where people look for it."""

from ringdown.identity.api import CLIENT_SCOPES, ROLE_PERMISSIONS, Permission
from ringdown.runtime.http import PUBLIC
from ringdown.runtime.settings import known_keys, section_of
from ringdown.settings import Settings
from ringdown.testing.contract import permissions
from tests.tool import ROOT


def test_every_setting_says_what_it_is_for() -> None:
    """`ringdown config explain`, the JSON schema and the reference page all show it."""
    silent = [
        name for name, field in known_keys(Settings) if len((field.description or "").split()) < 3
    ]
    assert silent == []


def test_every_section_of_the_settings_says_what_it_is_for() -> None:
    """The sentence at the head of its table."""
    waiting, silent = [Settings], []
    while waiting:
        model = waiting.pop()
        if not (model.__doc__ or "").strip().endswith("."):
            silent.append(model.__name__)
        inner = (section_of(field.annotation) for field in model.model_fields.values())
        waiting += [section for section in inner if section is not None]
    assert silent == []


def test_the_reference_page_has_every_setting() -> None:
    """Each below the heading of its section."""
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    tables = {part.split("\n", 1)[0]: part for part in page.split("\n## ")[1:]}
    missing = []
    for name, _field in known_keys(Settings):
        section, _, last = name.rpartition(".")
        if f"| `{last}` |" not in tables[section or "On top"]:
            missing.append(name)
    assert missing == []


async def test_every_permission_is_asked_for_and_given() -> None:
    """A route asks only for permissions there are; each can be had by somebody."""
    asked = set((await permissions()).values()) - {PUBLIC}
    known = {str(permission) for permission in Permission}
    assert asked <= known
    given = {str(each) for role in ROLE_PERMISSIONS.values() for each in role}
    assert known == given | {str(scope) for scope in CLIENT_SCOPES}
