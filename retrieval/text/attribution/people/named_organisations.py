"""The organisations that an article names, so that "the federation" finds the one federation named before it.

The name tells the kind ("Anglers’ Federation"), or what is printed beside it: "the toymaker Velmora", "Velmora, a
charity", "Velmora’s chief executive", "Velmora said it would".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.text.attribution.cues import PLAIN_FORMS
from retrieval.text.attribution.people.people import NOT_PEOPLE, People
from retrieval.text.names.names import gender_of_title
from retrieval.text.names.organisations import KINDS, kinds, organisation
from retrieval.text.names.vocabulary import INSTITUTIONS, OPENERS, fold, given_gender, is_role_word
from retrieval.text.words import read_words, word_list

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'&.-]*+"
_SMALL = r"(?:(?:and|&|de|del|la|van|von|bin|al|da|dos|(?:of|for)(?:\sthe)?)\s)?"
NAME = rf"(?:[Tt]he\s)?{_CAPITAL}(?:\s{_SMALL}{_CAPITAL}){{0,6}}"
"""A pattern of capitalised words with small ones between them: the name of a person, an organisation or a place."""

_NAMES = re.compile(rf"(?<![\w’'-]){NAME}")
_WORD = re.compile(r"\S+")
_STOP = r"(?<=[a-zà-ÿ]{3})(?<!Corp)(?<!Bros)\.$"
_SENTENCE_END = re.compile(_STOP)
_ENDING = re.compile(rf"[’']s?$|{_STOP}")
_MEANT = re.compile(r"the (?:[\w-]{1,30}-based )?([a-z][\w-]*)", re.IGNORECASE)
_COMPANIES = read_words("company_words")
_GROUPS = read_words("group_words")
_COMPANY, _GROUP = "any company", "any group"
_ANY_COMPANY = word_list("company firm business corporation")
_ANY_GROUP = word_list("group organisation organization body")
_TIMES = NOT_PEOPLE - INSTITUTIONS
_BEHIND = re.compile(
    r",\s(?:an?|the)\s(?:[\w’'-]{1,20}\s){0,5}?([\w’'-]{1,20})(?=[,.;)]|\s(?:that|which|in|of|for|from)\b)"
)
_BEFORE = re.compile(r"(?<![\w’'-])([a-z][\w-]{1,20})\s\Z")
_LONGEST_BEFORE = 24
_OWNS = re.compile(r"\s(?:chief executive|CEO|shares|shareholders|stock|headquarters|stores|factory|factories)\b")
_VERB = "|".join(sorted(PLAIN_FORMS, key=len, reverse=True))
_REPORTS = re.compile(
    rf"\s(?:{_VERB})\s(?:(?:on|in|late|early)\s[\w ]{{1,24}}\s)?(?:that\s)?it\s(?:would|will|had|has|plans|was|is)\b"
)


@dataclass(slots=True)
class _Alone:
    """The only organisation of a kind, from the offset where it is first named up to where a second one is."""

    name: str
    since: int
    until: float = float("inf")

    def meet(self, name: str, place: int) -> None:
        """Take note of another name of the kind, or of a longer or shorter one of this organisation."""
        longer, shorter = sorted((self.name, name), key=len, reverse=True)
        if longer == shorter or longer.startswith(f"{shorter} "):
            self.name = longer
        else:
            self.until = min(self.until, place)


class NamedOrganisations:
    """The organisations of one article, by what tells of what kind they are."""

    def __init__(self, text: str, people: People) -> None:
        self._text = text
        self._people = people
        self._alone: dict[str, _Alone] = {}
        for match in _NAMES.finditer(text):
            for name, start, end in _sentences(match):
                for kind in self._kinds(name, start, end):
                    self._alone.setdefault(kind, _Alone(name, end)).meet(name, end)

    def meant(self, mention: Span) -> str | None:
        """The only organisation named before a mention such as "the ministry" that may be one; None for several."""
        described = _MEANT.fullmatch(self._text, mention.start, mention.end)
        noun = described.group(1).casefold() if described else ""
        alone = self._alone.get(_COMPANY if noun in _ANY_COMPANY else _GROUP if noun in _ANY_GROUP else noun)
        return alone.name if alone and alone.since <= mention.start < alone.until else None

    def _kinds(self, name: str, start: int, end: int) -> set[str]:
        """Every kind of organisation that a name, or what stands beside it, tells."""
        named = organisation(name) is not None
        told = kinds(name) if named else set()
        if not told and self._is_person(name):
            return set()
        behind = _BEHIND.match(self._text, end)
        before = _BEFORE.search(self._text, max(0, start - _LONGEST_BEFORE), start)
        beside = {match.group(1).casefold() for match in (behind, before) if match}
        told |= {kind for kind in beside if kind in _COMPANIES | _GROUPS | KINDS or kind.endswith("maker")}
        if any(kind in _COMPANIES or kind.endswith("maker") for kind in told):
            told.add(_COMPANY)
        if not told.isdisjoint(_GROUPS):
            told.add(_GROUP)
        if not told and (named or _OWNS.match(self._text, end)):
            return {_COMPANY}
        return told or ({_COMPANY, _GROUP} if _REPORTS.match(self._text, end) else set())

    def _is_person(self, name: str) -> bool:
        words = name.split()
        if given_gender(name) or gender_of_title(name) or is_role_word(words[0]) or fold(words[-1]) in _TIMES:
            return True
        return len(words) == 1 and self._people.find(name) is not None


def _sentences(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The names in a run of capitals that full stops or lines divide, without what opens a sentence; their places."""
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(match.string, *match.span()):
        if words and (match.string[words[-1].end()] == "\n" or _SENTENCE_END.search(words[-1].group())):
            yield from _name(words)
            words = []
        words.append(word)
    yield from _name(words)


def _name(words: list[re.Match[str]]) -> Iterator[tuple[str, int, int]]:
    while len(words) > 1 and fold(words[0].group()) in OPENERS | _TIMES:
        words = words[1:]
    name = " ".join(word.group() for word in words)
    bare = _ENDING.sub("", name)
    if bare:
        yield bare, words[0].start(), words[-1].end() - (name != bare and name.endswith("."))
