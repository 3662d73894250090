"""Feeds: following them, fetching them when due (`updating`), reading their entries (`entry_reader`, `drafting`)."""
