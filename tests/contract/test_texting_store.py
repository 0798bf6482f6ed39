"""What texting promises of its store, on SQLite and PostgreSQL."""

from ringdown.runtime.db import Database
from ringdown.texting.model import MessageView
from ringdown.texting.store import SqlTextingStore

MESSAGE = MessageView(
    message_id="msg_1", call_id="call_1", number="+12025550142", channel="sms", direction="out",
    kind="text", text="Hello 🚒", state="queued", segments=1, at="2026-03-01T03:00:00.000Z",
    changed_at="2026-03-01T03:00:00.000Z",
)  # fmt: skip


async def test_messages_and_stopped_numbers_are_kept(sql_database: Database) -> None:
    """Found by either id, by number, by what is still to do; a centre's stop is its own."""
    store = SqlTextingStore()
    async with sql_database.write() as tx:
        for key, more in (
            ("msg_1", {"outgoing": "Hello", "due_at": MESSAGE.at}),
            ("msg_2", {"media": [{"url": "x"}]}),
        ):
            await store.messages.add(
                tx, "a", key, "call_1", MESSAGE.model_copy(update={"message_id": key}),
                number=MESSAGE.number, state="queued", link_id="lnk_1", carrier_id=f"SM_{key}", **more,
            )  # fmt: skip
    async with sql_database.read() as tx:
        assert [one.view.message_id for one in await store.unsent(tx)] == ["msg_1"]
        assert [one.media for one in await store.pictures(tx)] == [[{"url": "x"}]]
        assert len(await store.of_number(tx, MESSAGE.number)) == 2
        assert len(await store.of_link(tx, "a", "lnk_1")) == 2
        assert await store.of_link(tx, "b", "lnk_1") == []
        by_carrier = await store.find(tx, message_id=None, carrier_id="SM_msg_2")
        assert by_carrier.view.message_id == "msg_2"
        assert (await store.find(tx, message_id="msg_1", carrier_id="SM_msg_2")).view == MESSAGE
        assert await store.find(tx, message_id=None, carrier_id=None) is None
    async with sql_database.write() as tx:
        held = await store.find(tx, message_id="msg_1", carrier_id=None)
        sent = MESSAGE.model_copy(update={"state": "sent"})
        await store.messages.replace(tx, "a", "msg_1", held.kept, sent, state="sent", outgoing=None)
        assert [await store.stop(tx, "a", "+1", "t") for _ in range(2)] == [True, False]
    async with sql_database.read() as tx:
        assert await store.unsent(tx) == []
        assert (await store.stopped(tx, "a", "+1"), await store.stopped(tx, "b", "+1")) == (
            True,
            False,
        )
    async with sql_database.write() as tx:
        assert [await store.start(tx, "a", "+1") for _ in range(2)] == [True, False]


async def test_calls_wait_to_be_judged_once_each(sql_database: Database) -> None:
    """Remembered twice is once; what is known of one centre's call says nothing of another's."""
    store = SqlTextingStore()
    async with sql_database.write() as tx:
        for centre_id, call_id in (("a", "call_1"), ("a", "call_1"), ("b", "call_1")):
            await store.listen_to(tx, centre_id, call_id)
        assert sorted(await store.listened_to(tx)) == [("a", "call_1"), ("b", "call_1")]
        await store.listened(tx, "a", "call_1")
    async with sql_database.read() as tx:
        assert await store.listened_to(tx) == [("b", "call_1")]
