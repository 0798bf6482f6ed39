"""`ringdown run --phone`: phones come in by HTTPS and find their pages, and never the console."""

import asyncio
import json
import socket
import ssl
import sys
from pathlib import Path

import httpx
from tests.services import free_ports


async def test_phones_are_let_in_to_their_pages_alone(tmp_path: Path) -> None:
    """A phone that trusts the authority sees its page; the way to the console is no way."""
    (port,) = free_ports(socket.SOCK_STREAM, 1)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ringdown.cli", "run", "--announce-json", "--no-practice-cad"),
        *("--data", str(tmp_path / "data"), "--port", "0"),
        *("--phone", "127.0.0.1", "--phone-port", str(port)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"RINGDOWN_MEDIA_SERVER__MODE": "off", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = ""
    try:
        async with asyncio.timeout(120):
            told = json.loads(await process.stdout.readline())
            while "Ctrl-C stops" not in said:
                said += (await process.stderr.readline()).decode()
        authority = tmp_path / "data" / "secrets" / "phones" / "authority.pem"
        trusting = ssl.create_default_context(cafile=str(authority))
        base = f"https://127.0.0.1:{port}"
        async with httpx.AsyncClient(verify=trusting, base_url=base, trust_env=False) as phone:
            assert (await phone.get("/l")).status_code in {200, 503}  # 503 while not built
            assert (await phone.get("/practice/")).text.count("Practice phone") == 2
            assert (await phone.get("/authority.pem")).text == authority.read_text()
            for path in ("/", "/v1/setup", "/v1/session", "/metrics", "/practice/../v1/setup"):
                assert (await phone.get(path)).status_code == 404, path
        for folder in (tmp_path / "data", tmp_path / "data" / "secrets", authority.parent):
            assert folder.stat().st_mode & 0o777 == 0o700, folder
    finally:
        process.terminate()
        await process.communicate()
    assert told["phones"].startswith("http://127.0.0.1:")
    assert f"{base}/practice/" in said
    assert process.returncode == 0
