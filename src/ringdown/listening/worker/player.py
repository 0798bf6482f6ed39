"""Plays one call to everybody who hears it: one mix at the live edge, cursors of their own."""

from collections.abc import Callable

import numpy as np

from ringdown.listening.model.edge import EdgeFollower
from ringdown.listening.model.mix import Pcm16, Voice
from ringdown.listening.model.pace import CHUNK_MS, Pace
from ringdown.listening.model.protocol import Gains
from ringdown.listening.worker.call_audio import LOAD_MS, CallAudio
from ringdown.listening.worker.session import SILENCE, Session


class CallPlayer:
    """The sessions of one call. `load` has a stretch read, off the event loop, then turns again."""

    def __init__(self, call_key: str, load: Callable[[CallAudio, int], None]) -> None:
        self.call_key = call_key
        self.audio = CallAudio()
        self.sessions: dict[str, Session] = {}
        self._load = load
        self._edge = EdgeFollower()
        self._edge_pace = Pace()
        self._edge_voice = Voice(Gains())
        self._dry = 0
        self.edge_lag_ms = 0

    @property
    def gaps(self) -> int:
        """How often a live recording did not come on in time."""
        return self._dry + self._edge_pace.dry

    @property
    def shared(self) -> int:
        """How many sessions hear the shared mix."""
        return sum(self._shares(session) for session in self.sessions.values())

    def turn(self, now: float) -> None:
        """Hand over what is due, and tell what is to be told."""
        duration, over = self.audio.duration, self.audio.complete
        for session in self.sessions.values():
            session.transport.separable = self.audio.separable
            session.turn(now, duration, over=over)
        self._play_edge(now)
        for session in self.sessions.values():
            if session.present and session.pace.due(now):
                if session.transport.paused:
                    session.push(SILENCE, now, 0)
                elif not session.transport.following:
                    self._play_own(session, now)

    def _shares(self, session: Session) -> bool:
        return session.listening and session.transport.following and session.voice.plain

    def _play_edge(self, now: float) -> None:
        group = [s for s in self.sessions.values() if s.listening and s.transport.following]
        if not group:
            self._dry += self._edge_pace.dry
            self._edge, self._edge_pace = EdgeFollower(), Pace()
            self._edge_voice = Voice(Gains())
            return
        if not self._edge_pace.due(now):
            return
        before = self._edge.position
        place = self._edge.next(self.audio.playable)
        if place is None or not self.audio.has(place, CHUNK_MS):
            if place is not None:
                self._load(self.audio, place)
            return
        sides = self.audio.sides(place, CHUNK_MS)
        left = None
        if before is not None and before != place and self.audio.has(before, CHUNK_MS):
            left = self.audio.sides(before, CHUNK_MS)
        gone = None if left is None else self._edge_voice.copy().play(left)
        shared = self._edge_voice.play(sides)
        for session in group:
            mine, tail = shared, gone
            if not session.voice.plain:
                tail = None if left is None else session.voice.copy().play(left)
                mine = session.voice.play(sides)
            session.jump(place, tail)
            session.push(mine, now, CHUNK_MS)
        self._edge.played()
        self._edge_pace.pushed(now, CHUNK_MS)
        heard = place + CHUNK_MS - self._edge_pace.waiting_ms(now)
        self.edge_lag_ms = max(self.edge_lag_ms, self.audio.duration - heard)

    def _play_own(self, session: Session, now: float) -> None:
        position = session.next
        left = self.audio.duration - position
        if self.audio.complete:
            if left <= 0:
                return
        elif position + CHUNK_MS > self.audio.playable:
            return
        if not self.audio.has(position, CHUNK_MS):
            self._load(self.audio, position)
            return
        piece = session.voice.play(self.audio.sides(position, CHUNK_MS))
        session.push(_until(piece, left), now, min(CHUNK_MS, left))
        ahead = position + LOAD_MS // 2
        if not self.audio.has(ahead, CHUNK_MS):
            self._load(self.audio, ahead)


def _until(piece: Pcm16, left_ms: int) -> Pcm16:
    """Silence after the end of the call."""
    keep = left_ms * len(piece) // CHUNK_MS
    return piece if left_ms >= CHUNK_MS else np.pad(piece[:keep], (0, len(piece) - keep))
