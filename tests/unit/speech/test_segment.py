"""Cutting: laws over any row of chances of speech, and the rules in plain cases."""

from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.model.segment import Cut, CutRules, Segmenter, Window

RULES = CutRules()
RUNS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.6, 1.0]), st.integers(1, 90)), max_size=14
)


def windows(runs) -> list[float]:
    return list(chain.from_iterable([chance] * count for chance, count in runs))


def cut_all(chances: list[float], begin: int = 0) -> list[Cut]:
    """As the ear does it: after each cut a new segmenter hears again what lies behind it."""
    cuts: list[Cut] = []
    while True:
        segmenter = Segmenter(RULES, begin)
        found = None
        for chance in chances[begin:]:
            found = segmenter.push(Window(chance, chance))
            if found is not None:
                break
        if found is None:
            return [*cuts, segmenter.finish()]
        cuts.append(found)
        begin = found.cursor


def segments(chances: list[float]) -> list[tuple[int, int]]:
    return [(c.segment.start, c.segment.end) for c in cut_all(chances) if c.segment]


@given(RUNS)
def test_segments_follow_one_another_without_overlap(runs) -> None:
    """No audio is recognised twice, so no word is doubled."""
    found = segments(windows(runs))
    assert all(start < end for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@given(RUNS)
def test_a_segment_lies_between_the_cursors_around_it(runs) -> None:
    """A cursor never passes over speech that is not in a segment told with it."""
    before = 0
    for cut in cut_all(windows(runs)):
        assert cut.cursor >= before
        if cut.segment is not None:
            assert before <= cut.segment.start < cut.segment.end <= cut.cursor
            assert len(cut.segment.voiced) == cut.segment.end - cut.segment.start
        before = cut.cursor


@given(RUNS)
def test_beginning_again_at_any_cursor_cuts_the_same(runs) -> None:
    """After a crash the rest of the leg is cut as it would have been."""
    chances = windows(runs)
    cuts = cut_all(chances)
    for index, cut in enumerate(cuts[:-1]):
        assert cut_all(chances, cut.cursor) == cuts[index + 1 :]


@given(RUNS)
def test_clear_speech_is_never_dropped(runs) -> None:
    """Every run of certain speech longer than a click is inside a segment."""
    chances = windows(runs)
    found = segments(chances)
    at = 0
    for chance, count in runs:
        if chance == 1.0 and count >= 2 * RULES.min_voiced:
            middle = range(at, at + count)
            covered = sum(any(s <= w < e for s, e in found) for w in middle)
            assert covered >= count - RULES.min_voiced
        at += count


@given(RUNS)
def test_nothing_grows_without_end(runs) -> None:
    """However long somebody speaks, a segment stays below its longest."""
    assert all(e - s <= RULES.longest + RULES.pre_roll for s, e in segments(windows(runs)))


def test_silence_gives_no_segment_but_moves_the_cursor() -> None:
    """A quiet leg costs nothing to take up again."""
    cuts = cut_all([0.0] * 500)
    assert not any(cut.segment for cut in cuts)
    assert len(cuts) > 5


def test_a_click_is_no_speech() -> None:
    """Fewer voiced windows than a short word are dropped."""
    assert segments([0.0] * 50 + [1.0] * (RULES.min_voiced - 1) + [0.0] * 80) == []


def test_an_utterance_keeps_a_little_before_and_after() -> None:
    """Soft beginnings and endings of words are not cut off."""
    ((start, end),) = segments([0.0] * 50 + [1.0] * 40 + [0.0] * 80)
    assert (start, end) == (50 - RULES.pre_roll, 90 + RULES.post_roll)


def test_a_pause_for_breath_does_not_end_an_utterance() -> None:
    """Spelled numbers with short pauses stay together."""
    group = [1.0] * 20 + [0.0] * (RULES.hang_over - 2)
    assert len(segments([0.0] * 20 + group * 4 + [0.0] * 60)) == 1


def test_a_long_speech_is_cut_in_its_quietest_place() -> None:
    """A split falls into the dip, not into a word."""
    chances = [0.0] * 20 + [1.0] * 300 + [0.4] * 3 + [1.0] * 300 + [0.0] * 60
    cuts = segments(chances)
    assert 320 <= cuts[0][1] <= 324
    assert cuts[1][0] == cuts[0][1]


def test_the_audio_of_a_settled_segment_does_not_change_any_more() -> None:
    """What is recognised in the pause is what the final is made of."""
    segmenter = Segmenter(RULES)
    settled = []
    cut = None
    for chance in [0.0] * 30 + [1.0] * 40 + [0.0] * 60:
        cut = segmenter.push(Window(chance, chance))
        if cut is not None:
            break
        if segmenter.settled:
            settled.append(segmenter.so_far())
    assert cut is not None
    assert settled
    assert all(one == cut.segment for one in settled)


def test_a_pause_says_when_it_asks_and_when_it_ends() -> None:
    """So that nothing long is begun just before: both come nearer with each silent window."""
    segmenter = Segmenter(RULES, asks=True)
    for chance in [1.0] * 30:
        segmenter.push(Window(chance, 0.5))
    assert (segmenter.asks_in, segmenter.ends_in, segmenter.pause) == (None, None, 0)
    for silent in range(1, RULES.ask_after + 1):
        assert not segmenter.asking
        segmenter.push(Window(0.0, 0.0))
        assert segmenter.asks_in == RULES.ask_after - silent
        assert segmenter.ends_in == RULES.hang_over - silent
    assert segmenter.asking
    segmenter.answer("complete")
    assert segmenter.asks_in is None
    assert segmenter.ends_in == RULES.hang_complete - RULES.ask_after
