"""How soon words and drafts are on the console, while two demo calls arrive at once."""

import asyncio
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.report import Measured, percentile
from ringdown.core.sensitive import Sensitive
from ringdown.demo import load as load_demo
from ringdown.media.replay import CallFacts, Recording, Replay, Target, load
from ringdown.speech.engines import open_engine
from ringdown.speech.model.resample import Resampler
from ringdown.speech.model.segment import WINDOW_MS, CutRules
from ringdown.speech.ports import ASR_RATE, AsrEngine, Piece
from ringdown.speech.settings import SpeechSettings
from ringdown.testing.headless import Seen
from ringdown.testing.instance import Person, running
from ringdown.wire.g711 import decode_ulaw

CALLS = 2
RATE = 8000


def run() -> list[Measured]:
    """Play the calls, then time the engine alone on the same utterances."""
    recording = load([load_demo().audio])
    seen, began = asyncio.run(_play(recording))
    finals = [
        (at, fact["body"]["utterance"])
        for at, fact in seen.facts
        if fact["kind"] == "speech.utterance.finalised.v1"
    ]
    rules = CutRules()
    waited = (rules.hang_over - rules.post_roll) * WINDOW_MS
    with open_engine(SpeechSettings()) as engine:
        own = {_key(u): _decode_ms(engine, recording, u) for _, u in finals}
    total = [(at - began[u["call_id"]]) * 1000 - u["end_ms"] for at, u in finals]
    over = [
        (at - began[u["call_id"]]) * 1000 - u["end_ms"] - waited - own[_key(u)] for at, u in finals
    ]
    drafts = _draft_delays(seen)
    how = (
        f"{CALLS} demo calls arrive together in real time at a server process of their own; the "
        "clock is the console's: the instant the feed delivers. The engine's own time is the pause "
        f"that ends an utterance ({waited} ms after its last sound) and decoding the same audio "
        "alone, in this run."
    )
    return [
        Measured(
            title="End of utterance to final words on the console",
            asked="p95 within the engine's own time + 150 ms",
            got=f"p95 is {percentile(over, 0.95):.0f} ms above the engine's own time",
            met=percentile(over, 0.95) <= 150,
            rows={
                "utterances": len(finals),
                "above the engine's own time, p50 / p95 / worst (ms)": _three(over),
                "end of utterance to final words, p50 / p95 / worst (ms)": _three(total),
                "the engine's decoding alone, p50 / p95 / worst (ms)": _three(list(own.values())),
            },
            how=how,
        ),
        Measured(
            title="Final words to the new draft on the console",
            asked="p95 within 100 ms",
            got=f"p95 {percentile(drafts, 0.95):.0f} ms",
            met=percentile(drafts, 0.95) <= 100,
            rows={"drafts": len(drafts), "p50 / p95 / worst (ms)": _three(drafts)},
            how="In the same run: from the final words on the feed to the draft they changed.",
        ),
    ]


def _key(utterance: dict[str, Any]) -> tuple[str, int]:
    return utterance["side"], utterance["start_ms"]


def _three(values: list[float]) -> str:
    return " / ".join(
        f"{v:.0f}" for v in (percentile(values, 0.5), percentile(values, 0.95), max(values))
    )


def _decode_ms(engine: AsrEngine, recording: Recording, utterance: dict[str, Any]) -> float:
    start, end = (utterance[k] * RATE // 1000 for k in ("start_ms", "end_ms"))
    audio = decode_ulaw(recording.sides[utterance["side"]][start:end]).astype(np.float32) / 32768
    resampler = Resampler(RATE, ASR_RATE)
    wide = np.concatenate([resampler.push(audio), resampler.flush()])
    began = time.perf_counter()
    engine.transcribe([Piece(wide)])
    return (time.perf_counter() - began) * 1000


def _draft_delays(seen: Seen) -> list[float]:
    """For each draft, the time since the newest final words of its own call."""
    words: dict[str, float] = {}
    delays: list[float] = []
    for at, fact in seen.facts:
        if fact["kind"] == "speech.utterance.finalised.v1":
            words[fact["call_id"]] = at
        elif fact["kind"] == "incidents.draft.revised.v1" and fact["call_id"] in words:
            delays.append((at - words[fact["call_id"]]) * 1000)
    return delays


async def _play(recording: Recording) -> tuple[Seen, dict[str, float]]:
    """Play the calls; what the console saw, and when each call's audio began (loop time)."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder) / "data") as server:
            person = Person(server.address)
            assert server.setup_link is not None
            await person.set_up(
                server.setup_link, username="bench", password=secrets.token_urlsafe(16)
            )
            issued = await person.ask(
                "POST", "/v1/clients", {"name": "Bench", "scopes": ["media:ingest"]}
            )
            target = Target(
                server.media_url,
                issued["client_id"],
                Sensitive(issued["client_secret"], "client.secret"),
            )

            async def watch() -> None:
                async for message in person.feed():
                    seen.take(message)

            replays = [Replay(target, CallFacts(f"bench-{n}"), recording) for n in range(CALLS)]
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(watch())
                await asyncio.sleep(5)  # the engine has loaded
                async with asyncio.TaskGroup() as playing:
                    for replay in replays:
                        playing.create_task(replay.run())
                await seen.until("calls.call.ended.v1", CALLS)
                await seen.until("media.leg.sealed.v1", 2 * CALLS)
                await asyncio.sleep(3)
                watching.cancel()
            await person.close()
    began: dict[str, float] = {}
    for body in seen.bodies("calls.call.started.v1"):
        call = body["call"]
        replay = replays[int(call["external_id"].rpartition("-")[2])]
        assert replay.first_packet_at is not None
        began[call["call_id"]] = replay.first_packet_at
    return seen, began
