"""The archive: its schema, its migrations and its statements; nothing else speaks SQL.

Begin with `opening.open_archive` and `archive.Archive`; values that go in and out are in `records`.
"""
