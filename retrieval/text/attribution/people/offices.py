"""Resolves "the senator" to the one person of the article who holds that office, where that is safe.

Safe means: exactly one person has a printed role of that kind with every further word of the mention ("the Florida
senator"), was named shortly before, and has no contradicting gender; and the text mentions no unnamed other of the
kind. Otherwise nobody, since a wrong name is worse than none.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.text.attribution.people.people import People, Person
from retrieval.text.names.roles import SHORT
from retrieval.text.names.vocabulary import fold, given_gender, is_role_word
from retrieval.text.words import read_lines, word_list

_NEAR = 1500
_FAR = 20_000
_MOST_HOLDERS = 100
"""More holders of one office than this make the article a list, where nobody is safely meant."""

_TAIL = re.compile(r"\s(?:of|for|from|at|in|to|who|on|with|and)\s")
_WORD = re.compile(r"[^\W_][\w.’'\-]*")
_SAME = SHORT | {
    "lawmaker": "representative", "councilman": "councillor", "councilwoman": "councillor", "councilor": "councillor",
    "attorney": "lawyer", "businesswoman": "businessman", "businessperson": "businessman", "premier": "minister",
    "ceo": "executive", "gen": "general", "col": "colonel", "capt": "captain", "adm": "admiral", "lt": "lieutenant",
    "sgt": "sergeant", "det": "detective", "dr": "doctor", "rev": "reverend", "supt": "superintendent",
    "actress": "actor",
}  # fmt: skip
_GENDERED = {"woman": "f", "women": "f", "man": "m", "men": "m", "actress": "f", "queen": "f", "king": "m"}
_TOLD_APART = word_list(
    "former ex then vice deputy assistant acting interim elect president-elect future late junior senior onetime"
)
_STATES = dict(line.split() for line in read_lines("states"))
_PARTIES = {"democratic": "democrat", "gop": "republican", "american": "us", "u.s": "us"}


@dataclass(frozen=True, slots=True)
class _Office:
    """A role in parts: "former Florida senator" is kind "senator", apart {"former"}, rest {"florida"}."""

    kind: str
    apart: frozenset[str]
    rest: frozenset[str]


class Offices:
    """The holders of offices in one article."""

    def __init__(self, text: str, people: People) -> None:
        self._text = text
        self._unnamed: dict[str, list[tuple[int, int]]] = {}
        self._holders: dict[tuple[str, frozenset[str]], list[tuple[Person, list[_Office]]]] = {}
        for person in people.everybody:
            offices = _offices(person)
            for office in {(office.kind, office.apart) for office in offices}:
                self._holders.setdefault(office, []).append((person, offices))

    def holder(self, mention: Span) -> Person | None:
        """The person meant by a mention of "the" and an office; None where that is not safe."""
        article, _, printed = " ".join(mention.of(self._text).split()).partition(" ")
        wanted = _office(printed) if article.casefold() == "the" else None
        if wanted is None:
            return None
        alike = self._holders.get((wanted.kind, wanted.apart), [])
        if len(alike) > _MOST_HOLDERS:
            return None
        holders = [
            person for person, offices in alike if not wanted.rest or wanted.rest <= _printed_beside(person, offices)
        ]
        if len(holders) != 1 or _gender_contradicts(printed, holders[0]) or self._other(mention, printed):
            return None
        before = bisect_left(holders[0].places, mention.start)
        return holders[0] if before and mention.start - holders[0].places[before - 1] <= _NEAR else None

    def _other(self, mention: Span, printed: str) -> bool:
        """Whether the text before mentions an unnamed other of the kind: "a spokesman", "another senator"."""
        words = _head(printed).split()
        noun = words[-1] if words else ""
        if noun not in self._unnamed:
            self._unnamed[noun] = [match.span() for match in _unnamed(self._text, noun)]
        places = self._unnamed[noun]
        nearby = places[bisect_left(places, (mention.start - _FAR,)) : bisect_right(places, (mention.start,))]
        return any(end <= mention.start for _, end in nearby)


def _office(role: str) -> _Office | None:
    """Split a role into its parts; None where its head is no office, or a plural."""
    head = _head(role)
    words = [word.strip(".'’-") for word in _WORD.findall(fold(head))]
    if not words or not is_role_word(words[-1]) or (words[-1].endswith("s") and is_role_word(words[-1][:-1])):
        return None
    behind = [word.strip(".'’-") for word in _WORD.findall(fold(role[len(head) :]))]
    kind = "spokesperson" if words[-2:] == ["press", "secretary"] else _SAME.get(words[-1], words[-1])
    others = [_PARTIES.get(word, word) for word in (*words[:-1], *behind)]
    apart = frozenset(word for word in others if word in _TOLD_APART)
    return _Office(kind, apart, frozenset(others) - apart - {"of", "the", "for", "at", "in", "a", "an", "press", "us"})


def _head(role: str) -> str:
    """What precedes the first "of" or the like."""
    return _TAIL.split(f"{role} ", maxsplit=1)[0]


def _offices(person: Person) -> list[_Office]:
    """Every office printed beside a name; a rank is one too ("the general")."""
    printed = [*person.roles, *([person.rank] if person.rank else [])]
    return [office for role in printed if (office := _office(re.sub(r"^(?:an?|the|his|her|its) ", "", role)))]


def _printed_beside(person: Person, offices: list[_Office]) -> frozenset[str]:
    """Every word printed beside a person's name, in a role or in brackets."""
    tag = frozenset(_STATES.get(word, word) for word in re.findall(r"[a-z]+", person.tag.casefold()))
    return tag.union(*(office.rest for office in offices))


def _gender_contradicts(printed: str, person: Person) -> bool:
    """Whether a gendered office ("spokeswoman") contradicts the person's given name."""
    head = _head(printed).strip().casefold()
    printed_gender = next((gender for ending, gender in _GENDERED.items() if head.endswith(ending)), "")
    given = given_gender(person.name)
    return bool(printed_gender and given) and printed_gender != given


def _unnamed(text: str, noun: str) -> Iterator[re.Match[str]]:
    """Mentions of somebody of a kind without a name."""
    spoken_of = re.compile(
        rf"\b(?:an?|another|one|some|two|both)\s++(?:[\w.’'-]+\s++){{0,4}}?{re.escape(noun)}s?\b", re.IGNORECASE
    )
    return (match for match in spoken_of.finditer(text) if not _names_somebody(text, match))


def _names_somebody(text: str, match: re.Match[str]) -> bool:
    """Whether a name is beside the office: "Ana Costa, a spokeswoman", "a spokeswoman, Ana Costa"."""
    before = re.search(r"([A-Z][\w.’'-]*),\s$", text[max(0, match.start() - 40) : match.start()])
    after = re.match(r"(?:\s(?:for|of|at|with)\s[^,.;]{2,50})?,?\s[A-Z][a-z]", text[match.end() : match.end() + 70])
    return bool(before or after)
