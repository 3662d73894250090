"""Plain text of what feeds carry, which may be HTML or not; and what their programs add to the text of an article."""

from __future__ import annotations

import html
import re
from typing import Final

from lxml.html import defs

from retrieval.text.words import read_lines

_FEWEST_WORDS: Final = 150
_ENDING: Final = 1500
"""Characters at the end of a text in which an addition of the feed's program begins."""
_TEASER_ENDING: Final = 300

_WRAPPER = re.compile(r"<!\[CDATA\[|\]\]>")
_MARKUP = re.compile(r"<!--[^<>]*-->|</?([a-z][a-z0-9:-]{0,15})(?:\s*/?|\s[^<>=]*=[^<>]*)>", re.IGNORECASE)
_CLOSING = re.compile(r"</([a-zA-Z][a-zA-Z0-9]{0,15})>")
_BLANK_OR_BREAK: Final = frozenset({"br", "img", "iframe", "object", "embed", "script", "map"})
_INLINE: Final = defs.phrase_tags | defs.font_style_tags | defs.special_inline_tags | {"mark", "time", "wbr"}
_JOINING: Final = _INLINE - _BLANK_OR_BREAK
_ANY_HEADLINE: Final = r"\b.{1,1200}?\b"
_FEED_ENDING = re.compile(
    rf"(?:{'|'.join(line.replace(' … ', _ANY_HEADLINE) for line in read_lines('feed_endings'))})(?P<paper>.{{0,600}})$",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_PAPER: Final = 120
_MORE: Final = "|".join(read_lines("teaser_endings"))
_CUT_OFF = re.compile(
    rf"(?:…|\.\.\.|{_MORE})\W*$|(?:^|[.!?…:;\"”'’»)\]|>–—-])\s*(?:{_MORE})\b.{{0,200}}$", re.IGNORECASE | re.DOTALL
)


def unwrapped(text: str) -> str:
    """The text without the marks of CDATA, which remain where a feed escapes them."""
    return _WRAPPER.sub("", text) if "<![CDATA[" in text else text


def plain(markup: str) -> str:
    """The text of HTML; a sign of less or greater in a text that is none stays."""
    return html.unescape(_MARKUP.sub(_between, markup))


def line(text: str | None, longest: int) -> str | None:
    """One line of plain text from what may be HTML."""
    if not isinstance(text, str):
        return None
    shown = plain(unwrapped(text[: 4 * longest]))
    if any(name.lower() in defs.tags for name in _CLOSING.findall(shown)):  # it was escaped twice
        shown = plain(shown)
    return " ".join(shown.split())[:longest].strip() or None


def is_whole(markup: str) -> bool:
    """Whether the content is long enough for an article and was not cut off."""
    text = plain(markup).strip()
    return len(text.split()) >= _FEWEST_WORDS and not _CUT_OFF.search(text[-_TEASER_ENDING:])


def without_ending(markup: str) -> str:
    """The content without "The post … appeared first on …" at its end."""
    start = max(len(markup) - _ENDING, 0)
    ending = _FEED_ENDING.search(markup[start:])
    if ending is None or len(plain(ending["paper"]).strip()) > _LONGEST_PAPER:
        return markup
    return markup[: start + ending.start()]


def _between(tag: re.Match[str]) -> str:
    """What takes the place of a tag: nothing for one inside words, a blank for others; what is no tag of HTML stays."""
    name = (tag[1] or "br").lower()
    if name in _JOINING:
        return ""
    return " " if name in defs.tags or ":" in name or "-" in name else tag[0]
