"""The life of a cue: raised with evidence, put aside by a person, back only with new words."""

import pytest

from ringdown.core.principal import Person
from ringdown.incidents.cues import CUE_KINDS, CUE_TEXTS, Cue, CueNotFound
from ringdown.incidents.evidence import Evidence
from ringdown.incidents.model import Draft, Extracted, cue_dismissed, new_draft, understood
from ringdown.incidents.questions import Question

DANA = Person(user_id="user_dana", name="Dana Reyes")
AT = "2026-03-01T03:00:00.000Z"


def at(utterance: int) -> Evidence:
    return Evidence(f"utt_{utterance}", "caller", 0, 1, 0, 500, "he stopped breathing")


def heard(draft: Draft, *cues: Cue) -> Draft:
    return understood(draft, Extracted(cues=cues))[0]


def breathing(*utterances: int) -> Cue:
    return Cue("not_breathing", 0.9, tuple(at(each) for each in utterances), "said so")


def test_a_dismissed_cue_comes_back_with_new_words_only() -> None:
    """Hearing the same again, or less of it, is no news; another utterance is."""
    draft = heard(new_draft("call_1"), breathing(1, 2))
    (cue,) = draft.view().cues
    assert (cue.state, cue.raised) == ("open", 1)
    draft = cue_dismissed(draft, cue.cue_id, by=DANA, at=AT)
    again = heard(draft, breathing(1, 2))
    assert again == draft
    assert heard(draft, breathing(2)) == draft
    (back,) = heard(draft, breathing(2, 3)).view().cues
    assert (back.state, back.raised, back.by) == ("open", 2, None)


def test_a_cue_dismissed_twice_needs_yet_newer_words() -> None:
    """What a person has judged stays judged."""
    draft = heard(new_draft("call_1"), breathing(1))
    draft = cue_dismissed(draft, "not_breathing", by=DANA, at=AT)
    draft = cue_dismissed(heard(draft, breathing(1, 2)), "not_breathing", by=DANA, at=AT)
    assert heard(draft, breathing(1, 2)) == draft
    assert heard(draft, breathing(1)) == draft
    assert heard(draft, breathing(3)).view().cues[0].state == "open"


def test_withdrawn_words_leave_the_cue_to_be_seen() -> None:
    """It is not erased; when the words are there again it is open again."""
    draft = heard(new_draft("call_1"), breathing(1))
    gone = heard(draft)
    assert gone.view().cues[0].state == "withdrawn"
    assert gone.version > draft.version
    assert heard(gone, breathing(1)).view().cues[0].state == "open"


def test_a_dismissed_cue_stays_dismissed_while_its_words_are_gone() -> None:
    """A person's word is not changed by the machine."""
    draft = heard(new_draft("call_1"), breathing(1))
    draft = cue_dismissed(draft, "not_breathing", by=DANA, at=AT)
    assert heard(draft) == draft


def test_a_cue_of_no_evidence_is_none_and_an_unknown_one_is_refused() -> None:
    """Neither a third party's extractor nor a stale page gets further."""
    draft = heard(new_draft("call_1"), Cue("overdose", 0.9, (), "guess"))
    assert draft == new_draft("call_1")
    with pytest.raises(CueNotFound):
        cue_dismissed(draft, "overdose", by=DANA, at=AT)


def test_every_kind_has_its_words() -> None:
    """What a person reads exists for each kind."""
    assert set(CUE_TEXTS) == set(CUE_KINDS)


def test_what_was_asked_stands_before_what_could_be_asked() -> None:
    """And nothing is suggested that was just asked."""
    asked = Extracted(questions=(Question("callback_number", (at(4),)),))
    draft = understood(new_draft("call_1"), asked)[0]
    first, *rest = draft.view().questions
    assert (first.topic, first.asked is not None) == ("callback_number", True)
    assert [each.topic for each in rest] == ["location", "type", "victims"]
