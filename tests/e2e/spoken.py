"""Calls on which speech hears what a test says, kept and told as the speech lane does."""

import asyncio
from collections.abc import Coroutine, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Locator, Page

from ringdown.incidents.report.lines import TextUtterance, WrittenCall
from ringdown.speech.api import UtteranceView, WordView
from tests.e2e.conftest import PASSWORD, LiveConsole
from tests.words_heard import WAKE, lane, utterance

SHOWN = """() => Object.fromEntries([...document.querySelectorAll("[data-row]")].map((row) => {
    const value = row.querySelector("[data-value]")?.cloneNode(true);
    value?.querySelectorAll(".hidden-visually").forEach((part) => part.remove());
    const plays = [...row.querySelectorAll("button[aria-label^='Play ']")];
    const known = !["unknown", "rejected"].includes(row.dataset.state);
    return [row.dataset.row, {
        state: row.dataset.state,
        text: known ? value?.textContent.replace(/\\s+/g, " ").trim() : null,
        plays: plays.map((one) => one.getAttribute("aria-label")),
    }]; }))"""
"""What the panel shows of every field that is on it."""


@contextmanager
def signed_in(console: LiveConsole, user: str = "dana") -> Generator[httpx.Client]:
    """A client with the user's session."""
    with httpx.Client(base_url=console.base_url, trust_env=False, timeout=60) as http:
        session = http.post("/v1/session", json={"username": user, "password": PASSWORD}).json()
        http.headers["X-CSRF-Token"] = session["csrf_token"]
        http.headers["X-Test-Centre"] = session["centre"]["centre_id"]
        yield http


class SpokenCall:
    """A call whose words come from the test."""

    def __init__(self, console: LiveConsole, http: httpx.Client, name: str, **more: Any) -> None:
        self._console, self._http = console, http
        self._centre = http.headers["X-Test-Centre"]
        body = {"external_id": name, **more}
        self.id: str = http.post("/v1/calls", json=body).raise_for_status().json()["call_id"]
        self._turns: list[tuple[str, str]] = []

    def say(self, *turns: tuple[str, str]) -> list[UtteranceView]:
        """What somebody says next; `("caller", "…")`."""
        first = len(self._turns)
        self._turns.extend(turns)
        said = WrittenCall(self.id, tuple(self._turns)).utterances()[first:]
        return self.hear(said)

    def hear(self, said: Iterable[TextUtterance]) -> list[UtteranceView]:
        """Final words, all in one go."""
        views = [self.utterance(each) for each in said if each.words]
        in_its_own_loop(self._keep(views))
        self._http.post(f"/v1/calls/{self.id}/events", json=WAKE).raise_for_status()
        return views

    def utterance(self, said: TextUtterance) -> UtteranceView:
        """As speech says it."""
        words = tuple(
            WordView(
                word=word.word, start_ms=word.start_ms, end_ms=word.end_ms,
                confidence=word.confidence, timing_estimated=True, doubtful=False,
            )
            for word in said.words
        )  # fmt: skip
        side = "call_taker" if said.side == "call_taker" else "caller"
        return utterance(self.id, side, words)

    def draft(self) -> dict[str, Any]:
        """The draft as the server has it."""
        return self._http.get(f"/v1/calls/{self.id}/incident").raise_for_status().json()

    def sent(self) -> list[dict[str, Any]]:
        """What the CAD was sent of it."""
        found = self._http.get(f"/v1/calls/{self.id}/cad").raise_for_status().json()
        return found["deliveries"]

    def over(self) -> None:
        """The caller hangs up."""
        self._http.post(f"/v1/calls/{self.id}/hangup", json={})

    async def _keep(self, views: list[UtteranceView]) -> None:
        async with lane(self._console.data, self._centre) as speech:
            await speech.hear(views)


def in_its_own_loop(work: Coroutine[Any, Any, None]) -> None:
    """The browser's driver has this thread's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def row(page: Page, name: str) -> Locator:
    """A field of the panel by its name on the wire."""
    return page.locator(f"[data-row={name}]")


def show(page: Page, call: SpokenCall) -> None:
    """Open a call by its address; whatever the keys were on, they are the page's again."""
    page.evaluate(
        "id => { document.activeElement?.blur(); location.hash = `#/call/${id}` }", call.id
    )
    row(page, "location").wait_for()
