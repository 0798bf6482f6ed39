"""The call-back number: seven or ten digits, however they are said, across lines too. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ringdown.incidents.adapters.rules.dialogue import (
    affirms,
    asks_phone,
    denies,
    marker_before,
    opening,
)
from ringdown.incidents.adapters.rules.numbers import read_number
from ringdown.incidents.adapters.rules.tokens import CALL_TAKER, CALLER, Line, Token
from ringdown.incidents.ports import Evidence, Proposal

_FIGURES: Final = re.compile(r"[+(]?\d[\d().-]*")
_CUE: Final = re.compile(r"\b(number|phone|cell|callback|call me|reach me|call back|area code)\b")
_OTHERS: Final = re.compile(
    r"\b(his|her|their|mom's|dad's|mother's|father's|sister's|brother's|work|plate|tag|license|"
    r"social|badge|account|case|vin)\b"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Digits said one after another, tokens `first` … `last`."""

    digits: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PhoneClaim:
    """One line's word on the number to call back."""

    digits: str
    strength: float
    confidence: float
    evidence: tuple[Evidence, ...]
    order: tuple[int, int, str]
    reason: str
    by_caller: bool
    corrected: bool = False


def formatted(digits: str) -> str:
    """Seven or ten digits as a person reads them."""
    if len(digits) == 10:
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return f"{digits[:3]}-{digits[3:]}"


def digit_runs(line: Line) -> list[Run]:
    """Every run of digits in a line; words such as "area code" and "and then" may stand inside."""
    tokens = line.tokens
    runs: list[Run] = []
    at = 0
    while at < len(tokens):
        said = _digits_at(tokens, at)
        if said is None:
            at += 1
            continue
        digits, after = said
        last = after - 1
        while after < len(tokens):
            step = after + 1 if tokens[after].text in {"dash", "then", "and", "um", "uh"} else after
            more = _digits_at(tokens, step)
            if more is None or len(digits) + len(more[0]) > 11:
                break
            if tokens[after - 1].ends_sentence and len(digits) not in (1, 3, 4, 6):
                break
            digits += more[0]
            after = more[1]
            last = after - 1
        runs.append(Run(digits, at, last))
        at = after
    return runs


def _digits_at(tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if _FIGURES.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        return (digits, at + 1) if digits != "911" else None
    single = tuple(tokens[at : at + 3])
    number = read_number(tokens, at)
    if number is None or [token.text for token in single] == ["nine", "one", "one"]:
        return None
    return number


def _plain(digits: str) -> str:
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _possible(digits: str) -> bool:
    return len(digits) in (7, 10) and digits[0] not in "01"


def claims_of(line: Line, before: Sequence[Line]) -> list[PhoneClaim]:
    """What `line` says about the call-back number, given the lines before it, oldest first."""
    if line.side != CALLER:
        return []
    asked = any(asks_phone(earlier) for earlier in before[-6:] if earlier.side == CALL_TAKER)
    runs = digit_runs(line)
    claims: list[PhoneClaim] = []
    for run in runs:
        if _possible(_plain(run.digits)):
            claims += _whole(line, run, asked=asked)
    if not claims and runs:
        claims += _joined(line, runs[0], before, asked=asked)
    if not claims and runs:
        claims += _last_four(line, runs[-1], before)
    return claims + _affirmed(line, before)


def _whole(line: Line, run: Run, *, asked: bool) -> list[PhoneClaim]:
    digits = _plain(run.digits)
    said = " ".join(token.text for token in line.tokens)
    raw = " ".join(token.raw for token in line.tokens[run.first : run.last + 1])
    cue = bool(_CUE.search(said)) or bool(re.search(r"\d{3}[-.]\d{4}", raw))
    if not (asked or cue or len(digits) == 10):
        return []
    strength = 0.92 if len(digits) == 10 else 0.85
    reason = f"{len(digits)} digits" + (" in answer to a question" if asked else " said")
    if _OTHERS.search(said) and not asked:
        strength, reason = strength * 0.5, f"{reason}; perhaps not the caller's own"
    corrected = denies(line) or marker_before(line.tokens, run.first) is not None
    return [
        PhoneClaim(
            digits,
            strength,
            strength * line.sureness(run.first, run.last),
            (line.evidence(run.first, run.last),),
            line.order,
            f"{reason}, as a correction" if corrected else reason,
            by_caller=True,
            corrected=corrected,
        )
    ]


def _joined(line: Line, run: Run, before: Sequence[Line], *, asked: bool) -> list[PhoneClaim]:
    """Digits said over two or three lines with an "okay" between."""
    if not asked or run.first > 1:
        return []
    parts: list[tuple[Line, Run]] = [(line, run)]
    whole: list[tuple[Line, Run]] = []
    for earlier in reversed(before[-5:]):
        if earlier.side != CALLER:
            if asks_phone(earlier):
                break
            continue
        runs = digit_runs(earlier)
        if not runs or runs[-1].last != len(earlier.tokens) - 1:
            break
        parts = [(earlier, runs[-1]), *parts]
        digits = _plain("".join(part.digits for _, part in parts))
        if _possible(digits):
            whole = parts
        if len(digits) >= 10:
            break
    if not whole:
        return []
    digits = _plain("".join(part.digits for _, part in whole))
    return [
        PhoneClaim(
            digits,
            0.8,
            0.8 * min(heard.sureness(part.first, part.last) for heard, part in whole),
            tuple(heard.evidence(part.first, part.last) for heard, part in whole),
            line.order,
            f"{len(digits)} digits said in {len(whole)} parts",
            by_caller=True,
        )
    ]


def _last_four(line: Line, run: Run, before: Sequence[Line]) -> list[PhoneClaim]:
    """As in "No, 0143": four digits as a correction replace the last four of the number before."""
    corrected = denies(line) or marker_before(line.tokens, run.first) is not None
    if len(run.digits) != 4 or not corrected:
        return []
    for earlier in reversed(before[-4:]):
        for old in reversed(digit_runs(earlier)):
            digits = _plain(old.digits)
            if _possible(digits):
                return [
                    PhoneClaim(
                        digits[:-4] + run.digits,
                        0.75,
                        0.75
                        * min(
                            line.sureness(run.first, run.last),
                            earlier.sureness(old.first, old.last),
                        ),
                        (
                            earlier.evidence(old.first, old.last),
                            line.evidence(run.first, run.last),
                        ),
                        line.order,
                        "last four digits corrected",
                        by_caller=True,
                        corrected=True,
                    )
                ]
    return []


def _affirmed(line: Line, before: Sequence[Line]) -> list[PhoneClaim]:
    if not before or before[-1].side != CALL_TAKER or not affirms(line):
        return []
    taker = before[-1]
    word = next(i for i, token in enumerate(line.tokens) if token.text == opening(line))
    return [
        PhoneClaim(
            _plain(run.digits),
            0.8,
            0.8 * min(taker.sureness(run.first, run.last), line.sureness(word, word)),
            (taker.evidence(run.first, run.last), line.evidence(word, word)),
            line.order,
            "read back by the call-taker, the caller said yes",
            by_caller=False,
        )
        for run in digit_runs(taker)
        if _possible(_plain(run.digits))
    ]


def resolve(claims: Sequence[PhoneClaim]) -> list[Proposal]:
    """The numbers claimed, best first; a correction goes before what was said earlier."""
    ordered = sorted(claims, key=lambda claim: claim.order)
    last_correction = max((at for at, claim in enumerate(ordered) if claim.corrected), default=-1)
    best: dict[str, tuple[float, PhoneClaim]] = {}
    for at, claim in enumerate(ordered):
        weight = claim.confidence + (0.05 if len(claim.digits) == 10 else 0.0) + at / 10_000
        replaced = at < last_correction and claim.digits != ordered[last_correction].digits
        if replaced:
            weight -= 10
        held = best.get(claim.digits)
        if held is None or weight > held[0]:
            best[claim.digits] = (weight, claim)
    ranked = sorted(best.values(), key=lambda pair: pair[0], reverse=True)
    chosen = [
        (weight, claim)
        for at, (weight, claim) in enumerate(ranked)
        if not any(other.digits.endswith(claim.digits) for _, other in ranked[:at])
    ]
    return [
        Proposal(
            "callback_number",
            claim.digits,
            formatted(claim.digits),
            round(claim.confidence if weight > 0 else claim.confidence * 0.3, 4),
            claim.evidence,
            claim.reason if weight > 0 else f"{claim.reason}; corrected since",
        )
        for weight, claim in chosen
    ][:3]
