# ruff: noqa: RUF001 - keys of other keyboards look like Latin letters
"""A caller who cannot speak answers with one letter, whatever their language and keyboard."""

import pytest

from ringdown.texting import keywords, questions
from ringdown.texting.questions import ANSWERS, CATALOGUE, QUESTIONS, TEXT_LANGUAGES, understand
from ringdown.wire import sms


@pytest.mark.parametrize("language", TEXT_LANGUAGES)
def test_every_question_is_asked_in_every_language(language) -> None:
    """Each with its answers by letter, in at most three segments; each answer is understood."""
    for question in QUESTIONS:
        text = questions.compose(question, language)
        assert question.words[language] in text
        assert sms.measure(text).segments <= 3
        for letter, words, meaning in questions.labels(question, language):
            assert f"{letter} = {words}" in text
            assert understand(question.name, words) == f"{letter}: {meaning}"
            assert understand(question.name, f"{letter.lower()}.") == f"{letter}: {meaning}"
            assert understand(question.name, f"{letter} {words}!") == f"{letter}: {meaning}"
    assert all(set(words) == set(TEXT_LANGUAGES) for words in ANSWERS.values())
    assert all(set(one.words) == set(TEXT_LANGUAGES) for one in QUESTIONS)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("b", "B: fire"), ("  B) ", "B: fire"), ("2", "B: fire"), ("В", "B: fire"), ("Б", "B: fire"),
        ("ب", "B: fire"), ("٢", "B: fire"), ("ㅠ", "B: fire"), ("Ｂ", "B: fire"),
        ("POLICIA", "A: police"), ("D", "D: something else"), ("E", None), ("", None), ("🔥", None),
        ("b but hurry", None), ("I think police", None), ("22", None),
    ],
)  # fmt: skip
def test_answers_are_read_from_any_keyboard(text: str, meaning: str | None) -> None:
    """And what is more than an answer is left to people."""
    assert understand("need", text) == meaning


def test_a_question_in_words_has_no_meaning_to_guess() -> None:
    """The place is read by a person."""
    assert understand("place", "A") is None
    assert understand("nonsense", "A") is None
    assert CATALOGUE["place"].answers == ()


@pytest.mark.parametrize(
    ("text", "stopped", "word"),
    [
        ("STOP", False, "stop"), (" stop. ", False, "stop"), ("Arrêt", False, "stop"),
        ("END", False, "stop"), ("help", False, "help"), ("START", False, "start"),
        ("yes", False, None), ("yes", True, "start"), ("please help", False, None),
        ("stop him", False, None), ("he will not stop", False, None), ("help me", False, None),
    ],
)  # fmt: skip
def test_only_a_bare_word_is_a_keyword(text: str, stopped: bool, word: str | None) -> None:
    """Somebody in danger who writes "help me" is no subscriber asking for terms."""
    assert keywords.read(text, stopped=stopped) == word
