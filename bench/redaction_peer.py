# pyright: reportMissingImports=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUntypedBaseClass=false, reportUnknownParameterType=false
# The peer is installed only where this runs.
"""Both sides of the redaction measurement in one process; its last line is the result as JSON."""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import spacy
from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from ringdown.redaction.model.finder import find

SCRIPTS = Path(__file__).resolve().parents[1] / "tests" / "data" / "scripted_calls.jsonl"


class Tokeniser(NlpEngine):
    """What the analyser needs at least: words, and no model."""

    def __init__(self) -> None:
        self.nlp = spacy.blank("en")

    def load(self) -> None: ...

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        words = self.nlp(text)
        return NlpArtifacts(
            entities=[],
            tokens=words,
            tokens_indices=[word.idx for word in words],
            lemmas=[word.text for word in words],
            nlp_engine=self,
            language=language,
        )

    def process_batch(self, texts: Any, language: str, **_: Any) -> Iterator[Any]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002 - the peer's port
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002 - the peer's port
        return False

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


def main(times: int) -> None:
    """Measure and tell."""
    logging.disable(logging.WARNING)
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.recognizers = [
        each
        for each in registry.recognizers
        if isinstance(each, PatternRecognizer) or "Phone" in type(each).__name__
    ]
    analyser = AnalyzerEngine(registry=registry, nlp_engine=Tokeniser(), supported_languages=["en"])
    lines = SCRIPTS.read_text(encoding="utf-8").splitlines()
    turns = [turn["text"] for line in lines for turn in json.loads(line)["turns"]]
    words = sum(len(turn.split()) for turn in turns)

    def bare(text: str) -> None:
        for each in registry.recognizers:
            each.analyze(text, each.supported_entities, None)

    def engine(text: str) -> None:
        analyser.analyze(text, language="en")

    work: dict[str, Callable[[str], object]] = {"ours": find, "bare": bare, "engine": engine}
    spent = dict.fromkeys(work, 0.0)
    for turn in [*range(-1, times)]:
        for name, each in work.items():
            began = time.process_time()
            for text in turns:
                each(text)
            if turn >= 0:
                spent[name] += time.process_time() - began
    rates = {name: times * words / seconds for name, seconds in spent.items()}
    counts = {"turns": len(turns), "words": words, "recognisers": len(registry.recognizers)}
    print(json.dumps({**rates, **counts}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
