"""A web server of ours says that it cannot start, and is gone when its block ends."""

import socket

import httpx
import pytest
from starlette.responses import PlainTextResponse

from ringdown.runtime.serving import NotServing, serving

HERE = "127.0.0.1"


async def test_a_server_answers_until_its_block_ends() -> None:
    """On the free port that it took."""
    async with (
        serving("greeter", PlainTextResponse("Hello"), HERE, 0) as server,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        port = server.port
        assert (await client.get(f"http://{HERE}:{port}")).text == "Hello"
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((HERE, port))


async def test_a_taken_port_is_an_error_and_not_the_end_of_the_program() -> None:
    """uvicorn alone would end the process."""
    with socket.socket() as other:
        other.bind((HERE, 0))
        other.listen()
        with pytest.raises(NotServing):
            async with serving("greeter", PlainTextResponse("Hello"), HERE, other.getsockname()[1]):
                pass
