"""Devices for tests and for plugin authors: owned time, virtual loops, contract suites."""
