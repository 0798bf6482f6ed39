"""What becomes of files under way when their caller stops, or their link is over."""

from typing import cast

from ringdown.caller.events import LinkChanged
from ringdown.core.events import FactRecord
from ringdown.runtime.bus import Bus
from ringdown.uploads.service import UploadService


def subscribe(bus: Bus, uploads: UploadService) -> None:
    """A file that is not whole when its consent ends is taken away; a whole one is the centre's."""

    async def on_link(record: FactRecord) -> None:
        link = cast("LinkChanged", record.fact).link
        if "upload" not in link.agreed:
            await uploads.receiving.give_up(record.fact.centre_id, link.call_id, link.link_id)

    bus.subscribe(LinkChanged, on_link, name="uploads")
