"""Requests to machines of others, over real connections: what they reach, and what they never do."""

import asyncio
import socket
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest

from ringdown.partners.adapters.guarded import (
    GuardedBackend,
    OpenGuarded,
    TrustUnusable,
    resolve,
    trust,
)
from ringdown.partners.adapters.vault import AesVault, VaultClosed
from ringdown.partners.ports import PostFailed
from ringdown.runtime.sealed_box import read_key
from ringdown.runtime.secret_files import SecretFileUnusable
from ringdown.testing.clock import ManualClock
from ringdown.testing.hooks import Hooks, receiving


@asynccontextmanager
async def posting(hooks: Hooks, *, private: bool = True, resolver=resolve, ca: Path | None = None):
    context = trust(ca or hooks.ca_file)
    post = OpenGuarded(ManualClock(), context, resolver=resolver)(
        allow_private=private, connections=2
    )
    try:
        yield post
    finally:
        await post.close()


async def code_of(sending) -> str:
    with pytest.raises(PostFailed) as failed:
        await sending
    return failed.value.code


async def test_a_body_arrives_as_it_was_over_a_kept_connection(tmp_path: Path) -> None:
    """Byte for byte, to the path and query that was given."""
    async with receiving(tmp_path) as hooks, posting(hooks) as post:
        for _ in range(3):
            answer = await post.post(hooks.url + "?a=b", b"\x00{}", {"x-y": "z"}, timeout_s=60)
            assert answer.status == 200
        hit = hooks.hits[0]
        assert (hit.path, hit.body, hit.headers["x-y"]) == ("/in?a=b", b"\x00{}", "z")
        assert hit.headers["host"] == hooks.url.split("/")[2]
        assert hooks.connections == 1


async def test_this_machine_is_not_reached_unless_an_administrator_allows_it(tmp_path) -> None:
    """By its name, by its address, by another way to write it."""
    async with receiving(tmp_path) as hooks, posting(hooks, private=False) as post:
        port = hooks.url.split(":")[2]
        for host in ("localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
            sending = post.post(f"https://{host}:{port}", b"", {}, timeout_s=60)
            assert await code_of(sending) in {
                "partners.address.refused", "partners.receiver.dns",
            }, host  # fmt: skip
        assert hooks.connections == 0


async def test_a_name_that_changes_its_mind_leads_nowhere(tmp_path: Path) -> None:
    """The address that was judged is the one connected to: the name is asked once, and never
    again below us."""
    asked: list[str] = []
    connected: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    class Watching(httpcore.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, *_args, **_more):
            connected.append(host)
            raise httpcore.ConnectError("not in a test")

    backend = GuardedBackend(rebinding, allow_private=False, inner=Watching())
    with pytest.raises(httpcore.ConnectError):
        await backend.connect_tcp("rebind.example.org", 443)
    assert (asked, connected) == (["rebind.example.org"], ["93.184.215.14"])
    async with (
        receiving(tmp_path) as hooks,
        posting(hooks, private=False, resolver=rebinding) as post,
    ):
        url = hooks.url.replace("localhost", "rebind.example.org")
        assert await code_of(post.post(url, b"", {}, timeout_s=60)) == "partners.address.refused"
        assert hooks.connections == 0


async def test_the_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    """Neither a stranger's authority nor a certificate for another name is believed."""
    (tmp_path / "other").mkdir()

    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with receiving(tmp_path) as hooks, receiving(tmp_path / "other") as other:
        async with posting(hooks, ca=other.ca_file) as post:
            failed = await code_of(post.post(hooks.url, b"", {}, timeout_s=60))
            assert failed == "partners.receiver.certificate"
        async with posting(hooks, resolver=here) as post:
            url = hooks.url.replace("localhost", "another.example.org")
            failed = await code_of(post.post(url, b"", {}, timeout_s=60))
            assert failed == "partners.receiver.certificate"
            assert (await post.post(hooks.url, b"", {}, timeout_s=60)).status == 200
        assert len(hooks.hits) == 1


async def test_a_redirect_is_an_answer_and_is_never_followed(tmp_path: Path) -> None:
    """Not even to the same host; and a proxy of the environment is not asked."""

    async def elsewhere(_hit):
        return 302, {"location": hooks.url + "/secret"}, b""

    async with receiving(tmp_path) as hooks:
        hooks.behave = elsewhere
        with pytest.MonkeyPatch.context() as patched:
            for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
                patched.setenv(name, "http://127.0.0.1:1")
            async with posting(hooks) as post:
                assert (await post.post(hooks.url, b"", {}, timeout_s=60)).status == 302
        assert [hit.path for hit in hooks.hits] == ["/in"]


async def test_little_of_a_long_answer_is_read_and_a_wish_to_wait_is(tmp_path: Path) -> None:
    """A receiver cannot fill our memory."""

    async def long(_hit):
        return 503, {"retry-after": "7"}, b"x" * 2_000_000

    async with receiving(tmp_path) as hooks, posting(hooks) as post:
        hooks.behave = long
        answer = await post.post(hooks.url, b"", {}, timeout_s=60)
        assert (answer.status, answer.retry_after_s, answer.body) == (503, 7.0, b"")


async def test_a_receiver_that_hangs_breaks_off_or_is_not_there_is_told_apart(tmp_path) -> None:
    """Each with a reason of its own."""

    async def hang(_hit):
        await asyncio.Event().wait()

    async def drop(_hit):
        raise ConnectionError

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"https://localhost:{unused.getsockname()[1]}/"
        async with receiving(tmp_path) as hooks, posting(hooks) as post:
            hooks.behave = hang
            sending = post.post(hooks.url, b"", {}, timeout_s=2)
            assert await code_of(sending) == "partners.receiver.timeout"
            hooks.behave = drop
            sending = post.post(hooks.url, b"", {}, timeout_s=60)
            assert await code_of(sending) == "partners.receiver.connection_lost"
            sending = post.post(nobody, b"", {}, timeout_s=60)
            assert await code_of(sending) == "partners.receiver.unreachable"
            sending = post.post("http://localhost/", b"", {}, timeout_s=60)
            assert await code_of(sending) == "partners.receiver.not_https"


def test_a_sealed_secret_opens_only_for_what_it_belongs_to(tmp_path: Path) -> None:
    """With the key of this installation, which only its owner can read."""
    key = read_key(tmp_path / "secrets" / "partners.key")
    assert read_key(tmp_path / "secrets" / "partners.key") == key
    assert (tmp_path / "secrets" / "partners.key").stat().st_mode & 0o777 == 0o600
    sealed = AesVault(key).seal("hush", "a/whk_1/secret")
    assert "hush" not in sealed
    assert sealed != AesVault(key).seal("hush", "a/whk_1/secret")
    assert AesVault(key).open(sealed, "a/whk_1/secret") == "hush"
    for vault, text, about in [
        (AesVault(key), sealed, "a/whk_2/secret"),
        (AesVault(b"x" * 32), sealed, "a/whk_1/secret"),
        (AesVault(key), sealed[:-8], "a/whk_1/secret"),
        (AesVault(key), "?", "a/whk_1/secret"),
    ]:
        with pytest.raises(VaultClosed):
            vault.open(text, about)


def test_a_key_or_an_authority_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    """Before anything is sealed with half a key."""
    (tmp_path / "short").write_bytes(b"x")
    with pytest.raises(SecretFileUnusable):
        read_key(tmp_path / "short")
    with pytest.raises(TrustUnusable):
        trust(tmp_path / "short")
