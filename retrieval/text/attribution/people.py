"""The people of one article: full names and roles gathered from all of its mentions, so that "Kirby" finds John Kirby.

Nothing is carried from one article to another here, and nobody is looked up outside the text.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.text import names
from retrieval.text.names import is_role_word, split_title
from retrieval.text.words import word_list

_WORDS_OF_NAMES = re.compile(r"^[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){1,4}$")
_ROLE_AFTER = re.compile(
    r",\s+((?:an?|the|who is|his|her|its)\s+)?([^,.;:“”\"()]{3,90}?)(?=[,.;]|\s+(?:who|said|told)\b)"
)
_NOT_PEOPLE = word_list(
    """
    house street department party committee university institute center centre council court times post journal
    news states state city county group association foundation union bank office agency administration ministry
    congress senate council party republicans democrats monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december inc corp
    """
)
_LEADING = word_list("the a an and but in on at for with as after before when while if so both still")


@dataclass(frozen=True, slots=True)
class Person:
    """A person an article names in full, with the longest role printed beside the name, and how often it names them."""

    name: str
    role: str | None
    mentions: int


class People:
    """Everybody whom one article names in full."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = {person.name: person for person in people}

    def find(self, mention: str) -> Person | None:
        """The person a mention with a name stands for, or None where the article leaves it open."""
        printed = split_title(mention)
        name = names.full_name(mention, tuple(self._people))
        if name is None and printed.role and len(printed.name.split()) == 1:
            return None
        return self._people.get(name or "")

    @property
    def names(self) -> tuple[str, ...]:
        """Every full name, in the order of first mention."""
        return tuple(self._people)


def gather(text: str, spans: Iterable[tuple[int, int]] | None = None) -> People:
    """Collect the people named in full: from the (start, end) of persons' names, or from every capitalised run."""
    given = spans is not None
    found: dict[str, list[str]] = {}
    count: Counter[str] = Counter()
    for start, end in spans if spans is not None else names.find_names(text):
        printed = _without_leading(text[start:end])
        parted = split_title(printed)
        if not _may_be_person(parted.name, given=given):
            continue
        name = _known_as(parted.name, found)
        count[name] += 1
        at = start + text[start:end].find(parted.name)
        found.setdefault(name, []).extend(_roles(text, at, at + len(parted.name)))
    return People(Person(name, _best(roles), count[name]) for name, roles in found.items())


def role_before(text: str, start: int) -> str | None:
    """The role printed right before a name that begins at `start`: "Pentagon press secretary Maj. Gen. ", say."""
    lead = re.search(r"(?:[\w.’'&-]+ ){1,9}$", text[max(0, start - 110) : start])
    if lead is None:
        return None
    words = lead.group().split()
    if not is_role_word(words[-1].strip(",")):
        return None
    kept = [words.pop()]
    while words and (words[-1][0].isupper() or is_role_word(words[-1]) or words[-1] in _MODIFIERS):
        if words[-1].endswith(".") and not is_role_word(words[-1]) and not re.search(r"\.\w", words[-1]):
            break
        kept.insert(0, words.pop())
    while kept and kept[0].casefold() in _LEADING:
        kept.pop(0)
    return split_title(" ".join([*kept, "Name"])).role if kept else None


_MODIFIERS = word_list(
    """
    former press prime vice deputy acting senior chief national security campaign interim top foreign finance
    defense defence general assistant executive political communications policy of
    """
)


def _roles(text: str, start: int, end: int) -> list[str]:
    before = role_before(text, start)
    after = _ROLE_AFTER.match(text, end)
    roles = [before] if before else []
    if after and any(is_role_word(word) for word in after.group(2).split()[:6]) and "“" not in after.group():
        roles.append(after.group(2).strip())
    return roles


def _best(roles: list[str]) -> str | None:
    """The role that tells most; among equals the one printed first."""
    return max(roles, key=lambda role: min(len(role), 60), default=None)


def _without_leading(printed: str) -> str:
    words = printed.split()
    while len(words) > 1 and words[0].casefold() in _LEADING:
        words.pop(0)
    return " ".join(words)


def _may_be_person(name: str, *, given: bool) -> bool:
    words = name.split()
    if not _WORDS_OF_NAMES.match(name) or not words[0][0].isupper():
        return False
    return given or not any(word.casefold().rstrip(".") in _NOT_PEOPLE for word in words)


def _known_as(name: str, found: dict[str, list[str]]) -> str:
    return next((known for known in found if names.name_key(known) == names.name_key(name)), name)
