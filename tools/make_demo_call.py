"""Speak the demo call: two flite voices, the sound of a fire, a telephone line.

Needs the Debian package `flite` and this project's environment:
    uv run python tools/make_demo_call.py
Writes src/ringdown/demo/call.wav (stereo, 8 kHz µ-law, caller left) and times.toml.
The same script gives the same bytes.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import soundfile

DEMO = Path(__file__).resolve().parent.parent / "src" / "ringdown" / "demo"
VOICES = {"caller": "rms", "call_taker": "slt"}
RATE = 8000
NOISE_DB = {"caller": -44.0, "call_taker": -58.0}
PEAK = 0.5
TAIL_S = 2.0


def telephone_band(samples: np.ndarray, rate: int) -> np.ndarray:
    """Keep 250-3400 Hz, as a telephone line does."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(samples.size, 1 / rate)
    low = np.clip((hertz - 150) / 150, 0, 1)
    high = np.clip((3700 - hertz) / 300, 0, 1)
    return np.fft.irfft(spectrum * low * high, samples.size)


def to_line_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    """Resample to 8 kHz in the frequency domain."""
    size = round(samples.size * RATE / rate)
    spectrum = np.fft.rfft(samples)[: size // 2 + 1]
    return np.fft.irfft(spectrum, size) * size / samples.size


def speak(text: str, voice: str) -> np.ndarray:
    """One line in one voice, on the line, at an even level."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "line.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", file], check=True)
        samples, rate = soundfile.read(file, dtype="float64")
    spoken = to_line_rate(telephone_band(samples, rate), rate)
    return spoken * PEAK / np.abs(spoken).max()


def fire(size: int, level_db: float, seed: int) -> np.ndarray:
    """A low roar with crackling, quieter than the voices."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(size))
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 50)
    roar = np.fft.irfft(spectrum / np.sqrt(hertz / 50), size)
    roar /= np.sqrt(np.mean(roar**2))
    for start in random.integers(0, size - 80, size // 4000):
        roar[start : start + 80] += random.uniform(1, 4) * np.exp(-np.arange(80) / 12)
    return roar * 10 ** (level_db / 20)


def main() -> None:
    """Write the recording and the times of its lines."""
    script = tomllib.loads((DEMO / "script.toml").read_text(encoding="utf-8"))
    place = 0.0
    spoken: list[tuple[str, int, np.ndarray]] = []
    for line in script["lines"]:
        place += line["pause_s"]
        samples = speak(line["text"], VOICES[line["side"]])
        spoken.append((line["side"], round(place * RATE), samples))
        place += samples.size / RATE
    size = round((place + TAIL_S) * RATE)
    sides = {
        side: fire(size, level, seed) for seed, (side, level) in enumerate(NOISE_DB.items(), 1)
    }
    times = ["# Written by tools/make_demo_call.py: when each line is said, in ms.\n"]
    for side, start, samples in spoken:
        sides[side][start : start + samples.size] += samples
        ends = (start + samples.size) * 1000 // RATE
        times.append(f"\n[[lines]]\nstart_ms = {start * 1000 // RATE}\nend_ms = {ends}\n")
    stereo = np.stack([sides["caller"], sides["call_taker"]], axis=1).clip(-1, 1)
    soundfile.write(DEMO / "call.wav", stereo, RATE, subtype="ULAW", format="WAV")
    (DEMO / "times.toml").write_text("".join(times), encoding="utf-8")
    sys.stdout.write(f"{size / RATE:.1f} s, {(DEMO / 'call.wav').stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
