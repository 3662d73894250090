"""The truth: one SQLAlchemy schema for SQLite and PostgreSQL, its migrations and its questions.

Begin with `opening.open_archive` and `archive.Archive`; what goes in and out beyond the domain's nouns is in `records`.
"""
