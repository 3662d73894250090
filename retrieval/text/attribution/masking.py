"""Long quotations and party tags blanked out before a text is parsed; the parse brought back to the text's offsets.

What somebody says has a grammar of its own that leads a parser astray, and much of its time is spent there. A short
clause in its place keeps the sentence around it whole: measured, a few more speakers are found, for less.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval.text.attribution.marks import segments
from retrieval.text.parse import Parse, Token

_FEWEST_WORDS = 7
_CLAUSE = "hat is it"
_PARTY = re.compile(r"(?<=\w)[ \u00a0]\([A-Z]{1,3}[-–][A-Z][A-Za-z. ]{0,14}\)")


@dataclass(frozen=True, slots=True)
class Replacement:
    """text[start:end] as it was, and where its stand-in lies in the masked text."""

    masked_start: int
    masked_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text with stand-ins, which `restore` undoes."""

    text: str
    replacements: tuple[Replacement, ...]

    def restore(self, parse: Parse) -> Parse:
        """The parse with offsets of the text that was masked; stand-ins lie at the edges of what they stand for."""
        tokens: list[Token] = []
        number = 0
        for token in parse.tokens:
            while number < len(self.replacements) and token.start >= self.replacements[number].masked_end:
                number += 1
            tokens.append(_moved(token, self.replacements, number))
        return Parse(tuple(tokens))


def mask(text: str) -> MaskedText:
    """Replace every quotation of seven words and more by a clause of three, with its capital and its last mark.

    Parties and states behind a name, "(D-Ohio)", are taken out altogether.
    """
    pieces: list[str] = []
    replacements: list[Replacement] = []
    at = length = 0
    for start, end, stand_in in sorted([*_quotations(text), *_parties(text)]):
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


def _parties(text: str) -> Iterator[tuple[int, int, str]]:
    for tag in _PARTY.finditer(text):
        yield *tag.span(), ""


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
