"""The recogniser's vocabulary: reading `tokenizer.bin`, and joining pieces into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

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
    confidence: float


def join_words(
    texts: Sequence[bytes], tokens: Iterable[int], confidences: Iterable[float]
) -> list[tuple[str, float]]:
    """Words with the lowest confidence of any piece that carries a letter or a digit.

    Punctuation stays with the word before it and does not lower its confidence.
    """
    words: list[_Open] = []
    for token, confidence in zip(tokens, confidences, strict=True):
        text = texts[token] if token < len(texts) else b""
        if not text:
            continue
        if text.startswith(b" ") or not words:
            words.append(_Open(b"", 1.0))
        words[-1].text += text
        spoken = any(c.isalnum() for c in text.decode("utf-8", errors="replace"))
        if spoken or text[0] >= 0x80:
            words[-1].confidence = min(words[-1].confidence, confidence)
    decoded = [(w.text.decode("utf-8", errors="replace").strip(), w.confidence) for w in words]
    return [(text, confidence) for text, confidence in decoded if text]
