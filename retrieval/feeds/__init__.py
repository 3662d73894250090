"""Feeds. Begin with `desk`: following one (`following`), reading what it brings (`updating`), making articles of it.

An entry becomes a draft in `drafting`, and an article of all who follow the feed in `storing`.
"""
