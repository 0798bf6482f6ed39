"""Live servers for tests: who signs in, what is played, and waiting for what must happen.

Everything goes through the interfaces that the console and a telephone system use.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import numpy as np

from ringdown.core.sensitive import Sensitive
from ringdown.demo import load as load_demo
from ringdown.media.replay import CallFacts, Recording, Replay, Target, load
from ringdown.testing.instance import Person, Running
from ringdown.wire.g711 import decode_ulaw

PASSWORD = "lantern oat 73 window barn"
PATIENCE_S = 60.0


def demo_recording(seconds: int | None = None) -> Recording:
    """The demo call, or its beginning."""
    whole = load([load_demo().audio])
    if seconds is None:
        return whole
    return Recording({side: audio[: seconds * 8000] for side, audio in whole.sides.items()})


async def until(
    ask: Callable[[], Awaitable[Any]],
    condition: Callable[[Any], Any],
    seconds: float = PATIENCE_S,
    *,
    every: float = 0.1,
) -> Any:
    """Ask until the answer is as wanted. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition(got := await ask()):
            await asyncio.sleep(every)
        return got


async def raw(person: Person, method: str, path: str, body: Any = None) -> httpx.Response:
    """One request and the answer as it came, errors included."""
    headers = {"X-CSRF-Token": person._csrf}
    return await person.http.request(method, path, json=body, headers=headers)


async def first_person(server: Running) -> Person:
    """Whoever uses the setup link: administrator and telecommunicator."""
    person = Person(server.address)
    assert server.setup_link is not None
    await person.set_up(server.setup_link, username="dana", password=PASSWORD)
    return person


async def colleague(first: Person, username: str, *roles: str) -> tuple[Person, str]:
    """Somebody else of the same centre, signed in, and their user id."""
    form = {
        "username": username,
        "display_name": username.title(),
        "roles": list(roles or ("telecommunicator",)),
        "password": PASSWORD,
        "must_change_password": False,
    }
    made = await first.ask("POST", "/v1/users", form)
    person = Person(first.address)
    await person.sign_in(username, PASSWORD)
    return person, made["user_id"]


@dataclass(frozen=True)
class Phones:
    """A telephone system: a client of the interface, with its credential."""

    server: Running
    client_id: str
    secret: str

    @property
    def target(self) -> Target:
        return Target(
            self.server.media_url, self.client_id, Sensitive(self.secret, "client.secret")
        )

    @property
    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.server.address, auth=(self.client_id, self.secret), trust_env=False
        )

    def play(
        self, recording: Recording, *, speed: float, sid: str | None = None, ani: str | None = None
    ) -> Replay:
        number = None if ani is None else Sensitive(ani, "caller.number")
        call = CallFacts(sid or secrets.token_hex(8), number)
        return Replay(self.target, call, recording, speed=speed)


async def phones(person: Person, server: Running) -> Phones:
    """A telephone system that may send audio and report calls."""
    issued = await person.ask(
        "POST",
        "/v1/clients",
        {"name": "Line", "scopes": ["media:ingest", "calls:write", "calls:read"]},
    )
    return Phones(server, issued["client_id"], issued["client_secret"])


@dataclass
class Watch:
    """The feed as one console has it; a fact that comes twice is an error."""

    person: Person
    facts: dict[int, dict[str, Any]] = field(default_factory=dict)
    lamps: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        async for message in self.person.feed():
            if message["type"] == "fact":
                assert message["position"] not in self.facts, "a fact came twice"
                self.facts[message["position"]] = message
            elif message.get("kind") == "ops.lamp.changed.v1":
                self.lamps.append(message["body"]["lamp"])

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        return [fact["body"] for fact in self.facts.values() if fact["kind"] == kind]

    @property
    def whole(self) -> bool:
        """Whether there is no hole."""
        return sorted(self.facts) == list(range(1, len(self.facts) + 1))

    async def reach(self, position: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while position not in self.facts:
                await asyncio.sleep(0.05)


async def lamp(person: Person, name: str) -> dict[str, Any]:
    """One lamp as it is now."""
    lamps = (await person.ask("GET", "/v1/ops/lamps"))["lamps"]
    return next(one for one in lamps if one["name"] == name)


async def newest_call(person: Person) -> str:
    """The id of the only call that is still going on, once there is one."""
    snapshot = await until(
        lambda: person.ask("GET", "/v1/console/snapshot"), lambda got: got["calls"], every=0.05
    )
    (call,) = snapshot["calls"]
    return call["call_id"]


async def live_edge(person: Person, call_id: str) -> int:
    """How much of a call can be listened to by now, in ms."""
    params = {"from_ms": 0, "to_ms": 100}
    drawn = await person.ask("GET", f"/v1/calls/{call_id}/waveform", params=params)
    return drawn["live_edge_ms"]


async def sealed(person: Person, call_id: str, seconds: float = PATIENCE_S) -> dict[str, Any]:
    """The call once it is over and its legs are sealed."""
    return await until(
        lambda: person.ask("GET", f"/v1/console/calls/{call_id}"),
        lambda view: (
            view["call"]["state"] == "ended"
            and all(leg["state"] == "sealed" for leg in view["call"]["legs"])
        ),
        seconds,
    )


def said(utterances: list[dict[str, Any]], side: str) -> str:
    """Everything one side said, in order, without punctuation."""
    mine = sorted((u for u in utterances if u["side"] == side), key=lambda u: u["start_ms"])
    return " ".join(re.sub(r"[^a-z0-9 ]", "", u["text"].lower()) for u in mine)


async def assert_heard_as_sent(person: Person, call_id: str, recording: Recording) -> None:
    """Each leg can be listened to as one, sample for sample as it was sent.

    A source is done when its socket has taken the last words; the recording has them a moment
    later.
    """
    for side, audio in recording.sides.items():
        for from_ms in range(0, recording.duration_ms, 60_000):
            to_ms = min(from_ms + 60_000, recording.duration_ms)
            path = f"/v1/calls/{call_id}/audio?from_ms={from_ms}&to_ms={to_ms}&sides={side}"
            sent = decode_ulaw(audio[from_ms * 8 : to_ms * 8])
            wav = await until(
                partial(person.ask, "GET", path), lambda got, n=sent.nbytes: len(got) >= 44 + n
            )
            kept = np.frombuffer(wav[44:], dtype="<i2")
            np.testing.assert_array_equal(kept, sent, err_msg=side)
