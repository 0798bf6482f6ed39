"""Settings of callers' files."""

from pydantic import Field

from ringdown.runtime.settings import Section


class UploadSettings(Section):
    """Photos and videos from callers."""

    max_photo_mb: int = Field(default=25, ge=1, le=200, description="Size of a photo, at most.")
    max_video_mb: int = Field(default=300, ge=1, le=4000, description="Size of a video, at most.")
    per_link: int = Field(default=20, ge=1, le=200, description="Files by one link, at most.")
    scan_command: tuple[str, ...] = Field(
        default=(),
        description="Program that checks a file for malware, given its path as last argument; "
        "0: clean, 1: not. Without one, nothing is scanned.",
    )
    scan_timeout_s: int = Field(default=60, ge=1, le=600, description="How long it may take.")
