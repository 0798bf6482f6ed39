"""Serves a small page for phones: its files, compressed ahead of time, under its own strict policy.

The page is one file that is asked for anew each time, and assets that are named by their content
and kept for ever. Nothing here looks at who asks: a preview robot gets the same page as a phone.
"""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from ringdown.core.errors import NotFound, Unavailable
from ringdown.runtime.http import PUBLIC, Routes

CODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""The best first."""
REFUSED: Final = re.compile(r";\s*q=0(\.0*)?\s*$")
HOST: Final = re.compile(r"[A-Za-z0-9.\[\]:-]{1,260}")
FOR_EVER: Final = "public, max-age=31536000, immutable"


class PageNotBuilt(Unavailable):
    """A page was not built into this copy."""

    code: ClassVar[str] = "page.not_built"
    action: ClassVar[str] = "Run `make web` once, or install the wheel, which holds it."


@dataclass(frozen=True)
class Policy:
    """What the page may do beside running its own script and speaking to its own server."""

    connect_to: tuple[str, ...] = ()
    """Origins beside its own server."""
    may_use: tuple[str, ...] = ()
    """Features of the phone, such as `camera`."""

    def headers(self, host: str = "") -> Mapping[str, str]:
        """The headers of an answer; `host` is what the phone calls this server."""
        # Older phones do not take a WebSocket to the page's own server for `'self'`.
        sockets = (f"ws://{host}", f"wss://{host}") if HOST.fullmatch(host) else ()
        connect = " ".join(("'self'", *sockets, *self.connect_to))
        features = ("camera", "microphone", "geolocation", "screen-wake-lock")
        return {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; "
                "img-src 'self' blob: data:; media-src 'self' blob: mediastream:; "
                f"connect-src {connect}; base-uri 'none'; form-action 'none'; "
                "frame-ancestors 'none'"
            ),
            "Permissions-Policy": ", ".join(
                f"{feature}={'(self)' if feature in self.may_use else '()'}" for feature in features
            ),
            "X-Robots-Tag": "noindex, nofollow",
        }


def _coding(request: Request, file: Path) -> tuple[str | None, Path]:
    """The smallest form of the file that the phone takes."""
    offered = request.headers.get("accept-encoding", "")
    taken = {one.partition(";")[0].strip() for one in offered.split(",") if not REFUSED.search(one)}
    for coding, suffix in CODINGS:
        smaller = file.with_name(file.name + suffix)
        if coding in taken and smaller.is_file():
            return coding, smaller
    return None, file


def small_page(tag: str, folder: Path, at: str, policy: Policy) -> Routes:
    """The routes of the page built in `folder`, at the path `at`, such as `/l`."""
    routes = Routes(tag)
    root = folder.resolve()

    def answer(request: Request, file: Path, cache: str) -> Response:
        coding, form = _coding(request, file)
        common = policy.headers(request.headers.get("host", ""))
        headers = {**common, "Cache-Control": cache, "Vary": "Accept-Encoding"}
        if coding is not None:
            headers["Content-Encoding"] = coding
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        if cache == FOR_EVER:
            return FileResponse(form, media_type=kind, headers=headers)
        content = form.read_bytes()
        headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=kind, headers=headers)

    @routes.get(at, permission=PUBLIC, include_in_schema=False)
    def page(request: Request) -> Response:
        index = root / "index.html"
        if not index.is_file():
            raise PageNotBuilt("this page is not built")
        return answer(request, index, "no-cache")

    @routes.get(f"{at}/assets/{{name}}", permission=PUBLIC, include_in_schema=False)
    def asset(request: Request, name: str) -> Response:
        file = (root / "assets" / name).resolve()
        if file.parent != root / "assets" or not file.is_file():
            raise NotFound("there is nothing at this address")
        return answer(request, file, FOR_EVER)

    @routes.get(f"{at}/icon.svg", permission=PUBLIC, include_in_schema=False)
    def icon(request: Request) -> Response:
        file = root / "icon.svg"
        if not file.is_file():
            raise NotFound("there is nothing at this address")
        return answer(request, file, "no-cache")

    return routes
