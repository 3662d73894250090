"""Finds whom “a-t-elle déclaré” or „sagte sie“ means: the one woman, or man, whom the text has named so far."""

from collections import deque
from collections.abc import Mapping

from retrieval.text.attribution.languages.foreign_names import printed_names
from retrieval.text.attribution.languages.languages import Language
from retrieval.text.names.names import may_have_gender
from retrieval.text.names.vocabulary import given_gender

_KINDS = {"f": ("she", "women"), "m": ("he", "men")}
"""For a gender, which words of a language are its pronouns, and which stand before names."""

_PLURAL = {"de": "en", "nl": "en"}
"""The ending of verbs behind which the pronoun for a woman means several people."""


class Antecedents:
    """The persons named in one text outside quotations, by gender; asked about places in their order.

    `known` are full names by their last words.
    """

    def __init__(self, plain: str, language: Language, known: Mapping[str, str]) -> None:
        self._language, self._known = language, known
        self._small = language.of("prepositions") | language.of("articles")
        self._pending = deque(printed_names(plain, language))
        self._genders: dict[str, str] = {}
        self._named: dict[str, set[str]] = {"f": set(), "m": set(), "": set()}

    def gender_of(self, pronoun: str, verb: str) -> str:
        """The gender of a pronoun beside a verb in the singular; "" where it tells none."""
        ending = _PLURAL.get(self._language.code)
        if ending and verb.endswith(ending):
            return ""
        fitting = (each for each, (kind, _) in _KINDS.items() if pronoun.casefold() in self._language.of(kind))
        return next(fitting, "")

    def may_be(self, person: str, gender: str) -> bool:
        """Whether a person may be meant by a pronoun of a gender; any may by one that tells none."""
        known = self._genders.get(person)
        return known == gender if known and gender else may_have_gender(person, gender)

    def before(self, place: int, gender: str) -> str | None:
        """The only person of a gender named before a place; None where anybody else may be meant."""
        while self._pending and self._pending[0][0] < place:
            _, words, before = self._pending.popleft()
            name = self._known.get(words[-1], " ".join(words))
            known = self._gender(name, before)
            if known or not before or before[-1] not in self._small:
                gender_so_far = self._genders[name] = self._genders.get(name) or known
                self._named[""].discard(name)
                self._named[gender_so_far].add(name)
        fitting = self._named[gender] if gender else set()
        return next(iter(fitting)) if len(fitting) == 1 and not self._named[""] else None

    def _gender(self, name: str, before: list[str]) -> str:
        """The gender that the words before a name tell, or the given name; "" where neither does."""
        for gender, (_, kind) in _KINDS.items():
            if any(word in self._language.of(kind) for word in before):
                return gender
        if self._language.code == "de" and any(
            word.endswith("in") and word not in {"in", "ein"} for word in before[-1:]
        ):
            return "f"
        given = given_gender(name)
        either = name.partition(" ")[0].casefold() in self._language.of("either")
        return "" if either or (may_have_gender(name, "f") and may_have_gender(name, "m")) else given
