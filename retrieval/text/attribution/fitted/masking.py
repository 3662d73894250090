"""Masks long quotations and party tags before a text is parsed, and maps the parse back to the text's offsets.

Quoted speech has a syntax of its own that misleads the parser and takes most of its time. With a short clause in its
place the sentence around it stays whole: measured, a few more speakers are found, in less time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval.text.attribution.marks.marks import Segment, segments
from retrieval.text.attribution.marks.plain_marks import plain_text
from retrieval.text.parse import Parse, Token

_FEWEST_WORDS = 7
_CLAUSE = "hat is it"
_SECOND_BLANKS = re.compile(r"(?<=[^\S\n])[^\S\n]++")
_PARTY = re.compile(r"(?<=\w)[ \u00a0]\([A-Z]{1,3}[-–][A-Z][A-Za-z. ]{0,14}\)")


@dataclass(frozen=True, slots=True)
class Replacement:
    """A replaced text[start:end], and the offsets of what replaces it in the masked text."""

    masked_start: int
    masked_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text with replacements, which `restore` undoes in a parse."""

    text: str
    replacements: tuple[Replacement, ...]

    def restore(self, parse: Parse) -> Parse:
        """Map a parse of the masked text to the original; replacements get offsets within what they replace."""
        tokens: list[Token] = []
        number = 0
        for token in parse.tokens:
            while number < len(self.replacements) and token.start >= self.replacements[number].masked_end:
                number += 1
            tokens.append(_moved(token, self.replacements, number))
        return Parse(tuple(tokens))


def mask(text: str) -> MaskedText:
    """Replace every quotation of seven words or more by a clause of three, keeping its capital and last mark.

    Parties and states behind a name, "(D-Ohio)", are removed, and all blanks of a row but the first.
    """
    text = plain_text(text)
    pieces: list[str] = []
    replacements: list[Replacement] = []
    at = length = 0
    for start, end, stand_in in sorted([*_quotations(text), *_dropped(text)]):
        if start < at:
            continue
        pieces += [text[at:start], stand_in]
        length += start - at
        replacements.append(Replacement(length, length + len(stand_in), start, end))
        length += len(stand_in)
        at = end
    return MaskedText("".join([*pieces, text[at:]]), tuple(replacements))


def _quotations(text: str) -> Iterator[tuple[int, int, str]]:
    for segment in segments(text):
        content = text[segment.start : segment.end]
        if len(content.split()) >= _FEWEST_WORDS:
            last = content[-1] if content[-1] in ",.?!" else ""
            yield segment.start, segment.end, ("T" if content[0].isupper() else "t") + _CLAUSE + last


def _dropped(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (_PARTY, _SECOND_BLANKS):
        for dropped in pattern.finditer(text):
            yield *dropped.span(), ""


def _moved(token: Token, replacements: tuple[Replacement, ...], number: int) -> Token:
    if number < len(replacements) and token.start >= replacements[number].masked_start:
        blank = replacements[number]
        within = token.start - blank.masked_start
        if within <= len(_CLAUSE):
            start = blank.start + within
            return replace(token, start=start, end=min(start + token.end - token.start, blank.end))
        return replace(token, start=blank.end - 1, end=blank.end)
    shift = replacements[number - 1].end - replacements[number - 1].masked_end if number else 0
    return replace(token, start=token.start + shift, end=token.end + shift)


def underscored(text: str, everything: list[Segment]) -> str:
    """The text with quoted words replaced by as many underscores, so that no rule looks inside them."""
    pieces, at = [], 0
    for segment in everything:
        inner = text[segment.start : segment.end]
        last = inner[-1] if inner[-1] in ".!?" else "_"
        pieces += [text[at : segment.start], "_" * (len(inner) - 1), last]
        at = segment.end
    return "".join([*pieces, text[at:]])
