"""What came by MMS is fetched from the carrier and handed on, until it is or is gone there."""

import asyncio
from typing import Any, Final

from ringdown.core.errors import RingdownError, Unavailable
from ringdown.core.sensitive import Sensitive
from ringdown.runtime.tasks import describe
from ringdown.runtime.telemetry import get_logger
from ringdown.texting.api import OnMedia
from ringdown.texting.desk import Desk
from ringdown.texting.ports import Carrier, Held

AGAIN_S: Final = 5
TRIES: Final = 20
LOST: Final = "A picture that came with it could not be fetched from the carrier."


class Pictures:
    """Fetches pictures one after the other; `taker`, made above this feature, takes them."""

    def __init__(self, desk: Desk, carrier: Carrier | None) -> None:
        self.taker: OnMedia | None = None
        self._desk = desk
        self._carrier = carrier
        self._wake = asyncio.Event()
        self._log = get_logger("texting")
        desk.on_pictures.append(self._wake.set)

    async def run(self) -> None:
        """Fetch for ever; for `Tasks.supervise`."""
        while True:
            self._wake.clear()
            left = await self.run_once()
            try:
                async with asyncio.timeout(AGAIN_S if left else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def run_once(self) -> bool:
        """Try whatever waits once; whether anything is left."""
        carrier, taker = self._carrier, self.taker
        if carrier is None or taker is None:
            return False
        async with self._desk.db.read() as tx:
            waiting = await self._desk.store.pictures(tx)
        left = False
        for held in waiting:
            left |= await self._fetch(carrier, taker, held)
        return left

    async def _fetch(self, carrier: Carrier, taker: OnMedia, held: Held) -> bool:
        parts = [dict(one) for one in held.media or []]
        for at, part in enumerate(parts):
            if "upload_id" not in part and not part.get("lost"):
                parts[at] = await self._part(carrier, taker, held, at, part)
        done = [str(one["upload_id"]) for one in parts if "upload_id" in one]
        left = any("upload_id" not in one and not one.get("lost") for one in parts)
        lost = any(one.get("lost") for one in parts)
        async with self._desk.db.write() as tx:
            now = await self._desk.store.find(tx, message_id=held.view.message_id, carrier_id=None)
            if now is None:
                return False
            after = now.view.model_copy(
                update={
                    "attachments": tuple(done),
                    "error": LOST if lost else now.view.error,
                }
            )
            if after != now.view:
                after = after.model_copy(update={"changed_at": self._desk.now()})
            await self._desk.change(tx, now, after, media=parts if left else None)
        return left

    async def _part(
        self, carrier: Carrier, taker: OnMedia, held: Held, at: int, part: dict[str, Any]
    ) -> dict[str, Any]:
        try:
            upload_id = await taker.on_media(
                centre_id=held.centre_id,
                call_id=held.view.call_id,
                message_id=held.view.message_id,
                part=at,
                number=Sensitive(held.view.number, "texting.number"),
                content_type=str(part["content_type"]),
                chunks=carrier.fetch(str(part["url"])),
            )
        except RingdownError as error:
            tries = int(part.get("tries", 0)) + 1
            gone = not isinstance(error, Unavailable) or tries >= TRIES
            self._log.warning("a picture could not be fetched", tries=tries, **describe(error))
            return {**part, "tries": tries, **({"lost": True} if gone else {})}
        return {"upload_id": upload_id}
