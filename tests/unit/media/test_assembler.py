"""The laws of putting packets in their places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.media.model import LegAssembler, RateLimit, peaks, silence
from ringdown.wire.g711 import fold_minus_zero

PACKET = 160


def packets(present):
    """20 ms packets with recognisable bytes, for each True of `present`."""
    return [
        (index * PACKET, bytes([index % 120 + 1]) * PACKET)
        for index, there in enumerate(present)
        if there
    ]


def assemble(sequence, **options):
    assembler = LegAssembler(**options)
    placed = [assembler.push(position, payload) for position, payload in sequence]
    placed.append(assembler.flush())
    return (
        b"".join(piece for one in placed for piece in one.pieces),
        [gap for one in placed for gap in one.gaps],
        assembler,
    )


@st.composite
def shuffled(draw):
    """Packets with holes, disordered by less than the window, some of them twice."""
    present = draw(st.lists(st.booleans(), min_size=1, max_size=60))
    ordered = packets(present)
    delays = [draw(st.integers(0, 8)) for _ in ordered]
    late = sorted(range(len(ordered)), key=lambda i: (ordered[i][0] // PACKET + delays[i], i))
    repeats = draw(st.lists(st.sampled_from(range(len(ordered))), max_size=3)) if ordered else []
    sequence = [ordered[i] for i in late]
    for index in repeats:
        at = sequence.index(ordered[index])
        sequence.insert(at + 1, ordered[index])
    return ordered, sequence, len(repeats)


@given(shuffled())
def test_any_order_within_the_window_gives_the_same_bytes(case):
    """Disorder and doubles within 200 ms leave no trace in the recording."""
    ordered, sequence, repeats = case
    expected, expected_gaps, _ = assemble(ordered)
    audio, gaps, assembler = assemble(sequence)
    assert (audio, gaps) == (expected, expected_gaps)
    assert (assembler.counts.duplicates, assembler.counts.late) == (repeats, 0)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_every_sample_is_where_its_timestamp_says(present):
    """The length is the last packet's end, packets lie at their positions, holes are silence."""
    sequence = packets(present)
    audio, gaps, _ = assemble(sequence)
    expected = bytearray(b"\xff" * (sequence[-1][0] + PACKET if sequence else 0))
    for position, payload in sequence:
        expected[position : position + PACKET] = payload
    assert audio == bytes(expected)
    covered = sum(gap.end - gap.start for gap in gaps) + PACKET * len(sequence)
    assert covered == len(audio)


@given(st.lists(st.tuples(st.integers(0, 50_000), st.binary(min_size=1, max_size=400))))
def test_whatever_comes_the_leg_never_shrinks_and_counts_add_up(sequence):
    """Any positions and lengths: what is appended is exactly the growth of the end."""
    assembler = LegAssembler()
    for position, payload in sequence:
        before = assembler.end
        placed = assembler.push(position, payload)
        assert assembler.end - before == sum(len(piece) for piece in placed.pieces) >= 0
    before = assembler.end
    placed = assembler.flush()
    assert assembler.end - before == sum(len(piece) for piece in placed.pieces)
    assert not assembler.waiting
    assert assembler.counts.packets == len(sequence)


@given(st.lists(st.integers(-8, 8), min_size=1, max_size=60))
def test_jitter_of_a_millisecond_makes_neither_gap_nor_loss(jitter):
    """A source that rounds its timestamps is recorded without a click."""
    sequence = [(max(0, index * PACKET + by), b"\x22" * PACKET) for index, by in enumerate(jitter)]
    audio, gaps, assembler = assemble(sequence)
    assert (audio, gaps, assembler.counts.trimmed) == (b"\x22" * PACKET * len(jitter), [], 0)


def test_a_packet_in_order_is_not_kept_waiting():
    """The live edge follows the source without the window's delay."""
    assembler = LegAssembler()
    assert [len(assembler.push(i * PACKET, b"a" * PACKET).pieces) for i in range(3)] == [1, 1, 1]


def test_a_hole_is_filled_when_the_window_has_passed():
    """After 200 ms more audio the hole is given up: silence, and a gap record."""
    assembler = LegAssembler()
    assembler.push(0, b"a" * PACKET)
    results = [assembler.push(i * PACKET, b"b" * PACKET) for i in range(2, 14)]
    released = [index for index, placed in enumerate(results) if placed.gaps]
    assert released == [9]
    assert [(gap.start, gap.end) for gap in results[9].gaps] == [(PACKET, 2 * PACKET)]


def test_a_packet_behind_the_end_is_dropped_and_counted():
    """What comes too late changes nothing that a reader may have read."""
    assembler = LegAssembler(end=8000)
    assert assembler.push(0, b"a" * PACKET).pieces == ()
    assert assembler.counts.late == 1


def test_minus_zero_is_stored_as_zero():
    """0x7F and 0xFF sound the same; one of them is stored."""
    placed = LegAssembler().push(0, b"\x7f\x00\xff")
    assert placed.pieces == (b"\xff\x00\xff",)


def test_padding_reaches_the_position_and_is_a_gap():
    """A leg that ends early is made as long as the others."""
    assembler = LegAssembler()
    assembler.push(0, b"a" * 100)
    placed = assembler.pad_to(20_000)
    assert sum(map(len, placed.pieces)) == 19_900
    assert [(gap.start, gap.end) for gap in placed.gaps] == [(100, 20_000)]
    assert assembler.pad_to(10).pieces == ()


@given(st.integers(0, 40_000))
def test_silence_is_as_long_as_asked(samples):
    """Silence is the code of zero, so many times."""
    assert b"".join(silence(samples)) == b"\xff" * samples


@given(st.binary())
def test_folding_is_done_once_for_all(payload):
    """Folding twice is folding once."""
    assert fold_minus_zero(fold_minus_zero(payload)) == fold_minus_zero(payload)


@given(st.lists(st.integers(-32768, 32767), max_size=500), st.integers(1, 90))
def test_peaks_are_the_loudest_of_each_bucket(samples, bucket):
    """One value from 0 to 255 for each bucket, the last one partial."""
    array = np.array(samples, dtype=np.int16)
    expected = [
        min(255, max(abs(s) for s in samples[at : at + bucket]) // 128)
        for at in range(0, len(samples), bucket)
    ]
    assert peaks(array, bucket) == expected


@pytest.mark.parametrize(("pause", "allowed"), [(0.0, 10), (1.0, 20), (60.0, 20)])
def test_the_rate_limit_refills_with_time_and_no_further(pause, allowed):
    """Ten at once, then none until time passes; unused allowance is not saved up."""
    now = [0.0]
    limit = RateLimit(10, lambda: now[0])
    first = sum(limit.allow() for _ in range(15))
    now[0] += pause
    assert first + sum(limit.allow() for _ in range(15)) == allowed
