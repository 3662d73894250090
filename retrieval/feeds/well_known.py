"""Feeds of well-known papers, by name; `well_known.toml` says how they are checked."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from retrieval.domain.feeds import WellKnownFeed
from retrieval.text.search_keys import search_key


@cache
def well_known_feeds() -> tuple[WellKnownFeed, ...]:
    """All of them, by language."""
    listed = tomllib.loads(files("retrieval.feeds").joinpath("well_known.toml").read_text(encoding="utf-8"))
    return tuple(WellKnownFeed(name, language, url) for language, of in listed.items() for name, url in of.items())


def like(typed: str, language: str, limit: int = 25) -> tuple[WellKnownFeed, ...]:
    """Those whose name contains what was typed, first those of the language."""
    key = search_key(typed)
    named = (feed for feed in well_known_feeds() if key in search_key(feed.name))
    return tuple(sorted(named, key=lambda feed: feed.language != language))[:limit]


def address_of(typed: str) -> str:
    """The address of the one paper that a name can mean; what was typed, where it is no name of exactly one."""
    named = like(typed, "") if typed.strip() else ()
    same = [feed for feed in named if search_key(feed.name) == search_key(typed)] or named
    return same[0].url if len(same) == 1 else typed
