"""Tells who speaks in each turn of a transcript: the person behind "MR. KIRBY", "DM", "THE WITNESS" or "A.".

A name counts where the text prints it in full or the label does; an office only where the text says who holds it.
Questions, moderators and stage directions are nobody's.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.text.attribution.people.people import People, Person
from retrieval.text.attribution.revisions.label_kinds import Who, initials_of
from retrieval.text.attribution.transcripts.mails import in_order
from retrieval.text.attribution.transcripts.turn_labels import Label
from retrieval.text.attribution.transcripts.turns import Turn
from retrieval.text.names.capitals import natural
from retrieval.text.names.names import FullNames, find_names, gender_of_title, split_title, surname
from retrieval.text.names.vocabulary import fold, given_gender, is_role_word
from retrieval.text.words import FUNCTION_WORDS

_NAME = r"(?<![\w.’'-])[A-Z][\w.’'-]{0,30}+(?: [A-Z][\w.’'-]{0,30}+){1,3}"
_SWORN = re.compile(
    rf"(?P<name>{_NAME}),?\s{{1,3}}\(?(?:(?:the |a )?(?:\w+ )?witness|called|recalled|(?:was|is) (?:called|sworn)"
    rf"|sworn|affirmed|took the stand|having (?:first )?been|(?:being )?(?:first )?duly)"
    rf"|(?:(?:EXAMINATION|TESTIMONY|DEPOSITION|Examination|Testimony|Deposition) (?:OF|of)|[Tt]he witness,?"
    rf"|\bcalls?(?: (?:as|our|its|the|my|first|next|witness)){{0,4}})"
    rf" (?P<of>{_NAME})"
    r"|\b(?:[Ss]tate|[Gg]ive|[Ss]ay|[Tt]ell|[Ss]pell|[Ww]hat(?: is|[’']s))\b[^\n.?]{0,60}\bname\b[^\n]{0,80}\n\s*+"
    r"(?:A\b[.:]?|THE WITNESS:)\s{1,12}(?:(?:Yes|Sure|Certainly)[,.] )?"
    rf"(?:[Mm]y (?:\w+ )?name is |[Ii]t(?: is|[’']s) |I(?: am|[’']m) )?(?P<stated>{_NAME})"
)
_INTERVIEW = re.compile(
    r"\b(?:interview(?:s|ed)?|Q&A|Q and A|conversation|chats?|chatted|spoke|speaks|speaking|talk|talks|talked|sat down"
    r"|sits down|caught up|met|asked|answers?|answered|questions|tells|told|discuss(?:es|ed)?|joins?|joined)\b",
    re.IGNORECASE,
)
_INTERVIEW_WITH = re.compile(
    rf"(?:[Ii]nterview|Q&A|[Cc]onversation|[Qq]uestions|[Cc]hat)(?:s|ed)? (?:with|for|to) (?:[\w,’'-]+ ){{0,6}}?"
    rf"(?P<name>{_NAME})"
)
_SPEAKING = re.compile(rf"(?P<name>{_NAME}) (?:was|is|has been) (?:speaking|talking|in conversation|interviewed)\b")
_ASKED_BY = re.compile(rf"(?:\b[Bb]y|[Ii]nterview(?:er)?:|BY) (?P<name>{_NAME})")
_ADDRESSED = r"(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30})?"
_ADDRESSING = re.compile(
    rf"(?:(?:Good \w{{1,10}}|Now|So|And|Well|Okay|All right|Thank you|Yes),? )?(?P<first>{_ADDRESSED})[,.]"
    rf"|[^\n]{{0,400}}?, (?P<last>{_ADDRESSED})[?.]$"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_SPOKEN_WORD = re.compile(r"(?=[A-Z]*[AEIOUY])[A-Z]{3,4}")
"""Capitals that may be a short surname instead of initials."""


@dataclass(frozen=True, slots=True)
class TurnSpeaker:
    """Where a turn's speaker is named, and the full name; `person` is None for the holder of an office, unnamed."""

    mention: Span
    person: str | None


def turn_speakers(text: str, turns: list[Turn], people: People) -> list[TurnSpeaker | None]:
    """Return the speaker of each turn, None for nobody."""
    return list(_Speakers(text, turns, people).resolve()) if turns else []


class _Speakers:
    """The labels of a transcript, and the persons whom the text names."""

    def __init__(self, text: str, turns: list[Turn], people: People) -> None:
        self._text, self._turns = text, turns
        self._begins = turns[0].start
        labels = [turn.label for turn in turns if turn.label]
        labelled = [self._bare(label) for label in labels if label.who is Who.NAME]
        in_full = [one for one in people.everybody if " " in one.name]
        known = [one.name for one in in_full if given_gender(one.name) or one.roles or len(one.places) > 1]
        self._ends = max(turn.end for turn in turns)
        self._outside = f"{text[: self._begins]}\n{text[self._ends :]}"
        known += _completing(self._outside, {surname(name) for name in labelled})
        self._named = list(dict.fromkeys(map(natural, [*known, *(name for name in labelled if " " in name)])))
        self._full_names = FullNames(self._named)
        self._surnames_in_capitals = any(
            label.who is Who.NAME and label.name.of(text).isupper() and " " not in label.name.of(text)
            for label in labels
        )
        self._asking: dict[str, bool] = {}
        for turn in turns:
            name = self._bare(turn.label) if turn.label and not turn.label.stamped else ""
            untitled = name and turn.label and natural(turn.label.name.of(text)) == name and " " not in name
            untitled = untitled and not given_gender(name)
            if untitled and turn.paragraphs and self._full_names.find(name) is None:
                asks = text[turn.paragraphs[-1].end - 1] == "?"
                self._asking[name] = asks and self._asking.get(name, True)
        self._everybody = {*self._named, *(one.name for one in in_full)}
        self._around = [one.name for one in in_full if (given_gender(one.name) or one.roles) and self._is_around(one)]
        self._holders = {fold(label.office.of(text)): label for label in labels if label.office}
        self._offices: dict[frozenset[str], set[str]] = {}
        for one in in_full:
            for role in one.roles if one.name in self._around else ():
                self._offices.setdefault(frozenset(fold(role).split()), set()).add(one.name)
        self._sworn = [Span(*match.span(match.lastgroup or 0)) for match in _SWORN.finditer(text)]
        self._labelled = FullNames(name for name in labelled if " " in name)
        self._addressed = self._whom_questions_address()

    def _is_around(self, person: Person) -> bool:
        """Whether the text outside of all turns names a person."""
        return any(not self._begins <= place < self._ends for place in person.places)

    def resolve(self) -> Iterator[TurnSpeaker | None]:
        examiner: TurnSpeaker | None = None
        alone = all(turn.label is None or turn.label.who in {Who.NOBODY, Who.ANSWER} for turn in self._turns)
        interviewee = self._interviewee() if alone else None
        answerer = self._answerer()
        for turn in self._turns:
            label = turn.label
            if label is None:
                yield answerer
            elif label.who is Who.EXAMINER:
                examiner = self._person(label)
                yield examiner
            elif label.who is Who.NOBODY:
                yield examiner if label.name.of(self._text) == "Q" else self._guest(label)
            elif label.who is Who.ANSWER:
                yield self._witness(turn) or interviewee
            elif label.who is Who.OFFICE:
                yield self._holder(turn, label)
            elif label.who is Who.INITIALS:
                yield self._initials(label)
            else:
                yield None if self._only_asks(label) else self._person(label)

    def _bare(self, label: Label) -> str:
        """The name of a label without titles, in lower case where it is printed in capitals."""
        words = " ".join(label.name.of(self._text).split())
        is_handle = label.stamped and (" " not in words or not words.isupper())
        return in_order(words) if is_handle else natural(split_title(in_order(words)).name)

    def _only_asks(self, label: Label) -> bool:
        """Whether a single word that no name completes stands before nothing but questions: an interviewer's paper."""
        return natural(label.name.of(self._text)) == self._bare(label) and self._asking.get(self._bare(label), False)

    def _person(self, label: Label) -> TurnSpeaker:
        name = self._bare(label)
        full = (self._labelled if label.stamped else self._full_names).find(name)
        title = gender_of_title(label.name.of(self._text))
        if full is not None and title and given_gender(full) and title != given_gender(full):
            full = None
        return TurnSpeaker(label.name, name if full is None or (full.endswith(f" {name}") and " " in name) else full)

    def _initials(self, label: Label) -> TurnSpeaker | None:
        """The one person with these initials; they may be a short surname in capitals."""
        surname_alone = self._person(label)
        if " " in (surname_alone.person or ""):
            return surname_alone
        letters = "".join(_LETTERS.findall(label.name.of(self._text)))
        fitting = {name for name in self._everybody if initials_of(name) == letters}
        if not fitting and self._surnames_in_capitals and _SPOKEN_WORD.fullmatch(letters):
            return None if self._only_asks(label) else surname_alone
        return TurnSpeaker(label.name, fitting.pop()) if len(fitting) == 1 else None

    def _guest(self, label: Label) -> TurnSpeaker | None:
        """Whom another label names beside the same word: "GUEST (Ana Costa):"."""
        named = self._holders.get(fold(label.name.of(self._text)))
        return TurnSpeaker(label.name, self._person(named).person) if named else None

    def _holder(self, turn: Turn, label: Label) -> TurnSpeaker:
        """Whoever the text says holds the office; the office itself where it does not say."""
        named = self._full_names.find(label.name.of(self._text))
        if named is not None and fold(label.name.of(self._text)) == surname(named):
            return TurnSpeaker(label.name, named)
        office = fold(label.name.of(self._text))
        if office in self._holders:
            return TurnSpeaker(label.name, self._person(self._holders[office]).person)
        if "witness" in office:
            return self._witness(turn) or TurnSpeaker(label.name, None)
        words = frozenset(word for word in office.split() if is_role_word(word))
        holders = self._offices.get(words, set())
        return TurnSpeaker(label.name, next(iter(holders)) if len(holders) == 1 else None)

    def _witness(self, turn: Turn) -> TurnSpeaker | None:
        """The witness sworn last, or who answered last by stating a name."""
        before = bisect_left(self._sworn, turn.end, key=lambda span: span.start)
        if turn.label is None or not (before or len(self._sworn) == 1):
            return TurnSpeaker(turn.label.name, self._addressed) if turn.label and self._addressed else None
        name = natural(split_title(self._sworn[max(before - 1, 0)].of(self._text)).name)
        return TurnSpeaker(turn.label.name, natural(self._full_names.find(name) or name))

    def _whom_questions_address(self) -> str | None:
        """The one whom those who ask call by name: "Ms. Marsh, where do you work?"."""
        asked = (
            words
            for turn, following in pairwise(self._turns)
            if following.label and following.label.who is Who.ANSWER
            for words in turn.paragraphs
        )
        addressing = (_ADDRESSING.match(self._text, words.start, words.end) for words in asked)
        named = [match["first"] or match["last"] for match in addressing if match]
        if len(set(map(surname, named))) != 1:
            return None
        name = natural(split_title(named[0]).name)
        return self._full_names.find(name) or name

    def _answerer(self) -> TurnSpeaker | None:
        """Who answers: the only one with a label beside whoever asks, else whom the text around the interview names."""
        answering = [turn.label for turn in self._turns if turn.label and not turn.asks and turn.label.who is Who.NAME]
        if answering:
            labelled = [self._person(label) for label in answering]
            return labelled[0] if len({one.person for one in labelled}) == 1 else None
        return self._interviewee()

    def _interviewee(self) -> TurnSpeaker | None:
        """Whom the text around an interview names as the one who answers."""
        asking = {surname(match["name"]) for match in _ASKED_BY.finditer(self._outside)}
        speaking = [match["name"] for match in _SPEAKING.finditer(self._outside)]
        around = [name for name in self._around if surname(name) not in asking]
        told = {surname(match["name"]) for match in _INTERVIEW_WITH.finditer(self._outside)}
        for people in (speaking, around, [name for name in around if surname(name) in told]):
            if len(people) == 1 and _INTERVIEW.search(self._outside):
                start = self._text.find(people[0])
                return TurnSpeaker(Span(start, start + len(people[0])), people[0])
        return None


def _completing(text: str, surnames: set[str]) -> list[str]:
    """Names of several words in a text that end in one of some surnames."""
    printed = (split_title(text[start:end]).name for start, end in find_names(text))
    return [
        name
        for name in printed
        if " " in name and surname(name) in surnames and fold(name.split()[0]) not in FUNCTION_WORDS
    ]
