"""Voice activity by silero-vad: its ONNX file alone, bundled, since its package needs torch."""

from pathlib import Path
from typing import Final

import numpy as np

from ringdown.speech.adapters.assets import Model, open_model, package_file
from ringdown.speech.ports import VAD_RATE, VAD_WINDOW, Samples

CONTEXT: Final = 32
"""Samples of the window before, which the model sees again."""


class SileroModel:
    """The loaded model, shared by the legs of a worker."""

    def __init__(self, path: Path | None = None) -> None:
        bundled = package_file("ringdown.speech", "models", "silero_vad.onnx")
        self._model = open_model(path or bundled)

    def new(self) -> "SileroVad":
        """Voice activity for one more leg."""
        return SileroVad(self._model)


class SileroVad:
    """One leg's voice activity: recurrent, so each leg has its own."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._rate = np.array(VAD_RATE, np.int64)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far, as if newly made."""
        self._state = np.zeros((2, 1, 128), np.float32)
        self._before = np.zeros(CONTEXT, np.float32)

    def probabilities(self, samples: Samples) -> list[float]:
        """One value for each window; raises ValueError unless `samples` are whole windows."""
        if len(samples) % VAD_WINDOW:
            raise ValueError("voice activity needs whole windows of 256 samples")
        chances: list[float] = []
        for start in range(0, len(samples), VAD_WINDOW):
            window = samples[start : start + VAD_WINDOW]
            heard = np.concatenate([self._before, window])[None, :]
            found, self._state = self._model.run(
                None, {"input": heard, "state": self._state, "sr": self._rate}
            )
            self._before = window[-CONTEXT:]
            chances.append(float(found[0, 0]))
        return chances
