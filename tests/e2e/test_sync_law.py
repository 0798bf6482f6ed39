"""The console's fold over a real log says what the server's own snapshots say."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.e2e.conftest import PASSWORD, ROOT, LiveConsole

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_fold_of_the_log_is_the_snapshot(
    live_console: LiveConsole, demo_call: str, tmp_path: Path
) -> None:
    """A call with words, edits, notes and a confirmation: log and snapshot tell the same."""
    base = live_console.base_url
    call = f"/v1/calls/{demo_call}"
    with httpx.Client(base_url=base, trust_env=False, timeout=30) as http:
        form = {"username": "dana", "password": PASSWORD}
        session = http.post("/v1/session", json=form).raise_for_status().json()
        http.headers["X-CSRF-Token"] = session["csrf_token"]
        http.post(f"{call}/notes", json={"text": "first"}).raise_for_status()
        # The log must stand still while both are read: wait for the call to be over and sealed.
        while True:
            view = http.get(f"/v1/console/calls/{demo_call}").raise_for_status().json()
            legs = view["call"]["legs"]
            if view["call"]["state"] == "interrupted":  # its source died with a server
                http.post(f"{call}/hangup", json={}).raise_for_status()
            if view["call"]["state"] == "ended" and all(leg["state"] == "sealed" for leg in legs):
                break
        fields = view["draft"]["fields"]
        edit = {"value": "1 Elm Street", "base_version": fields["location"]["version"]}
        http.put(f"{call}/incident/fields/location", json=edit).raise_for_status()
        fields = http.get(f"{call}/incident").raise_for_status().json()["fields"]
        versions = {"location": fields["location"]["version"]}
        http.post(f"{call}/incident/confirm", json={"versions": versions}).raise_for_status()
        while True:
            sent = http.get(f"{call}/cad").raise_for_status().json()["deliveries"]
            if sent and sent[-1]["state"] == "acknowledged":
                break
        detail = http.get(f"/v1/console/calls/{demo_call}").raise_for_status().json()
        snapshot = http.get("/v1/console/snapshot").raise_for_status().json()
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())

    frames: list[str] = []
    feed = f"{base.replace('http', 'ws', 1)}/v1/console/feed?after=0"
    headers = {"Cookie": cookie, "Origin": base}
    with connect(feed, additional_headers=headers, proxy=None, max_size=None) as socket:
        for frame in socket:
            message = json.loads(frame)
            if message["type"] == "fact":
                frames.append(str(frame))
                if message["position"] >= snapshot["position"]:
                    break

    told = tmp_path / "told.json"
    told.write_text(json.dumps({"frames": frames, "snapshot": snapshot, "detail": detail}))
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("no npx on this machine")
    judged = subprocess.run(
        [npx, "vitest", "run", "core/test/sync.test.ts", "--reporter=verbose"],
        cwd=ROOT / "web",
        env={**os.environ, "RINGDOWN_TOLD": str(told), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "1 passed" in judged.stdout
