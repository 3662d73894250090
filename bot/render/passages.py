"""A citation as a block quotation: the stored words, the answering sentence in bold, whole sentences only.

A passage that is too long is shortened from its ends, never around or inside the marked sentence unless that sentence
alone is too long. What is shown is one unbroken run of the stored text, with nothing put into it, not even an
ellipsis: that something was left off is said below the passage.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from bot.render.escape import block_quote, bold, escaped, plain
from bot.render.limits import longest
from retrieval.domain.articles import Span

if TYPE_CHECKING:
    from retrieval.domain.answers import Citation

_ABBREVIATION = r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})"  # U.S., Mr., Gen.
_SENTENCE_END = re.compile(rf"{_ABBREVIATION}[.!?][\"'”’)\]]*\s+|\n+")
_PARAGRAPH_END = re.compile(r"\n+")
_MARKS = 6
"""What a span in bold adds to a line that is in bold: four marks, and an escape where it and what follows begin."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The run of an excerpt that is displayed, and the marked part of that run, both in the excerpt's offsets."""

    run: Span
    marked: Span | None


def shown(excerpt: str, marked: Span | None, limit: int) -> Shown:
    """The longest run of whole sentences around the marked one of at most `limit` characters, as markdown too."""
    sentences = _sentences(excerpt)
    core = marked or sentences[0]
    if not _fits(excerpt, limit, core):
        core = _shortened(excerpt, core, limit)
        return Shown(core, core if marked else None)
    before = [sentence for sentence in reversed(sentences) if sentence.start < core.start]
    after = [sentence for sentence in sentences if sentence.end > core.end]
    run = core
    for nearest_first in (_alternating(after, before), after, before):
        run = _widest(excerpt, limit, run, nearest_first)
    return Shown(Span(_opening(excerpt, run.start, core.start), run.end), marked)


def _widest(excerpt: str, limit: int, run: Span, sentences: list[Span]) -> Span:
    """The run with as many of the sentences, from the first on, as fit with it."""
    runs = list(accumulate(sentences, _together, initial=run))
    return runs[bisect_left(runs, x=True, lo=1, key=lambda wider: not _fits(excerpt, limit, wider)) - 1]


def _together(run: Span, sentence: Span) -> Span:
    return Span(min(run.start, sentence.start), max(run.end, sentence.end))


def _fits(excerpt: str, limit: int, run: Span) -> bool:
    """Never dresses more than `limit` characters, however long the run is."""
    return run.end - run.start <= limit and len(_dressed(run.of(excerpt))) <= limit


def _opening(excerpt: str, start: int, core: int) -> int:
    """Where to begin so as not to open in the middle of a paragraph, which may be the middle of somebody's words."""
    openings = [0, *(match.end() for match in _PARAGRAPH_END.finditer(excerpt))]
    return next((open_modal for open_modal in openings if start <= open_modal <= core), core)


def longest_shown(text: str, limit: int, strong: int) -> int:
    """At most how long what `shown` leaves of the text is as a block quotation with so many spans in bold."""
    whole = len(_dressed(text)) if len(text) <= limit else limit
    return min(whole, limit) + _MARKS * (strong + 1)


def _dressed(text: str) -> str:
    """The most that a text can grow to: all of it in bold."""
    return block_quote(bold(text))


def _sentences(text: str) -> list[Span]:
    edges = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    return [Span(start, end) for start, end in pairwise(edges) if start < end]


def _alternating(first: list[Span], second: list[Span]) -> list[Span]:
    longest = max(len(first), len(second))
    return [side[i] for i in range(longest) for side in (first, second) if i < len(side)]


def _shortened(excerpt: str, core: Span, limit: int) -> Span:
    """The beginning of a sentence that is too long by itself, cut at a word's end where there is one."""
    head = core.of(excerpt)[:limit]
    head = head[: max(longest(head, limit, _dressed), 1)]
    at_word = head.rfind(" ")
    return Span(core.start, core.start + (at_word if at_word > 0 else len(head)))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Markdown of a passage; `whole` says that nothing was left off."""

    markdown: str
    whole: bool


def quoted(citation: Citation, limit: int, *, marking: bool = True) -> Quoted:
    """The citation's words as a block quotation of at most `limit` characters, the marked sentence in bold."""
    marked = None if citation.marked is None else citation.marked.moved(-citation.span.start)
    view = shown(citation.excerpt, marked, limit)
    strong = (view.marked,) if view.marked and marking else ()
    left_off = citation.excerpt[: view.run.start] + citation.excerpt[view.run.end :]
    return Quoted(block_quote(emphasised(citation.excerpt, view.run, strong)), whole=not plain(left_off))


def emphasised(text: str, run: Span, strong: tuple[Span, ...]) -> str:
    """The run of `text` as markdown with the `strong` spans in bold, without the spaces at its ends."""
    parts: list[str] = []
    position = run.start + len(run.of(text)) - len(run.of(text).lstrip())
    end = run.start + len(run.of(text).rstrip())
    for span in sorted(strong):
        start, stop = max(span.start, position), min(span.end, end)
        if start < stop and plain(text[start:stop]):  # marks around nothing would part what is escaped together
            parts += [escaped(text[position:start]), bold(text[start:stop])]
            position = stop
    return "".join([*parts, escaped(text[position:end])])
