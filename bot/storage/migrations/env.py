"""
Runs the steps on the connection that `bot.storage.engine` hands over, within its transaction.
"""

from alembic import context

from bot.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
