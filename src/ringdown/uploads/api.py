"""What other features may ask of callers' files."""

from ringdown.uploads.views import UploadKind, UploadState, UploadView

__all__ = [
    "UploadKind",
    "UploadState",
    "UploadView",
]
