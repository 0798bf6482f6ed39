"""Files into words with the real models: kinds of files, silence and noise, and bad files."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from typer.testing import CliRunner

from ringdown.cli.speech import app
from ringdown.speech.adapters.assets import package_file
from ringdown.speech.adapters.moonshine import Moonshine
from ringdown.speech.adapters.silero import SileroModel
from ringdown.speech.transcribe import Heard, Listener

DATA = Path(__file__).parents[1] / "data" / "speech"
RATE = 8000


@pytest.fixture(scope="module")
def engine() -> Moonshine:
    return Moonshine(package_file("moonshine_voice", "assets", "tiny-en"))


@pytest.fixture(scope="module")
def vad() -> SileroModel:
    return SileroModel()


@pytest.fixture(scope="module")
def listener(engine: Moonshine, vad: SileroModel) -> Listener:
    return Listener(engine, vad.new)


def times(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE)) / RATE


def sines(*hertz: float, seconds: float = 10.0) -> np.ndarray:
    return sum(np.sin(2 * np.pi * f * times(seconds)) for f in hertz) / len(hertz)


def keyed(tone: np.ndarray, on_s: float, off_s: float) -> np.ndarray:
    return tone * (np.arange(len(tone)) / RATE % (on_s + off_s) < on_s)


def pink(seconds: float) -> np.ndarray:
    white = np.fft.rfft(np.random.default_rng(3).standard_normal(round(seconds * RATE)))
    made = np.fft.irfft(white / np.sqrt(np.maximum(np.arange(len(white)), 1)))
    return made / np.abs(made).max()


def siren() -> np.ndarray:
    hertz = 1000 + 400 * np.sin(2 * np.pi * 0.25 * times(10))
    return np.sin(2 * np.pi * np.cumsum(hertz) / RATE)


WORDLESS = {
    "silence": np.zeros(10 * RATE),
    "hiss": np.random.default_rng(1).standard_normal(10 * RATE) * 0.02,
    "loud hiss": np.random.default_rng(2).standard_normal(10 * RATE) * 0.2,
    "pink noise": pink(10) * 0.3,
    "hum at 60 Hz": sines(60, 120, 180) * 0.3,
    "one tone": sines(440) * 0.3,
    "dial tone": sines(350, 440) * 0.3,
    "ringing": keyed(sines(440, 480, seconds=12), 2, 4) * 0.3,
    "busy": keyed(sines(480, 620), 0.5, 0.5) * 0.3,
    "keys": keyed(sines(770, 1336), 0.1, 0.15) * 0.3,
    "recording beep": keyed(sines(1400), 0.2, 4) * 0.3,
    "teletype carrier": keyed(sines(1400), 0.022, 0.022) * 0.3,
    "siren": siren() * 0.3,
    "clicks": (np.arange(10 * RATE) % 4000 < 8) * 0.5,
}


@pytest.mark.parametrize("name", WORDLESS)
def test_nothing_said_nothing_written(name: str, listener: Listener, tmp_path: Path) -> None:
    """What is no speech gives no words, at telephone quality."""
    path = tmp_path / "wordless.wav"
    sf.write(path, WORDLESS[name].astype(np.float32), RATE, subtype="ULAW")
    assert listener.file(path).lines == ()


def caller() -> tuple[np.ndarray, int]:
    return sf.read(DATA / "caller.flac", dtype="float32")


@pytest.mark.parametrize(
    ("suffix", "rate", "channels", "options"),
    [
        ("wav", 8000, 1, {"subtype": "ULAW"}),
        ("wav", 8000, 1, {"subtype": "PCM_16"}),
        ("wav", 44_100, 2, {"subtype": "PCM_24"}),
        ("flac", 16_000, 1, {}),
        ("flac", 48_000, 2, {}),
        ("ogg", 48_000, 1, {"format": "OGG", "subtype": "OPUS"}),
        ("ogg", 22_050, 1, {"format": "OGG", "subtype": "VORBIS"}),
        ("wav", 48_000, 1, {"subtype": "FLOAT"}),
        ("mp3", 44_100, 1, {"format": "MP3"}),
        ("wav", 8000, 1, {"subtype": "GSM610"}),
    ],
)
def test_any_kind_of_file_gives_the_same_sentences(
    suffix: str, rate: int, channels: int, options: dict[str, str],
    listener: Listener, tmp_path: Path,
) -> None:  # fmt: skip
    """Rate, channels and codec make no difference to clear speech."""
    samples, own = caller()
    at = np.arange(round(len(samples) * rate / own)) * own / rate
    audio = np.interp(at, np.arange(len(samples)), samples)
    path = tmp_path / f"call.{suffix}"
    sf.write(path, np.stack([audio] * channels, axis=1), rate, **options)
    text = listener.file(path).text
    assert "is a fire in the kitchen." in text
    assert "is still inside the house, please hurry." in text


def test_word_times_lie_where_the_words_are(listener: Listener) -> None:
    """Sentences begin and end, within a third of a second, where the recording has them."""
    words = listener.file(DATA / "caller.flac").words
    samples, rate = caller()
    assert all(w.timing_estimated for w in words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))
    loud = np.flatnonzero(np.abs(samples) > 0.02) * 1000 // rate
    sentence = [w for w in words if w.end_ms < 6000][:7]
    first_gap = loud[np.flatnonzero(np.diff(loud) > 1000)[0]]
    assert abs(sentence[0].start_ms - loud[0]) < 350
    assert abs(sentence[-1].end_ms - first_gap) < 350


def test_the_command_prints_one_object_a_file() -> None:
    """As documented: file, text, words with times and confidence."""
    paths = [str(DATA / "caller.flac"), str(DATA / "taker.flac")]
    done = CliRunner().invoke(app, ["transcribe", "--json", *paths])
    assert done.exit_code == 0
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["file"] for one in told] == paths
    for one in told:
        assert set(one) == {"file", "duration_s", "sides", "text", "lines"}
        assert one["text"] == " ".join(line["text"] for line in one["lines"])
        for line in one["lines"]:
            assert line["text"] == " ".join(word["word"] for word in line["words"])
            assert line["engine"] == "moonshine-tiny-en"
            assert {"word", "start_ms", "end_ms", "confidence"} <= set(line["words"][0])


def test_a_bad_file_is_told_and_the_others_still_run(tmp_path: Path) -> None:
    """A typed error a bad file on stderr, the words of the good ones, and exit code 1."""
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\x00\x00\x00\x00WAVEfmt nothing")
    folder = tmp_path / "folder.flac"
    folder.mkdir()
    fast = tmp_path / "fast.wav"
    sf.write(fast, np.zeros(100), 500_000)
    bad = [tmp_path / "none.wav", broken, folder, fast]
    paths = [str(path) for path in [*bad, DATA / "taker.flac"]]
    done = CliRunner().invoke(app, ["transcribe", "--json", *paths])
    assert done.exit_code == 1
    errors = [json.loads(line) for line in done.stderr.splitlines()]
    assert [one["file"] for one in errors] == paths[:4]
    assert [one["error"]["code"] for one in errors] == [
        "speech.audio.missing",
        "speech.audio.unreadable",
        "speech.audio.missing",
        "speech.audio.unreadable",
    ]
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == paths[4:]


def test_an_empty_file_has_no_words(listener: Listener, tmp_path: Path) -> None:
    """No samples are no error."""
    path = tmp_path / "empty.wav"
    sf.write(path, np.zeros(0), RATE)
    assert listener.file(path).lines == ()


def sentences(listener: Listener, path: Path, **how: object) -> list[tuple[int, str]]:
    return [(line.side, line.text) for line in listener.file(path, **how).lines]


@pytest.fixture(scope="module")
def stereo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call recorded with one side in each channel, both speaking at once."""
    left, rate = caller()
    right, _ = sf.read(DATA / "taker.flac", dtype="float32")
    size = max(len(left), len(right))
    both = [np.pad(side, (0, size - len(side))) for side in (left, right)]
    path = tmp_path_factory.mktemp("stereo") / "call.wav"
    sf.write(path, np.stack(both, axis=1), rate)
    return path


def test_two_sides_of_a_call_are_not_mixed(listener: Listener, stereo: Path) -> None:
    """Each channel says what it says alone; mixing is a choice."""
    alone = [
        (side, text)
        for side, name in ((1, "caller.flac"), (2, "taker.flac"))
        for _, text in sentences(listener, DATA / name)
    ]
    heard = listener.file(stereo, sides="auto")
    assert heard.sides == 2
    assert sorted((line.side, line.text) for line in heard.lines) == sorted(alone)
    assert [line.start_ms for line in heard.lines] == sorted(x.start_ms for x in heard.lines)
    assert listener.file(stereo, sides="mix").sides == 1


def test_one_sound_in_two_channels_is_one_side(listener: Listener, tmp_path: Path) -> None:
    """So is anything with more channels; a silent channel beside a voice is a side of its own."""
    samples, rate = caller()
    for channels, sides in (
        ([samples, samples], 1),
        ([samples] * 3, 1),
        ([samples, samples * 0], 2),
    ):
        path = tmp_path / "call.flac"
        sf.write(path, np.stack(channels, axis=1), rate)
        assert listener.file(path, sides="auto").sides == sides


def test_the_live_path_says_the_same_each_time(listener: Listener, stereo: Path) -> None:
    """Virtual time does not depend on the machine: reports, their times and the words agree."""
    runs: list[tuple[Heard, list[tuple[float, str]]]] = []
    for _ in range(2):
        seen: list[tuple[float, str]] = []
        heard = listener.file(
            stereo,
            sides="auto",
            live=True,
            watch=lambda report, at, seen=seen: seen.append((at, report.model_dump_json())),
        )
        runs.append((heard, seen))
    assert runs[0] == runs[1]
    assert any('"partial"' in text for _, text in runs[0][1])
    text = " ".join(line.text for line in runs[0][0].lines if line.side == 1)
    assert "is a fire in the kitchen." in text
    assert "is still inside the house, please hurry." in text


def test_a_file_cut_off_in_the_middle_is_told(tmp_path: Path) -> None:
    """A damaged file gives a typed error, never a trace."""
    whole = (DATA / "caller.flac").read_bytes()
    path = tmp_path / "cut.flac"
    path.write_bytes(whole[: len(whole) // 2] + bytes(2000))
    done = CliRunner().invoke(app, ["transcribe", str(path)])
    assert done.exit_code == 1
    assert "speech.audio.unreadable" in done.stderr


def test_samples_that_are_no_numbers_are_silence(listener: Listener, tmp_path: Path) -> None:
    """A float file may hold anything."""
    samples, rate = caller()
    samples[:100] = [np.nan, np.inf, -np.inf, 1e30] * 25
    path = tmp_path / "odd.wav"
    sf.write(path, samples, rate, subtype="FLOAT")
    assert "is a fire in the kitchen." in listener.file(path).text


def test_very_short_files_have_no_words(listener: Listener, tmp_path: Path) -> None:
    """One sample, and a twentieth of a second, live too."""
    for size in (1, 400):
        path = tmp_path / "short.wav"
        sf.write(path, np.full(size, 0.5), RATE)
        assert listener.file(path).lines == listener.file(path, live=True).lines == ()


def test_an_engine_nobody_offers_is_told_by_name() -> None:
    """The settings say which engines there are."""
    done = CliRunner().invoke(app, ["transcribe", "--engine", "nothing", str(DATA / "taker.flac")])
    assert done.exit_code == 1
    assert getattr(done.exception, "code", "") == "plugins.missing"
