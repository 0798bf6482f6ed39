"""The book of viewings: who has what open before them, since when, and for how long unblurred."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock, iso, ms_between, parse_iso
from ringdown.core.ids import IdSource
from ringdown.core.principal import Person, Principal, system
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.documents import Kept
from ringdown.runtime.facts import Facts
from ringdown.video.events import ViewingChanged
from ringdown.video.exposure import by_person
from ringdown.video.model import ViewingNotFound, ViewingOver, ViewingTakenOver
from ringdown.video.ports import VideoStore
from ringdown.video.views import ExposureView, Subject, ViewingView

SILENT_S: Final = 10.0
"""A console that gives no sign of life for so long no longer shows anything."""
KEEP_MS: Final = 30_000
"""So much unblurred time may be lost if the server is killed."""
TAKES_OVER: Final = "video:take_over"
SEES_ALL: Final = "audit:read"


@dataclass
class _Open:
    """A viewing under way: what is kept of it, and what was told since."""

    centre_id: str
    view: ViewingView
    began: float
    alive_at: float
    shown_ms: int


class ViewingBook:
    """Viewings of every centre; implements `api.Viewings`."""

    def __init__(
        self,
        db: Database,
        store: VideoStore,
        *,
        facts: Facts,
        audit: Audit,
        clock: Clock,
        ids: IdSource,
        longest_s: int,
    ) -> None:
        self._db = db
        self._store = store
        self._facts = facts
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._longest_s = longest_s
        self.on_over: list[Callable[[str, ViewingView], None]] = []
        """Told of each that has ended, with its centre."""
        self._open: dict[str, _Open] = {}

    # ---- what is open now

    def open_of(self, subject_id: str) -> list[tuple[str, ViewingView]]:
        """The open viewings of one thing, each with its centre."""
        return [
            (o.centre_id, o.view) for o in self._open.values() if o.view.subject_id == subject_id
        ]

    def open_video(self) -> list[tuple[str, ViewingView]]:
        """The open viewings of live video, each with its centre."""
        return [(o.centre_id, o.view) for o in self._open.values() if o.view.subject == "video"]

    # ---- commands

    async def open_in(
        self,
        tx: Tx,
        principal: Principal,
        call_id: str,
        subject: Subject,
        subject_id: str,
        *,
        instead_of: str | None = None,
    ) -> ViewingView:
        """A person has this shown from now on. Raises `ViewingTakenOver`."""
        centre_id = principal.centre_id
        for kept in await self._store.taken(tx, centre_id, call_id, subject_id):
            if kept.value.by.user_id == principal.id:
                await self._end_in(tx, principal, kept, "opened_again")
            elif kept.value.instead_of is not None and not principal.may(TAKES_OVER):
                error = ViewingTakenOver("a supervisor looks at this instead")
                error.private = {"by": kept.value.by.name}
                raise error
        now = self._clock.now()
        view = ViewingView(
            viewing_id=self._ids.new("view"),
            call_id=call_id,
            subject=subject,
            subject_id=subject_id,
            by=Person(user_id=principal.id, name=principal.name),
            started_at=iso(now),
            instead_of=instead_of,
        )
        await self._store.viewings.add(
            tx, centre_id, view.viewing_id, call_id, view,
            user_id=principal.id, subject_id=subject_id, started_at=view.started_at,
        )  # fmt: skip
        await self._told(tx, centre_id, view)
        await self._record(tx, principal, "video:viewing:opened", view)
        began = self._clock.monotonic()
        opened = _Open(centre_id, view, began, began, 0)
        tx.after_commit(lambda: self._open.__setitem__(view.viewing_id, opened))
        return view

    async def alive(
        self, principal: Principal, call_id: str, viewing_id: str, shown_ms: int
    ) -> ViewingView:
        """The console still has it open, and has shown it unblurred for so long altogether."""
        known = self._open.get(viewing_id)
        if known is None:
            async with self._db.read() as tx:
                return (await self._own(tx, principal, call_id, viewing_id)).value
        self._check(known.centre_id, known.view, principal, call_id)
        known.alive_at = self._clock.monotonic()
        known.shown_ms = self._plausible(known, shown_ms)
        if known.shown_ms - known.view.shown_ms >= KEEP_MS:
            async with self._db.write() as tx:
                kept = await self._own(tx, principal, call_id, viewing_id)
                if kept.value.ended_at is not None:
                    return kept.value
                view = kept.value.model_copy(update={"shown_ms": known.shown_ms})
                await self._store.viewings.replace(tx, known.centre_id, viewing_id, kept, view)
                await self._told(tx, known.centre_id, view)
            known.view = view
        return known.view.model_copy(update={"shown_ms": known.shown_ms})

    async def close(
        self, principal: Principal, call_id: str, viewing_id: str, shown_ms: int | None
    ) -> ViewingView:
        """The person closed it; closing twice changes nothing."""
        known = self._open.get(viewing_id)
        if known is not None and shown_ms is not None:
            self._check(known.centre_id, known.view, principal, call_id)
            known.shown_ms = self._plausible(known, shown_ms)
        async with self._db.write() as tx:
            kept = await self._own(tx, principal, call_id, viewing_id)
            return await self._end_in(tx, principal, kept, "closed")

    async def take_over(self, principal: Principal, call_id: str, viewing_id: str) -> ViewingView:
        """A supervisor looks instead: the other's ends, one of their own begins."""
        async with self._db.write() as tx:
            kept = await self._store.viewings.get(tx, principal.centre_id, viewing_id)
            if kept is None or kept.value.call_id != call_id:
                raise ViewingNotFound("there is no such viewing of this call")
            if kept.value.ended_at is not None or kept.value.by.user_id == principal.id:
                raise ViewingOver("this viewing is over, or your own")
            ended = await self._end_in(tx, principal, kept, "taken_over")
            await self._record(tx, principal, "video:viewing:taken_over", ended)
            return await self.open_in(
                tx, principal, call_id, ended.subject, ended.subject_id, instead_of=viewing_id
            )

    async def end_of(self, centre_id: str, subject_id: str, because: str) -> None:
        """What was shown is shown no longer, so nobody looks at it."""
        for centre, view in self.open_of(subject_id):
            if centre == centre_id:
                await self._end(centre, view.viewing_id, because)

    async def sweep(self) -> None:
        """End what nobody has open any more, and what has been open for too long."""
        now = self._clock.monotonic()
        for known in list(self._open.values()):
            because = (
                "left" if now - known.alive_at > SILENT_S
                else "too_long" if now - known.began > self._longest_s
                else None
            )  # fmt: skip
            if because is not None:
                await self._end(known.centre_id, known.view.viewing_id, because)

    async def take_up(self) -> None:
        """After a start nobody has anything open, but for what was opened since."""
        async with self._db.read() as tx:
            left = await self._store.unfinished(tx)
        for centre_id, view in left:
            if view.viewing_id in self._open:
                continue
            await self._end(centre_id, view.viewing_id, "restarted")

    # ---- reads

    async def read_viewings(self, tx: Tx, centre_id: str, call_id: str) -> list[ViewingView]:
        """Who had pictures of this call open, in order."""
        return await self._store.viewings.of_call(tx, centre_id, call_id)

    async def exposure(self, principal: Principal, days: int) -> ExposureView:
        """What one has seen oneself; of the whole centre for who may take over or read the log.

        Reading what others have seen is written down.
        """
        now = self._clock.now()
        since = iso(now - timedelta(days=days))
        everybody = principal.may(TAKES_OVER) or principal.may(SEES_ALL)
        only = None if everybody else principal.id
        async with self._db.read() as tx:
            found = await self._store.exposure(tx, principal.centre_id, since, only)
        if any(one.by.user_id != principal.id for one in found):
            async with self._db.write() as tx:
                await self._audit.append(
                    tx,
                    centre_id=principal.centre_id,
                    tag="video:exposure:read",
                    actor=principal,
                    subject=principal.centre_id,
                    details={"days": days},
                )
        live = [self._newest(one) for one in found]
        own = [one for one in live if one.by.user_id == principal.id]
        return ExposureView(since=since, people=by_person(live, now), viewings=own[:200])

    def _newest(self, view: ViewingView) -> ViewingView:
        known = self._open.get(view.viewing_id)
        return view if known is None else view.model_copy(update={"shown_ms": known.shown_ms})

    # ---- inside

    async def _own(
        self, tx: Tx, principal: Principal, call_id: str, viewing_id: str
    ) -> Kept[ViewingView]:
        kept = await self._store.viewings.get(tx, principal.centre_id, viewing_id)
        if kept is None:
            raise ViewingNotFound("there is no such viewing of this call")
        self._check(principal.centre_id, kept.value, principal, call_id)
        return kept

    @staticmethod
    def _check(centre_id: str, view: ViewingView, principal: Principal, call_id: str) -> None:
        whose = (centre_id, view.call_id, view.by.user_id)
        if whose != (principal.centre_id, call_id, principal.id):
            raise ViewingNotFound("there is no such viewing of this call")

    def _plausible(self, known: _Open, shown_ms: int) -> int:
        """Never less than told before, never more than the time it has been open."""
        elapsed = round((self._clock.monotonic() - known.began) * 1000)
        return max(known.shown_ms, min(shown_ms, elapsed))

    async def _end(self, centre_id: str, viewing_id: str, because: str) -> None:
        async with self._db.write() as tx:
            kept = await self._store.viewings.get(tx, centre_id, viewing_id)
            if kept is None:
                self._open.pop(viewing_id, None)
                return
            await self._end_in(tx, system(centre_id, "video"), kept, because)

    async def _end_in(
        self, tx: Tx, actor: Principal, kept: Kept[ViewingView], because: str
    ) -> ViewingView:
        view, centre_id, now = kept.value, actor.centre_id, self._clock.now()
        if view.ended_at is not None:
            self._open.pop(view.viewing_id, None)
            return view
        known = self._open.get(view.viewing_id)
        changes: dict[str, Any] = {"ended_at": iso(now)}
        if known is not None:
            changes["shown_ms"] = known.shown_ms
        if because == "taken_over":
            changes["taken_over_by"] = Person(user_id=actor.id, name=actor.name)
        ended = view.model_copy(update=changes)
        await self._store.viewings.replace(
            tx, centre_id, view.viewing_id, kept, ended, ended_at=ended.ended_at
        )
        await self._told(tx, centre_id, ended)
        await self._record(tx, actor, "video:viewing:closed", ended, because=because)

        def over() -> None:
            self._open.pop(ended.viewing_id, None)
            for told in self.on_over:
                told(centre_id, ended)

        tx.after_commit(over)
        return ended

    async def _told(self, tx: Tx, centre_id: str, view: ViewingView) -> None:
        fact = ViewingChanged(centre_id=centre_id, call_id=view.call_id, viewing=view)
        await self._facts.append(tx, fact)

    async def _record(
        self, tx: Tx, actor: Principal, tag: str, view: ViewingView, **more: object
    ) -> None:
        details: dict[str, object] = {
            "viewing_id": view.viewing_id, "subject": view.subject, "subject_id": view.subject_id,
            "who": view.by.user_id, **more,
        }  # fmt: skip
        if view.ended_at is not None:
            open_ms = ms_between(parse_iso(view.started_at), parse_iso(view.ended_at))
            details |= {"shown_ms": view.shown_ms, "open_ms": open_ms}
        await self._audit.append(
            tx,
            centre_id=actor.centre_id,
            tag=tag,
            actor=actor,
            subject=view.call_id,
            details=details,
        )
