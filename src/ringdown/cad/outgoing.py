"""What may leave, made anew from what is stored: a person's act, read and checked each time."""

from collections.abc import Mapping
from typing import ClassVar

from ringdown.audit.api import Audit
from ringdown.cad.eido import Sender
from ringdown.cad.events import IncidentSummarised
from ringdown.cad.model import CadMessage, Delivery, MessageForged
from ringdown.cad.ports import Centres, DeliveryStore
from ringdown.cad.schema import CadCall, CadCentre
from ringdown.calls.api import Calls
from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal
from ringdown.incidents.api import Confirmation, Incidents
from ringdown.runtime.db import Database, Tx


class NothingConfirmedYet(NotFound):
    """No such version of the incident is confirmed, so that there is nothing to hand out."""

    code: ClassVar[str] = "cad.eido.nothing_confirmed"
    action: ClassVar[str] = "Confirm and send the incident first; a draft is never handed out."


class Outgoing:
    """Messages of confirmed incidents, for the CAD, for whoever publishes and for whoever asks.

    `type_codes` are the CAD's own codes for our types; the one that counts is kept with each
    delivery, so that every attempt is equal. `sender` is who an EIDO names.
    """

    def __init__(
        self,
        db: Database,
        store: DeliveryStore,
        *,
        incidents: Incidents,
        calls: Calls,
        centres: Centres,
        audit: Audit,
        sender: Sender,
        type_codes: Mapping[str, str],
    ) -> None:
        self._db = db
        self._store = store
        self._incidents = incidents
        self._calls = calls
        self._centres = centres
        self._audit = audit
        self._sender = sender
        self._type_codes = dict(type_codes)

    async def context(self, tx: Tx, confirmation: Confirmation) -> tuple[CadCentre, CadCall]:
        """What is told of the centre and the call, as they are now."""
        centre_id = confirmation.centre_id
        call = await self._calls.read(tx, centre_id, confirmation.call_id)
        name = await self._centres.centre_name(tx, centre_id)
        told = CadCall(
            call_id=call.call_id,
            external_id=call.external_id,
            ani=call.ani,
            started_at=call.started_at,
            demo=call.demo,
            direction=call.direction,
            answered_at=call.answered_at,
            ended_at=call.ended_at,
            ali=call.ali,
        )
        kind = confirmation.view.fields.get("type")
        own = self._type_codes.get(kind.value) if kind else None
        return CadCentre(centre_id=centre_id, name=name, type_code=own), told

    def of_delivery(self, confirmation: Confirmation, delivery: Delivery) -> CadMessage:
        """The message of a delivery. Raises MessageForged, ConfirmationForged."""
        return CadMessage.from_confirmation(
            confirmation,
            delivery_id=delivery.delivery_id,
            digest=delivery.digest,
            centre=delivery.centre,
            call=delivery.call,
            sender=self._sender,
        )

    async def of_summary(self, fact: IncidentSummarised) -> CadMessage:
        """The message that a summary stands for: a fact alone is not a person's word.

        Raises MessageForged, ConfirmationForged, NotFound.
        """
        told = fact.summary
        async with self._db.read() as tx:
            one = await self._store.of_confirmation(tx, fact.centre_id, told.confirmation_id)
            if one is None:
                raise MessageForged("no delivery stands behind this summary")
            confirmation = await self._incidents.confirmation(
                tx, fact.centre_id, one.confirmation_id
            )
        message = self.of_delivery(confirmation, one)
        if message.summary != told:
            raise MessageForged("this summary is not the one that was confirmed")
        return message

    async def document(self, principal: Principal, call_id: str, version: int | None) -> bytes:
        """The EIDO of the newest confirmed version of a call's incident, or of one of them.

        The same as a CAD gets. Raises NotFound, NothingConfirmedYet.
        """
        centre_id = principal.centre_id
        async with self._db.write() as tx:
            await self._calls.read(tx, centre_id, call_id)
            views = await self._incidents.read_confirmations(tx, centre_id, call_id)
            found = [one for one in views if version in {None, one.sequence}]
            if not found:
                raise NothingConfirmedYet("no such version of this incident is confirmed")
            wanted = found[-1].confirmation_id
            confirmation = await self._incidents.confirmation(tx, centre_id, wanted)
            queued = await self._store.of_confirmation(tx, centre_id, wanted)
            if queued is not None:
                message = self.of_delivery(confirmation, queued)
            else:
                centre, call = await self.context(tx, confirmation)
                message = CadMessage.from_confirmation(
                    confirmation,
                    delivery_id=wanted,
                    digest=confirmation.digest,
                    centre=centre,
                    call=call,
                    sender=self._sender,
                )
            document = message.eido
            await self._audit.append(
                tx,
                centre_id=centre_id,
                tag="cad:eido:read",
                actor=principal,
                subject=call_id,
                details={"confirmation_id": wanted, "digest": confirmation.digest},
            )
        return document
