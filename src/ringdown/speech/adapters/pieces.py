"""The recogniser's vocabulary: reading `tokenizer.bin`, and joining pieces into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ringdown.speech.model.calibration import ScoredWord, TokenScore

SPACE = "▁"


def read_pieces(path: Path) -> list[bytes]:
    """All pieces in order: a length byte (two when its top bit is set), then UTF-8."""
    raw = path.read_bytes()
    pieces: list[bytes] = []
    at = 0
    while at < len(raw):
        length = raw[at]
        at += 1
        if length & 0x80:
            length = (raw[at] << 7) + (length & 0x7F)
            at += 1
        pieces.append(raw[at : at + length])
        at += length
    return pieces


def piece_text(piece: bytes) -> bytes:
    """The bytes a piece stands for: nothing for a control piece, one byte for `<0x41>`."""
    text = piece.decode("utf-8", errors="replace")
    if text.startswith("<0x") and text.endswith(">"):
        return bytes([int(text[3:-1], 16)])
    if text.startswith("<") and text.endswith(">"):
        return b""
    return piece.replace(SPACE.encode(), b" ")


@dataclass
class _Open:
    text: bytes
    scores: list[TokenScore]


def join_words(
    texts: Sequence[bytes], tokens: Iterable[int], scores: Iterable[TokenScore]
) -> list[ScoredWord]:
    """Words with the scores of the pieces that carry a letter or a digit.

    Punctuation stays with the word before it and does not lower its confidence.
    """
    words: list[_Open] = []
    for token, score in zip(tokens, scores, strict=True):
        text = texts[token] if token < len(texts) else b""
        if not text:
            continue
        if text.startswith(b" ") or not words:
            words.append(_Open(b"", []))
        words[-1].text += text
        spoken = any(c.isalnum() for c in text.decode("utf-8", errors="replace"))
        if spoken or text[0] >= 0x80:
            words[-1].scores.append(score)
    decoded = [(w.text.decode("utf-8", errors="replace").strip(), w.scores) for w in words]
    return [ScoredWord(text, tuple(scores)) for text, scores in decoded if text]
