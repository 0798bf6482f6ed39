"""The shape of the database, brought forward by migrations; never backward."""

from pathlib import Path
from typing import ClassVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from ringdown.core.errors import BadConfig
from ringdown.runtime.db import SqlDatabase


class NewerDatabase(BadConfig):
    """The database was written by a newer version of Ringdown."""

    code: ClassVar[str] = "runtime.schema.newer"
    action: ClassVar[str] = "Run the newer version again, or restore a backup of the data folder."


def alembic_config() -> Config:
    """Alembic's configuration: the migrations inside this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def newest() -> str:
    """The revision this version brings a database to."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


async def upgrade(db: SqlDatabase) -> None:
    """Bring the database to the newest shape. Raises `NewerDatabase`."""

    def run(connection: Connection) -> None:
        present = MigrationContext.configure(connection).get_current_revision()
        config = alembic_config()
        if present == newest():
            return
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise NewerDatabase(
                "the database was written by a newer version", details={"revision": present}
            ) from None

    async with db.engine.begin() as connection:
        await connection.run_sync(run)
