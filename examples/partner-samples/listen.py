"""Hear the first ten seconds of a call and keep them: listen.py ADDRESS INCIDENT FILE.wav."""

import asyncio
import os
import sys
import wave

import httpx
from livekit import rtc


async def main(address: str, incident: str, path: str) -> None:
    credential = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
    form = {"grant_type": "client_credentials", "scope": "incident_events"}
    async with httpx.AsyncClient(base_url=address) as http:
        answer = await http.post("/oauth/token", data=form, auth=credential)
        http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        wanted = f"/v1/incident_events/{incident}/stream_token"
        granted = (await http.post(wanted, json={"autoplay": False})).raise_for_status().json()
    room, track = rtc.Room(), asyncio.get_running_loop().create_future()
    room.on("track_subscribed", lambda found, *_: track.set_result(found))
    room.on("data_received", lambda packet: print(packet.data.decode()))
    await room.connect(granted["url"], granted["token"])
    await room.local_participant.publish_data('{"cmd": "resume"}', reliable=True)
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        async for event in rtc.AudioStream(await track, sample_rate=16_000, num_channels=1):
            file.writeframes(event.frame.data)
            if file.tell() >= 10 * 16_000:
                break
    await room.disconnect()


asyncio.run(main(*sys.argv[1:]))
