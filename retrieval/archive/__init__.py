"""The truth: one SQLAlchemy schema for SQLite and PostgreSQL, its migrations and its questions."""
