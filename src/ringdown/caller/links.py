"""The one way in which links and consents are kept: each change with its fact and its audit row."""

from collections.abc import Mapping

from ringdown.audit.api import INSTALLATION, Audit
from ringdown.caller.events import ConsentRecorded, LinkChanged
from ringdown.caller.model import over
from ringdown.caller.ports import CallerStore, LinkRow
from ringdown.caller.views import ConsentView, LinkView
from ringdown.core.principal import Principal, system
from ringdown.runtime.db import Tx
from ringdown.runtime.documents import Kept
from ringdown.runtime.facts import Facts


class LinkBook:
    """Keeps links and consents in the transactions of those who use it."""

    def __init__(self, store: CallerStore, facts: Facts, audit: Audit) -> None:
        self._store = store
        self._facts = facts
        self._audit = audit

    async def add_consent(
        self, tx: Tx, centre_id: str, consent: ConsentView, actor: Principal | None = None
    ) -> None:
        """Keep what a caller was asked and answered; without an actor the caller's page did it."""
        await self._store.consents.add(tx, centre_id, consent.consent_id, consent.call_id, consent)
        fact = ConsentRecorded(centre_id=centre_id, call_id=consent.call_id, consent=consent)
        await self._facts.append(tx, fact)
        told: dict[str, object] = {
            "consent_id": consent.consent_id,
            "shares": list(consent.shares),
            "via": consent.via,
            "at_ms": consent.at_ms,
            "language": consent.language,
        }
        if consent.link_id is not None:
            told["link_id"] = consent.link_id
        if consent.number is not None:
            told["number_ends"] = consent.number[-2:]
        if consent.reason is not None:
            told["reason"] = consent.reason
        await self.note(
            tx, centre_id, f"caller:consent:{consent.outcome}", consent.call_id, told, actor
        )

    async def add(self, tx: Tx, centre_id: str, link: LinkView, key_hash: str) -> LinkRow:
        """Keep a new link; of its token only the digest."""
        await self._store.links.add(
            tx,
            centre_id,
            link.link_id,
            link.call_id,
            link,
            key_hash=key_hash,
            expires_at=link.expires_at,
            state=link.state,
        )
        await self._tell(tx, centre_id, link)
        return LinkRow(centre_id, Kept(link, 1))

    async def put(
        self,
        tx: Tx,
        row: LinkRow,
        after: LinkView,
        *,
        actor: Principal | None = None,
        why: str = "caller",
        device_hash: str | None = None,
    ) -> LinkRow:
        """Keep a changed link; what is shared from now on, or no longer, is written down.

        `why` is a short code of what brought it about. What did not change tells nobody.
        """
        before = row.link
        bound = device_hash or row.device_hash
        if after == before and bound == row.device_hash:
            return row
        kept = await self._store.links.replace(
            tx, row.centre_id, before.link_id, row.kept, after,
            state=after.state, device_hash=bound,
        )  # fmt: skip
        await self._tell(tx, row.centre_id, after)
        for share in before.shares:
            was, now = share in before.sharing, share in after.sharing
            if was != now:
                tag = "caller:share:started" if now else "caller:share:ended"
                told = {"link_id": after.link_id, "share": share}
                if was:
                    told["why"] = why
                await self.note(tx, row.centre_id, tag, after.call_id, told, actor)
        if over(after) and after.state != before.state:
            tag = "caller:link:revoked" if after.state == "revoked" else "caller:link:stopped"
            ended = {"link_id": after.link_id, "state": after.state, "why": why}
            await self.note(tx, row.centre_id, tag, after.call_id, ended, actor)
        return LinkRow(row.centre_id, kept, bound)

    async def note(
        self,
        tx: Tx,
        centre_id: str,
        tag: str,
        call_id: str,
        details: Mapping[str, object],
        actor: Principal | None = None,
    ) -> None:
        """Write an act down; without an actor it was the caller's page, or time."""
        await self._audit.append(
            tx,
            centre_id=centre_id,
            tag=tag,
            actor=actor or system(centre_id, "caller"),
            subject=call_id,
            details=details,
        )

    async def note_wrong(self, tx: Tx, count: int) -> None:
        """Write down how many tokens were tried that are no link's: they belong to no centre."""
        await self.note(
            tx, INSTALLATION, "caller:link:refused", "unknown", {"why": "wrong", "tries": count}
        )

    async def _tell(self, tx: Tx, centre_id: str, link: LinkView) -> None:
        fact = LinkChanged(centre_id=centre_id, call_id=link.call_id, link=link)
        await self._facts.append(tx, fact)
