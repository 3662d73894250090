"""Reads word lists of regular expressions, one a line, in which <NAME> stands for a pattern of another list."""

import re
from collections.abc import Mapping

from retrieval.text.words import read_lines


def named_patterns(name: str) -> dict[str, str]:
    """The patterns of a list whose lines are a name and its pattern, which may hold those above it."""
    patterns: dict[str, str] = {}
    for line in read_lines(name):
        key, pattern = line.split(" ", 1)
        patterns[key] = _filled(pattern, patterns)
    return patterns


def any_of(name: str, patterns: Mapping[str, str]) -> str:
    """A pattern that matches what any line of a list does."""
    return "|".join(_filled(line, patterns) for line in read_lines(name))


def _filled(pattern: str, patterns: Mapping[str, str]) -> str:
    return re.sub("<([A-Z]+)>", lambda part: patterns[part[1]], pattern)
