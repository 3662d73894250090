"""Finds the person or office that a verb's subject names in another language than English, where that is sure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.domain.articles import Span
from retrieval.text.attribution.languages.languages import Language
from retrieval.text.names.vocabulary import given_gender
from retrieval.text.words import word_list

_LETTER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITAL = rf"(?:(?:{_LETTER}\.-?)++|{_LETTER}[\w’'-]*+)"
_PARTICLE = r"(?:de|del|da|do|dos|das|di|della|van|von|der|den|ten|la|le|bin|af)"
_NAME = re.compile(rf"(?<![\w’'.-]){_CAPITAL}(?: (?:{_PARTICLE} ){{0,2}}{_CAPITAL}){{1,4}}")
_WORD = re.compile(r"\S+")
_EDGES = ".,;:!?()"
_DAYS = word_list(
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april mai juni juli "
    "august september oktober november dezember"
)
_OF_PLACES = word_list("van von di der den")
_MOST_WORDS = 12
_LONG = 6
"""Letters of a German title that other words are compounded with."""

_LONGEST_BEFORE = 40
_WOMEN_IN_OFFICE = ("erin", "orin", "istin", "ogin", "ärin")


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a text names a speaker: a person by a `name`, an office or a body by what is printed, or a pronoun."""

    mention: Span
    name: str | None = None
    pronoun: bool = False


def printed_names(text: str, language: Language) -> Iterator[tuple[int, list[str], list[str]]]:
    """Yield where each name of a text stands, its words, and the folded words of titles and the like before it."""
    for printed in _NAME.finditer(text):
        words = printed.group().split()
        first = next((at for at, word in enumerate(words) if not _is_small(word, language)), len(words))
        words[-1] = words[-1].rstrip(".")
        if len(words) - first > 1 and not (language.code == "de" and _are_nouns(words[first:])):
            before = text[max(0, printed.start() - _LONGEST_BEFORE) : printed.start()].split()[-1:]
            yield printed.start(), words[first:], [word.casefold() for word in [*before, *words[:first]]]


def _are_nouns(words: list[str]) -> bool:
    """Whether German capitals are a day or nouns that an article joins ("Montag den Haushalt")."""
    return words[0].casefold() in _DAYS or ("den" in words and "van" not in words)


def _is_small(word: str, language: Language) -> bool:
    """Whether a word is no part of a name, but a title or another word that is known of the language."""
    return _is_title(word, language) or any(word.casefold() in known for known in language.words.values())


def _is_title(word: str, language: Language) -> bool:
    """Whether a word is a title, or a German compound that ends in one ("Ministerpräsidentin")."""
    titles, folded = language.of("titles"), word.casefold()
    if folded in titles or language.code != "de":
        return folded in titles
    woman = folded.endswith(_WOMEN_IN_OFFICE) and len(folded) > _LONG and not given_gender(folded)
    return woman or any(folded.endswith(title) for title in titles if len(title) >= _LONG)


def full_names(text: str, language: Language) -> dict[str, str]:
    """For the last word of each name that a text prints, the name; none for two people with one last name."""
    found: dict[str, str] = {}
    for _, words, _ in printed_names(text, language):
        name = " ".join(words)
        found[words[-1]] = name if found.get(words[-1], name) == name else ""
    return {last: name for last, name in found.items() if name}


@dataclass(frozen=True, slots=True)
class SubjectFinder:
    """Reads subjects in one text of one language; `known` are its full names by their last words."""

    text: str
    language: Language
    known: dict[str, str]

    def behind(self, start: int, end: int) -> Subject | None:
        """The subject that a verb is followed by: up to a comma, or the name between that comma and the next."""
        parts = self._parts(start, end)
        if not parts:
            return None
        first = self.text[parts[0].start : parts[0].end].split(" ", 1)[0]
        if first.casefold() in self.language.of("pronouns"):
            return Subject(Span(parts[0].start, parts[0].start + len(first)), pronoun=True)
        named = self.person(parts[0]) or (self._name(parts[1]) if len(parts) > 1 else None)
        return named or self.office(parts[0])

    def before(self, start: int, end: int) -> Subject | None:
        """The subject that a verb follows: behind the last comma, or around an apposition that a comma closes."""
        parts = self._parts(start, end)
        if not parts:
            return None
        if self.text[start:end].rstrip().endswith(","):
            name = self._name(parts[-1])
            return name or (self.person(parts[-2]) if len(parts) > 1 else None)
        return self.person(parts[-1]) or self.office(parts[-1])

    def person(self, part: Span) -> Subject | None:
        """The person whom a phrase names, alone or behind an office."""
        lower = self.language.of("prepositions")
        words = list(_WORD.finditer(self.text, part.start, part.end))[:_MOST_WORDS]
        for place, word in enumerate(words):
            if not self._is_capital(word.group(), first=place == 0):
                continue
            if place and self._is_capital(words[place - 1].group(), first=place == 1):
                continue
            before = words[place - 1].group().casefold() if place else ""
            run = self._run(words[place:])
            if before in self.language.of("articles") and self.language.code == "de":
                run = run[1:]
            elif before in lower or before in self.language.of("articles") or before.endswith(("d'", "d’")):
                continue
            while run and _is_title(run[0].group().strip(","), self.language):
                run = run[1:]
            if run and not run[0].group()[:1].isupper():
                continue
            if len(run) > 1:
                return self._named(Span(run[0].start(), run[-1].end()))
            before_it = (word.group().casefold() for word in words[:place])
            articles = self.language.of("articles")
            beside = all(word in articles or _is_title(word, self.language) for word in before_it)
            if run and beside and run[0].group().strip(_EDGES) in self.known:
                return self._named(Span(run[0].start(), run[0].end()))
        return None

    def office(self, part: Span) -> Subject | None:
        """What a phrase calls a speaker without a name, from its article on."""
        first, _, rest = self.text[part.start : part.end].partition(" ")
        is_article = first.casefold() in self.language.of("articles") and bool(rest)
        return Subject(part) if is_article or first.casefold().startswith(("l'", "l’")) else None

    def _parts(self, start: int, end: int) -> list[Span]:
        """The phrases between commas, without white space."""
        parts, at = [], start
        for piece in self.text[start:end].split(","):
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                parts.append(Span(at + lead, at + lead + len(piece.strip())))
            at += len(piece) + 1
        return parts

    def _name(self, part: Span) -> Subject | None:
        """The name that a phrase is from its first to its last letter."""
        return self._named(part) if _NAME.fullmatch(self.text, part.start, part.end) else None

    def _named(self, span: Span) -> Subject:
        printed = self.text[span.start : span.end].rstrip(_EDGES)
        name = " ".join(printed.split())
        return Subject(Span(span.start, span.start + len(printed)), self.known.get(name, name))

    def _is_capital(self, word: str, *, first: bool) -> bool:
        """Whether a word is written like a name; the first of a sentence may be any."""
        folded = word.strip(_EDGES).casefold()
        if folded in _DAYS or not word[:1].isupper() or word.isdigit():
            return False
        return not (first and any(folded in words for words in self.language.words.values()))

    def _run(self, words: list[re.Match[str]]) -> list[re.Match[str]]:
        """The words of a name from its first one on, with the little ones inside."""
        run: list[re.Match[str]] = []
        waiting: list[re.Match[str]] = []
        for word in words:
            if self._is_capital(word.group(), first=False):
                run += [*waiting, word]
                waiting = []
            elif run and len(run) > 1 and word.group() in _OF_PLACES:
                break
            elif run and re.fullmatch(_PARTICLE, word.group()):
                waiting.append(word)
            else:
                break
        return run
