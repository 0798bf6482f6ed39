"""Signs of danger to life: how they come, change, and stay within their budget."""

import json
from pathlib import Path
from typing import cast

import pytest
from tests.unit.incidents.world import DANA, made

from ringdown.core.principal import Person
from ringdown.incidents import cues
from ringdown.incidents.adapters.rules import RuleExtractor
from ringdown.incidents.adapters.rules.cues import CITED
from ringdown.incidents.cues import CUE_KINDS, Cue, CueKind
from ringdown.incidents.report.danger import BUDGET, alerts, summary
from ringdown.incidents.report.lines import read_calls
from ringdown.testing.extractor import dialogue, extract_all, spoken

PERSON = Person(user_id="u", name="Ada")
AT = "2026-01-01T00:00:00Z"
DATA = Path(__file__).resolve().parents[2] / "data"


def raised(script: str, *, confidence: float = 0.9) -> tuple[Cue, ...]:
    return extract_all(RuleExtractor().open(), dialogue(script, confidence=confidence)).cues


def kinds(script: str) -> set[CueKind]:
    return {cue.kind for cue in raised(script)}


def test_every_kind_of_cue_can_be_raised() -> None:
    """The table of our own has each kind."""
    rows = [json.loads(line) for line in (DATA / "cases.jsonl").read_text().splitlines()]
    wanted = {kind for row in rows for kind in row["expect"].get("cues", [])}
    assert wanted == set(CUE_KINDS)


def test_two_halves_make_a_cue_and_both_are_cited() -> None:
    """Smoke alone is none; smoke and somebody inside is one."""
    assert kinds("C: there's smoke everywhere") == set()
    assert kinds("C: my son is still upstairs") == set()
    (cue,) = raised("C: there's smoke everywhere | T: get out | C: my son is still upstairs")
    assert cue.kind == "trapped_fire"
    assert [each.utterance_id for each in cue.evidence] == ["utt_000000", "utt_000002"]


def test_halves_far_apart_make_none() -> None:
    """A fire of long ago in the call does not go with a room mentioned now."""
    session = RuleExtractor().open()
    session.hear(spoken(0, "caller", "something is burning, there's smoke everywhere"))
    assert session.hear(spoken(40, "caller", "my son is still upstairs")).cues == ()


def test_a_cue_is_not_surer_than_its_least_sure_word() -> None:
    """A doubtful word makes a doubtful cue, and it is shown all the same."""
    (cue,) = raised("C: he's not breathing", confidence=0.4)
    assert 0 < cue.confidence <= 0.4


def test_a_better_transcript_takes_a_cue_back() -> None:
    """The words are gone, and so is the cue."""
    session = RuleExtractor().open()
    assert session.hear(spoken(0, "caller", "he is not breathing")).cues
    assert session.hear(spoken(0, "caller", "he is now leaving", revision=2)).cues == ()


def test_the_same_words_again_do_not_bring_a_dismissed_cue_back() -> None:
    """New words do."""
    session = RuleExtractor().open()
    first = spoken(0, "caller", "she's not breathing")
    kept = cues.understood((), session.hear(first).cues)
    kept = cues.dismissed(kept, "not_breathing", by=PERSON, at=AT)
    kept = cues.understood(kept, session.hear(first).cues)
    kept = cues.understood(kept, session.hear(spoken(1, "caller", "please hurry")).cues)
    assert [each.view.state for each in kept] == ["dismissed"]
    kept = cues.understood(kept, session.hear(spoken(2, "caller", "her lips are blue")).cues)
    assert [(each.view.state, each.view.raised) for each in kept] == [("open", 2)]


def test_a_second_half_said_often_is_no_new_evidence() -> None:
    """Of "fire, fire, fire" one is cited, so that a dismissed cue stays dismissed."""
    session = RuleExtractor().open()
    session.hear(spoken(0, "caller", "the house is on fire"))
    before = session.hear(spoken(1, "caller", "my son is upstairs")).cues
    after = session.hear(spoken(2, "caller", "it's on fire, the house is on fire")).cues
    assert [each.evidence for each in after] == [each.evidence for each in before]


def test_a_long_call_keeps_its_cues_and_cites_the_latest() -> None:
    """Half an hour later the first minute still counts, and evidence does not grow without end."""
    session = RuleExtractor().open()
    found = session.hear(spoken(0, "caller", "she took a whole bottle of pills")).cues
    for number in range(1, 180):
        said = "he's not breathing" if number % 3 else "please hurry up"
        found = session.hear(spoken(number, "caller", said)).cues
    assert {cue.kind for cue in found} == {"overdose", "not_breathing"}
    for cue in found:
        assert len({each.utterance_id for each in cue.evidence}) <= CITED
    latest = next(cue for cue in found if cue.kind == "not_breathing")
    assert latest.evidence[-1].utterance_id == "utt_000179"


def test_old_words_do_not_come_up_as_new_when_a_call_goes_on() -> None:
    """Words that have long left the window bring no dismissed cue back."""
    session = RuleExtractor().open()
    kept: tuple[cues.KeptCue, ...] = ()
    for number in range(30):
        kept = cues.understood(
            kept, session.hear(spoken(number, "caller", "he's not breathing, no pulse")).cues
        )
    kept = cues.dismissed(kept, "not_breathing", by=PERSON, at=AT)
    for number in range(30, 130):
        kept = cues.understood(kept, session.hear(spoken(number, "caller", "please hurry")).cues)
        assert [each.view.state for each in kept] == ["dismissed"]


def test_what_is_over_weighs_less() -> None:
    """ "He's breathing now" leaves the cue with less certainty; everybody outside takes it back."""
    (before,) = raised("C: my dad is not breathing")
    (after,) = raised("C: my dad is not breathing | T: okay | C: he's breathing now")
    assert after.confidence < before.confidence
    assert "over" in after.reason


@pytest.mark.parametrize(
    ("asked", "yes", "no", "doubt"),
    [
        ("is she breathing", None, "not_breathing", "not_breathing"),
        ("are you thinking about killing yourself", "self_harm", None, "self_harm"),
        ("did he strangle you", "strangulation", None, None),
        ("did she overdose", "overdose", None, "overdose"),
        ("can you see the cord", "labour_complication", None, None),
        ("has anybody been shot", "weapon_in_use", None, None),
    ],
)
def test_an_answer_says_what_was_asked(
    asked: str, yes: CueKind | None, no: CueKind | None, doubt: CueKind | None
) -> None:
    """Yes, no and a doubtful answer to the call-taker's question, each with both quoted."""
    for answer, wanted in (("yes", yes), ("no", no), ("I don't know", doubt)):
        found = raised(f"T: {asked} | C: {answer}")
        assert [cue.kind for cue in found] == ([wanted] if wanted else [])
        for cue in found:
            assert [each.side for each in cue.evidence] == ["call_taker", "caller"]


def test_the_call_taker_alone_raises_none() -> None:
    """What only the call-taker says is a question or advice."""
    assert kinds("T: is he not breathing | T: has anybody been shot") == set()


def test_other_sides_raise_none() -> None:
    """Radio traffic in the background is not the caller."""
    session = RuleExtractor().open()
    assert session.hear(spoken(0, "other", "shots fired, he's not breathing")).cues == ()


def test_alerts_stay_within_their_budget_on_our_own_calls() -> None:
    """Clean words: few false alerts, and no danger of these calls is missed."""
    dangers = {
        row["id"]: frozenset(cast("list[CueKind]", row["cues"]))
        for row in map(json.loads, (DATA / "cases_cues.jsonl").read_text().splitlines())
    }
    calls = read_calls((DATA / "scripted_calls.jsonl").read_text().splitlines())
    found = summary("clean words", alerts(calls, dangers, RuleExtractor()))
    assert found.calls >= 100
    assert 100 * found.false_alerts <= BUDGET * found.calls
    assert found.missed.count <= found.missed.total * 0.1


async def test_a_dismissed_cue_survives_a_restart_of_the_server() -> None:
    """The rules read the transcript again, and the person's decision stands until new words."""
    world = await made()
    call_id = await world.begin()
    await world.hear(call_id, "T: 911 | C: my husband collapsed, he's not breathing")
    draft = await world.service.draft(DANA, call_id)
    assert [(cue.kind, cue.state) for cue in draft.cues] == [("not_breathing", "open")]
    await world.service.dismiss_cue(DANA, call_id, draft.cues[0].cue_id)
    world.restart()
    await world.hear(call_id, "C: please hurry")
    draft = await world.service.draft(DANA, call_id)
    assert [cue.state for cue in draft.cues] == ["dismissed"]
    await world.hear(call_id, "C: he has no pulse")
    draft = await world.service.draft(DANA, call_id)
    assert [(cue.state, cue.raised) for cue in draft.cues] == [("open", 2)]
