"""Finds the list of names that a speaker's mention is part of: “Ana Costa, Ben Dray and Ivo Lund said”."""

import re

from retrieval.domain.articles import Span
from retrieval.text.attribution.cues import PLAIN_FORMS
from retrieval.text.attribution.people.people import People
from retrieval.text.names.name_bounds import BORNE_OPENERS
from retrieval.text.names.names import gender_of_title, split_title
from retrieval.text.names.organisations import is_organisation
from retrieval.text.names.printable import is_post
from retrieval.text.names.vocabulary import CAPITALS, OPENERS, PARTICLES, fold, given_gender, is_role_word

_WORD = rf"[{CAPITALS}](?:[\w’'-]*+\.?)"
_PARTICLE = rf"(?:(?:{'|'.join(sorted(PARTICLES))})\s){{0,2}}"
_NAME = rf"{_WORD}(?:\s{_PARTICLE}{_WORD}){{0,3}}"
_LIST = re.compile(rf"(?<![\w’'.-]){_NAME}(?:,\s{_NAME}){{1,8}},?\s(?:and|&)\s{_NAME}")
_NAMES = re.compile(_NAME)
_BEFORE = re.compile(r"[\w’'-]{1,30}(?=\s\Z)")
_AFTER = re.compile(r"\s[\w’'-]{1,30}")
_NEAR = 32
_MAY_PRECEDE = PLAIN_FORMS | {"and", "both", "but", "that", "while", "by"}
_FAR = 200
"""How far from a mention its list is looked for."""


def list_around(text: str, mention: Span, people: People) -> tuple[Span, ...] | None:
    """The names of the list around a mention; empty where not all are surely persons, None where there is no list.

    Beside a verb of speech all are; elsewhere a place or an office may stand among them.
    """
    start = max(0, mention.start - _FAR)
    start = max(start, text.rfind("\n", start, mention.start) + 1)
    end = min(len(text), mention.end + _FAR)
    for found in _LIST.finditer(text, start, end):
        if not (found.start() < mention.end and mention.start < found.end()):
            continue
        opening = fold(found.group().split(" ", 1)[0])
        before = _BEFORE.search(text, max(0, found.start() - _NEAR), found.start())
        if (before is not None and before.group() not in _MAY_PRECEDE) or opening in OPENERS - BORNE_OPENERS:
            return None
        listed = [Span(*name.span()) for name in _NAMES.finditer(text, *found.span())]
        if any(_is_no_person(name.of(text), people) for name in listed):
            return None
        after = _AFTER.match(text, found.end(), found.end() + _NEAR)
        speak = any(word and word.group().strip() in PLAIN_FORMS for word in (before, after))
        return tuple(listed) if speak or all(_is_person(name.of(text), people) for name in listed) else ()
    return None


def _is_no_person(words: str, people: People) -> bool:
    """Whether words are an office or an organisation, or a single one that is nobody's name in the article."""
    parts = words.split()
    if len(parts) == 1:
        return people.find(words) is None
    return is_role_word(parts[-1]) or is_post(parts[-1]) or is_organisation(parts)


def _is_person(words: str, people: People) -> bool:
    name = split_title(words).name
    return bool(given_gender(name) or gender_of_title(words)) or (people.find(words) is not None and " " not in name)
