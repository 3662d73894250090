"""The speakers behind a mention, with the name, the role and the rank as they can be shown.

What a parse or a rule took for the mention may begin inside a quotation mark, run on into a clause or stop before the
name does: it is first trimmed, or extended, to what names or describes somebody.
"""

import re
from dataclasses import dataclass, replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.people.mention_bounds import extended, trimmed
from retrieval.text.attribution.people.name_lists import list_around
from retrieval.text.attribution.people.named_organisations import NamedOrganisations
from retrieval.text.attribution.people.offices import Offices
from retrieval.text.attribution.people.people import MODIFIERS, People, Person
from retrieval.text.names import names, organisations
from retrieval.text.names.capitals import natural
from retrieval.text.names.name_bounds import GERUNDS, JOINS, PORTFOLIOS, may_be_person, name_stop
from retrieval.text.names.names import PrintedName, split_title
from retrieval.text.names.printable import is_post, printable_role
from retrieval.text.names.vocabulary import (
    BODIES,
    OPENERS,
    PARTICLES,
    PARTIES,
    fold,
    given_gender,
    is_demonym,
    is_origin,
    is_role_word,
)
from retrieval.text.words import read_words, word_list

_TWO = re.compile(r"^(?:both\s+)?(?P<one>[^,]+?)(?:(?<!\s)|(?=,)),?\s++and\s++(?P<two>[^,]+)$", re.IGNORECASE)
_PAPERS = read_words("newspaper_words") | {"leader"}
_MOST_OF_OFFICE = 2
_SHORT = 4
"""Fewer capitals may be an abbreviation."""

_NO_NAMES = OPENERS | GERUNDS | word_list("source sources insider insiders others united")
_NAMELESS = read_words("nameless_speakers") | read_words("crowds")
_OWNED = re.compile(r"[A-Z][\w.-]*[’']s (?P<name>[A-Z][\w’'-]*)$")
_OFFICES = word_list("CEO CFO COO Chair Chairman Chief Director Governor Mayor Minister President Secretary Spokesman")
_HOLDING = re.compile(r"the\s|[^,]*[’']s?\s", re.IGNORECASE)
_ONE_WORD = re.compile(r"[Tt]he [A-Z][\w’'-]*")
_ANY_OF_THEM = word_list("the a an one another some many most")
_NEAR = 12
_ARTICLE = re.compile(r"^(?:the|an?)\s", re.IGNORECASE)
_ENDS_OPEN = re.compile(r"\b(?:of|for|at|to|from)(?: the)?$")
"""Ends what precedes the last capitalised words of an office: "Bishop of" before "Vale"."""

_BODIES = "|".join(sorted(BODIES - {"agency"}))
_GROUP = re.compile(rf"[’']s?\s+\w|\b(?:House|Department|Pentagon|PAC|group|officials?|{_BODIES})$")
_GROUP_OF = re.compile(rf"(?:[Tt]he\s)?(?:\w+\s)?(?:{_BODIES})\sof\s")


@dataclass(frozen=True, slots=True)
class FoundSpeaker:
    """The speaker of a quotation; `mention` is where the text names them.

    `name` is the full name from the same article where `named`, else the words of the mention ("a U.S. official").
    `role` and `rank` ("Maj. Gen.") are as the article prints them.
    """

    mention: Span
    name: str
    role: str | None
    named: bool
    rank: str | None = None


class Speakers:
    """The speakers that one text can have: the people it names, and who holds which office in it."""

    def __init__(self, text: str, people: People, *, is_english: bool = True) -> None:
        self._text = text
        self._is_english = is_english
        self._people = people
        self._organisations = NamedOrganisations(text, people)
        self._offices = Offices(text, people)

    def behind(self, attributed: AttributedSegment) -> tuple[FoundSpeaker, ...]:
        """Whom a mention stands for: two where it joins two names, all of a list of names, nobody without one.

        Which words are a name or an office is known of English; in other languages the attribution says it.
        """
        if attributed.mention is None:
            return ()
        start, end = trimmed(self._text, attributed.mention.start, attributed.mention.end)
        if start >= end:
            return ()
        mention = Span(start, end)
        if not self._is_english and (attributed.person or attributed.attribution is not Attribution.NAMED):
            words = " ".join(mention.of(self._text).split())
            return (FoundSpeaker(mention, attributed.person or words, None, named=bool(attributed.person)),)
        mention = Span(*extended(self._text, mention.start, mention.end))
        listed = list_around(self._text, mention, self._people)
        if listed is not None:
            return tuple(self.named(name, None) for name in listed)
        words = mention.of(self._text)
        joined = _TWO.match(words)
        if joined and _joins_names(joined):
            parts = [joined.span(part) for part in ("one", "two")]
            spans = [Span(mention.start + start, mention.start + end) for start, end in parts]
            return tuple(self.named(span, None) for span in spans)
        return (self.named(mention, attributed.person),)

    def named(self, mention: Span, person: str | None) -> FoundSpeaker:
        """The speaker behind a mention: `person` where already resolved, else whom its own words name."""
        speaker = self._named(mention, person)
        if speaker.named and speaker.name.isupper() and self._is_shouted_person(speaker.name):
            return replace(speaker, name=natural(speaker.name))
        return speaker

    def _is_shouted_person(self, name: str) -> bool:
        """Whether a name in capitals is a person's, and no abbreviation."""
        words = [word for word in name.split() if fold(word) not in PARTICLES]
        if len(words) > 1 and (given_gender(name) or self._people.find(name)):
            return True
        return len(words) > 1 and not (organisations.is_organisation(words) or min(map(len, words)) < _SHORT)

    def _named(self, mention: Span, person: str | None) -> FoundSpeaker:
        words = " ".join(mention.of(self._text).split())
        person, words = self._unowned(person, words)
        organisation = self._organisation(mention, words, person)
        if organisation is not None:
            return FoundSpeaker(mention, organisation, None, named=True)
        person = person or names.name_beside(words)
        printed = split_title(words)
        named = attribution_of(words) is Attribution.NAMED and not self._is_office_alone(words, printed)
        holder = None if person or named else self._offices.holder(mention)
        if holder is not None:
            return FoundSpeaker(mention, holder.name, holder.role, named=True, rank=holder.rank)
        group = self._is_group(words, printed)
        if person and self._is_another(words, printed, person, group=group):
            person = None
        known = person or (None if _ONE_WORD.fullmatch(words) else self._people.find(words))
        if not person and (
            not named or group or not (known or (_is_name(printed.name) and not self._is_one_of(mention)))
        ):
            body = _ARTICLE.sub("", words)
            named = named and group and body[0].isupper() and self._is_body(words)
            return FoundSpeaker(mention, body if named else words, None, named=named)
        if person and names.surname(printed.name) != names.surname(person):
            printed = PrintedName(person, words.partition(",")[0] if names.name_beside(words) else None, 0, 0)
        in_article = known if isinstance(known, Person) else self._people.find(person) if person else None
        if in_article is None and words == f"The {printed.name}" and printed.name.istitle():
            return FoundSpeaker(mention, words, None, named=True)
        if in_article is None and not person and self._people.only_misfits(words):
            person = f"{words.partition(' ')[0]} {printed.name}"  # not the namesake whom the title does not fit
        if in_article is None:
            return FoundSpeaker(mention, person or printed.name, _printable(printed), named=True, rank=printed.rank)
        role, rank = _fuller(_printable(printed), in_article.role), _fuller(printed.rank, in_article.rank)
        return FoundSpeaker(mention, in_article.name, role, named=True, rank=rank)

    def _is_office_alone(self, mention: str, printed: PrintedName) -> bool:
        """Whether what looks like a name is part of an office ("Bishop of Vale") or a whole one ("Chair")."""
        if _ENDS_OPEN.search(printed.role or ""):
            return True
        words = printed.name.split()
        of_offices = all(is_role_word(word) or word.casefold() in MODIFIERS for word in words[-1:])
        of_offices = of_offices and all(is_role_word(word) or fold(word) in MODIFIERS | PORTFOLIOS for word in words)
        described = _ends_in_office(words) and (
            _HOLDING.match(mention) is not None or (len(words) > _MOST_OF_OFFICE and words[-1] in _OFFICES)
        )
        return (of_offices or described) and (len(words) > 1 or self._people.find(printed.name) is None)

    def _organisation(self, mention: Span, words: str, person: str | None) -> str | None:
        """The organisation that a mention names, the only one of its kind, or whom a spokesperson speaks for."""
        if person is not None and "&" not in words:
            in_article = self._people.find(person)
            return organisations.organisation(person) if in_article is None or in_article.name != person else None
        if is_role_word(words.partition(" ")[0]) and name_stop(words.split()) < len(words.split()):
            return None
        spoken_for = organisations.spoken_for(words)
        if spoken_for is None or organisations.organisation(spoken_for):
            return spoken_for or organisations.organisation(words) or self._organisations.meant(mention)
        return spoken_for if self._people.is_nobody(spoken_for) else None

    def _unowned(self, person: str | None, words: str) -> tuple[str | None, str]:
        """The person and the mention, without the place or paper that the person is of: Costa of "Vale’s Costa"."""
        owned = _OWNED.match(words)
        alone = owned is not None and person in {None, words} and self._people.find(owned["name"]) is not None
        return (None, owned["name"]) if owned and alone else (person, words)

    def _is_another(self, words: str, printed: PrintedName, person: str, *, group: bool) -> bool:
        """Whether a mention is not the person it was resolved to: "the Tour" is not "Vale Tour", nor Bo Kim Ana Kim."""
        if group and person not in words:
            return names.surname(printed.name) == names.surname(person)
        if _ONE_WORD.fullmatch(words):
            return person.endswith(f" {printed.name}")
        if " " not in person:
            return names.surname(printed.name) == names.surname(person) and self._people.find(words) is not None
        (first, last), (given, family) = names.ends(printed.name), names.ends(person)
        return first not in {last, given} and last == family and bool(given_gender(first)) and bool(given_gender(given))

    def _is_one_of(self, mention: Span) -> bool:
        """Whether a mention is one of a people ("the American", "a Northern Irishman")."""
        words = self._text[max(0, mention.start - _NEAR) : mention.end].split()
        at = len(words) - len(mention.of(self._text).split())
        return is_origin(words[-1]) and any(word.casefold() in _ANY_OF_THEM for word in words[max(0, at - 1) : -1])

    def _is_body(self, words: str) -> bool:
        """Whether what belongs to somebody is a body that speaks ("Kirby's office"), and no other thing of a person."""
        owner, owns, _ = words.replace("'", "’").partition("’s ")
        return not owns or words.rpartition(" ")[2].casefold() in BODIES or self._people.find(owner) is None

    def _is_group(self, words: str, printed: PrintedName) -> bool:
        """Whether a mention names what belongs to somebody ("Kirby's office"), and no person of it."""
        head = words.partition(",")[0]
        if _GROUP_OF.match(head):
            return True
        behind = head[printed.end :].split()
        if not _GROUP.search(head) or (behind and behind[0] in JOINS and " " in printed.name):
            return False
        last = printed.role.rpartition(" ")[2] if printed.role else ""
        known = given_gender(printed.name) or self._people.find(printed.name)
        whole = is_role_word(last) or (" " in printed.name and (known or printed.start)) or (known and last.islower())
        return not whole or bool(behind)


def _ends_in_office(words: list[str]) -> bool:
    """Whether capitalised words are somebody by an office ("Labour Leader"), and no paper ("Vale Union Leader")."""
    office = bool(words) and is_role_word(words[-1]) and not words[-1].endswith("s")
    return office and not given_gender(words[0]) and (len(words) <= _MOST_OF_OFFICE or fold(words[-1]) not in _PAPERS)


def _is_name(name: str) -> bool:
    """Whether a name begins like one and is not only a day, an opener ("Meanwhile"), "source" or one of a party."""
    words = name.split()
    begins = bool(words) and (words[0][0].isupper() or words[0] in PARTICLES or words[0].startswith(("al-", "el-")))
    nobody = (
        fold(words[-1]) in PARTIES
        or is_demonym(name)
        or all(fold(word) in _NO_NAMES for word in words if word != "The")
    )
    return begins and not nobody and may_be_person(name) and not _is_some_people(name)


def _is_some_people(name: str) -> bool:
    """Whether a single word is a people or some people of a trade: "Americans", "Forecasters"."""
    singular = fold(name).removesuffix("s")
    return name.endswith("s") and " " not in name and (is_origin(name) or is_post(singular) or singular in _NAMELESS)


def _joins_names(joined: re.Match[str]) -> bool:
    """Whether "and" stands between two names, and not inside one ("Ministry of Food and Forests")."""
    one, two = joined.group("one", "two")
    if organisations.organisation(f"{one} and {two}") and not organisations.organisation(two):
        return False
    return names.is_named(one) and names.is_named(two)


def _printable(printed: PrintedName) -> str | None:
    """The role before a name, as far as it can be shown."""
    return printable_role(printed.role, before=True) if printed.role else None


def _fuller(here: str | None, elsewhere: str | None) -> str | None:
    """The role, or rank, printed at the mention, unless the article prints a longer form elsewhere."""
    if here is None or (elsewhere is not None and elsewhere.endswith(here)):
        return elsewhere
    return here
