"""Many callers' cameras at once, each looked at, beside the audio of as many calls."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser
from tests.camera_stage import Tab, chromium
from tests.live import Phones, demo_recording, first_person, phones, sealed, until
from tests.partner_app import with_media_server

from bench.caller_stage import LIGHT_CAMERA, SENT, Phone, busy, desk, phone
from bench.report import Measured, percentile
from ringdown.media.replay import Recording
from ringdown.testing.instance import Person, Running, running

AT_ONCE = int(os.environ.get("RINGDOWN_BENCH_CALLER_AT_ONCE", "20"))
AUDIO_S = int(os.environ.get("RINGDOWN_BENCH_CALLER_AUDIO_S", "60"))
BEAT_S = 2
STILL_S = 5
"""No word comes for so long: all are there."""
WATCH_TOO = """async ([url, token]) => {
  window.pictures ??= [];
  const at = window.pictures.push(0) - 1;
  const room = new LivekitClient.Room({adaptiveStream: false});
  const video = document.createElement("video");
  video.muted = video.autoplay = video.playsInline = true;
  document.documentElement.append(video);
  room.on("trackSubscribed", (track) => {
    track.attach(video);
    const count = () => { window.pictures[at] += 1; video.requestVideoFrameCallback(count); };
    video.requestVideoFrameCallback(count);
  });
  await room.connect(url, token);
}"""


@dataclass(frozen=True)
class Audio:
    """What became of the calls' audio, and how soon the server answered meanwhile."""

    legs: int
    gaps: int
    short: int
    words: int
    heard_s: float
    """From the end of the audio until its last words were there."""
    answers_ms: list[float]


def run() -> list[Measured]:
    """All on this machine, with the callers' own pages and the real media server."""
    with tempfile.TemporaryDirectory() as folder:
        return [asyncio.run(_run(Path(folder)))]


async def _run(folder: Path) -> Measured:
    load = busy()
    async with (
        running(folder / "d", settings=with_media_server()) as server,
        chromium(_elsewhere(folder)) as browser,
    ):
        person = await first_person(server)
        line = await phones(person, server)
        recording = demo_recording(AUDIO_S)
        alone = await _calls(person, server, line, recording)
        callers = [
            await phone(browser, person, f"many-{n}", "video", camera=LIGHT_CAMERA)
            for n in range(AT_ONCE)
        ]
        for caller in callers:
            await caller.shares()
            await caller.sending()
        async with _all_seen(browser, person, callers) as console:
            await console.comes("window.pictures.every((one) => one > 5)")
            before, first = await console.told("pictures"), [await _sent(one) for one in callers]
            beside = await _calls(person, server, line, recording)
            after, last = await console.told("pictures"), [await _sent(one) for one in callers]
        for caller in callers:
            await caller.gone(person)
        await person.close()
    took_ms = [end[0] - begin[0] for begin, end in zip(first, last, strict=True)]
    shown = [
        (late - early) * 1000 / passed
        for early, late, passed in zip(before, after, took_ms, strict=True)
    ]
    kbps = [
        (end[2] - begin[2]) * 8 / passed
        for begin, end, passed in zip(first, last, took_ms, strict=True)
    ]
    return _measured(load, alone, beside, shown, kbps)


def _elsewhere(folder: Path) -> str:
    """A browser that takes only what time the server leaves: phones have processors of their own.

    Chromium gives itself a higher priority where it may, so that has to be taken from it.
    """
    program = folder / "chromium"
    low = "setpriv --bounding-set=-sys_nice nice -n 19"
    program.write_text(f'#!/bin/sh\nexec {low} /usr/bin/chromium "$@"\n')
    program.chmod(0o700)
    return str(program)


async def _calls(person: Person, server: Running, line: Phones, recording: Recording) -> Audio:
    """As many calls bring their audio in real time; what is kept of it."""
    known = await _active(person)
    answers: list[float] = []
    asking = asyncio.ensure_future(_asks(server.address, answers))
    playing = asyncio.gather(*(line.play(recording, speed=1).run() for _ in range(AT_ONCE)))
    active = await until(
        lambda: _active(person), lambda got: len(got - known) == AT_ONCE, AUDIO_S, every=1
    )
    await playing
    asking.cancel()
    calls = sorted(active - known)
    ended = time.perf_counter()
    for call_id in calls:
        await sealed(person, call_id, 300)
    words = await _words(person, calls)
    heard_s = time.perf_counter() - ended - STILL_S
    views = [await sealed(person, call_id) for call_id in calls]
    legs = [leg for view in views for leg in view["call"]["legs"]]
    return Audio(
        legs=len(legs),
        gaps=sum(len(view.get("gaps", ())) for view in views),
        short=sum(abs((leg["duration_ms"] or 0) - recording.duration_ms) > 20 for leg in legs),
        words=words,
        heard_s=heard_s,
        answers_ms=answers,
    )


async def _words(person: Person, calls: list[str]) -> int:
    """How many words there are of these calls once no more come."""
    before = -1
    while True:
        views = [await person.ask("GET", f"/v1/console/calls/{one}") for one in calls]
        words = sum(len(said["text"].split()) for one in views for said in one["utterances"])
        if words == before:
            return words
        before = words
        await asyncio.sleep(STILL_S)


async def _active(person: Person) -> set[str]:
    return {one["call_id"] for one in (await person.ask("GET", "/v1/calls?limit=200"))["calls"]}


async def _asks(address: str, answers: list[float]) -> None:
    """How long the server takes to say that it is well, five times a second."""
    other = Person(address)
    while True:
        began = time.perf_counter()
        (await other.http.get("/healthz")).raise_for_status()
        answers.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _all_seen(
    browser: Browser, person: Person, callers: Sequence[Phone]
) -> AsyncIterator[Tab]:
    """Every camera is looked at, and each viewing says so, for as long as the block lasts."""
    console = await desk(browser, person)
    viewings: list[dict[str, str]] = []

    async def alive() -> None:
        while True:
            for one in viewings:
                path = f"/v1/calls/{one['call_id']}/viewings/{one['viewing_id']}/alive"
                await person.ask("POST", path, {"shown_ms": 0})
            await asyncio.sleep(BEAT_S)

    told = asyncio.ensure_future(alive())
    try:
        for caller in callers:
            path = f"/v1/calls/{caller.link.call}/video/{caller.link.link}/watch"
            grant = await person.ask("POST", path)
            viewings.append(grant["viewing"])
            await console.page.evaluate(WATCH_TOO, [grant["url"], grant["token"]])
        yield console
    finally:
        told.cancel()


async def _sent(caller: Phone) -> list[float]:
    return await caller.page.evaluate(SENT)


def _measured(
    load: dict[str, object], alone: Audio, beside: Audio, shown: list[float], kbps: list[float]
) -> Measured:
    return Measured(
        f"{AT_ONCE} cameras at once, beside the audio of as many calls",
        "no audio lost",
        f"{beside.gaps} gaps, {beside.short} of {beside.legs} legs not whole",
        beside.gaps == 0 and beside.short == 0 and beside.legs == 2 * AT_ONCE,
        {
            **load,
            "Cameras, each looked at": len(shown),
            "Calls with audio, of two legs": AT_ONCE,
            "Seconds of audio": AUDIO_S,
            "Gaps in recordings, without cameras": alone.gaps,
            "Gaps in recordings, with cameras": beside.gaps,
            "Legs not whole, without cameras": alone.short,
            "Legs not whole, with cameras": beside.short,
            "Words there once none came for 5 s, without cameras": alone.words,
            "Words there once none came for 5 s, with cameras": beside.words,
            "So long after the audio's end, without cameras, s": round(alone.heard_s, 1),
            "So long after the audio's end, with cameras, s": round(beside.heard_s, 1),
            "Server's answers p95, without cameras, ms": round(percentile(alone.answers_ms, 0.95)),
            "Server's answers p95, with cameras, ms": round(percentile(beside.answers_ms, 0.95)),
            "Sent by the least and the busiest camera, kbit/s": f"{min(kbps):.0f}, {max(kbps):.0f}",
            "Pictures a second at the console, least and most": (
                f"{min(shown):.1f}, {max(shown):.1f}"
            ),
        },
        "The callers' own pages send through the relay, and a console shows each camera. Pictures"
        " are small and filled up to the bytes of real ones, because the phones' own processors"
        " are not here: twenty encoders would take the cores that the server is measured on. The"
        " browser that stands for phones and consoles takes what time the media server, recording"
        " and speech recognition leave of them. Twice, without the cameras and with them, as many"
        " calls bring their audio in real time; the length of each recording is compared with what"
        " was sent. Pictures a second and kbit/s say how little time was left for phones and"
        " consoles; where words are fewer, recognition waited for it too, and goes on from the"
        " recording.",
    )
