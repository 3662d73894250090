"""The people of one article: full names and roles from all its mentions, so that "Kirby" finds John Kirby."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from retrieval.text.attribution.cues import PLAIN_FORMS
from retrieval.text.names import names
from retrieval.text.names.name_bounds import PORTFOLIOS, may_be_person, name_start
from retrieval.text.names.names import FullNames, PrintedName, gender_of_title, split_title
from retrieval.text.names.printable import is_post, printable_role
from retrieval.text.names.roles import same_office
from retrieval.text.names.vocabulary import OPENERS, PARTICLES, ends_sentence, fold, given_gender, is_role_word
from retrieval.text.words import read_words, word_list

_WORDS_OF_NAMES = re.compile(r"^[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){1,6}$")
_INNER_DOT = "|".join(rf"(?<=\b{word})" for word in (*sorted(read_words("abbreviated_titles")), "[A-Z]"))
_ROLE_CHAR = rf"(?:[^,.;:“”\"()\n]|\.(?=[^\s”\"’'])|(?i:{_INNER_DOT})\.(?=\s))"
"""Of the dots, those inside an abbreviation, or behind one that a word must follow."""

_VERB_AND_OBJECT = (
    r"(?!(?:now|then|once|also|still|formerly|currently|previously)\b)(?:\w+ly )?[a-z]+ (?:an?|the|his|her|its|their)\s"
)
"""“asked the clerk”: what follows an apposition, and is no role."""

_ROLE_AFTER = re.compile(
    rf"(?:,\s++\d{{1,3}})?,\s++((?:an?|the|who is|his|her|its)\s++|(?!{_VERB_AND_OBJECT}))"
    rf"({_ROLE_CHAR}{{3,120}}?)(?=\s++(?:who|said|told)\b|(?!{_ROLE_CHAR}))"
)
_ROLE_BESIDE = re.compile(
    rf"(?:\A|(?<=[\s“”\"]))(?:(?:[Aa]n?|[Tt]he|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir) ({_ROLE_CHAR}{{3,90}})"
    rf"|((?:[A-Z][\w.&-]{{0,40}} ){{0,4}}[A-Z][\w.&-]{{0,40}}[’']s? {_ROLE_CHAR}{{3,60}})),\s\Z"
)
_OF_A_PORTFOLIO = re.compile(r"\b(?:[Ss]ecretary|[Mm]inister|[Cc]ommissioner) (?:of|for)(?: the)? \Z")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3} ")
_FAR_OFFICE = 30
_LONGEST_TITLE = 10
_MOST_ALIKE = 50
_MOST_TITLES = 6
_BEFORE_TITLES = frozenset({"of", "AP", "AFP", "EPA", "Reuters"})
"""What is left out before a title, such as an agency that a picture is by."""

_MOST_WORDS = 4
"""Words of a name without small ones between them; more are a headline."""
_AFTER_BESIDE = frozenset({",", ".", ";", ":", ")", "\n", ""})
_TAG = re.compile(r"\s\(([A-Z]{1,3}[-–][^)]{2,16})\)")
INSTITUTIONS = read_words("institutions")
NOT_PEOPLE = INSTITUTIONS | word_list(
    """
    republicans democrats monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december
    """
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person whom an article names.

    `roles` are all printed beside the name, `role` the longest of them, `rank` the first one printed. `places` are the
    offsets of the name, `tag` is a party and state in brackets behind it ("R-Fla."), `gender` that of a title ("Mr.").
    """

    name: str
    role: str | None
    rank: str | None = None
    roles: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    tag: str = ""
    gender: str = ""


class People:
    """The people whom one article names in full, and `partly`: by a surname that it never completes.

    They are `parsed` where a parse told them from organisations and places, which `missed` some full names.
    """

    def __init__(
        self,
        people: Iterable[Person],
        partly: Iterable[Person] = (),
        missed: Iterable[Person] = (),
        *,
        parsed: bool = False,
    ) -> None:
        self._missed = {person.name: person for person in missed}
        self._missed_names = FullNames(self._missed)
        self._people = {person.name: person for person in people}
        self._full_names = FullNames(self._people, {name: person.gender for name, person in self._people.items()})
        self.everybody = (*self._people.values(), *partly)
        self._parsed = parsed

    def find(self, mention: str) -> Person | None:
        """The person that a mention with a name stands for; None where the article leaves it open."""
        printed = split_title(mention)
        name = self._full_names.find(mention)
        if name is None and (printed.role or printed.rank) and len(printed.name.split()) == 1:
            return self._of_office(printed)
        person = self._people.get(name or "") or (self._find_missed(mention) if name in {None, printed.name} else None)
        sure = self._parsed or not person or given_gender(person.name)
        if person and not sure and " " in printed.name and person.name.endswith(f" {printed.name}"):
            return replace(person, name=printed.name)  # what stands before it in a capitalised run may be no name
        return person

    def _of_office(self, printed: PrintedName) -> Person | None:
        """The only one with a surname who has the office printed before it: "President Costa", of two named Costa."""
        office, last = printed.role or printed.rank or "", names.surname(printed.name)
        alike = [one for one in self._people.values() if names.surname(one.name) == last][:_MOST_ALIKE]
        held = [one for one in alike if any(same_office(office, role) for role in (*one.roles, one.rank or ""))]
        return held[0] if len(held) == 1 else None

    def _find_missed(self, mention: str) -> Person | None:
        """Whom a surname stands for, of the full names that a parse took for something else, as in a heading."""
        return self._missed.get(self._missed_names.find(mention) or "")

    def only_misfits(self, mention: str) -> bool:
        """Whether a mention's title fits nobody of those whom the article names in full with its surname."""
        return self._full_names.only_misfits(mention)

    def is_nobody(self, name: str) -> bool:
        """Whether a name is known to be no person's: an acronym, or one that a parse takes for something else."""
        if name.isupper():
            return True
        return self._parsed and self.find(name) is None and all(person.name != name for person in self.everybody)


def gather_people(text: str, spans: Iterable[tuple[int, int]] | None = None) -> People:
    """Collect the people of a text from `spans` of persons' names, else from every capitalised run."""
    given = spans is not None
    printed = [_printed(text, *span) for span in (spans if spans is not None else names.find_names(text))]
    by_name: dict[str, list[_Printed]] = {}
    spelling = {names.name_key(one.name): one.name for one in sorted(printed, key=_in_capitals, reverse=True)}
    for one in printed:
        if _may_be_person(one.name, given=given):
            by_name.setdefault(spelling[names.name_key(one.name)], []).append(one)
    partly: dict[str, list[_Printed]] = {}
    full_names = FullNames(by_name, {name: _gender(mentions) for name, mentions in by_name.items()})
    for one in printed:
        if given and len(one.name.split()) == 1 and one.name[:1].isupper():
            whole = full_names.find(one.name, one.gender)
            (by_name if whole else partly).setdefault(whole or one.name, []).append(one)
    return People(
        [_person(text, name, mentions) for name, mentions in by_name.items()],
        [_person(text, name, mentions) for name, mentions in partly.items()],
        _missed(text, by_name) if given else (),
        parsed=given,
    )


def _missed(text: str, known: Collection[str]) -> Iterator[Person]:
    """Persons by capitals and a given name, initials or a role alone, whom a parse did not find."""
    found: dict[str, list[_Printed]] = {}
    for one in (_printed(text, *span) for span in names.find_names(text)):
        if " " in one.name and one.name not in known and _may_be_person(one.name, given=False):
            found.setdefault(one.name, []).append(one)
    people = (_person(text, name, mentions) for name, mentions in found.items())
    return (one for one in people if one.roles or given_gender(one.name) or _INITIALS.match(one.name))


@dataclass(frozen=True, slots=True)
class _Printed:
    """A name at text[start:end], without its title, but with the gender of that."""

    name: str
    start: int
    end: int
    gender: str


def _in_capitals(printed: "_Printed") -> tuple[int, int]:
    """Sorts names by their capitals, later ones first: a name is spelled as first printed with the fewest."""
    return sum(char.isupper() for char in printed.name), printed.start


def _printed(text: str, start: int, end: int) -> _Printed:
    office = _OF_A_PORTFOLIO.search(text, max(0, start - _FAR_OFFICE), start)
    start = office.start() if office else start
    printed = split_title(text[start:end])
    before = text[max(0, start - _LONGEST_TITLE) : start].split()[-1:]
    gender = gender_of_title(text[start:end]) or gender_of_title(" ".join([*before, printed.name])) or ""
    return _Printed(" ".join(printed.name.split()), start + printed.start, start + printed.end, gender)


def _gender(mentions: Iterable[_Printed]) -> str:
    return next((mention.gender for mention in mentions if mention.gender), "")


def _person(text: str, name: str, mentions: list[_Printed]) -> Person:
    mentions = sorted(mentions, key=lambda mention: mention.start)
    before = [titles_before(text, mention.start) for mention in mentions]
    roles = [_roles(text, mention, titles) for mention, titles in zip(mentions, before, strict=True)]
    in_full = [its_roles for mention, its_roles in zip(mentions, roles, strict=True) if " " in mention.name]
    tag = next((match.group(1) for mention in mentions if (match := _TAG.match(text, mention.end))), "")
    return Person(
        name=name,
        role=_best(list(chain.from_iterable(in_full))),
        rank=next((titles.rank for titles in before if titles and titles.rank), None),
        roles=tuple(dict.fromkeys(chain.from_iterable(roles))),
        places=tuple(mention.start for mention in mentions),
        tag=tag,
        gender=_gender(mentions),
    )


def titles_before(text: str, start: int) -> PrintedName | None:
    """The titles right before a name that begins at `start`: "Pentagon press secretary Maj. Gen. "."""
    lead = re.search(r"(?:[\w.’'&-]+ ){1,9}$", text[max(0, start - 110) : start])
    if lead is None:
        return None
    words = lead.group().split()
    portfolio = fold(words[-1]) in PORTFOLIOS and name_start([*words, "Name"]) == len(words)
    if not (portfolio or is_role_word(words[-1].strip(","))) or ends_sentence(words[-1]):
        return None
    titles = [words.pop()]
    while words and (words[-1][0].isupper() or is_role_word(words[-1]) or words[-1] in MODIFIERS):
        if ends_sentence(words[-1]):
            break
        titles.insert(0, words.pop())
    while titles and (
        titles[0].casefold() in OPENERS or (titles[0] in _BEFORE_TITLES and not any(map(is_post, titles[1:2])))
    ):
        titles.pop(0)
    if len(titles) > _MOST_TITLES and "".join(word[0] for word in titles).isupper():
        return None  # a headline
    return split_title(" ".join([*titles, "Name"])) if titles else None


MODIFIERS = read_words("role_modifiers")


def _roles(text: str, mention: _Printed, before: PrintedName | None) -> list[str]:
    """The roles printed before a name, behind it, and in front of a comma before it."""
    start, end = mention.start, mention.end
    after = _ROLE_AFTER.match(text, end)
    roles = [before.role] if before and before.role else []
    if after and _mentions_post(after.group(2)) and "“" not in after.group():
        roles.append(after.group(2).strip())
    beside = _ROLE_BESIDE.search(text, max(0, start - 90), start) if text[end : end + 1] in _AFTER_BESIDE else None
    printed = (beside.group(1) or beside.group(2)) if beside else ""
    if _mentions_post(printed):
        roles.append(printed)
    return roles


def _mentions_post(printed: str) -> bool:
    return any(is_role_word(word) or is_post(word) for word in printed.split()[:6])


def _best(roles: list[str]) -> str | None:
    """The longest role that can be shown, up to 60 characters; ties go to the one printed first."""
    return max(filter(None, map(printable_role, roles)), key=lambda role: min(len(role), 60), default=None)


def _may_be_person(name: str, *, given: bool) -> bool:
    words = name.split()
    if not _WORDS_OF_NAMES.match(name) or not words[0][0].isupper():
        return False
    folded = [word.casefold().rstrip(".") for word in words]
    if not may_be_person(name) or words[-1] == "I":
        return False
    if given:
        return True
    headline = len(words) > _MOST_WORDS and PARTICLES.isdisjoint(folded)
    return not (headline or any(word in NOT_PEOPLE or word in PLAIN_FORMS for word in folded))
