"""The command line: `ringdown COMMAND`. Each file here is one group of commands."""

from ringdown.cli.main import main

__all__ = ["main"]
