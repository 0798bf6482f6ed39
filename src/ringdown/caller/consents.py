"""What a caller answered when asked on the call, and what of it still stands."""

from ringdown.caller.means import Means, person
from ringdown.caller.model import (
    OPEN,
    ConsentInvalid,
    ConsentMissing,
    OverrideRefused,
    ReasonMissing,
    among,
    ended,
    over,
    stopped_sharing,
    without,
)
from ringdown.caller.views import SHARES, ConsentView, Language, Outcome, Share
from ringdown.core.clock import iso
from ringdown.core.errors import NotFound
from ringdown.core.principal import Principal
from ringdown.runtime.db import Tx
from ringdown.texting.api import e164

CALLER_OVERRIDE = "caller:override"


class Consents:
    """The consents of every centre."""

    def __init__(self, means: Means, region: str) -> None:
        self._with = means
        self._region = region

    async def record(
        self,
        principal: Principal,
        call_id: str,
        *,
        shares: tuple[Share, ...],
        outcome: Outcome,
        language: Language,
        number: str | None = None,
        reason: str | None = None,
    ) -> ConsentView:
        """What the caller was asked and answered; or a location asked for without them, and why.

        Withdrawn on the call ends at once what pages share by it.
        """
        asked = among(SHARES, shares)
        why = (reason or "").strip() or None
        self._may_record(principal, asked, outcome, why)
        async with self._with.db.write() as tx:
            call = await self._with.going_on(tx, principal.centre_id, call_id)
            consent = ConsentView(
                consent_id=self._with.ids.new("cons"),
                call_id=call_id,
                shares=asked,
                outcome=outcome,
                via="voice",
                at_ms=self._with.at_ms(call, self._with.clock.now()),
                by=person(principal),
                language=language,
                reason=why,
                number=e164(number, self._region) if number else None,
                at=iso(self._with.clock.now()),
            )
            await self._with.book.add_consent(tx, principal.centre_id, consent, principal)
            if outcome == "withdrawn":
                await self._withdraw(tx, principal, call_id, asked)
            return consent

    def _may_record(
        self, principal: Principal, asked: tuple[Share, ...], outcome: Outcome, why: str | None
    ) -> None:
        if not asked or any(share not in self._with.settings.shares for share in asked):
            raise ConsentInvalid(
                "this cannot be asked of callers here", details={"shares": list(asked)}
            )
        if outcome != "overridden":
            return
        if asked != ("location",) or not principal.may(CALLER_OVERRIDE):
            raise OverrideRefused("consent can be overridden for a location only, by a supervisor")
        if why is None:
            raise ReasonMissing("an override needs a reason")

    async def _withdraw(
        self, tx: Tx, principal: Principal, call_id: str, shares: tuple[Share, ...]
    ) -> None:
        for row in await self._with.store.rows_of_call(tx, principal.centre_id, call_id):
            link = row.link
            if over(link) or not set(link.shares) & set(shares):
                continue
            if link.state in OPEN:
                after = stopped_sharing(link, shares)
            elif set(link.shares) <= set(shares):
                after = ended(link, "revoked", self._with.clock.now(), "withdrawn")
            else:
                left = without(link.shares, shares)
                after = link.model_copy(update={"shares": left})
            await self._with.put(tx, row, after, principal, "withdrawn")

    async def standing(self, tx: Tx, centre_id: str, call_id: str, consent_id: str) -> ConsentView:
        """What the caller agreed to on the call and has not taken back since.

        Raises NotFound, `ConsentMissing`.
        """
        found = await self._with.store.consents.get(tx, centre_id, consent_id)
        if found is None or found.value.call_id != call_id:
            raise NotFound("the call has no such consent")
        consent = found.value
        later = [
            each
            for each in await self._with.store.consents.of_call(tx, centre_id, call_id)
            if each.consent_id > consent_id and each.via == "voice"
        ]
        gone: set[Share] = {
            share for each in later if each.outcome == "withdrawn" for share in each.shares
        }
        left = without(consent.shares, gone)
        if consent.via != "voice" or consent.outcome not in {"agreed", "overridden"} or not left:
            raise ConsentMissing("the caller has not agreed to this")
        return consent.model_copy(update={"shares": left})
