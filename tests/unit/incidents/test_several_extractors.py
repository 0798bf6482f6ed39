"""Several extractors listen to one call; whatever one of them does, the first one's words stand."""

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.cues import Cue
from ringdown.incidents.evidence import Evidence
from ringdown.incidents.model import Extracted, Proposal
from ringdown.incidents.ports import Extractor
from ringdown.incidents.questions import Question
from ringdown.incidents.several import SeveralExtractors, together
from ringdown.testing.extractor import CALL, ExtractorContract, dialogue, extract_all, hear_all

SAID = (Evidence("utt_000001", "caller", 0, 0, 0, 280, "hello"),)


class Says:
    """An extractor that always says the same."""

    def __init__(self, extracted: Extracted) -> None:
        self._extracted = extracted

    def open(self):
        return self

    def hear(self, _utterance) -> Extracted:
        return self._extracted


class Fails:
    """An extractor that works until an utterance, or not at all."""

    def __init__(self, after: int) -> None:
        self._left = after

    def open(self):
        if self._left < 0:
            raise RuntimeError("no")
        return self

    def hear(self, _utterance) -> Extracted:
        self._left -= 1
        if self._left < 0:
            raise ValueError("what was said")
        return Extracted()


class TestSeveral(ExtractorContract):
    """The contract, on the rules with themselves beside them."""

    def extractor(self) -> Extractor:
        return SeveralExtractors(RuleExtractor(), [("again", RuleExtractor())], _never)


def _never(name: str, _error: Exception) -> None:
    raise AssertionError(name)


def proposal(value: str, confidence: float) -> Proposal:
    return Proposal("persons", value, value, confidence, SAID, "heard")


def test_the_surest_reading_of_either_comes_first() -> None:
    """Each value once; at equal confidence the first extractor's stands before the other's."""
    first = Extracted(proposals=(proposal("a tall man", 0.5), proposal("a boy", 0.4)))
    other = Extracted(proposals=(proposal("a boy", 0.9), proposal("a girl", 0.5)))
    said = [each.value for each in together([first, other]).proposals]
    assert said == ["a boy", "a tall man", "a girl"]


def test_the_order_of_an_extractor_stays() -> None:
    """It may put first what it is less sure of, such as the place that was corrected."""
    first = Extracted(proposals=(proposal("corrected", 0.4), proposal("before", 0.8)))
    other = Extracted(proposals=(proposal("other", 0.5),))
    said = [each.value for each in together([first, other]).proposals]
    assert said == ["other", "corrected", "before"]


def test_cues_and_questions_are_told_once() -> None:
    """Two that hear the same danger raise one cue, the surer one."""
    first = Extracted(
        cues=(Cue("overdose", 0.4, SAID, "one"),), questions=(Question("location", SAID),)
    )
    other = Extracted(
        cues=(Cue("overdose", 0.8, SAID, "other"), Cue("self_harm", 0.3, SAID, "other")),
        questions=(Question("location", SAID), Question("age", SAID)),
    )
    both = together([first, other])
    assert [(cue.kind, cue.confidence) for cue in both.cues] == [
        ("overdose", 0.8),
        ("self_harm", 0.3),
    ]
    assert [question.topic for question in both.questions] == ["location", "age"]


def test_one_that_fails_is_left_out_and_told_once() -> None:
    """The call goes on with the others; the next call tries it again."""
    told: list[tuple[str, str]] = []
    several = SeveralExtractors(
        RuleExtractor(),
        [
            ("late", Fails(2)),
            ("never", Fails(-1)),
            ("girl", Says(Extracted((proposal("g", 0.5),)))),
        ],
        lambda name, error: told.append((name, type(error).__name__)),
    )
    alone = hear_all(RuleExtractor().open(), dialogue(CALL))
    found = extract_all(several.open(), dialogue(CALL)).proposals
    assert set(alone) < set(found)
    assert proposal("g", 0.5) in found
    assert told == [("never", "RuntimeError"), ("late", "ValueError")]
