"""The contract of extractors, and how to speak to one in a test.

An author writes `class TestMine(ExtractorContract)` with `extractor()` and inherits every test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ringdown.incidents.ports import Extracted, ExtractionSession, Extractor, Proposal


@dataclass(frozen=True)
class Word:
    """A word as heard."""

    word: str
    start_ms: int
    end_ms: int
    confidence: float = 0.9


@dataclass(frozen=True)
class Utterance:
    """An utterance as `speech` hands it over, as far as extractors look."""

    utterance_id: str
    side: str
    start_ms: int
    end_ms: int
    revision: int
    words: tuple[Word, ...]


def spoken(
    number: int, side: str, text: str, *, confidence: float = 0.9, revision: int = 1
) -> Utterance:
    """Utterance `number` of a call: 300 ms for each word, ten seconds after the one before."""
    start = number * 10_000
    words = tuple(
        Word(word, start + at * 300, start + at * 300 + 280, confidence)
        for at, word in enumerate(text.split())
    )
    end = words[-1].end_ms if words else start
    return Utterance(f"utt_{number:06d}", side, start, end, revision, words)


def dialogue(script: str, *, confidence: float = 0.9) -> list[Utterance]:
    """Lines such as `T: where are you` / `C: at the school`: T the call-taker, C the caller."""
    utterances: list[Utterance] = []
    lines = [line.strip() for line in script.split("|")]
    for number, line in enumerate(line for line in lines if line):
        who, _, text = line.partition(":")
        side = "call_taker" if who == "T" else "caller"
        utterances.append(spoken(number, side, text.strip(), confidence=confidence))
    return utterances


def hear_all(session: ExtractionSession, utterances: Sequence[Utterance]) -> tuple[Proposal, ...]:
    """What a session proposes after the last utterance."""
    return extract_all(session, utterances).proposals


def extract_all(session: ExtractionSession, utterances: Sequence[Utterance]) -> Extracted:
    """Everything a session says after the last utterance."""
    extracted = Extracted()
    for utterance in utterances:
        extracted = session.hear(utterance)
    return extracted


CALL = (
    "T: 911 what is the address of your emergency | C: 4120 Juniper Street | T: what is happening |"
    "C: my house is on fire and my brother is trapped | T: your phone number | C: 585-555-0142"
)
"""A short call of our own making, in which every extractor should find something."""


class ExtractorContract:
    """What every extractor promises."""

    def extractor(self) -> Extractor:
        """The extractor under test."""
        raise NotImplementedError

    def test_a_new_session_has_nothing_to_propose_about_silence(self) -> None:
        """No words, no proposal."""
        assert self.extractor().open().hear(spoken(0, "caller", "")) == Extracted()

    def test_small_talk_gives_no_location(self) -> None:
        """Nothing is invented."""
        said = dialogue("T: 911 | C: hello can you hear me | T: yes go ahead | C: okay thank you")
        proposals = hear_all(self.extractor().open(), said)
        assert [each for each in proposals if each.field == "location"] == []

    def test_every_proposal_cites_words_that_were_said(self) -> None:
        """The quote stands at those words of that utterance."""
        said = dialogue(CALL)
        by_id = {utterance.utterance_id: utterance for utterance in said}
        proposals = hear_all(self.extractor().open(), said)
        assert proposals
        for proposal in proposals:
            assert proposal.evidence
            for cited in proposal.evidence:
                utterance = by_id[cited.utterance_id]
                words = utterance.words[cited.word_from : cited.word_to + 1]
                assert cited.quote == " ".join(word.word for word in words)
                assert cited.side == utterance.side
                assert (cited.start_ms, cited.end_ms) == (words[0].start_ms, words[-1].end_ms)

    def test_confidence_is_never_above_the_least_sure_word(self) -> None:
        """A doubtful word makes a doubtful field."""
        proposals = hear_all(self.extractor().open(), dialogue(CALL, confidence=0.4))
        assert proposals
        assert all(0 < proposal.confidence <= 0.4 for proposal in proposals)

    def test_the_same_call_gives_the_same_answer(self) -> None:
        """Deterministic, also within one extractor."""
        extractor = self.extractor()
        first = extract_all(extractor.open(), dialogue(CALL))
        assert extract_all(extractor.open(), dialogue(CALL)) == first

    def test_hearing_an_utterance_twice_changes_nothing(self) -> None:
        """Delivery is at least once."""
        session = self.extractor().open()
        said = dialogue(CALL)
        once = extract_all(session, said)
        assert session.hear(said[-1]) == once
        assert session.hear(said[0]) == once

    def test_a_revised_utterance_takes_its_old_reading_away(self) -> None:
        """What lost its words is no longer proposed."""
        session = self.extractor().open()
        said = dialogue(CALL)
        hear_all(session, said)
        revised = spoken(1, "caller", "I do not know sorry", revision=2)
        assert all(each.field != "location" for each in session.hear(revised).proposals)

    def test_an_older_revision_is_ignored(self) -> None:
        """Disorder does not bring old words back."""
        session = self.extractor().open()
        said = dialogue(CALL)
        newest = [replace(said[0], revision=3), *said[1:]]
        now = extract_all(session, newest)
        assert session.hear(spoken(0, "caller", "99 Wrong Street", revision=2)) == now
