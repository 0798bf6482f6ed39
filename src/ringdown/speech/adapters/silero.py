"""Voice activity by silero-vad: its ONNX file alone, bundled, since its package needs torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import numpy as np

from ringdown.speech.adapters.assets import Model, open_model, package_file
from ringdown.speech.ports import VAD_RATE, VAD_WINDOW, Samples, VoiceActivity

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
        self.state = np.zeros((2, 1, 128), np.float32)
        self.before = np.zeros(CONTEXT, np.float32)

    def probabilities(self, samples: Samples) -> list[float]:
        """One value for each window; raises ValueError unless `samples` are whole windows."""
        return self.together([self], [samples])[0]

    def together(
        self, vads: Sequence[VoiceActivity], samples: Sequence[Samples]
    ) -> list[list[float]]:
        """`probabilities` of several legs, a window of each in one call of the model."""
        if any(len(one) % VAD_WINDOW for one in samples):
            raise ValueError("voice activity needs whole windows of 256 samples")
        legs = cast("Sequence[SileroVad]", vads)
        chances: list[list[float]] = [[] for _ in legs]
        for start in range(0, max(map(len, samples), default=0), VAD_WINDOW):
            going = [at for at, one in enumerate(samples) if start < len(one)]
            windows = [samples[at][start : start + VAD_WINDOW] for at in going]
            heard = [
                np.concatenate([legs[at].before, window])
                for at, window in zip(going, windows, strict=True)
            ]
            state = np.concatenate([legs[at].state for at in going], axis=1)
            found, state = self._model.run(
                None, {"input": np.stack(heard), "state": state, "sr": self._rate}
            )
            for row, (at, window) in enumerate(zip(going, windows, strict=True)):
                # A batch differs from a single window in the last digits; nobody shall see that.
                chances[at].append(round(float(found[row, 0]), 4))
                legs[at].state = state[:, row : row + 1]
                legs[at].before = window[-CONTEXT:]
        return chances
