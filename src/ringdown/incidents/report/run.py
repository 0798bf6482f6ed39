"""Drafts of labelled calls, judged."""

from collections.abc import Iterable, Iterator

from ringdown.incidents.ports import Extractor
from ringdown.incidents.report.draft import drafted
from ringdown.incidents.report.judge import Judged, judge
from ringdown.incidents.report.lines import WrittenCall, extracted


def judge_all(calls: Iterable[WrittenCall], extractor: Extractor) -> Iterator[Judged]:
    """Each call's draft against its labels."""
    for call in calls:
        fields, danger = drafted(call, extracted(call, extractor))
        yield judge(call, fields, danger)
