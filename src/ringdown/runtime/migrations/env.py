"""Run by Alembic: bring the database on the given connection to the newest shape."""

from alembic import context

from ringdown.runtime.db import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=False,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
