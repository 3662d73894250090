"""Names of a page's authors: one a name, without offices, papers, places and "by"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.text.attribution.revisions.label_kinds import announces
from retrieval.text.boilerplate import fold_line
from retrieval.text.names.vocabulary import given_gender
from retrieval.text.words import read_words, word_list

if TYPE_CHECKING:
    from collections.abc import Iterable

_BY: Final = re.compile(
    r"(?:(?:written|reported|posted|story|report|words|text)\s+)?(?:by|von|par|por|di|от)[:\s]\s*", re.IGNORECASE
)
_JOINT: Final = re.compile(
    r"( ?[,;/&|·•] ?(?:and |und |et |y |e )?| [–—-] | (?:(?i:and|und|with|mit)|et|y|e|en|och|og|i|и) )"
)
_FULL_NAME: Final = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){1,4}")
_FROM: Final = re.compile(r"\s(?:in|at|for|from|of)\s+(?=[^\W\d_]).*")
"""Behind a name: where somebody writes from, or for whom."""
_MONTH: Final = re.compile(r"(?<=\w) (?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$")
_MOST_WORDS: Final = 6
_INITIAL: Final = re.compile(r"\b[A-Z]\.")
_OFFICES: Final = read_words("roles") | read_words("posts")
_PAPERS: Final = read_words("newspaper_words") | read_words("outlets")
_DESKS: Final = word_list("staff desk team newsroom editors agencies wire online digital")
_OF_PLACES: Final = word_list(
    """
    new san santa los las saint st fort port north south east west great upper lower el lake mount cape rio hong kuala
    buenos addis abu tel cedar grand baton
    """
)
"""First words of places of several words."""


def author_names(fields: Iterable[str], publisher: str | None) -> tuple[str, ...]:
    """The persons whom these fields name, each of which may name several; not the publisher."""
    of_paper = fold_line(publisher or "")
    names = (_person(name) for field in fields for name in _split(field))
    return tuple(dict.fromkeys(name for name in names if name and fold_line(name) != of_paper))


def shown_names(found: str | None) -> list[str]:
    """The names that a library found beside the headline, as one field; without sentences and months behind a name."""
    pieces = [_MONTH.sub("", piece.strip()) for piece in (found or "").split(";")]
    names = [piece for piece in pieces if len(piece.split()) <= _MOST_WORDS]
    return [", ".join(names if names == pieces else filter(_is_full, names))]


def _split(field: str) -> list[str]:
    """The persons of a field that begins with one, each of at least two words; else the field."""
    field = " ".join(field.split())
    parts = _JOINT.split(_without_by(field))
    pieces, joints = [_FROM.sub("", piece).strip() for piece in parts[::2]], parts[1::2]
    if not _is_full(pieces[0]):
        return [field]
    is_list = any(joint.strip(" ,").isalpha() for joint in joints)
    persons = [pieces[0]]
    for piece, joint in zip(pieces[1:], joints, strict=True):
        if _is_full(piece) and not _is_beside(piece, is_list=is_list):
            persons.append(piece)
        elif joint.strip(" ,").isalpha() or joint.strip() == "&":
            return [field]
    return persons


def _is_full(piece: str) -> bool:
    return _FULL_NAME.fullmatch(piece) is not None and _OFFICES.isdisjoint(piece.casefold().split())


def _is_beside(piece: str, *, is_list: bool) -> bool:
    """Whether two or more words beside an author are a desk, a paper or a place; names in a list are persons."""
    words = piece.casefold().split()
    if given_gender(piece) or _INITIAL.search(piece):
        return False
    if announces(piece) or not _DESKS.isdisjoint(words) or words[-1] in _PAPERS:
        return True
    return words[0] in _OF_PLACES and not is_list


def _person(name: str) -> str | None:
    """An author's name without the "by" before it; None for a link or a handle."""
    bare = _without_by(name)
    return bare if bare and "://" not in bare and not bare.startswith("@") else None


def _without_by(text: str) -> str:
    by = _BY.match(text)
    return text[by.end() :] if by else text
