"""Feeds: following them (`following`), reading what they bring (`updating`), making articles of it (`drafting`)."""
