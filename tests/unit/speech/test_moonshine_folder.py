"""Model folders, and decoding of any size of model with a stand-in for the session."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringdown.speech.adapters.assets import ModelMissing
from ringdown.speech.adapters.moonshine_decoder import END, Array, Decoder, Row
from ringdown.speech.adapters.moonshine_folder import (
    DECODER,
    ENCODER,
    TOKENIZER,
    DecoderShape,
    ModelUnsupported,
    find_files,
    read_shape,
)

BASE = DecoderShape(layers=8, heads=8, head_size=52)
WIDTH = 416


def inputs(shape: DecoderShape) -> dict[str, list[int | str | None]]:
    sizes: list[int | str | None] = ["batch", shape.heads, "past", shape.head_size]
    plain: dict[str, list[int | str | None]] = {
        name: [] for name in ("input_ids", "encoder_hidden_states", "use_cache_branch")
    }
    return plain | {f"past_key_values.{slot}": sizes for slot in shape.slots}


class Script:
    """A decoder of the base size that says of row r the tokens hidden[r, 0, :] holds."""

    def __init__(self, shape: DecoderShape) -> None:
        self.shape = shape
        self.batches: list[int] = []

    def run(self, outputs: Sequence[str] | None, inputs: dict[str, Array]) -> list[Array]:
        ids, hidden = inputs["input_ids"], inputs["encoder_hidden_states"]
        past = inputs["past_key_values.0.decoder.key"]
        assert past.shape[1:] == (self.shape.heads, past.shape[2], self.shape.head_size)
        assert len(ids) == len(hidden) == len(past) == len(inputs["encoder_attention_mask"])
        self.batches.append(len(ids))
        logits = np.zeros((*ids.shape, 64), np.float32)
        for row in range(len(ids)):
            for at in range(ids.shape[1]):
                logits[row, at, int(hidden[row, 0, past.shape[2] + at])] = 9.0
        length = past.shape[2] + ids.shape[1]
        found: list[Array] = []
        for name in outputs or ():
            size = length if ".decoder." in name else hidden.shape[1]
            made = np.zeros((len(ids), self.shape.heads, size, self.shape.head_size), np.float32)
            found.append(logits if name == "logits" else made)
        return found


def row(tokens: Sequence[int], previous: tuple[int, ...] = (), limit: int = 20) -> Row:
    hidden = np.zeros((3 + len(tokens), WIDTH), np.float32)
    hidden[0, : len(tokens) + 1] = [*tokens, END]
    return Row(hidden, 384 * len(hidden), limit, previous)


def test_a_folder_says_which_file_it_lacks(tmp_path: Path) -> None:
    """Missing folders and missing files are told apart."""
    with pytest.raises(ModelMissing):
        find_files(tmp_path / "nothing")
    (tmp_path / ENCODER).touch()
    with pytest.raises(ModelMissing) as caught:
        find_files(tmp_path)
    assert caught.value.details["file"] == f"{DECODER}, {TOKENIZER}"
    for name in (DECODER, TOKENIZER):
        (tmp_path / name).touch()
    assert find_files(tmp_path).tokenizer == tmp_path / TOKENIZER


def test_a_streaming_model_is_refused_by_name(tmp_path: Path) -> None:
    """Its files are known, and what runs instead is said."""
    for name in ("frontend.ort", "encoder.ort", "decoder_kv.ort", TOKENIZER):
        (tmp_path / name).touch()
    with pytest.raises(ModelUnsupported) as caught:
        find_files(tmp_path)
    assert "streaming" in str(caught.value)


def test_the_sizes_of_both_architectures_are_read_from_the_decoder() -> None:
    """Six layers of tiny, eight of base."""
    for shape in (DecoderShape(6, 8, 36), BASE):
        assert read_shape(inputs(shape), Path("decoder")) == shape
    with pytest.raises(ModelUnsupported):
        read_shape({"input": [1, 2]}, Path("decoder"))


def test_rows_share_their_steps_and_leave_when_they_are_finished() -> None:
    """Each row gets its own tokens; the batch shrinks as rows end."""
    script = Script(BASE)
    rows = [row([10, 11]), row([20, 21, 22, 23]), row([30]), row([])]
    Decoder(script, BASE, masked=True).decode(rows)
    assert [one.tokens for one in rows] == [[10, 11], [20, 21, 22, 23], [30], []]
    assert all(len(one.scores) == len(one.tokens) and not one.overrun for one in rows)
    assert script.batches == [4, 3, 2, 1, 1]


def test_earlier_tokens_are_verified_for_each_row_in_one_call() -> None:
    """What was right costs nothing more; what was wrong is replaced from there on."""
    script = Script(BASE)
    rows = [row([10, 11, 12], (10, 11, 12)), row([20, 21, 22], (20, 31, 22)), row([40, 41])]
    Decoder(script, BASE, masked=True).decode(rows)
    assert [one.tokens for one in rows] == [[10, 11, 12], [20, 21, 22], [40, 41]]
    assert script.batches == [1] * 7


def test_given_tokens_stand_whatever_the_model_thinks() -> None:
    """What was told is not told again: only what follows it is left."""
    script = Script(BASE)
    said = row([10, 11, 12, 4, 13], (10, 31, 12))
    said.given = said.previous
    Decoder(script, BASE, masked=True).decode([said])
    assert said.tokens == [10, 31, 12, 4, 13]
    said.drop_given({4})
    assert said.tokens == [13]
    assert len(said.scores) == 1


def test_after_a_difference_the_rest_of_the_earlier_tokens_is_verified_at_once() -> None:
    """A word put in, and one left out: a few steps each instead of all that follow."""
    script = Script(BASE)
    now = [*range(10, 20), 50, *range(20, 40), *range(41, 60)]
    Decoder(script, BASE, masked=True).decode([said := row(now, tuple(range(10, 60)), limit=60)])
    assert said.tokens == now
    assert len(script.batches) < 12


@given(
    st.lists(st.integers(3, 7), max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(3, 7)), max_size=5),
)
def test_earlier_tokens_change_nothing_but_the_cost(said: list[int], put_in: list) -> None:
    """Whatever was thought before, the same is written as without it."""
    draft = list(said)
    for at, token in put_in:
        draft.insert(at, token)
    rows = [row(said, tuple(draft), limit=40), row(said, limit=40)]
    Decoder(Script(BASE), BASE, masked=True).decode(rows)
    assert rows[0].tokens == rows[1].tokens == said
    assert len(rows[0].scores) == len(said)


def test_the_limit_ends_a_loop_and_says_so() -> None:
    """Also when the earlier tokens alone are too many."""
    rows = [row([5] * 9, limit=4), row([5] * 9, (5,) * 9, limit=4)]
    Decoder(Script(BASE), BASE, masked=True).decode(rows)
    assert [(len(one.tokens), one.overrun) for one in rows] == [(4, True), (4, True)]
