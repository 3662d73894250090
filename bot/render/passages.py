"""A citation as a block quotation: the stored words, the answering sentence in bold, the answer in it underlined.

A passage that is too long is shortened from its ends, and the marked sentence is cut only if it alone is too long. What
is shown is one unbroken run of the stored text, without even an ellipsis; that a sentence was cut is said below it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, zip_longest
from typing import TYPE_CHECKING

from bot.render.escape import block_quote, bold, escaped, plain
from bot.render.limits import longest_prefix
from retrieval.domain.articles import Span
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from retrieval.domain.answers import Citation

_LINE = re.compile(r"[^\n]++")
_PARAGRAPH_END = re.compile(r"\n+")
_UNDERLINE = 8
"""What an underlined span adds: four marks, and two escapes each where it and what follows begin."""
_MARKS = 6
"""What a span in bold adds to a line in bold: four marks, and an escape where it and what follows begin."""


def window(excerpt: str, marked: Span | None, limit: int) -> Span:
    """Return the longest run of whole sentences around the marked one, at most `limit` characters as bold markdown.

    Without a marked sentence it is the run from the beginning. A sentence too long by itself is cut at its end.
    """
    whole = _sentences(excerpt)
    core = marked or whole[0]
    if not _fits(excerpt, limit, core):
        return _shortened(excerpt, core, limit)
    before = [sentence for sentence in reversed(whole) if sentence.start < core.start]
    after = [sentence for sentence in whole if sentence.end > core.end]
    run = core
    for nearest_first in (_alternating(after, before), after, before):
        run = _widest(excerpt, limit, run, nearest_first)
    return Span(_paragraph_start(excerpt, run.start, core.start), run.end)


def _widest(excerpt: str, limit: int, run: Span, nearest_first: list[Span]) -> Span:
    """Return the run with as many of the sentences, in their order, as fit with it."""
    runs = list(accumulate(nearest_first, lambda r, s: Span(min(r.start, s.start), max(r.end, s.end)), initial=run))
    return runs[bisect_left(runs, x=True, lo=1, key=lambda wider: not _fits(excerpt, limit, wider)) - 1]


def _fits(excerpt: str, limit: int, run: Span) -> bool:
    """Whether the run fits as bold markdown. Never renders more than `limit` characters, however long the run is."""
    return run.end - run.start <= limit and len(_in_bold(run.of(excerpt))) <= limit


def _paragraph_start(excerpt: str, start: int, core: int) -> int:
    """Return where a paragraph begins between `start` and `core`: within one may be the middle of somebody's words."""
    starts = [0, *(match.end() for match in _PARAGRAPH_END.finditer(excerpt))]
    return next((paragraph for paragraph in starts if start <= paragraph <= core), core)


def longest_markdown(text: str, limit: int, spans: int) -> int:
    """Return the most characters that the block quotation of the window can have, with that number of spans in bold."""
    length = len(_in_bold(text)) if len(text) <= limit else limit
    return min(length, limit) + _MARKS * (spans + 1)


def _in_bold(text: str) -> str:
    """Return the longest markdown that a text can become: all of it in bold."""
    return block_quote(bold(text))


def _sentences(text: str) -> list[Span]:
    """Return the sentences with the white space behind them, of which each line holds its own; at least one."""
    lines = (Span(*match.span()) for match in _LINE.finditer(text))
    starts = [sentence.start for line in lines for sentence in sentences(text, line)]
    edges = [0, *starts[1:], len(text)]
    return [Span(start, end) for start, end in pairwise(edges) if start < end]


def _alternating(first: list[Span], second: list[Span]) -> list[Span]:
    return [span for span in chain.from_iterable(zip_longest(first, second)) if span is not None]


def _shortened(excerpt: str, core: Span, limit: int) -> Span:
    """Return the beginning of a sentence that is longer than the limit, cut after a word where there is one."""
    beginning = core.of(excerpt)[:limit]
    beginning = beginning[: max(longest_prefix(beginning, limit, _in_bold), 1)]
    word_end = beginning.rfind(" ")
    return Span(core.start, core.start + (word_end if word_end > 0 else len(beginning)))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Markdown of a passage; `is_cut` if it ends within a sentence."""

    markdown: str
    is_cut: bool


def quoted(citation: Citation, limit: int, *, marking: bool = True) -> Quoted:
    """Return the citation as a block quotation of at most `limit` characters.

    With `marking`, the marked sentence is in bold and the answer in it underlined.
    """
    marked, answer = (span and span.moved(-citation.span.start) for span in (citation.marked, citation.answer))
    run = window(citation.excerpt, marked, limit - (_UNDERLINE if answer else 0))
    strong = (marked,) if marked and marking else ()
    markdown = block_quote(emphasised(citation.excerpt, run, strong, answer))
    return Quoted(markdown, is_cut=ends_within_sentence(citation.excerpt, run, marked))


def ends_within_sentence(excerpt: str, run: Span, marked: Span | None) -> bool:
    """Whether the window leaves out a part of its marked sentence, or of the first one where none is marked."""
    return bool(plain(excerpt[run.end : (marked or _sentences(excerpt)[0]).end]))


def emphasised(text: str, run: Span, strong: tuple[Span, ...], underlined: Span | None = None) -> str:
    """Return the run of `text` as markdown with the `strong` spans in bold, without the spaces at its ends.

    What is `underlined` lies within a strong span.
    """
    parts: list[str] = []
    position = run.start + len(run.of(text)) - len(run.of(text).lstrip())
    end = run.start + len(run.of(text).rstrip())
    for span in sorted(strong):
        start, stop = max(span.start, position), min(span.end, end)
        if start < stop and plain(text[start:stop]):  # marks around nothing would part what is escaped together
            within = (underlined.start - start, underlined.end - start) if underlined else None
            parts += [escaped(text[position:start]), bold(text[start:stop], within)]
            position = stop
    return "".join([*parts, escaped(text[position:end])])
