"""Alembic's entry: runs in the transaction that `migrating` has begun, so that a step is taken whole or not at all."""

from __future__ import annotations

from alembic import context

from retrieval.archive import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
