"""Drafts, history and confirmations in memory, with the same refusals as the database's."""

from collections.abc import Sequence

from ringdown.incidents.model import ConfirmationRow, Draft
from ringdown.incidents.ports import Attempt, HeardUtterance, NotStored
from ringdown.runtime.db import Tx


class MemoryIncidentStore:
    """`IncidentStore` over dictionaries; passes the same contract as the SQL one."""

    async def load(self, tx: Tx, centre_id: str, call_id: str) -> Draft | None:
        """The draft of a call."""
        return tx.memory("incident_drafts").get((centre_id, call_id))

    async def save(self, tx: Tx, centre_id: str, draft: Draft) -> None:
        """Keep a draft in place of the one before."""
        tx.memory("incident_drafts")[centre_id, draft.call_id] = draft

    async def drafts(self, tx: Tx, centre_id: str, call_ids: Sequence[str]) -> list[Draft]:
        """The drafts there are for these calls."""
        table = tx.memory("incident_drafts")
        return [table[centre_id, call] for call in call_ids if (centre_id, call) in table]

    async def add_history(
        self, tx: Tx, centre_id: str, call_id: str, entry_id: str, attempt: Attempt
    ) -> None:
        """Keep a version of a field, or an attempt to change it."""
        tx.memory("field_history")[entry_id] = (centre_id, call_id, attempt)

    async def history(self, tx: Tx, centre_id: str, call_id: str) -> list[Attempt]:
        """Everything a call's fields ever were."""
        rows = tx.memory("field_history").values()
        return [attempt for centre, call, attempt in rows if (centre, call) == (centre_id, call_id)]

    async def add_confirmation(self, tx: Tx, row: ConfirmationRow) -> None:
        """Keep a confirmation for good. Raises `NotStored`."""
        table = tx.memory("confirmations")
        before = await self.confirmations(tx, row.centre_id, row.call_id)
        if (
            not _is_person(tx, row.centre_id, row.user_id)
            or row.sequence != len(before) + 1
            or row.confirmation_id in table
        ):
            raise NotStored(
                "the store refused this confirmation",
                details={"confirmation_id": row.confirmation_id},
            )
        table[row.confirmation_id] = row

    async def confirmation(
        self, tx: Tx, centre_id: str, confirmation_id: str
    ) -> ConfirmationRow | None:
        """One stored confirmation of the centre."""
        row = tx.memory("confirmations").get(confirmation_id)
        return row if row is not None and row.centre_id == centre_id else None

    async def confirmations(self, tx: Tx, centre_id: str, call_id: str) -> list[ConfirmationRow]:
        """The confirmations of a call, by sequence."""
        rows = tx.memory("confirmations").values()
        own = [row for row in rows if (row.centre_id, row.call_id) == (centre_id, call_id)]
        return sorted(own, key=lambda row: row.sequence)


def _is_person(tx: Tx, centre_id: str, user_id: str) -> bool:
    """As the trigger does it: whether the centre has this user."""
    user = tx.memory("users").get(user_id)
    return user is not None and user.centre_id == centre_id


class MemoryTranscript:
    """A transcript that a test fills by hand."""

    def __init__(self) -> None:
        self.utterances: dict[tuple[str, str], list[HeardUtterance]] = {}

    async def read_in(
        self,
        tx: Tx,  # noqa: ARG002 - the port's
        centre_id: str,
        call_id: str,
    ) -> Sequence[HeardUtterance]:
        """What the test put there."""
        return list(self.utterances.get((centre_id, call_id), []))
