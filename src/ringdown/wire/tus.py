"""Headers of tus 1.0, resumable uploads over HTTP (tus.io/protocols/resumable-upload), sans I/O."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination"
BODY_TYPE: Final = "application/offset+octet-stream"
LONGEST_METADATA: Final = 4096


class TusMalformed(ValueError):
    """A header that the protocol asks for is missing, or says what it cannot."""


class TusVersion(ValueError):
    """The client speaks another version than ours."""


@dataclass(frozen=True)
class Creation:
    """What a client wants to send."""

    length: int
    metadata: Mapping[str, str]


def speaks(headers: Mapping[str, str]) -> None:
    """Whether the client speaks our version. Raises `TusVersion`."""
    if headers.get("tus-resumable") != VERSION:
        raise TusVersion("the client speaks another version of tus")


def creation(headers: Mapping[str, str]) -> Creation:
    """What a creation asks for. Raises `TusMalformed`; a length told later is refused too."""
    return Creation(_number(headers, "upload-length"), metadata(headers.get("upload-metadata", "")))


def offset(headers: Mapping[str, str]) -> int:
    """Where the bytes of a PATCH belong. Raises `TusMalformed`."""
    return _number(headers, "upload-offset")


def metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: names, each with a value in base 64 or none. Raises `TusMalformed`."""
    if len(header) > LONGEST_METADATA:
        raise TusMalformed("Upload-Metadata is too long")
    found: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise TusMalformed("a value of Upload-Metadata is not base 64") from None
    return found


def _number(headers: Mapping[str, str], name: str) -> int:
    told = headers.get(name, "")
    if not (told.isascii() and told.isdecimal() and len(told) <= 18):
        raise TusMalformed(f"{name.title()} is missing or no number")
    return int(told)
