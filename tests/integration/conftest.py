"""Slow files first: where two workers share the files, none is left alone with a slow one."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files of this folder; the tests of a file stay together, as they were."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: not (item.path in slow and item.path.parent == HERE))
