"""Reading and exporting the audit log over HTTP; both are written down in it."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import StreamingResponse

from ringdown.audit.service import AuditLog
from ringdown.core.events import Value
from ringdown.runtime.db import Database
from ringdown.runtime.http import Caller, Routes


class AuditRowView(Value):
    """One row, as `GET /v1/audit` gives it; the same columns as in an export."""

    centre_id: str
    seq: int
    at: str
    tag: str
    actor_kind: str
    actor_id: str
    actor_name: str
    session_id: str | None
    subject: str
    details: dict[str, object]
    prev_hash: str
    hash: str


class AuditPage(Value):
    """A page of rows; `next` is the `after` of the following page, None at the end."""

    rows: list[AuditRowView]
    next: int | None


def audit_routes(log: AuditLog, database: Database) -> Routes:
    """The routes of this feature."""
    routes = Routes("audit")

    @routes.get("/v1/audit", permission="audit:read")
    async def read(
        caller: Caller,
        after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Rows after this `seq`.")] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> AuditPage:
        """A page of the centre's audit log, oldest first."""
        rows = await log.read(database, caller, after=after, limit=limit)
        return AuditPage(
            rows=[AuditRowView.model_validate(row.columns()) for row in rows],
            next=rows[-1].seq if len(rows) == limit else None,
        )

    @routes.get(
        "/v1/audit/export",
        permission="audit:read",
        response_class=StreamingResponse,
        responses={200: {"content": {"application/x-ndjson": {}}}},
    )
    async def export(caller: Caller) -> StreamingResponse:
        """The centre's whole audit log as JSON lines, to be checked with `verify_export.py`.

        The headers `X-Audit-Count` and `X-Audit-Head` are worth noting elsewhere: with them the
        verifier also finds rows cut off the end.
        """
        head = await log.begin_export(database, caller, caller.centre_id)
        return StreamingResponse(
            log.lines(database, caller.centre_id, head.count),
            media_type="application/x-ndjson",
            headers={
                "Content-Disposition": 'attachment; filename="audit.jsonl"',
                "X-Audit-Count": str(head.count),
                "X-Audit-Head": head.hash,
            },
        )

    return routes
