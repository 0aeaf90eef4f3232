"""How Alembic runs the migrations of the system tables: on the connection it is given; it opens none of its own.

`dougong migrate`, and every start of the server, give it one inside a transaction that holds a lock. The entity tables of apps are
not migrated here: publishing changes them.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="dougong")
context.run_migrations()
