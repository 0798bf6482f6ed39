"""What the rules make of a script, one field at a time."""

from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.model import FieldName
from ringdown.incidents.ports import Extracted, Proposal
from ringdown.testing.extractor import dialogue, extract_all


def extracted(script: str) -> Extracted:
    """Everything that is said of a call."""
    return extract_all(RuleExtractor().open(), dialogue(script))


def proposed(field: FieldName, script: str) -> tuple[Proposal, ...]:
    """What is proposed for one field, best first."""
    return tuple(each for each in extracted(script).proposals if each.field == field)


def value(field: FieldName, script: str) -> str | None:
    """The best value of one field, or None."""
    found = proposed(field, script)
    return found[0].value if found else None


def contradicts(field: FieldName, script: str) -> list[str]:
    """Evidence that does not stand in the script, word by word."""
    said = {utterance.utterance_id: utterance for utterance in dialogue(script)}
    wrong: list[str] = []
    for proposal in proposed(field, script):
        for cited in proposal.evidence:
            words = said[cited.utterance_id].words[cited.word_from : cited.word_to + 1]
            if cited.quote != " ".join(word.word for word in words):
                wrong.append(cited.quote)
    return wrong
