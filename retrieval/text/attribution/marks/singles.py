"""Tells single quotation marks, the outer ones in British papers, from apostrophes.

An apostrophe is inside a word, where letters are left out ("'em", "goin'"), or behind a plural ("the dogs' owner"). A
closing mark follows a stop or a comma, or else a word that no apostrophe would follow.
"""

import re
from collections.abc import Iterator

from retrieval.text.words import word_list

_OPENING = re.compile(r"(?<![\w’'‘,.?!…])([‘'“\"])(?=[^\s’'”\"]|“)")
_SINGLE = re.compile("[‘’']")
_WORD = re.compile(r"\w{1,20}")
_ELIDED = word_list("em til tis twas cause bout n round neath nuff cos twill tisn twere ere")
_STOPS = frozenset(",.?!…—–-")
_SHORTENED = word_list("o an n th lil ol mo de po")
_BEHIND_CLOSING = word_list(
    """
    and or but nor yet so as at by for from in into of on to with about after before over under while when because if
    than that which who is was are were be been has have had will would could should may might can did does do he she
    they it we you i the a an this these his her their its said says not
    """
)
"""Words that no plural owns: a mark before one of them ends a quotation."""
_PARTNER = {"“": "”", '"': '"'}
_FEWEST = 1


def uses_singles(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether single marks are a text's outer ones: they enclose more speech than double marks."""
    single = double = 0
    for start, end in spans:
        for opened, closed, _ in pairs(text, start, end):
            if text[opened - 1] in "‘'":
                single += closed > opened and text[closed - 1] in _STOPS
            else:
                double += 1
    return single >= _FEWEST and single > double


def pairs(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closed) of what outer marks of either kind enclose in text[start:end]."""
    at = start
    unclosed: int | None = None
    hopeless: set[str] = set()
    while (opening := _OPENING.search(text, at, end)) is not None:
        at, mark = opening.end(), opening.group()
        if mark in hopeless or (mark in "‘'" and _is_elision(text, at)):
            continue
        closing = _closing(text, at, end) if mark in "‘'" else text.find(_PARTNER[mark], at, end)
        if closing < 0:
            hopeless |= {mark} - {"‘", "'"}
            unclosed = at
        else:
            unclosed = None
            yield at, closing, True
            at = closing + 1
    if unclosed is not None and unclosed < end:
        yield unclosed, end, False


def _is_elision(text: str, at: int) -> bool:
    """Whether an opening mark is the apostrophe of a shortened word or a year: 'em, '90s."""
    word = _WORD.match(text, at)
    return word is not None and (
        word.group().casefold() in _ELIDED or re.fullmatch(r"\d\ds?", word.group()) is not None
    )


def _closing(text: str, start: int, end: int) -> int:
    """The offset of the closing single mark, before the next one opens; -1 without one."""
    doubtful = -1
    for match in _SINGLE.finditer(text, start + 1, end):
        at = match.start()
        if _OPENING.match(text, at) and not _is_elision(text, at + 1):
            break
        if text[at] == "‘" or text[at - 1].isspace() or (at + 1 < end and text[at + 1].isalnum()):
            continue
        if text[at - 1] in _STOPS or not _may_be_apostrophe(text, at, end):
            return at
        doubtful = at if doubtful < 0 else doubtful
    return doubtful


def _may_be_apostrophe(text: str, at: int, end: int) -> bool:
    """Whether a mark behind a word may be a plural's genitive or stand for dropped letters."""
    word = re.search(r"\w+$", text[max(0, at - 20) : at])
    if word is None or at + 2 >= end or text[at + 1] != " " or not text[at + 2].isalnum():
        return False
    bare, following = word.group().casefold(), _WORD.match(text, at + 2)
    plural = bare.endswith("s") and not (following and following.group().casefold() in _BEHIND_CLOSING)
    return plural or bare.endswith("in") or bare in _SHORTENED
