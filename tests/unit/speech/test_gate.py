"""Only what surely is no speech loses its words; everything else is at most doubted."""

import numpy as np
import pytest
import soundfile as sf
from hypothesis import given
from hypothesis import strategies as st

from ringdown import demo
from ringdown.speech.model.gate import (
    HeardText,
    doubts_of,
    hopeless,
    measure,
    phantom,
    repeats,
)
from ringdown.testing import sounds


def text(words: str, confidence: float = 0.9, voiced: float | None = None) -> HeardText:
    split = tuple(words.split())
    return HeardText(split, (confidence,) * len(split), voiced or 0.4 * len(split))


def voices() -> np.ndarray:
    audio, _ = sf.read(demo.load().audio, dtype="float32")
    return np.concatenate([audio[:, 0], audio[:, 1]]).astype(np.float32)


def lines() -> list[np.ndarray]:
    """What each side says on the demo call, line by line."""
    call = demo.load()
    audio, rate = sf.read(call.audio, dtype="float32")
    side = {"caller": 0, "call_taker": 1}
    return [
        audio[line.start_ms * rate // 1000 : line.end_ms * rate // 1000, side[line.side]]
        for line in call.lines
    ]


def test_clear_speech_is_neither_hopeless_nor_doubted() -> None:
    for line in lines():
        sound = measure(line)
        heard = text("there is smoke in the kitchen")
        assert not hopeless(sound)
        assert not hopeless(sound, heard)
        assert doubts_of(sound, heard) == ()


def in_noise(line: np.ndarray, snr: float, noise: np.ndarray) -> np.ndarray:
    """The line in noise, a little of which comes before and after it, as in a segment."""
    lead = np.zeros(2000)
    speech = np.concatenate([lead, line, lead])
    noise = noise[: len(speech)]
    gain = np.sqrt(np.square(line).mean() / np.square(noise).mean() / 10 ** (snr / 10))
    return sounds.on_line(speech + gain * noise)


@pytest.mark.parametrize("snr", [10.0, 5.0, 0.0])
@pytest.mark.parametrize("kind", ["pink", "hiss", "wail", "music"])
def test_speech_in_noise_keeps_its_words_though_the_recogniser_is_unsure(kind, snr) -> None:
    makers = {"pink": sounds.pink, "hiss": sounds.hiss, "wail": sounds.wail, "music": sounds.chords}
    noise = makers[kind](15)
    for line in lines():
        made = in_noise(line, snr, noise)
        assert not hopeless(measure(made))
        assert not hopeless(measure(made), text("there is smoke in here", 0.3))


def test_whispering_keeps_its_words() -> None:
    rng = np.random.default_rng(8)
    for line in lines():
        whole = line[: len(line) // 80 * 80].reshape(-1, 80)
        levels = np.sqrt(np.square(whole).mean(axis=1)).repeat(80)
        breath = sounds.band(rng.standard_normal(len(levels)), 500, 3400) * levels * 0.3
        sound = measure(sounds.on_line(breath))
        assert not hopeless(sound)
        assert not hopeless(sound, text("he is in the house", 0.3))


def test_a_quiet_line_keeps_its_words() -> None:
    for line in lines():
        sound = measure(sounds.on_line(line * 10 ** (-30 / 20)))
        assert not hopeless(sound, text("can you hear me", 0.4))


@pytest.mark.parametrize("rate", [8000, 16000])
def test_silence_is_hopeless_before_anybody_listens(rate) -> None:
    assert hopeless(measure(np.zeros(rate, np.float32), rate=rate))


@pytest.mark.parametrize(
    "made",
    [
        sounds.cadence(3, (350, 440), 1, 0),
        sounds.cadence(4, (480, 620), 0.5, 0.5),
        sounds.cadence(3, (440, 480), 2, 4),
        sounds.dtmf("5550142", on=0.1, off=0.1),
        sounds.tty("NEED HELP SEND FIRE"),
    ],
    ids=["dial", "busy", "ringback", "keys", "text telephone"],
)
def test_nothing_but_known_tones_is_hopeless_before_anybody_listens(made) -> None:
    assert hopeless(measure(sounds.on_line(made)))


def test_quiet_words_between_loud_keys_are_kept() -> None:
    (line, *_) = lines()
    made = sounds.on_line(np.concatenate([sounds.dtmf("5550142", dbm0=0), line * 0.1]))
    assert not hopeless(measure(made))


def test_words_of_a_stuck_loop_are_not_written() -> None:
    made = sounds.on_line(sounds.stutter(6, voices()))[: 2 * sounds.RATE]
    sound = measure(made)
    heard = text("thank you", 0.95, voiced=0.6)
    assert sound.stuck > 0.5
    assert "stuck" in doubts_of(sound, heard)
    assert hopeless(sound, heard)


def test_words_beside_a_stuck_loop_are_doubted_but_kept() -> None:
    (line, *_) = lines()
    made = sounds.on_line(np.concatenate([line, sounds.stutter(1.5, voices())]))
    heard = text("there is smoke in the kitchen and my son", voiced=len(made) / sounds.RATE)
    assert not hopeless(measure(made), heard)


def test_steady_sound_without_syllables_is_hopeless() -> None:
    for made in (sounds.hum(1), sounds.hiss(1, -30), sounds.sine(1, 700, 0.2)):
        assert hopeless(measure(sounds.on_line(made)))


def test_a_crowd_in_which_the_recogniser_is_unsure_gives_no_words() -> None:
    sound = measure(sounds.on_line(sounds.babble(3, voices())))
    assert hopeless(sound, text("we are going to be able", 0.4))
    kept = text("we are going to be able", 0.9)
    assert not hopeless(sound, kept)
    assert "noise" in doubts_of(sound, kept)


def twice(first: str, second: str, chances: tuple[float, float], voiced: float) -> HeardText:
    words, again = tuple(first.split()), tuple(second.split())
    return HeardText(words, (chances[0],) * len(words), voiced, again, (chances[1],) * len(again))


def test_a_crowd_is_judged_by_the_look_that_is_less_sure() -> None:
    """One of two guesses often looks sure; that does not make it speech."""
    sound = measure(sounds.on_line(sounds.babble(3, voices())))
    assert not hopeless(sound, text("we are going to be able", 0.8))
    assert hopeless(sound, twice("we are going to be able", "he left", (0.8, 0.3), 2.0))


@pytest.mark.parametrize("make", [sounds.bumps, sounds.barks])
def test_a_noise_in_which_something_else_is_heard_each_time_gives_no_words(make) -> None:
    sound = measure(sounds.on_line(make(6.0)))
    assert hopeless(sound, twice("the show", "okay then", (0.3, 0.05), 0.3))
    assert not hopeless(sound, twice("the show", "the show", (0.3, 0.08), 0.3))
    assert not hopeless(sound, twice("he is in the garage", "is he garage", (0.3, 0.05), 2.0))


def test_short_speech_with_a_clear_voice_stays_however_unsure_the_recogniser_is() -> None:
    """A single shouted word is the hardest to hear and may be the only one."""
    heard = [measure(line[: sounds.RATE // 2]) for line in lines()]
    clear = [sound for sound in heard if sound.voicing >= 0.5]
    assert len(clear) > len(heard) / 2
    assert not any(hopeless(one, twice("Help!", "Elk.", (0.1, 0.02), 0.2)) for one in clear)


def test_what_recognisers_write_of_nothing_needs_more_voice_than_a_blip() -> None:
    sound = measure(lines()[0])
    assert hopeless(sound, text("You", 0.9, voiced=0.2))
    assert not hopeless(sound, text("You", 0.99, voiced=0.2))
    assert not hopeless(sound, text("You", 0.9, voiced=0.8))
    assert not hopeless(sound, text("Help!", 0.3, voiced=0.1))
    assert phantom(["Thank", "you", "for", "watching."])


def test_a_text_that_goes_round_is_a_loop() -> None:
    assert repeats(["seven"] * 12)
    assert repeats(["I", "am", "going", "to", "the", "house"] * 5)
    assert not repeats(
        [
            "my",
            "address",
            "is",
            "twenty",
            "two",
            "ten",
            "genesee",
            "street",
            "in",
            "the",
            "city",
            "of",
            "utica",
        ]
    )
    assert "loop" in doubts_of(measure(lines()[0]), text("seven " * 12))


def test_more_words_than_can_be_said_are_too_fast() -> None:
    heard = text("we are going to be able to do it", voiced=0.3)
    assert "too_fast" in doubts_of(measure(lines()[0]), heard)


@given(st.lists(st.floats(0, 1), max_size=5))
def test_no_words_no_doubts(confidences: list[float]) -> None:
    sound = measure(np.array(confidences, np.float32))
    assert doubts_of(sound, HeardText((), (), 0.0)) == ()


def test_the_same_audio_measures_the_same_at_either_rate() -> None:
    (line, *_) = lines()
    narrow, wide = measure(line), measure(np.repeat(line, 2), rate=16000)
    assert narrow == wide
