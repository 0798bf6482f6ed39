"""Headers of resumable uploads."""

import pytest

from ringdown.wire import tus


def test_a_creation_says_how_much_comes_and_of_what_kind() -> None:
    """Values are base 64; a name may stand without one."""
    asked = tus.creation(
        {"upload-length": "1048576", "upload-metadata": "filetype aW1hZ2UvanBlZw==, private"}
    )
    assert asked == tus.Creation(1048576, {"filetype": "image/jpeg", "private": ""})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"upload-defer-length": "1"},
        {"upload-length": "-1"},
        {"upload-length": "1e9"},
        {"upload-length": "٣"},
        {"upload-length": "9" * 19},
        {"upload-length": "1", "upload-metadata": "filetype ***"},
        {"upload-length": "1", "upload-metadata": "filetype /w=="},
        {"upload-length": "1", "upload-metadata": "a " + "YQ==" * 2000},
    ],
)
def test_what_cannot_be_read_is_refused(headers: dict[str, str]) -> None:
    """With one error."""
    with pytest.raises(tus.TusMalformed):
        tus.creation(headers)


def test_another_version_is_refused() -> None:
    """And none at all."""
    tus.speaks({"tus-resumable": "1.0.0"})
    for headers in ({}, {"tus-resumable": "0.2.2"}):
        with pytest.raises(tus.TusVersion):
            tus.speaks(headers)
