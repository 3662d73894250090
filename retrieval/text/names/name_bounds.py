"""Where a name begins and ends among the words of a mention.

"But Costa" and "Meanwhile Costa" name Costa; "EastLine’s Ana Costa", "Secretary of State Ana Costa" and "Ana Costa of
the union" name Ana Costa; "the lawyer for Costa" names nobody.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from retrieval.text.names.printable import is_post
from retrieval.text.names.vocabulary import (
    INSTITUTIONS,
    OPENERS,
    PARTICLES,
    PARTIES,
    fold,
    given_gender,
    is_demonym,
    is_origin,
    is_role_word,
)
from retrieval.text.words import read_lines, read_words, word_list

_GENITIVE = ("’s", "'s", "s’", "s'")
_TWO = 2
BORNE_OPENERS = word_list("an can do even may no said so to will")
"""Openers that are names too: "Do Thi Hoa", "Even Solberg"."""

_LEADS = word_list("watch neither either select fellow via meet")
"""What stands before a name as an order, or counts who is meant, and is part of none."""

GERUNDS = frozenset(
    form for verb in read_words("speech_verbs") for form in (f"{verb}ing", f"{verb.removesuffix('e')}ing")
) | {form for form in read_words("irregular_speech_verbs") if form.endswith("ing")}
"""Verbs before a name that open a sentence: "Praising Costa"."""

_COMPOUND = re.compile(r"\w-(?:owned|led|based|backed|born|run|era|style|appointed|controlled|linked|funded|trained)$")
_ACRONYM = re.compile(r"[A-Z]{2,}")
_ACRONYMS = frozenset(line.split()[0] for line in read_lines("acronyms")) | {"AP", "AFP", "PA"}
_VOWEL = re.compile(r"[AEIOUY]")
_STORMS = word_list("hurricane typhoon cyclone operation")

JOINS = word_list("of for from at in on to with by as")
PORTFOLIOS = INSTITUTIONS | word_list(
    """
    affairs agriculture arts business climate commerce communities community culture defence defense development digital
    economy economic education employment energy environment environmental equality families finance fisheries food
    foreign forestry health home homeland housing immigration industry information infrastructure innovation integration
    interior international justice labor labour levelling media migration mines planning police ports public regional
    religious research resources revenue rural science security services skills social sport sports staff state taxation
    technology telecommunications the tourism trade transport transportation treasury urban veterans water welfare women
    work works youth and &
    """
)
"""Words of what a minister is minister of."""

_MARK = re.compile(r"[“”„«»\"]|''|``")
_NICKNAME = re.compile(r"(?<![\w.’'-])[^\W\d_][\w.’'-]*+ [“\"]\w[\w -]{0,20}[”\"] [^\W\d_]")
_LETTER = re.compile(r"[^\W_]")

_OF_A_PORTFOLIO = word_list("secretary minister undersecretary commissioner director professor chief")


def named_part(mention: str) -> tuple[int, int]:
    """Start and end of what is behind the last quotation mark of a mention, nicknames apart, and before a comma."""
    marks = [] if _NICKNAME.search(mention) else [mark.end() for mark in _MARK.finditer(mention)]
    last = _LETTER.search(mention[::-1])
    start = max((end for end in marks if last and end < len(mention) - last.start()), default=0)
    letter = _LETTER.search(mention, start)
    comma = mention.find(",", letter.start()) if letter else -1
    return start, comma if comma >= 0 else len(mention)


def name_start(words: Sequence[str]) -> int:
    """The first word of the name: behind titles, what an office is for, openers, institutions and genitives."""
    start = 0
    for number, (word, following) in enumerate(pairwise(words)):
        if _is_title(word, following) and following[0].isupper():
            start = number + 1
    start = _behind_portfolio(words, start)
    while start + 1 < len(words) and (_opens(words[start], words[start + 1]) or _tells_of(words, start)):
        start += 1
    for number in range(len(words) - 2, start, -1):
        before = words[number - 1]
        if given_gender(words[number]) and (fold(before) in PORTFOLIOS or before.endswith(_GENITIVE)):
            return number
    if len(words) > _TWO and words[-3].endswith(_GENITIVE) and not PORTFOLIOS & set(map(fold, words[-2:])):
        return max(start, len(words) - 2)
    return start


def may_be_person(name: str) -> bool:
    """Whether a name may be a person's: nothing in it is owned, no party or people ends it, no acronym begins it."""
    words = name.split()
    if "/" in name or "&" in name or any(word.endswith(_GENITIVE) for word in words[:-1]):
        return False
    if len(words) < _TWO:
        return True
    nobody = is_demonym(words[-1]) or fold(words[-1]) in INSTITUTIONS or fold(words[0]) in _STORMS
    if fold(words[-1]) in PARTIES or (nobody and not given_gender(name)):
        return False
    return name.isupper() or not _is_acronym(words[0])


def _is_acronym(word: str) -> bool:
    """Whether capitals abbreviate a body or a state ("USGS", "US"), and are no initials or family name ("KIM")."""
    return bool(_ACRONYM.fullmatch(word)) and (word in _ACRONYMS or (len(word) > _TWO and not _VOWEL.search(word)))


def name_stop(words: Sequence[str]) -> int:
    """The end of the words that can hold the name: before "of" and the like behind a name, but for institutions."""
    for number in range(1, len(words)):
        before = words[number - 1]
        whole = is_role_word(before) or fold(before) in PORTFOLIOS
        if words[number] in JOINS and before[0].isupper() and not whole:
            return number
    return len(words)


def is_complement(words: Sequence[str]) -> bool:
    """Whether the capitals that end a mention are only what an office or a group is of: "the lawyer for Costa"."""
    start = name_start(words)
    before = [word for word in words[:start] if word not in {"the", "The"}]
    return len(before) > 1 and before[-1] in JOINS and (before[-2][0].islower() or is_role_word(before[-2]))


def _behind_portfolio(words: Sequence[str], start: int) -> int:
    """The first word behind "Secretary of State" or "Minister for the Environment and Water"; else `start`."""
    office = next(
        (at for at in range(start) if fold(words[at]) in _OF_A_PORTFOLIO and words[at + 1] in {"of", "for"}), None
    )
    if office is None:
        return start
    behind = office + 2
    while behind + 1 < len(words) and fold(words[behind]).strip(",") in PORTFOLIOS:
        behind += 1
    return max(start, behind) if words[behind : behind + 1] and words[behind][0].isupper() else start


def _tells_of(words: Sequence[str], start: int) -> bool:
    """Whether the first of three words and more tells of whom a full name is ("Briton Bo Kim", "Bodyguard Bo Kim")."""
    first, following = words[start], words[start + 1]
    full = len(words) - start > _TWO and bool(given_gender(following)) and not given_gender(first)
    return full and (is_origin(first) or is_post(first))


def _opens(word: str, following: str) -> bool:
    """Whether a word opens the clause and is no part of the name."""
    if fold(word) in _LEADS | GERUNDS or _COMPOUND.search(word):
        return not given_gender(word)
    if fold(word) not in OPENERS or (word.isupper() and len(word) > 1):
        return False
    return (
        fold(word) not in BORNE_OPENERS
        or bool(given_gender(following))
        or is_role_word(following)
        or fold(following) in OPENERS
    )


def _is_title(word: str, following: str) -> bool:
    bare = word.casefold().rstrip(".")
    if bare in PARTICLES and following[0].isupper():
        return False
    return is_role_word(word) or (word[0].islower() and not bare.startswith(("al-", "el-")))
