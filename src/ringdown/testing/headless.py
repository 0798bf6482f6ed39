"""The demo call from end to end without a screen, through the public interfaces alone.

A throw-away installation is started; somebody signs in; the demo call arrives at the media socket;
its words and draft are followed on the live feed; one field is corrected; the incident is
confirmed; a small CAD acknowledges it over HTTP; the recording is sealed and the audit log holds.
"""

import asyncio
import re
import secrets
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ringdown.audit.verify_export import verify
from ringdown.cad.receiver import Receiver
from ringdown.cad.receiver import serving as serving_cad
from ringdown.core.errors import RingdownError
from ringdown.core.sensitive import Sensitive
from ringdown.demo import DemoCall
from ringdown.demo import load as load_demo
from ringdown.media.replay import CallFacts, Replay, Target, load
from ringdown.runtime.clock import SystemClock
from ringdown.testing.instance import Person, Running, running
from ringdown.wire.standard_webhooks import Secret, write_secret

SETTLE_S = 30.0
Say = Callable[[str], object]
CORRECTED = ("victims", "1 person, trapped upstairs")


@dataclass
class Seen:
    """What the console would have on its screen, with the time at which it got there."""

    facts: list[tuple[float, dict[str, Any]]] = field(
        default_factory=list[tuple[float, dict[str, Any]]]
    )
    partials: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, message: dict[str, Any]) -> None:
        """Remember one message of the feed."""
        if message["type"] == "fact":
            self.facts.append((asyncio.get_running_loop().time(), message))
            self.changed.set()
        elif message.get("kind") == "speech.utterance.partial.v1":
            self.partials += 1

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of every fact of a kind, in order."""
        return [fact["body"] for _, fact in self.facts if fact["kind"] == kind]

    async def until(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for facts of a kind. Raises TimeoutError."""
        async with asyncio.timeout(SETTLE_S):
            while len(found := self.bodies(kind)) < count:
                self.changed.clear()
                await self.changed.wait()
            return found


@dataclass
class Report:
    """What was expected and what happened, step by step."""

    steps: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    more: dict[str, Any] = field(default_factory=dict[str, Any])

    def check(self, step: str, *, expected: object, happened: object, passed: bool) -> None:
        """Write one step down."""
        self.steps.append({"step": step, "ok": passed, "expected": expected, "happened": happened})

    @property
    def ok(self) -> bool:
        """Whether every step passed, and there was one."""
        return bool(self.steps) and all(step["ok"] for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        return {"ok": self.ok, "steps": self.steps, **self.more}


@dataclass(frozen=True)
class Stage:
    """Everything that the demo plays on."""

    server: Running
    person: Person
    cad: Receiver
    seen: Seen


@asynccontextmanager
async def _stage(data: Path) -> AsyncGenerator[Stage, None]:
    key = secrets.token_bytes(32)
    secret_file = data.parent / "cad-secret"
    secret_file.write_text(write_secret(key), encoding="utf-8")
    cad = Receiver([Secret(key)], SystemClock())
    async with serving_cad(cad) as cad_address:
        settings = {
            "RINGDOWN_CAD__ADAPTER": "webhook",
            "RINGDOWN_CAD__WEBHOOK__URL": cad_address,
            "RINGDOWN_CAD__WEBHOOK__SECRET_FILE": str(secret_file),
        }
        async with running(data, settings=settings) as server:
            person = Person(server.address)
            seen = Seen()
            try:
                assert server.setup_link is not None
                await person.set_up(
                    server.setup_link, username="dana", password=secrets.token_urlsafe(16)
                )
                async with asyncio.TaskGroup() as group:
                    watching = group.create_task(_watch(person, seen))
                    yield Stage(server, person, cad, seen)
                    watching.cancel()
            finally:
                await person.close()


async def _watch(person: Person, seen: Seen) -> None:
    async for message in person.feed():
        seen.take(message)


def _silent(_text: str) -> None:
    """Say nothing."""


async def run(*, speed: float = 1.0, say: Say = _silent) -> Report:
    """Play the demo call and report. Nothing is left behind."""
    report = Report()
    demo = load_demo()
    with tempfile.TemporaryDirectory(prefix="ringdown-demo-") as folder:
        data = Path(folder) / "data"
        try:
            async with _stage(data) as stage:
                await _play(stage, demo, speed, report, say)
        except* (RingdownError, TimeoutError, OSError) as failed:
            for error in failed.exceptions:
                told = getattr(error, "message", type(error).__name__)
                report.check("no failure", expected="none", happened=told, passed=False)
    return report


async def _play(stage: Stage, demo: DemoCall, speed: float, report: Report, say: Say) -> None:
    person, seen = stage.person, stage.seen
    say("Signed in; the demo call arrives")
    issued = await person.ask(
        "POST", "/v1/clients", {"name": "Demo source", "scopes": ["media:ingest"]}
    )
    recording = load([demo.audio])
    replay = Replay(
        Target(
            stage.server.media_url,
            issued["client_id"],
            Sensitive(issued["client_secret"], "client.secret"),
        ),
        CallFacts(demo.external_id, Sensitive(demo.ani, "caller.number"), demo=True),
        recording,
        speed=speed,
    )
    await replay.run()
    assert replay.first_packet_at is not None
    say("The call is over; words settle")
    started = (await seen.until("calls.call.started.v1"))[0]["call"]
    call_id = started["call_id"]
    await seen.until("calls.call.ended.v1")
    sealed = await seen.until("media.leg.sealed.v1", 2)
    report.check(
        "the call is marked DEMO", expected=True, happened=started["demo"], passed=started["demo"]
    )
    _check_words(seen, demo, report)
    view = await person.ask("GET", f"/v1/console/calls/{call_id}")
    _check_draft(view["draft"], view["utterances"], demo, report)
    await _check_audio(person, call_id, sealed, recording.duration_ms, report)
    _measure(seen, demo, replay.first_packet_at, speed, report)
    say("One field is corrected, everything is confirmed")
    await _confirm(stage, call_id, view["draft"], report)
    rows = (await person.ask("GET", "/v1/audit/export")).splitlines()
    audit = verify(rows)
    report.check(
        "the audit log is whole", expected="no finding",
        happened={"rows": audit.count, "findings": [found.code for found in audit.findings]},
        passed=audit.whole and audit.count > 0,
    )  # fmt: skip
    files = [f for f in stage.server.data.rglob("*") if f.is_file()]
    on_disk = {f.suffix: 0 for f in files}
    for file in files:
        on_disk[file.suffix] += file.stat().st_size
    report.more["audio"] = {
        "bytes_in": sum(len(side) for side in recording.sides.values()),
        "bytes_archived": on_disk.get(".flac", 0),
        "bytes_raw_left": on_disk.get(".leg", 0),
        "duration_ms": recording.duration_ms,
    }


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _check_words(seen: Seen, demo: DemoCall, report: Report) -> None:
    utterances = [b["utterance"] for b in seen.bodies("speech.utterance.finalised.v1")]
    utterances.sort(key=lambda u: (u["start_ms"], u["side"]))
    report.more["words"] = [
        {k: u[k] for k in ("side", "start_ms", "end_ms", "text", "doubtful")} for u in utterances
    ]
    for side, expected in demo.words.items():
        heard = [w for u in utterances if u["side"] == side for w in _words(u["text"])]
        rest = iter(heard)
        missing = [word for word in expected if word.lower() not in rest]
        report.check(
            f"words of {side}", expected=list(expected),
            happened={"heard": len(heard), "missing": missing}, passed=not missing,
        )  # fmt: skip
    report.check(
        "words appear while they are spoken", expected="at least 5 revisions",
        happened=seen.partials, passed=seen.partials >= 5,
    )  # fmt: skip


def _check_draft(
    draft: dict[str, Any], utterances: list[dict[str, Any]], demo: DemoCall, report: Report
) -> None:
    report.more["draft"] = draft["fields"]
    texts = {u["utterance_id"]: [w["word"] for w in u["words"]] for u in utterances}
    for name, expected in demo.fields.items():
        found = draft["fields"][name]
        report.check(
            f"draft: {name}", expected=expected, happened=found["value"],
            passed=found["value"] == expected,
        )  # fmt: skip
        cited = bool(found["evidence"]) and all(
            e["quote"] == " ".join(texts[e["utterance_id"]][e["word_from"] : e["word_to"] + 1])
            for e in found["evidence"]
        )
        quotes = [{k: e[k] for k in ("quote", "start_ms", "end_ms")} for e in found["evidence"]]
        report.check(
            f"draft: {name} cites what was said", expected="words of the transcript",
            happened=quotes,
            passed=cited,
        )  # fmt: skip


async def _check_audio(
    person: Person,
    call_id: str,
    sealed: list[dict[str, Any]],
    duration_ms: int,
    report: Report,
) -> None:
    report.check(
        "both legs sealed", expected=2, happened=[leg["sha256"][:12] for leg in sealed],
        passed=len({leg["side"] for leg in sealed}) == 2,
    )  # fmt: skip
    longest = max(leg["duration_ms"] for leg in sealed)
    report.check(
        "no audio lost", expected=duration_ms, happened=longest,
        passed=abs(longest - duration_ms) <= 20,
    )  # fmt: skip
    wav = await person.ask(
        "GET",
        f"/v1/calls/{call_id}/audio",
        params={"from_ms": 0, "to_ms": 10_000, "sides": "both"},
    )
    report.check(
        "the recording plays", expected="10 s of stereo", happened=len(wav),
        passed=wav[:4] == b"RIFF" and abs(len(wav) - 320_000) < 2_000,
    )  # fmt: skip


async def _confirm(stage: Stage, call_id: str, draft: dict[str, Any], report: Report) -> None:
    name, value = CORRECTED
    base = f"/v1/calls/{call_id}/incident"
    edited = await stage.person.ask(
        "PUT",
        f"{base}/fields/{name}",
        {"value": value, "base_version": draft["fields"][name]["version"]},
    )
    fields = edited["fields"] if "fields" in edited else {**draft["fields"], name: edited}
    versions = {n: f["version"] for n, f in fields.items() if f["value"] is not None}
    confirmed = await stage.person.ask("POST", f"{base}/confirm", {"versions": versions})
    async with asyncio.timeout(SETTLE_S):
        while not any(
            b["delivery"]["state"] == "acknowledged"
            for b in stage.seen.bodies("cad.delivery.changed.v1")
        ):
            stage.seen.changed.clear()
            await stage.seen.changed.wait()
    payloads = [incident.model_dump(mode="json") for incident in stage.cad.accepted]
    report.more["cad"] = payloads
    report.check(
        "the CAD has it once", expected=1, happened=len(payloads), passed=len(payloads) == 1
    )
    payload = payloads[0] if payloads else {}
    sent = payload.get("fields", {})
    report.check(
        "the CAD has the correction", expected=value, happened=sent.get(name, {}).get("value"),
        passed=sent.get(name, {}).get("value") == value,
    )  # fmt: skip
    by = payload.get("confirmation", {}).get("confirmed_by", {}).get("name")
    report.check("a named person confirmed", expected="Dana Demo", happened=by,
                 passed=by == "Dana Demo" and confirmed["by"]["name"] == by)  # fmt: skip


def _measure(seen: Seen, demo: DemoCall, began: float, speed: float, report: Report) -> None:
    """Latencies in ms: end of a line → its final words; final words → the draft they changed."""
    finals: list[float] = []
    for at, fact in seen.facts:
        if fact["kind"] == "speech.utterance.finalised.v1":
            ended = fact["body"]["utterance"]["end_ms"] / 1000 / speed
            finals.append((at - began - ended) * 1000)
    drafts: list[float] = []
    last_words: float | None = None
    for at, fact in seen.facts:
        if fact["kind"] == "speech.utterance.finalised.v1":
            last_words = at
        elif fact["kind"] == "incidents.draft.revised.v1" and last_words is not None:
            drafts.append((at - last_words) * 1000)
    report.more["latency_ms"] = {
        "end_of_utterance_to_final_words": spread(finals),
        "final_words_to_draft": spread(drafts),
        "lines_in_script": len(demo.lines),
    }


def spread(values: list[float]) -> dict[str, float | int]:
    """Median, 95th percentile and worst of some durations."""
    if not values:
        return {"count": 0}
    ordered = sorted(values)
    return {
        "count": len(ordered),
        "p50": round(ordered[len(ordered) // 2], 1),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1),
        "max": round(ordered[-1], 1),
    }
