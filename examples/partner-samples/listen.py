"""Hear the first ten seconds of a call and keep them: listen.py ADDRESS INCIDENT FILE.wav."""

import asyncio
import os
import sys
import wave

import httpx
from livekit import rtc

CREDENTIAL = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])


async def main(address: str, incident: str, path: str) -> None:
    async with httpx.AsyncClient(base_url=address) as http:
        form = {"grant_type": "client_credentials", "scope": "incident_events"}
        token = (await http.post("/oauth/token", data=form, auth=CREDENTIAL)).raise_for_status()
        http.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
        wanted = f"/v1/incident_events/{incident}/stream_token"
        granted = (await http.post(wanted, json={"autoplay": False})).raise_for_status().json()
    room = rtc.Room()
    track: asyncio.Future[rtc.Track] = asyncio.get_running_loop().create_future()
    room.on("track_subscribed", lambda found, *_: track.set_result(found))
    room.on("data_received", lambda packet: print(packet.data.decode()))
    await room.connect(granted["url"], granted["token"])
    sound = rtc.AudioStream(await track, sample_rate=16_000, num_channels=1)
    await room.local_participant.publish_data('{"cmd": "resume"}', reliable=True)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        async for event in sound:
            file.writeframes(event.frame.data)
            if file.tell() >= 10 * 16_000:
                break
    await sound.aclose()
    await room.disconnect()


asyncio.run(main(*sys.argv[1:]))
