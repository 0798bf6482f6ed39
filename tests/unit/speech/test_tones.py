"""Tones are heard within the tolerances of their standards, and speech is never taken for one."""

import numpy as np
import pytest
import soundfile as sf
from hypothesis import given, settings
from hypothesis import strategies as st

from ringdown import demo
from ringdown.speech.model.baudot import decode_codes, encode_text
from ringdown.speech.model.tones import Tone, ToneDetector
from ringdown.testing import sounds

KEYS = "0123456789*#ABCD"


def heard(samples, *, lead: float = 0.3) -> list[Tone]:
    """All tones of some audio after µ-law, with silence around it."""
    silence = np.zeros(round(lead * sounds.RATE))
    detector = ToneDetector()
    audio = sounds.on_line(np.concatenate([silence, samples, silence]))
    return [*detector.push(audio), *detector.finish()]


def digits(samples) -> str:
    return "".join(tone.digits or "" for tone in heard(samples) if tone.kind == "dtmf")


def test_every_key_is_heard_at_the_shortest_length_and_pause_of_the_standard() -> None:
    for shift in range(0, 80, 13):  # wherever the tones fall between frames
        made = np.concatenate([np.zeros(shift), sounds.dtmf(KEYS, on=0.04, off=0.04)])
        assert digits(made) == KEYS


def test_the_same_key_twice_is_two_keys() -> None:
    assert digits(sounds.dtmf("9112200##", on=0.05, off=0.045)) == "9112200##"


@pytest.mark.parametrize("dbm0", [-25.0, -7.0, -3.0])
@pytest.mark.parametrize("twist", [-8.0, 0.0, 4.0])
@pytest.mark.parametrize("off_by", [-0.015, 0.0, 0.015])
def test_keys_are_heard_at_the_edges_of_level_twist_and_frequency(dbm0, twist, off_by) -> None:
    made = sounds.dtmf(KEYS, on=0.06, off=0.06, dbm0=dbm0, twist=twist, off_by=off_by)
    assert digits(made) == KEYS


@pytest.mark.parametrize("off_by", [-0.035, 0.035])
def test_keys_too_far_off_are_refused(off_by) -> None:
    assert digits(sounds.dtmf(KEYS, off_by=off_by)) == ""


def test_blips_too_short_for_a_key_are_refused() -> None:
    assert digits(sounds.dtmf(KEYS, on=0.02, off=0.1)) == ""


def test_keys_are_heard_through_noise_15_db_below() -> None:
    made = sounds.dtmf(KEYS, on=0.06, off=0.06, dbm0=-15)
    power = np.square(made).mean() * 2  # the tones sound half of the time
    noise = sounds.band(np.random.default_rng(5).standard_normal(len(made)), 100, 3900)
    noise *= np.sqrt(power / 10**1.5 / np.square(noise).mean())
    assert digits(made + noise) == KEYS


def test_a_run_of_keys_is_one_event_that_knows_when_each_was_pressed() -> None:
    (tone,) = heard(sounds.dtmf("5550142", on=0.1, off=0.1), lead=0.5)
    assert tone.digits == "5550142"
    expected = [4000 + index * 1600 for index in range(7)]
    assert np.abs(np.array(tone.times) - expected).max() <= 160
    assert abs(tone.end_sample - (expected[-1] + 800)) <= 160


def test_two_runs_far_apart_are_two_events() -> None:
    pause = np.zeros(2 * sounds.RATE)
    made = np.concatenate([sounds.dtmf("12"), pause, sounds.dtmf("34")])
    assert [tone.digits for tone in heard(made)] == ["12", "34"]


@pytest.mark.parametrize("baud", [45.45, 50.0])
@pytest.mark.parametrize("stops", [1.5, 2.0])
def test_what_a_text_telephone_types_is_read(baud, stops) -> None:
    text = "MY NAME IS ANN (DEAF). FIRE AT 12-34 OAK ST, APT 5? GA"
    found = heard(sounds.tty(text, baud=baud, stops=stops))
    assert {tone.kind for tone in found} == {"tty"}
    assert "".join(tone.digits or "" for tone in found) == text


def test_a_text_telephone_is_read_through_noise_and_at_a_low_level() -> None:
    text = "PLEASE SEND HELP 911"
    made = sounds.tty(text, dbm0=-30)
    noise = sounds.at_level(
        sounds.band(np.random.default_rng(6).standard_normal(len(made))),
        10 * np.log10(np.square(made).mean()) - 15,
    )
    (tone,) = heard(made + noise)
    assert (tone.kind, tone.digits) == ("tty", text)


def test_slow_typing_with_pauses_is_read_too() -> None:
    rng = np.random.default_rng(7)
    pieces = []
    for word in ("HELP ", "ME ", "NOW "):
        pieces += [sounds.tty(word), np.zeros(int(rng.integers(400, 2400)))]
    text = "".join(tone.digits or "" for tone in heard(np.concatenate(pieces)))
    assert text == "HELP ME NOW "


def test_codes_are_those_of_the_standard() -> None:
    # E is the lowest bit alone, T the highest; figures begin with 27, letters with 31.
    assert decode_codes([1, 16, 27, 23, 19, 1, 31, 3]) == ("ET123A", False)
    assert encode_text("A5")[1:] == [3, 27, 16]


@settings(max_examples=60, deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789-$',!:(\")=?+./;", max_size=40))
def test_every_text_survives_its_codes(text: str) -> None:
    assert decode_codes(encode_text(text))[0] == text


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("dial", sounds.cadence(3, (350, 440), 1, 0)),
        ("dial", sounds.cadence(3, (425,), 1, 0)),
        ("busy", sounds.cadence(4, (480, 620), 0.5, 0.5)),
        ("reorder", sounds.cadence(3, (480, 620), 0.25, 0.25)),
        ("ringback", sounds.cadence(6, (440, 480), 2, 4)),
        ("fax", sounds.cadence(3, (1100,), 0.5, 3)),
        ("fax", sounds.cadence(3, (2100,), 1, 0)),
        ("alarm", sounds.smoke_alarm(8)),
    ],
)
def test_what_the_network_plays_is_named(kind, made) -> None:
    assert {tone.kind for tone in heard(made)} == {kind}
    noisy = made + sounds.hiss(len(made) / sounds.RATE, -40)
    assert {tone.kind for tone in heard(noisy)} == {kind}


def test_special_information_tones_are_named() -> None:
    made = np.concatenate([sounds.sine(0.33, hz, 0.1) for hz in (950.0, 1400.0, 1800.0)])
    assert [tone.kind for tone in heard(made)] == ["sit"]


def test_an_answering_modem_with_reversals_and_modulation_is_a_fax() -> None:
    time = np.arange(3 * sounds.RATE) / sounds.RATE
    turned = np.where((time // 0.45) % 2, -1.0, 1.0)
    made = sounds.sine(3, 2100, 0.1) * (1 + 0.2 * np.sin(2 * np.pi * 15 * time)) * turned
    assert {tone.kind for tone in heard(made)} == {"fax"}


def test_speech_is_no_tone() -> None:
    audio, _ = sf.read(demo.load().audio, dtype="float32")
    for side in audio.T:
        assert heard(side) == []


@pytest.mark.parametrize(
    "label",
    [
        "hiss",
        "pink",
        "hum 60",
        "wail",
        "yelp",
        "chords",
        "melody",
        "beat",
        "screams",
        "barks",
        "bumps",
        "clicks",
        "gsm buzz",
    ],
)
def test_noise_music_and_sirens_are_no_keys_and_no_text_telephone(label) -> None:
    assert heard(sounds.kinds()[label](12)) == []


MIXED = sounds.on_line(
    np.concatenate(
        [
            sounds.dtmf("4*7", on=0.07, off=0.06),
            sounds.tty("OAK ST 5"),
            sounds.cadence(3.2, (480, 620), 0.5, 0.5),
            sounds.hiss(1.3, -30),
            sounds.dtmf("0"),
        ]
    )
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9000), min_size=1, max_size=12))
def test_the_same_is_found_however_the_audio_is_cut(sizes: list[int]) -> None:
    whole = ToneDetector()
    expected = [*whole.push(MIXED), *whole.finish()]
    assert [tone.kind for tone in expected] == ["dtmf", "tty", "busy", "dtmf"]
    pieces = ToneDetector()
    found: list[Tone] = []
    at = 0
    index = 0
    while at < len(MIXED):
        size = sizes[index % len(sizes)] or 1
        found += pieces.push(MIXED[at : at + max(size, 37)])
        at += max(size, 37)
        index += 1
    assert [*found, *pieces.finish()] == expected
    assert pieces.covered == whole.covered


def test_a_detector_that_begins_later_counts_from_the_leg() -> None:
    detector = ToneDetector(start=80_000)
    (tone,) = [*detector.push(sounds.on_line(sounds.dtmf("5"))), *detector.finish()]
    assert 80_000 <= tone.start_sample <= 80_160


def test_other_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="8 kHz"):
        ToneDetector(16000)
