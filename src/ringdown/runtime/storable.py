"""What no store takes is refused at the door of every route that reads JSON, paths or queries.

JSON can name two things that are no text: U+0000, and half of a surrogate pair. Databases and
UTF-8 refuse them deep inside, in the middle of whatever was being done. NaN and Infinity are no
numbers of JSON; they are read all the same, and so is 1e999, and nobody could be told them again.
"""

import math
import re
from collections.abc import Callable, Coroutine, Mapping
from itertools import chain
from typing import Any, ClassVar, Final, cast

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from ringdown.core.errors import Malformed

_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


class Unstorable(Malformed):
    """The request holds U+0000, half of a surrogate pair, or a number that is not finite."""

    code: ClassVar[str] = "request.unstorable"
    action: ClassVar[str] = (
        "Leave it out: \\u0000, a \\ud800 to \\udfff without its other half, NaN or Infinity."
    )


def storable(value: object) -> bool:
    """Whether every text and number in a value as JSON gives it, keys as well, can be kept."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            if _NO_TEXT.search(one):
                return False
        elif isinstance(one, float):
            if not math.isfinite(one):
                return False
        elif isinstance(one, Mapping):
            inside = cast("Mapping[object, object]", one)
            left += [*inside.keys(), *inside.values()]
        elif isinstance(one, list):
            left += cast("list[object]", one)
    return True


class StorableRoute(APIRoute):
    """A route whose path, query and JSON body hold what can be kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the look before it."""
        handle = super().get_route_handler()
        reads_json = self.body_field is not None

        async def looked_at(request: Request) -> Response:
            named = [request.scope["path"], *chain(*request.query_params.multi_items())]
            if not storable(named) or (reads_json and not storable(await _json(request))):
                raise Unstorable("the request holds what cannot be kept")
            return await handle(request)

        return looked_at


async def _json(request: Request) -> object:
    """The body, which the request then keeps; None for one that the handler refuses itself."""
    try:
        return await request.json() if await request.body() else None
    except (ValueError, RecursionError):
        return None
