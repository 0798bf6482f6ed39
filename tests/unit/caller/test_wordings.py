"""What callers are asked and sent: whole in every language, and no longer than it must be."""

import pytest

from ringdown.caller import wordings
from ringdown.caller.views import LANGUAGES, SHARES, Language
from ringdown.texting.sending import preview

LINK = "https://psap.example.gov/l#" + "x" * 32
LATIN: frozenset[Language] = frozenset({"en", "es", "tl", "fr", "pt", "ht"})


def sms(language: Language, *, unasked: bool = False) -> str:
    return wordings.sms(
        language, agency="Spruce County 911", link=LINK, minutes=30, unasked=unasked
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_its_words(language: Language) -> None:
    """No other language's, and nothing left to be filled in."""
    words = wordings.wording(language)
    assert words.keys() == wordings.KEYS
    assert all(text.strip() for text in words.values())
    if language != "en":
        english = wordings.wording("en")
        assert all(words[key] != english[key] for key in wordings.KEYS)
    text = wordings.script(language, SHARES)
    assert all(words[share] in text for share in SHARES)
    assert "{" not in text + sms(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_stands_whole_at_the_end_of_the_text(language: Language) -> None:
    """Telephones make a link of it only if nothing touches it; who sends it comes first."""
    for text in (sms(language), sms(language, unasked=True)):
        assert text.removeprefix(wordings.RIGHT_TO_LEFT_MARK).startswith("Spruce County 911")
        assert text.endswith(f" {LINK}")
    assert sms(language).startswith(wordings.RIGHT_TO_LEFT_MARK) == (language == "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_short(language: Language) -> None:
    """Two segments where the letters of SMS are enough, else as many as the letters need."""
    for text in (sms(language), sms(language, unasked=True)):
        shown = preview(text)
        assert shown.encoding == ("gsm7" if language in LATIN else "ucs2")
        assert shown.segments <= (2 if language in LATIN else 3)


def test_the_script_names_only_what_is_asked_in_one_order() -> None:
    """The caller hears what they will be asked to share, and nothing else."""
    text = wordings.script("en", ("video", "location"))
    assert "where you are, live video" in text
    assert "photos" not in text
    assert wordings.every()["ht"] == "Kreyòl ayisyen"
