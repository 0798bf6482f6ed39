"""The maps of centres: loading, showing, removing, and asking what a spoken place means."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, cast

from ringdown.audit.api import Audit
from ringdown.core.clock import Clock, iso
from ringdown.core.errors import Conflict, Invalid, Unavailable
from ringdown.core.principal import Principal
from ringdown.runtime.db import Database, Tx
from ringdown.runtime.staging import PORTION, Progress, stage_all, version_of
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.streets.api import (
    BoundsView,
    FoundPlace,
    LayerView,
    RefusedFeatureView,
    StreetsReport,
    StreetsView,
)
from ringdown.streets.drawing import drawn
from ringdown.streets.model.features import Address, Landmark, Layer, Milepost, Road
from ringdown.streets.model.index import Box, StreetIndex
from ringdown.streets.model.kept import read, written
from ringdown.streets.model.matching import match
from ringdown.streets.model.table import MapTable, read_map
from ringdown.streets.ports import LayerRecord, StreetStore
from ringdown.wire.filenames import last_part

EVERY_S: Final = 10.0
"""Between two looks at whether somebody loaded a map beside this server."""


class StreetsChanging(Conflict):
    """Somebody else loaded or removed the layer meanwhile."""

    code: ClassVar[str] = "streets.changing"
    action: ClassVar[str] = "Look at what is loaded now, then load the file again."


class BoxInvalid(Invalid):
    """A part of the map that has no inside."""

    code: ClassVar[str] = "streets.box_invalid"
    action: ClassVar[str] = "Name degrees in WGS84: west below east, south below north."


@dataclass(frozen=True)
class _Held:
    """A centre's map in memory, and of which versions it was made."""

    versions: tuple[str, ...]
    index: StreetIndex


class StreetsService:
    """The only writer of maps. A load that is broken off changes nothing."""

    def __init__(self, db: Database, store: StreetStore, audit: Audit, clock: Clock) -> None:
        self._db = db
        self._store = store
        self._audit = audit
        self._clock = clock
        self._loading = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._held: dict[str, _Held] = {}
        self._log = get_logger("streets")

    async def load(
        self,
        principal: Principal,
        data: bytes,
        *,
        source: str,
        layer: Layer | None = None,
        progress: Progress = lambda _done, _of: None,
    ) -> StreetsReport:
        """Load a file in place of the layer there is; the same file again changes nothing.

        Without a layer it is seen by what the file holds. Raises `MapUnreadable`, `MapTooLarge`
        or `StreetsChanging`.
        """
        table = await asyncio.to_thread(read_map, data, layer)
        async with self._loading:
            return await self._load(principal, table, source, progress)

    async def _load(
        self, principal: Principal, table: MapTable, source: str, progress: Progress
    ) -> StreetsReport:
        centre_id, layer = principal.centre_id, table.layer
        lines = await asyncio.to_thread(lambda: [written(each) for each in table.features])
        version = await asyncio.to_thread(version_of, lines)
        before = await self._record(centre_id, layer)
        changed = before is None or before.version != version
        if changed:

            async def stage(tx: Tx, start: int, portion: Sequence[str]) -> None:
                await self._store.stage(tx, centre_id, layer, version, start, portion)

            await stage_all(self._db, lines, stage, progress)
            record = LayerRecord(
                centre_id, layer, version, len(lines), last_part(source),
                self._clock.now(), principal.name,
            )  # fmt: skip
            await self._put_into_use(principal, before, record, table)
            await self._refresh(centre_id)
        return StreetsReport(
            layer=layer,
            count=len(lines),
            version=version,
            changed=changed,
            rows=table.rows,
            refused=table.refused,
            first_refused=tuple(
                RefusedFeatureView(row=each.row, reason=each.reason) for each in table.reasons
            ),
        )

    async def _record(self, centre_id: str, layer: Layer) -> LayerRecord | None:
        async with self._db.read() as tx:
            found = await self._store.layers(tx, centre_id)
        return next((each for each in found if each.layer == layer), None)

    async def _put_into_use(
        self,
        principal: Principal,
        before: LayerRecord | None,
        record: LayerRecord,
        table: MapTable,
    ) -> None:
        centre_id, layer = record.centre_id, record.layer
        async with self._db.write() as tx:
            found = await self._store.layers(tx, centre_id)
            now = next((each for each in found if each.layer == layer), None)
            staged = await self._store.staged(tx, centre_id, layer, record.version)
            if now != before or staged != record.total:
                raise StreetsChanging("the layer was changed while the file was being loaded")
            await self._store.use(tx, record)
            await self._audit.append(
                tx,
                centre_id=centre_id,
                tag="streets:layer:loaded",
                actor=principal,
                subject=centre_id,
                details={
                    "layer": layer, "source": record.source, "version": record.version,
                    "features": record.total, "rows": table.rows, "refused": table.refused,
                },
            )  # fmt: skip
        async with self._db.write() as tx:
            await self._store.forget(tx, centre_id, layer, keep=record.version)

    async def remove(self, principal: Principal, layer: Layer) -> None:
        """Remove a layer; without it nothing happens."""
        centre_id = principal.centre_id
        async with self._loading:
            before = await self._record(centre_id, layer)
            async with self._db.write() as tx:
                if before is not None:
                    await self._store.retire(tx, centre_id, layer)
                    await self._audit.append(
                        tx,
                        centre_id=centre_id,
                        tag="streets:layer:removed",
                        actor=principal,
                        subject=centre_id,
                        details={
                            "layer": layer, "version": before.version, "features": before.total,
                        },
                    )  # fmt: skip
                await self._store.forget(tx, centre_id, layer, keep=None)
            await self._refresh(centre_id)

    async def show(self, principal: Principal) -> StreetsView:
        """The layers there are, from which files, since when, and what they cover."""
        async with self._db.read() as tx:
            layers = await self._store.layers(tx, principal.centre_id)
        bounds = (await self._index(principal.centre_id)).bounds() if layers else None
        return StreetsView(
            layers=tuple(
                LayerView(
                    layer=each.layer,
                    count=each.total,
                    version=each.version,
                    source=each.source,
                    loaded_at=iso(each.loaded_at),
                    loaded_by=each.loaded_by,
                )
                for each in layers
            ),
            bounds=None
            if bounds is None
            else BoundsView(
                west=bounds.west, south=bounds.south, east=bounds.east, north=bounds.north
            ),
        )

    async def layers(self) -> list[LayerRecord]:
        """The layers of every centre."""
        async with self._db.read() as tx:
            return await self._store.layers(tx)

    async def match(self, centre_id: str, text: str) -> Sequence[FoundPlace]:
        """What the text may mean on the centre's map, best first; no map, no match."""
        index = await self._index(centre_id)
        return tuple(
            FoundPlace(
                text=each.text, score=each.score, lat=each.at.lat, lon=each.at.lon, kind=each.kind
            )
            for each in match(index, text)
        )

    async def drawn(self, principal: Principal, box: Box) -> bytes:
        """The roads and landmarks of a part of the map, as GeoJSON. Raises `BoxInvalid`."""
        inside = -180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90
        if not inside:
            raise BoxInvalid("the part of the map has no inside")
        index = await self._index(principal.centre_id)
        return await asyncio.to_thread(drawn, index, box)

    async def run(self) -> None:
        """Read every map now, and again when it is loaded beside this server."""
        while True:
            try:
                await self.refresh()
            except Unavailable as error:
                self._log.warning("maps wait for the database", **describe(error))
            await asyncio.sleep(EVERY_S)

    async def refresh(self) -> None:
        """Look once whether somebody loaded or removed a layer beside this server."""
        for centre_id in {each.centre_id for each in await self.layers()} | {*self._held}:
            await self._refresh(centre_id)

    async def _index(self, centre_id: str) -> StreetIndex:
        held = self._held.get(centre_id)
        return held.index if held else await self._refresh(centre_id)

    async def _refresh(self, centre_id: str) -> StreetIndex:
        """The map as it is now; read again only if something was loaded or removed."""
        async with self._reading:
            async with self._db.read() as tx:
                layers = await self._store.layers(tx, centre_id)
            versions = tuple(f"{each.layer}:{each.version}" for each in layers)
            held = self._held.get(centre_id)
            if held is None or held.versions != versions:
                lines: list[tuple[Layer, list[str]]] = []
                for each in layers:
                    lines.append((each.layer, await self._lines(each)))  # noqa: PERF401 - it awaits
                held = _Held(versions, await asyncio.to_thread(_built, lines))
                self._held[centre_id] = held
            return held.index

    async def _lines(self, record: LayerRecord) -> list[str]:
        lines: list[str] = []
        while len(lines) < record.total:
            async with self._db.read() as tx:
                portion = await self._store.features(
                    tx, record.centre_id, record.layer, record.version,
                    start=len(lines), limit=PORTION,
                )  # fmt: skip
            if not portion:
                break  # replaced meanwhile: the next look reads what is there then
            lines += portion
        return lines


def _built(layers: Sequence[tuple[Layer, list[str]]]) -> StreetIndex:
    of = {layer: [read(layer, line) for line in lines] for layer, lines in layers}
    return StreetIndex(
        cast("list[Road]", of.get("roads", [])),
        cast("list[Address]", of.get("addresses", [])),
        cast("list[Landmark]", of.get("landmarks", [])),
        cast("list[Milepost]", of.get("mileposts", [])),
    )
