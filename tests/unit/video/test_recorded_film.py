"""Pictures and sound become one film that anybody plays, both in step, whatever comes late."""

import io
from datetime import UTC, datetime

import av
import numpy as np
import pytest

from ringdown.video.worker.film import FilmWriter
from ringdown.video.worker.sound import PIECE, PIECE_MS, SILENCE, Sound
from ringdown.wire.webm import read_webm
from ringdown.wire.webm_writer import whole_until

SIZE = (160, 120)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
TONE = (8000 * np.sin(2 * np.pi * 500 * np.arange(PIECE) / 48_000)).astype(np.int16).tobytes()


def picture(light: int) -> bytes:
    return bytes([light]) * (160 * 120) + bytes([128]) * (160 * 120 // 2)


def told(film: bytes) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """How light each picture is and how loud each millisecond, with their times."""
    light, loud = [], []
    with av.open(io.BytesIO(film)) as read:
        for frame in read.decode(*read.streams):
            if isinstance(frame, av.VideoFrame):
                light.append((frame.time, float(frame.to_ndarray(format="gray").mean())))
            else:
                samples = np.abs(frame.to_ndarray().astype(float)).reshape(-1)
                step = frame.sample_rate // 1000
                for at in range(0, len(samples), step):
                    loud.append((frame.time + at / frame.sample_rate, samples[at]))
    return light, loud


def test_light_and_tone_begin_together() -> None:
    """Also where a third of the pieces come late and in bunches, as from a busy machine."""
    writer, film = FilmWriter(250, sound=True), b""
    waiting: list[bytes] = []
    for at_ms in range(0, 4000, PIECE_MS):
        film += writer.picture(picture(200 if at_ms >= 2000 else 30), SIZE, at_ms, BEGUN)
        waiting.append(TONE if at_ms >= 2000 else SILENCE)
        if at_ms // 600 % 3 != 1 or at_ms > 3500:
            for pcm in waiting:
                film += writer.heard(pcm, at_ms + PIECE_MS, first=False)
            waiting.clear()
    light, loud = told(film + writer.end())
    lit = next(at for at, level in light if level > 100)
    level = 0.2 * max(one for _, one in loud)
    heard = next(at for at, one in loud if one > level)
    assert abs(heard - lit) < 0.1
    assert abs(loud[-1][0] - light[-1][0]) < 0.2


@pytest.mark.parametrize("sound", [False, True])
def test_a_film_has_sound_only_where_the_agency_lets_it(sound: bool) -> None:
    """Without, not even a track for it; and a microphone that never comes is silence."""
    writer, film = FilmWriter(250, sound=sound), b""
    for at_ms in range(0, 3000, 100):
        film += writer.picture(picture(90), SIZE, at_ms, BEGUN)
        film += b"" if sound else writer.heard(TONE, at_ms, first=False)
    film += writer.end()
    with av.open(io.BytesIO(film)) as read:
        assert [one.type for one in read.streams] == ["video", "audio"][: 1 + sound]
    light, loud = told(film)
    assert light[-1][0] == 2.9
    if sound:
        assert loud[-1][0] > 1.8
        assert max(level for _, level in loud) < 0.001
    assert read_webm(io.BytesIO(film), len(film)).has_video
    assert whole_until(io.BytesIO(film), len(film))[0] == len(film)


def places(sound: Sound, pieces: list[tuple[int, bool]]) -> list[int]:
    return [at for late, first in pieces for _, at in sound.heard(TONE, late, first=first)]


def test_a_microphone_that_comes_late_begins_where_it_is_heard() -> None:
    """What was before it is silence; there is never a hole, and never two at one place."""
    sound = Sound()
    before = [at for _, at in sound.shown(5000)]
    after = places(sound, [(6000 + PIECE_MS * number, number == 1) for number in range(1, 20)])
    every = [*before, *after]
    assert every == list(range(0, every[-1] + 1, PIECE_MS))
    assert abs(every[-1] - (6000 + PIECE_MS * 18)) <= PIECE_MS


def test_lost_sound_is_made_up_for_and_too_much_is_left_out() -> None:
    """A second that never came is silence within half a second; a second too much is dropped."""
    sound = Sound()
    places(sound, [(PIECE_MS * number, False) for number in range(1, 11)])
    late = [1000 + PIECE_MS * number for number in range(11, 31)]
    assert abs(places(sound, [(at, False) for at in late])[-1] - late[-1]) <= 2 * PIECE_MS
    again = places(sound, [(late[-1], False)] * 16)
    assert len(again) < 4
