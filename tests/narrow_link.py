"""A link that is as narrow as we like, or gone: a network namespace shaped by `tc tbf`.

A browser in it comes from another machine as far as the network knows. Only root can make one.
"""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class NoNarrowLink(Exception):
    """This machine or this user cannot make one."""


@dataclass
class NarrowLink:
    """The only link between a phone and the rest of the world."""

    name: str
    here: str
    there: str
    address: str

    def shape(self, kbit: int, *, queue_ms: int = 400) -> None:
        """So many bits a second in either direction, and so much that waits before them."""
        self._both("tbf", "rate", f"{kbit}kbit", "burst", "4kb", "latency", f"{queue_ms}ms")

    def cut(self) -> None:
        """No bit gets through any more, and nobody is told so."""
        self._both("bfifo", "limit", "1")

    def _both(self, *queue: str) -> None:
        for dev, inside in ((self.here, ()), (self.there, ("ip", "netns", "exec", self.name))):
            _run(*inside, "tc", "qdisc", "replace", "dev", dev, "root", *queue)

    def browser(self, folder: Path) -> str:
        """Chromium at the far end of it."""
        program = folder / "chromium-there"
        program.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} /usr/bin/chromium "$@"\n')
        program.chmod(0o755)
        return str(program)


@contextmanager
def narrow_link() -> Generator[NarrowLink, None, None]:
    """A namespace with one veth pair to here. Raises `NoNarrowLink`."""
    number = os.getpid() % 250
    made = NarrowLink(f"ringdown-{number}", f"rdh{number}", f"rdp{number}", f"10.77.{number}.1")
    inside = ("ip", "netns", "exec", made.name)
    try:
        _run("ip", "netns", "add", made.name)
        _run("ip", "link", "add", made.here, "type", "veth", "peer", "name", made.there)
        _run("ip", "link", "set", made.there, "netns", made.name)
        _run("ip", "addr", "add", f"{made.address}/30", "dev", made.here)
        _run("ip", "link", "set", made.here, "up")
        _run(*inside, "ip", "addr", "add", f"10.77.{number}.2/30", "dev", made.there)
        _run(*inside, "ip", "link", "set", "lo", "up")
        _run(*inside, "ip", "link", "set", made.there, "up")
        made.shape(20_000)
        yield made
    finally:
        for undo in (("link", "del", made.here), ("netns", "del", made.name)):
            _quietly("ip", *undo)


def _run(*words: str) -> None:
    if (complaint := _quietly(*words)) is not None:
        raise NoNarrowLink(
            f"only root can make a narrow link, with `ip` and `tc`: {' '.join(words)}: {complaint}"
        )


def _quietly(*words: str) -> str | None:
    """What a command complains of, if it does not work."""
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr.strip()
