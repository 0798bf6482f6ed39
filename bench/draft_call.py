"""How soon a draft follows final words, from the first to the last minute of a long call."""

import asyncio
import itertools
import json
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.words_heard import WAKE, lane, utterance

from bench.report import Measured, percentile
from ringdown.speech.api import UtteranceView, WordView
from ringdown.testing.instance import Person, running

SCRIPTS = Path(__file__).resolve().parents[1] / "tests" / "data" / "scripted_calls.jsonl"
CALL_MS = 30 * 60_000
PAUSE_MS = 600
WORD_MS = 300
EVERY_S = 0.1
"""Words of half an hour follow one another ten a second: harder on the machine than a call."""


def run() -> list[Measured]:
    """Say half an hour of our own calls on one call, and time each draft at the console."""
    said = list(_half_an_hour())
    delays = asyncio.run(_measure(said))
    quarter = len(delays) // 4
    first, last = (percentile(part, 0.95) for part in (delays[:quarter], delays[-quarter:]))
    return [
        Measured(
            title="Final words to the new draft on the console, over a call of 30 minutes",
            asked="p95 within 100 ms, and flat",
            got=f"p95 {percentile(delays, 0.95):.0f} ms; {last / first:.2f} times that at the end",
            met=percentile(delays, 0.95) <= 100 and last / first <= 1.5,
            rows={
                "utterances / drafts": f"{len(said)} / {len(delays)}",
                "p50 / p95 / worst (ms)": " / ".join(
                    f"{value:.0f}"
                    for value in (
                        percentile(delays, 0.5), percentile(delays, 0.95), max(delays),
                    )
                ),
                "p95 of the first and of the last quarter (ms)": f"{first:.0f} / {last:.0f}",
            },
            how=(
                "The turns of our scripted calls, one after another on one call, are written as "
                "final words ten times a second into a server process of its own; from the final "
                "words on the console's feed to the draft they changed."
            ),
        )
    ]  # fmt: skip


def _half_an_hour() -> Iterator[tuple[str, str, int]]:
    """Speaker, text and start (ms) of each utterance; what was said of one call meets the next."""
    calls = [json.loads(line) for line in SCRIPTS.read_text(encoding="utf-8").splitlines()]
    at = 0
    for call in itertools.cycle(calls):
        for turn in call["turns"]:
            yield turn["speaker"], turn["text"], at
            at += len(turn["text"].split()) * WORD_MS + PAUSE_MS
            if at >= CALL_MS:
                return


async def _measure(said: list[tuple[str, str, int]]) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data") as server:
            person = Person(server.address)
            assert server.setup_link is not None
            await person.set_up(
                server.setup_link, username="dana", password=secrets.token_urlsafe(18)
            )
            centre = (await person.ask("GET", "/v1/session"))["centre"]["centre_id"]
            body = {"external_id": "bench", "ani": "+12025550143"}
            call_id = (await person.ask("POST", "/v1/calls", body))["call_id"]
            began: list[float] = []
            delays: list[float] = []
            listening = asyncio.create_task(_listen(person, began, delays))
            await _say(server.data, person, centre, call_id, said)
            await asyncio.sleep(1)
            listening.cancel()
            await person.close()
    return delays


async def _listen(person: Person, began: list[float], delays: list[float]) -> None:
    async for message in person.feed():
        if message["type"] != "fact":
            continue
        if message["kind"] == "speech.utterance.finalised.v1":
            began[:] = [time.monotonic()]
        elif message["kind"] == "incidents.draft.revised.v1" and began:
            delays.append((time.monotonic() - began.pop()) * 1000)


async def _say(
    data: Path, person: Person, centre: str, call_id: str, said: list[tuple[str, str, int]]
) -> None:
    async with lane(data, centre) as speech:
        for speaker, text, at in said:
            await speech.hear([_utterance(call_id, speaker, text, at)])
            await person.ask("POST", f"/v1/calls/{call_id}/events", WAKE)
            await asyncio.sleep(EVERY_S)


def _utterance(call_id: str, speaker: str, text: str, at: int) -> UtteranceView:
    words = tuple(
        WordView(
            word=word, start_ms=at + WORD_MS * n, end_ms=at + WORD_MS * (n + 1) - 20,
            confidence=0.9, timing_estimated=True, doubtful=False,
        )
        for n, word in enumerate(text.split())
    )  # fmt: skip
    return utterance(call_id, "call_taker" if speaker == "call_taker" else "caller", words)
