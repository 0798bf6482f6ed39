"""What video does when links change and pages give signs of life."""

from typing import cast

from ringdown.caller.events import LinkChanged, PageAlive
from ringdown.core.events import FactRecord
from ringdown.runtime.bus import Bus
from ringdown.video.streams import Streams


def subscribe(bus: Bus, streams: Streams) -> None:
    """A link that is over takes its camera with it; what the page measures is told on."""

    async def on_link(record: FactRecord) -> None:
        await streams.link_changed(cast("LinkChanged", record.fact).link)

    def on_alive(signal: PageAlive) -> None:
        streams.page_alive(signal.link_id, signal.video)

    bus.subscribe(LinkChanged, on_link, name="video")
    bus.on_signal(PageAlive, on_alive)
