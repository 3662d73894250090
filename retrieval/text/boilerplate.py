"""Separates an article's text from page boilerplate: headline, byline, caption, legal notice, navigation.

Boilerplate stays in the body and is only kept out of the passages. A paragraph is boilerplate as a whole or not at all,
and in doubt it is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from retrieval.domain.articles import Span
from retrieval.text.line_ends import join_lines
from retrieval.text.pleas import is_all_pleas
from retrieval.text.words import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator


class BoilerplateKind(StrEnum):
    """Kinds of boilerplate."""

    HEADLINE = "headline"
    BYLINE = "byline"
    CAPTION = "caption"
    NOTICE = "notice"
    NAVIGATION = "navigation"


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A paragraph of the body that is kept out of passages."""

    kind: BoilerplateKind
    span: Span


@dataclass(frozen=True, slots=True)
class Layout:
    """The paragraphs of a body, in order: the article's own `text`, and the page's `boilerplate`."""

    text: tuple[Span, ...]
    boilerplate: tuple[Boilerplate, ...]

    @property
    def headline(self) -> Span | None:
        """The line of the headline, if the body has one."""
        return next((item.span for item in self.boilerplate if item.kind is BoilerplateKind.HEADLINE), None)


SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_AGENCY = re.compile(
    r"\b(?:Reuters|Associated Press|AP|AFP|EPA|Getty(?: Images)?|Bloomberg|Shutterstock|PA Images|UPI|Xinhua"
    r"|[Pp]hoto(?:graph)?s?|[Ii]mages?|[Pp]icture|[Cc]ourtesy|[Cc]redit|[Ff]ile)\b"
)
_PHOTO_CREDIT = re.compile(
    r"(?:\((?:[^()]*/)?(?:AP|Reuters|Getty|AFP|EPA|[Pp]hoto)\b[^()]{0,80}\)|\b(?:[Pp]hoto|[Ii]mage|[Pp]icture)s?"
    r"(?: by|:| credit:?| courtesy)[^.]{0,80})\.?$"
)
_NOTICE = re.compile(
    r"^(?:copyright\b|©|\(c\)\s*\d{4})|\ball rights reserved\b|\bmay not be (?:published|reproduced|redistributed)\b",
    re.IGNORECASE,
)
_IN_NOTICES = ("all rights reserved", "may not be")
"""What a notice holds that does not begin as one: these are quick to find."""
_NAME = r"[A-Z][\w.'’-]*"
_JOINED = r"(?:[\s,]+(?:and\s+|&\s*)?|&\s*)"
_BYLINE = re.compile(
    rf"^(?:[Bb]y|BY)\s+(?:{_NAME}(?:{_JOINED}{_NAME}){{1,7}}|(?=.[\w.'’-]*[A-Z]){_NAME}+)"
    r"[\s,]*(?:and\s+|&\s*)?(?:[|•–—-].*)?$"
)
"""Names must be separated: if they could touch, a line of capitals would match in millions of ways."""
_TIMESTAMP = re.compile(
    r"^(?:(?:first |last )?(?:published|updated|posted|modified)(?::| on| at)? (?:\d|(?:\w+,? )?\w+\.? \d)"
    r"|\d{1,2}:\d\d\s*(?:[ap]\.?m\.?)?\b)",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^.{0,60}\([A-Z][\w. ]{1,30}\) {0,3}(?:--|[—–-])")
_CAPTION_SENTENCE = re.compile(r"(?:\S+ ){7,}\S+[a-z)]\.[\"”’]? ")
_NAVIGATION = re.compile(rf"(?:{'|'.join(read_lines('navigation'))})\W*", re.IGNORECASE)
_FEW_WORDS = 24
_MORE_WORDS = re.compile(rf"(?:\W*+\w++(?:['’.-]\w++)*+){{{_FEW_WORDS + 1}}}")
_HEADLINE_WORDS = 30
_TOP = 6


def layout(body: str, title: str | None = None, page_lines: frozenset[str] = frozenset()) -> Layout:
    """Split a body into text and boilerplate; `page_lines` are folded lines that are known to be the site's.

    `title` is the known headline; without it the first line is taken where it looks like one. A caption with a whole
    sentence is text, and so is a title that is a first sentence behind a dateline, as some feeds give it.
    """
    paragraphs = tuple(_paragraphs(body))
    lines = [paragraph.of(body) for paragraph in paragraphs]
    kinds = [_kind(line) for line in lines]
    if page_lines:
        of_site = [fold_line(line) in page_lines for line in lines]
        kinds = [
            kind or (BoilerplateKind.NAVIGATION if is_site else None)
            for kind, is_site in zip(kinds, of_site, strict=True)
        ]
    headline = _headline(body, paragraphs, kinds, title)
    if headline is not None:
        kinds[headline] = BoilerplateKind.HEADLINE
    _strip_tail(body, paragraphs, kinds)
    return Layout(
        tuple(span for span, kind in zip(paragraphs, kinds, strict=True) if kind is None),
        tuple(Boilerplate(kind, span) for span, kind in zip(paragraphs, kinds, strict=True) if kind is not None),
    )


def is_navigation(text: str) -> bool:
    """Whether a line is known to be the page's: a link, a label, an agency's name by itself."""
    return _NAVIGATION.fullmatch(text) is not None


def fold_line(text: str) -> str:
    """The words of a line in lower case, for comparing headlines."""
    return " ".join(_WORD.findall(text.casefold()))


def begins_alike(text: str, folded: str) -> bool:
    """Whether a line begins with the first word of a folded one, which takes less time than to fold it."""
    first = _WORD.search(text.casefold())
    return first is not None and folded.startswith(first.group())


def _paragraphs(body: str) -> Iterator[Span]:
    """Yield each line; those of wrapped text are joined."""
    for line in re.finditer(r"[^\n]+", join_lines(body)):
        yield Span(*line.span())


def _kind(text: str) -> BoilerplateKind | None:
    """The kind of a paragraph by its own words; None for the article's text."""
    if _is_notice(text) and len(_WORD.findall(text)) <= 3 * _FEW_WORDS:
        return BoilerplateKind.NOTICE
    if is_navigation(text) or is_all_pleas(text):
        return BoilerplateKind.NAVIGATION
    if _MORE_WORDS.match(text):
        return None
    ends = bool(SENTENCE_END.search(text))
    if not ends and (_BYLINE.match(text) or _TIMESTAMP.match(text)):
        return BoilerplateKind.BYLINE
    if (_PHOTO_CREDIT.search(text) or (not ends and _AGENCY.search(text))) and not _CAPTION_SENTENCE.match(text):
        return BoilerplateKind.CAPTION
    return None if _WORD.search(text) else BoilerplateKind.NAVIGATION


def _is_notice(text: str) -> bool:
    lower = text.lower()
    return (_NOTICE.search if any(words in lower for words in _IN_NOTICES) else _NOTICE.match)(text) is not None


def _headline(
    body: str, paragraphs: tuple[Span, ...], kinds: list[BoilerplateKind | None], title: str | None
) -> int | None:
    """Index of the headline among the first paragraphs, by the known title or by its form."""
    if title is not None:
        folded = fold_line(title)
        lines = [span.of(body) for span in paragraphs[:_TOP]]
        return next(
            (
                i
                for i, line in enumerate(lines)
                if begins_alike(line, folded) and fold_line(line) == folded and not _DATELINE.match(line)
            ),
            None,
        )
    if len(paragraphs) > 1 and kinds[0] is None:
        first = paragraphs[0].of(body)
        if not SENTENCE_END.search(first) and len(_WORD.findall(first)) <= _HEADLINE_WORDS:
            return 0
    return None


def _strip_tail(body: str, paragraphs: tuple[Span, ...], kinds: list[BoilerplateKind | None]) -> None:
    """Mark what follows the last legal notice as navigation, unless it is a whole sentence."""
    notices = [i for i, kind in enumerate(kinds) if kind is BoilerplateKind.NOTICE]
    if not notices:
        return
    for i in range(notices[-1] + 1, len(paragraphs)):
        if kinds[i] is None and not SENTENCE_END.search(paragraphs[i].of(body)):
            kinds[i] = BoilerplateKind.NAVIGATION
