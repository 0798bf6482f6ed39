"""How links are found again: by their token's digest, by their phone's, by call, and while live."""

from ringdown.caller.store import SqlCallerStore
from ringdown.caller.views import LinkState, LinkView
from ringdown.runtime.db import Database


def link(number: int, state: LinkState = "sent") -> LinkView:
    return LinkView.model_validate(
        {
            "link_id": f"link_{number}", "call_id": f"call_{number % 2}", "consent_id": "cons_1",
            "shares": ("location",), "number": "+12025550142", "language": "ar", "state": state,
            "made_by": {"user_id": "user_1", "name": "Dana"}, "made_at": "2026-03-01T03:00:00.000Z",
            "expires_at": "2026-03-01T03:30:00.000Z",
        }
    )  # fmt: skip


async def test_links_are_found_by_key_device_call_and_state(sql_database: Database) -> None:
    """Each under its own centre; the newest of a phone; nothing that is over among the live."""
    store = SqlCallerStore()
    async with sql_database.write() as tx:
        for number, state in enumerate(("sent", "opened", "failed", "stopped", "revoked")):
            one = link(number, state)
            await store.links.add(
                tx, "a" if number else "b", one.link_id, one.call_id, one,
                key_hash=f"key_{number}", expires_at=one.expires_at, state=state,
                device_hash="phone" if number in {1, 2} else None,
            )  # fmt: skip
    async with sql_database.read() as tx:
        found = await store.by_key(tx, "key_1")
        assert found is not None
        assert (found.centre_id, found.link, found.device_hash) == ("a", link(1, "opened"), "phone")
        assert "phone" not in repr(found)
        assert await store.by_key(tx, "key_9") is None
        newest = await store.by_device(tx, "phone")
        assert newest is not None
        assert newest.link.link_id == "link_2"
        assert await store.by_device(tx, "nobody") is None
        assert await store.by_id(tx, "b", "link_1") is None
        assert (await store.by_id(tx, "b", "link_0")) is not None
        of_call = await store.rows_of_call(tx, "a", "call_1")
        assert [row.link.link_id for row in of_call] == ["link_1", "link_3"]
        live = await store.live(tx)
        assert {(row.centre_id, row.link.link_id) for row in live} == {
            ("b", "link_0"), ("a", "link_1"), ("a", "link_2"),
        }  # fmt: skip
