"""`python -m ringdown.cli`, for where the command itself is not on the PATH."""

from ringdown.cli.main import main

main()
