"""The persons of one parsed article, each with every mention by name.

A person goes by the longest full name printed, or by a surname alone where no full name is.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass, replace
from functools import lru_cache

from retrieval.text.attribution.cues import PLAIN_FORMS, SPEECH_FORMS, SPEECH_LEMMAS
from retrieval.text.attribution.fitted.grammar import Grammar
from retrieval.text.attribution.people.mention_bounds import whole_name
from retrieval.text.attribution.people.people import NOT_PEOPLE
from retrieval.text.names import names
from retrieval.text.names.name_bounds import BORNE_OPENERS, may_be_person
from retrieval.text.names.names import gender_of_title, split_title, surname
from retrieval.text.names.vocabulary import fold, given_gender, is_origin, is_role_word
from retrieval.text.words import read_words

_LONGEST = 4
_CACHE_SIZE = 4096
_FAR_MORE = 3
_INSIDE = re.compile(r"[a-z,] \Z")
_TWO = 2
_ARTICLE = 5
_SAID = "Said "
_STOP = re.compile(r"[.!?]\s")
_CLOSING = frozenset("”\"’'")
_OFTEN = 4
_NEAR, _LONG_AGO = 1_500, 2_000
_BESIDE = 60
_SPOKEN = re.compile(rf"[“”\"]|\b(?:{'|'.join(sorted(PLAIN_FORMS))})\b")
_MOST_SHARING = 50
"""Names with one surname that are compared."""
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
    """One mention of a person by name at text[start:end]; `head` is the number of its last token, -1 if unknown."""

    head: int
    start: int
    end: int
    printed: str


@dataclass(frozen=True, slots=True)
class PersonEntity:
    """A person: the fullest name, the gender ("m", "f" or "") that the text suggests, and the mentions in order."""

    name: str
    gender: str
    mentions: tuple[Named, ...]


def find_entities(text: str, grammar: Grammar) -> list[PersonEntity]:
    """Return every person that a parsed text names, in order of first mention."""
    printed = _without_verbs(text, _named(text, grammar))
    headline = text.find("\n") if "\n" in text else 0
    full = _full_names([m for m in printed if m.start >= headline or given_gender(m.printed)])
    surnames = {surname(name) for name in full}
    runs = _capitalised(text)
    for name in _full_names([run for run in runs if given_gender(run.printed)]):
        if surname(name) not in surnames:
            surnames.add(surname(name))
            full.append(name)
    full += _completed(runs, printed, full)
    printed = sorted([*printed, *_by_surname(text, grammar, full, printed)], key=lambda mention: mention.start)
    grouped: dict[str, list[Named]] = {}
    resolver = _NameResolver(text, full, printed)
    for mention in printed:
        grouped.setdefault(resolver.resolve(mention), []).append(mention)
    return [PersonEntity(name, _gender(text, name, mentions), tuple(mentions)) for name, mentions in grouped.items()]


def _capitalised(text: str) -> list[Named]:
    """Capitalised runs of two to four words: full names that the parse may have missed."""
    runs = []
    for start, end in names.find_names(text):
        words = split_title(text[start:end]).name.split()
        if 1 < len(words) <= _LONGEST and "\n" not in text[start:end] and may_be_person(" ".join(words)):
            runs.append(Named(-1, start, end, " ".join(words)))
    return runs


def _completed(runs: list[Named], printed: list[Named], full: list[str]) -> list[str]:
    """Full names for surnames that the parse has alone, where the text prints exactly one name that ends so."""
    alone = {surname(mention.printed) for mention in printed if len(split_title(mention.printed).name.split()) == 1}
    alone -= {surname(name) for name in full}
    by_surname: dict[str, set[str]] = {}
    for run in runs:
        if surname(run.printed) in alone and len(run.printed.split()) < _LONGEST:
            by_surname.setdefault(surname(run.printed), set()).add(run.printed)
    return [next(iter(forms)) for forms in by_surname.values() if len(forms) == 1 and _is_person(*forms)]


def _is_person(name: str) -> bool:
    return not any(fold(word) in NOT_PEOPLE for word in name.split()) and not is_role_word(name.partition(" ")[0])


def _by_surname(text: str, grammar: Grammar, full: list[str], printed: list[Named]) -> list[Named]:
    """Surnames of known persons, alone, that the parse takes for something else."""
    surnames = {surname(name) for name in full}
    taken = {number for mention in printed for number in grammar.between(mention.start, mention.end)}
    mentions = []
    for number, token in enumerate(grammar.tokens):
        words = text[token.start : token.end]
        if number in taken or not words[:1].isupper() or token.dep == "compound" or token.pos == "PRON":
            continue
        if fold(words) not in surnames:
            continue
        start = token.start
        before = number - 1
        while before >= 0 and grammar.tokens[before].pos == "PROPN" and grammar.tokens[before].dep == "compound":
            start = grammar.tokens[before].start
            before -= 1
        printed_name = " ".join(text[start : token.end].split())
        if len(split_title(printed_name).name.split()) <= _LONGEST:
            mentions.append(Named(number, start, token.end, printed_name))
    return mentions


def _named(text: str, grammar: Grammar) -> list[Named]:
    """Every run of tokens that the parse labels a person, with an honorific right before it."""
    mentions: list[Named] = []
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
        begin, end = whole_name(text, first.start, grammar.tokens[last].end)
        if text.startswith(_SAID, begin) and text[max(0, begin - 2) : begin - 1] in _CLOSING:
            begin += len(_SAID)
        words = text[begin:end]
        if any(char.isalpha() for char in words) and "\n" not in words and _may_be_person(text, begin, end):
            mentions.append(Named(last, begin, end, " ".join(words.split())))
    return mentions


def _may_be_person(text: str, start: int, end: int) -> bool:
    """Whether what a parse labels a person may be one."""
    words = text[start:end]
    if is_role_word(words) or text[end : end + 1] == "&" or not may_be_person(split_title(words).name):
        return False
    return not (is_origin(words) and text[max(0, start - _ARTICLE) : start].endswith((" the ", " a ", " an ")))


def _without_verbs(text: str, printed: list[Named]) -> list[Named]:
    """The mentions without a verb in front ("Said Comey"), where another mention has the same surname without it.

    What is printed inside a sentence too is a name: "Ana Costa, Will Kim and Bo Lund".
    """
    inside = {one.printed for one in printed if _INSIDE.search(text, max(0, one.start - 3), one.start)}
    told = {surname(one.printed) for one in printed if fold(one.printed.split()[0]) not in BORNE_OPENERS}
    return [
        replace(one, start=one.start + len(first) + 1, printed=rest)
        if fold(first) in BORNE_OPENERS and rest and surname(rest) in told and one.printed not in inside
        else one
        for one in printed
        for first, _, rest in [one.printed.partition(" ")]
    ]


def _last_of_name(text: str, grammar: Grammar, first: int, last: int) -> int:
    """The last token of a name, without a verb that the parse includes from a headline ("Obama Says")."""
    token = grammar.tokens[last]
    return last - 1 if last > first and fold(text[token.start : token.end]) in _HEADLINE_VERBS else last


def _is_honorific(text: str, grammar: Grammar, number: int) -> bool:
    token, name = grammar.tokens[number], grammar.tokens[number + 1]
    return text[token.start : token.start + 1].isupper() and gender_of_title(text[token.start : name.end]) is not None


def _full_names(printed: list[Named]) -> list[str]:
    """Names of two words and more, each person's longest form once.

    A junior is another than the one without "Jr."; "III" is left out of many a name, unless that is printed twice.
    """
    full = [name for mention in printed if len((name := split_title(mention.printed).name).split()) > 1]
    lettered = [name for name in full if sum(map(_has_letter, name.split())) > 1 and name[0].isupper()]
    seniors = Counter(names.ends(name) for name in lettered if not names.generation_of(name))
    longest: dict[tuple[str, str, str], str] = {}
    for name in lettered:
        generation = names.generation_of(name)
        apart = generation in {"jr", "sr"} or seniors[names.ends(name)] > 1
        key = (*names.ends(name), generation if apart else "")
        longest[key] = max(longest.get(key, ""), name, key=len)
    return list(longest.values())


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


class _NameResolver:
    """Resolves mentions to full names, counting which of those with one surname was named most often so far."""

    def __init__(self, text: str, full: list[str], printed: list[Named]) -> None:
        self._text = text
        titled = ((split_title(one.printed).name, gender_of_title(one.printed)) for one in printed)
        self._full_names = names.FullNames(full, {name: gender for name, gender in titled if gender})
        self._sharing: dict[str, list[str]] = {}
        self._alike: dict[tuple[str, str], list[str]] = {}
        for name in full:
            self._alike.setdefault(names.ends(name), []).append(name)
            self._sharing.setdefault(surname(name), []).append(name)
        self._pending = deque(printed)
        self._times: Counter[str] = Counter()
        self._latest: dict[str, Named] = {}
        self._resolved: Counter[str] = Counter()
        self._last_place: dict[str, int] = {}

    def resolve(self, mention: Named) -> str:
        """The full name a mention stands for; of several with one surname, whom the title fits, or who is surely meant.

        Where nobody surely is, it stays a surname, with a title that fits none of them. Mentions must be resolved in
        their order.
        """
        name = self._resolve(mention)
        self._resolved[name] += 1
        self._last_place[name] = mention.start
        return name

    def _resolve(self, mention: Named) -> str:
        self._count_up_to(mention.start)
        name, gender = split_title(mention.printed).name, gender_of_title(mention.printed)
        full_name = self._full_names.find(name, gender)
        if full_name is not None or len(name.split()) > 1:
            return full_name or name
        sharing = self._sharing.get(surname(name), [])[:_MOST_SHARING]
        fitting = [one for one in sharing if self._full_names.fits(one, gender)]
        if sharing and not fitting:
            return f"{mention.printed.split()[0]} {name}"
        if self._text.endswith("younger ", 0, mention.start):
            return next(filter(names.generation_of, fitting), name)
        return self._surely_meant(fitting) or self._gone_on_with(fitting, mention.start) or name

    def _gone_on_with(self, sharing: list[str], start: int) -> str | None:
        """Of those who share a surname, whom the text goes on about.

        It is the one of whom it tells most, where another was only mentioned; or who spoke last, others long before.
        """
        if len(sharing) < _TWO:
            return None
        first, second = sorted(sharing, key=lambda name: -self._resolved[name])[:_TWO]
        last = max(sharing, key=self._start_of_latest)
        spoke = last in self._latest and _SPOKEN.search(self._text, *_around(self._text, self._latest[last]))
        if last != first and not spoke and self._resolved[first] >= max(_OFTEN, _FAR_MORE * self._resolved[second]):
            return first
        others = max(self._last_place.get(name, 0) for name in sharing if name != last)
        near = start - self._start_of_latest(last) <= _NEAR
        return last if spoke and near and self._start_of_latest(last) - others >= _LONG_AGO else None

    def _start_of_latest(self, name: str) -> int:
        return self._latest[name].start if name in self._latest else -1

    def _surely_meant(self, sharing: list[str]) -> str | None:
        """Of those who share a surname, who was named most often in full, and last of all or far more often."""
        order = sorted(sharing, key=lambda name: -self._times[name])
        if len(order) < _TWO:
            return order[0] if order else None
        first, second = (self._times[name] for name in order[:_TWO])
        last = max(sharing, key=self._start_of_latest)
        return order[0] if first > second and (order[0] == last or first >= _FAR_MORE * second) else None

    def _count_up_to(self, start: int) -> None:
        """Count full names up to an offset."""
        while self._pending and self._pending[0].start <= start:
            mention = self._pending.popleft()
            for name in self._alike.get(names.ends(split_title(mention.printed).name), []):
                if _names_in_full(name, mention.printed):
                    self._times[name] += 1
                    self._latest[name] = mention


def _around(text: str, mention: Named) -> tuple[int, int]:
    """Start and end of what is near a mention in its sentence."""
    first, last = max(0, mention.start - _BESIDE), mention.end + _BESIDE
    before = [stop.end() for stop in _STOP.finditer(text, first, mention.start)]
    after = _STOP.search(text, mention.end, last)
    return max(before, default=first), after.start() if after else last


@lru_cache(_CACHE_SIZE)
def _names_in_full(full_name: str, printed: str) -> bool:
    """Whether a mention is this full name."""
    name = split_title(printed).name
    if names.generation_of(name) != names.generation_of(full_name):
        return False
    return len(name.split()) > 1 and names.FullNames((full_name,)).find(name) == full_name


def _gender(text: str, name: str, mentions: list[Named]) -> str:
    """The gender by a title, the given name or a noun beside the name, in this order; "" if unknown."""
    titles = [gender for mention in mentions if (gender := gender_of_title(mention.printed))]
    given = given_gender(name) if len(name.split()) > 1 else ""
    beside = (gender for mention in mentions if (gender := _beside(text, mention)))
    return titles[0] if titles else given or next(beside, "")


def _beside(text: str, mention: Named) -> str:
    """The gender of a noun beside a name: "his sister Ana", "the spokeswoman, Ana Costa", "Ana Costa, an actress"."""
    before = _NOUN_BEFORE.search(text, max(0, mention.start - 30), mention.start)
    after = _NOUN_AFTER.match(text, mention.end)
    noun = next((match.group(1).casefold() for match in (before, after) if match), "")
    return "f" if noun in _WOMAN else "m" if noun in _MAN else ""
