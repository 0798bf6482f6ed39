"""Settings of callers' files."""

from pydantic import Field

from ringdown.runtime.settings import Section


class UploadSettings(Section):
    """Photos and videos from callers."""

    max_photo_mb: int = Field(default=25, ge=1, le=200, description="Size of a photo, at most.")
    max_video_mb: int = Field(default=300, ge=1, le=4000, description="Size of a video, at most.")
    per_link: int = Field(default=20, ge=1, le=200, description="Files by one link, at most.")
    whole_within_h: int = Field(
        default=24, ge=1, le=168, description="Hours in which a file must have come whole."
    )
    keep_free_mb: int = Field(
        default=1024,
        ge=0,
        description="Room that callers' files leave on the disk for recordings, in MB.",
    )
    scan_command: tuple[str, ...] = Field(
        default=(),
        description="Program that checks a file for malware, given its path as last argument; "
        "0: clean, 1: not, another code: the file waits. Without one, nothing is scanned.",
    )
    scan_timeout_s: int = Field(default=60, ge=1, le=600, description="How long it may take.")

    @property
    def photo_bytes(self) -> int:
        """Bytes of a photo, at most."""
        return self.max_photo_mb * 1_000_000

    @property
    def video_bytes(self) -> int:
        """Bytes of a video, at most."""
        return self.max_video_mb * 1_000_000
