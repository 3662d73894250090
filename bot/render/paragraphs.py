"""A speaker's quotations in the whole paragraphs they stand in, word for word, the quoted words in bold.

Nothing is left out of a paragraph but where it alone is longer than a message can be, and then that is said.
"""

from __future__ import annotations

from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final

import discord

from bot.render import limits
from bot.render.escape import block_quote
from bot.render.passages import emphasised, longest_shown, shown
from bot.render.reply import Control, Reply
from bot.render.sources import link_to, published
from retrieval.domain.articles import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.domain.ids import SpeakerId
    from retrieval.domain.quotations import CitedQuotation, QuotationsFound

TEMPLATE = (
    r"whole:(?P<turns>[01]):(?P<asker>\d{1,20}):(?P<speaker>\d{1,20}):(?P<first>\d{1,6})(?::(?P<token>\d{1,20}))?"
)

_PER_PAGE: Final = 5
_LONGEST: Final = 3600
_TOGETHER: Final = 40
"""Quotations of one paragraph that are shown as one: each is in bold, which takes room."""
_AROUND: Final = 230
"""At most what a card has beside its headline and its words: publisher and dates, and that something was left out."""
_COLOUR: Final = discord.Colour(0x2F6FDE)

_Block = tuple["CitedQuotation", ...]
"""Quotations that stand in one paragraph."""


def whole_id(asker: int, speaker: SpeakerId, first: int, token: int | None = None, *, turns: bool = False) -> str:
    """The custom id that shows the paragraphs from quotation `first` on; `turns` where they are shown already."""
    return f"whole:{turns:d}:{asker}:{speaker}:{first}" + ("" if token is None else f":{token}")


def whole(result: QuotationsFound, *, asker: int, first: int, token: int | None) -> Reply:
    """The page of paragraphs that holds quotation number `first`, counted from 0 in the order of the result."""
    leaves = _pages(result.quotations)
    starts = list(accumulate((sum(map(len, leaf)) for leaf in leaves), initial=0))[: len(leaves)]
    page = max((number for number, start in enumerate(starts) if start <= first), default=0)
    blocks = leaves[page] if leaves else []
    cards = [_card(block, above) for block, above in zip(blocks, [None, *blocks], strict=False)]
    if not cards:
        cards = [discord.Embed(description="No quotation of theirs is in the archive any more.", colour=_COLOUR)]
    edit_in_place = [
        Control(label, whole_id(asker, result.speaker.id, starts[number], token, turns=True))
        for label, number in (("Back", page - 1), ("Next", page + 1))
        if 0 <= number < len(leaves)
    ]
    return Reply(embeds=tuple(cards), controls=tuple(edit_in_place))


def _pages(quotations: Sequence[CitedQuotation]) -> list[list[_Block]]:
    """The quotations as pages of paragraphs. Renders none of them."""
    return limits.leaves(_blocks(quotations), _PER_PAGE, limits.EMBED_CHARACTERS, _longest)


def _blocks(quotations: Sequence[CitedQuotation]) -> Iterator[_Block]:
    for _, group in groupby(quotations, lambda cited: (cited.quotation.article_id, cited.paragraph_start)):
        yield from limits.chunks(group, _TOGETHER, _is_far)


def _is_far(first: CitedQuotation, other: CitedQuotation) -> bool:
    """Whether a quotation may be missing where a paragraph that is too long is shown around the first one."""
    apart = abs(other.quotation.content.end - first.quotation.content.start)
    return apart > _LONGEST // 2 and len(first.paragraph) > _LONGEST


def _longest(block: _Block) -> int:
    """At most how long the card of a paragraph is."""
    headline = min(limits.TITLE, 2 * len(block[0].source.title))
    return headline + _AROUND + longest_shown(block[0].paragraph, _LONGEST, len(block))


def _card(block: _Block, above: _Block | None = None) -> discord.Embed:
    """A paragraph; below one of the same article it does not repeat the headline."""
    words, is_whole = _words(block)
    source = block[0].source
    if above is not None and above[0].quotation.article_id == block[0].quotation.article_id:
        card = discord.Embed(description=words, colour=_COLOUR)
    else:
        card = discord.Embed(
            title=limits.title(source.title),
            url=link_to(source, block[0].words),
            description=f"{published(source)}\n{words}",
            colour=_COLOUR,
        )
    return card if is_whole else card.set_footer(text="This paragraph is longer than I can show.")


def _words(block: _Block) -> tuple[str, bool]:
    """The paragraph as markdown, and whether all of it."""
    text, base = block[0].paragraph, block[0].paragraph_start
    strong = tuple(sorted({cited.quotation.content.moved(-base) for cited in block}))
    if len(text) <= _LONGEST:
        markdown = block_quote(emphasised(text, Span(0, len(text)), strong))
        if len(markdown) <= _LONGEST:
            return markdown, True
    view = shown(text, strong[0], _LONGEST)
    return block_quote(emphasised(text, view.run, strong)), False
