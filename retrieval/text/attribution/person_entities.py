"""Who appears in one parsed article: each person once, with every mention by name.

A person is known by the longest full name printed, or by a surname alone where no full name is. Nobody is merged across
articles here.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text.attribution.cues import SPEECH_FORMS, SPEECH_LEMMAS
from retrieval.text.attribution.grammar import Grammar
from retrieval.text.attribution.people import NOT_PEOPLE
from retrieval.text.names import names
from retrieval.text.names.genders import given_gender
from retrieval.text.names.names import fold, gender_of_title, split_title, surname
from retrieval.text.words import read_words

_LONGEST = 4
_REMEMBERED = 4096
_WOMAN = read_words("nouns_for_women")
_MAN = read_words("nouns_for_men")
_NOUNS = "|".join(sorted(_WOMAN | _MAN, key=len, reverse=True))
_NOUN_BEFORE = re.compile(rf"\b({_NOUNS}),?\s$", re.IGNORECASE)
_NOUN_AFTER = re.compile(rf",\s(?:an?|the)\s(?:[\w’'-]+\s){{0,3}}?({_NOUNS})\b", re.IGNORECASE)
_HEADLINE_VERBS = frozenset(
    form for form in SPEECH_FORMS if form.endswith(("s", "ed")) and form not in SPEECH_LEMMAS | {"brands"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """One mention of somebody by name at text[start:end], ending in the token `head`."""

    head: int
    start: int
    end: int
    printed: str


@dataclass(frozen=True, slots=True)
class PersonEntity:
    """A person: the fullest name, the gender it or a title suggests ("m", "f" or ""), and the mentions in order."""

    name: str
    gender: str
    mentions: tuple[Named, ...]


def find_entities(text: str, grammar: Grammar) -> list[PersonEntity]:
    """Return everybody a parsed text names, in order of first mention."""
    printed = _named(text, grammar)
    headline = text.find("\n") if "\n" in text else 0
    full = _full_names([m for m in printed if m.start >= headline or given_gender(m.printed)])
    surnames = {surname(name) for name in full}
    for name in _full_names(_capitalised(text)):
        if surname(name) not in surnames:
            surnames.add(surname(name))
            full.append(name)
    full += _completed(text, printed, full)
    printed = sorted([*printed, *_by_surname(text, grammar, full, printed)], key=lambda mention: mention.start)
    grouped: dict[str, list[Named]] = {}
    known = _Known(full, printed)
    for mention in printed:
        grouped.setdefault(known.whose(mention), []).append(mention)
    return [PersonEntity(name, _gender(text, name, mentions), tuple(mentions)) for name, mentions in grouped.items()]


def _capitalised(text: str) -> list[Named]:
    """Capitalised runs that begin with a common given name: full names that the parse may have missed."""
    found = []
    for start, end in names.find_names(text):
        words = split_title(text[start:end]).name.split()
        if 1 < len(words) <= _LONGEST and given_gender(words[0]) and "\n" not in text[start:end]:
            found.append(Named(-1, start, end, " ".join(words)))
    return found


def _completed(text: str, printed: list[Named], full: list[str]) -> list[str]:
    """Full names of those whom the parse knows by surname alone, where the text prints one full name of that end."""
    alone = {surname(mention.printed) for mention in printed if len(split_title(mention.printed).name.split()) == 1}
    alone -= {surname(name) for name in full}
    found: dict[str, set[str]] = {}
    for start, end in names.find_names(text):
        name = split_title(text[start:end]).name
        if surname(name) in alone and 1 < len(name.split()) < _LONGEST and "\n" not in text[start:end]:
            found.setdefault(surname(name), set()).add(name)
    return [next(iter(whole)) for whole in found.values() if len(whole) == 1 and _is_person(*whole)]


def _is_person(name: str) -> bool:
    return not any(fold(word) in NOT_PEOPLE for word in name.split()) and not names.is_role_word(name.partition(" ")[0])


def _by_surname(text: str, grammar: Grammar, full: list[str], printed: list[Named]) -> list[Named]:
    """Surnames of known persons standing alone that the parse takes for something else."""
    surnames = {surname(name) for name in full}
    taken = {number for mention in printed for number in grammar.between(mention.start, mention.end)}
    found = []
    for number, token in enumerate(grammar.tokens):
        words = text[token.start : token.end]
        if number in taken or not words[:1].isupper() or token.dep == "compound" or fold(words) not in surnames:
            continue
        start = token.start
        before = number - 1
        while before >= 0 and grammar.tokens[before].pos == "PROPN" and grammar.tokens[before].dep == "compound":
            start = grammar.tokens[before].start
            before -= 1
        printed_name = " ".join(text[start : token.end].split())
        if len(split_title(printed_name).name.split()) <= _LONGEST:
            found.append(Named(number, start, token.end, printed_name))
    return found


def _named(text: str, grammar: Grammar) -> list[Named]:
    """Every run of tokens that the parse calls a person, with an honorific right before it."""
    found: list[Named] = []
    start: int | None = None
    for number, token in enumerate(grammar.tokens):
        if token.entity != "PERSON":
            start = None
            continue
        if start is None or token.entity_starts:
            start = number
        following = grammar.tokens[number + 1] if number + 1 < len(grammar.tokens) else None
        if following is not None and following.entity == "PERSON" and not following.entity_starts:
            continue
        first = (
            grammar.tokens[start - 1] if start and _is_honorific(text, grammar, start - 1) else grammar.tokens[start]
        )
        last = _last_of_name(text, grammar, start, number)
        words = text[first.start : grammar.tokens[last].end]
        if any(char.isalpha() for char in words) and "\n" not in words:
            found.append(Named(last, first.start, grammar.tokens[last].end, " ".join(words.split())))
    return found


def _last_of_name(text: str, grammar: Grammar, first: int, last: int) -> int:
    """The last token of a name, without the verb that a headline in capitals makes part of it ("Obama Says")."""
    token = grammar.tokens[last]
    return last - 1 if last > first and fold(text[token.start : token.end]) in _HEADLINE_VERBS else last


def _is_honorific(text: str, grammar: Grammar, number: int) -> bool:
    token = grammar.tokens[number]
    return text[token.start : token.end].rstrip(".").casefold() in {"mr", "mrs", "ms", "miss"}


def _full_names(printed: list[Named]) -> list[str]:
    """Names of two words and more, each person's longest form once."""
    found: dict[tuple[str, str], str] = {}
    for mention in printed:
        name = split_title(mention.printed).name
        words = [word for word in name.split() if any(char.isalpha() for char in word)]
        if len(words) > 1 and words[0][0].isupper():
            key = (fold(words[0]), surname(name))
            if len(name) > len(found.get(key, "")):
                found[key] = name
    return list(found.values())


class _Known:
    """The full names of a text, and which of those with one surname has been named in full most often so far."""

    def __init__(self, full: list[str], printed: list[Named]) -> None:
        self._full_names = names.FullNames(full)
        self._sharing: dict[tuple[str, str], list[str]] = {}
        self._alike: dict[tuple[str, str], list[str]] = {}
        for known in full:
            self._alike.setdefault(names.ends(known), []).append(known)
            for told in {"", *_genders(known)}:
                self._sharing.setdefault((surname(known), told), []).append(known)
        self._coming = deque(printed)
        self._times: Counter[str] = Counter()
        self._most: dict[tuple[str, str], tuple[int, int, str]] = {}

    def whose(self, mention: Named) -> str:
        """The full name a mention stands for; of two with one surname, the title decides, or who is named more often.

        Mentions are asked for in their order.
        """
        self._count_up_to(mention.start)
        name = split_title(mention.printed).name
        one = self._full_names.find(name)
        if one is not None or len(name.split()) > 1:
            return one or name
        end, told = surname(name), gender_of_title(mention.printed) or ""
        key = (end, told) if (end, told) in self._sharing else (end, "")
        sharing = self._sharing.get(key, [name])
        return self._most[key][2] if len(sharing) > 1 and key in self._most else sharing[0]

    def _count_up_to(self, start: int) -> None:
        """Count whom the text names in full up to here; the latest of equals counts most."""
        while self._coming and self._coming[0].start <= start:
            mention = self._coming.popleft()
            for known in self._alike.get(names.ends(split_title(mention.printed).name), []):
                if _is(known, mention.printed):
                    self._times[known] += 1
                    rated = (self._times[known], mention.start, known)
                    for told in {"", *_genders(known)}:
                        key = (surname(known), told)
                        self._most[key] = max(rated, self._most.get(key, rated))


def _genders(name: str) -> str:
    """The titles' genders that a name may go with: its own, or either."""
    return given_gender(name) or "mf"


@lru_cache(_REMEMBERED)
def _is(known: str, printed: str) -> bool:
    """Whether a mention names somebody in full; the same few are asked about again and again."""
    name = split_title(printed).name
    return len(name.split()) > 1 and names.full_name(name, (known,)) == known


def _gender(text: str, name: str, mentions: list[Named]) -> str:
    """The gender that a title, the given name or a noun beside the name tells, in this order."""
    told = [gender for mention in mentions if (gender := gender_of_title(mention.printed))]
    given = given_gender(name) if len(name.split()) > 1 else ""
    beside = (gender for mention in mentions if (gender := _beside(text, mention)))
    return told[0] if told else given or next(beside, "")


def _beside(text: str, mention: Named) -> str:
    """The gender of a noun in apposition: "his sister Ana", "the spokeswoman, Ana Costa", "Ana Costa, an actress"."""
    before = _NOUN_BEFORE.search(text, max(0, mention.start - 30), mention.start)
    after = _NOUN_AFTER.match(text, mention.end)
    noun = next((found.group(1).casefold() for found in (before, after) if found), "")
    return "f" if noun in _WOMAN else "m" if noun in _MAN else ""
