"""A folder with a Moonshine model: is everything there, and what shape is the decoder?

Both non-streaming architectures (tiny and base) differ only in their sizes, which are read from
the decoder itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ringdown.core.errors import BadConfig
from ringdown.speech.adapters.assets import ModelMissing

ENCODER: Final = "encoder_model.ort"
DECODER: Final = "decoder_model_merged.ort"
TOKENIZER: Final = "tokenizer.bin"
STREAMING: Final = ("frontend.ort", "decoder_kv.ort", "streaming_config.json")
"""Any of these marks a folder of a streaming architecture."""

Sizes = Mapping[str, Sequence[int | str | None]]
"""Each input of a session and its shape; a free dimension has a name or nothing."""


class ModelUnsupported(BadConfig):
    """The folder holds a model that this recogniser cannot run."""

    code = "speech.model_unsupported"
    action = "Give a folder with a non-streaming Moonshine model (tiny or base)."


@dataclass(frozen=True)
class ModelFiles:
    """The three files of a non-streaming Moonshine model."""

    encoder: Path
    decoder: Path
    tokenizer: Path


@dataclass(frozen=True)
class DecoderShape:
    """How a decoder keeps what it has heard and said."""

    layers: int
    heads: int
    head_size: int

    @property
    def slots(self) -> list[str]:
        """The names of its memory: `0.decoder.key` and so on, in order."""
        return [
            f"{layer}.{side}.{part}"
            for layer in range(self.layers)
            for side in ("decoder", "encoder")
            for part in ("key", "value")
        ]


def find_files(folder: Path) -> ModelFiles:
    """The model's files. Raises ModelMissing (which file) and ModelUnsupported (streaming)."""
    if not folder.is_dir():
        raise ModelMissing(f"No model folder {folder}.", details={"folder": str(folder)})
    missing = [name for name in (ENCODER, DECODER, TOKENIZER) if not (folder / name).is_file()]
    streaming = [name for name in STREAMING if (folder / name).exists()]
    if missing and streaming:
        raise ModelUnsupported(
            f"{folder} holds a streaming Moonshine model; only the non-streaming ones run here.",
            details={"folder": str(folder), "found": ", ".join(streaming)},
        )
    if missing:
        raise ModelMissing(
            f"The model folder {folder} lacks {', '.join(missing)}.",
            details={"folder": str(folder), "file": ", ".join(missing)},
        )
    return ModelFiles(folder / ENCODER, folder / DECODER, folder / TOKENIZER)


def read_shape(inputs: Sizes, file: Path) -> DecoderShape:
    """Layers, heads and head size, from the inputs of the decoder. Raises ModelUnsupported."""
    layers = 0
    while f"past_key_values.{layers}.decoder.key" in inputs:
        layers += 1
    sizes = list(inputs.get("past_key_values.0.decoder.key", ()))
    heads, head_size = (sizes[1], sizes[3]) if len(sizes) == 4 else (None, None)
    known = {"input_ids", "encoder_hidden_states", "use_cache_branch"}
    if not isinstance(heads, int) or not isinstance(head_size, int) or known - set(inputs):
        raise ModelUnsupported(
            f"{file} is not the decoder of a non-streaming Moonshine model.",
            details={"file": str(file), "inputs": len(inputs)},
        )
    return DecoderShape(layers, heads, head_size)
