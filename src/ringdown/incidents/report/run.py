"""Drafts of labelled calls, judged."""

from collections.abc import Iterable, Iterator

from ringdown.incidents.adapters.rules.triage import EMERGENCY_AT
from ringdown.incidents.ports import Extractor
from ringdown.incidents.report.draft import drafted
from ringdown.incidents.report.judge import Judged, judge
from ringdown.incidents.report.lines import WrittenCall


def judge_all(
    calls: Iterable[WrittenCall], extractor: Extractor, *, emergency_at: float = EMERGENCY_AT
) -> Iterator[Judged]:
    """Each call's draft against its labels."""
    for call in calls:
        fields, danger = drafted(call, extractor, emergency_at)
        yield judge(call, fields, danger)
