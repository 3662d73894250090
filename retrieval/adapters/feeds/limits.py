"""How much of a feed is read. The parser cuts at these; the bot refuses an answer that goes beyond them."""

from typing import Final

MOST_ENTRIES: Final = 500
MOST_AUTHORS: Final = 20
MOST_NAMED: Final = 10
"""Feeds that a page names."""
LONGEST_LINK: Final = 2_000
LONGEST_TITLE: Final = 500
LONGEST_NAME: Final = 200
