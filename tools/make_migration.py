"""Write the next migration from the difference between the tables in the code and the newest one.

    uv run python tools/make_migration.py "what changes"
Read what it wrote: triggers and data are yours to add.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

import ringdown.app  # noqa: F401 - every table is known once this is imported
from ringdown.runtime.schema import alembic_config


def main() -> None:
    """Make the file."""
    message = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'now.sqlite3'}")
        with engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message=message, autogenerate=True, rev_id=sys.argv[2])


if __name__ == "__main__":
    main()
