"""A speaker's quotations in the whole paragraphs they stand in, word for word, the quoted words in bold.

A paragraph is cut only if it alone is longer than a message can be, and then the card says so.
"""

from __future__ import annotations

from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import article_card, card, no_quotation
from bot.render.custom_ids import ParagraphsId, QuoteId
from bot.render.escape import block_quote
from bot.render.passages import emphasised, longest_markdown, window
from bot.render.quotations import in_view
from bot.render.reply import Reply
from retrieval.domain.articles import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import discord

    from retrieval.domain.quotations import CitedQuotation, QuotationsFound

_PER_PAGE: Final = 5
_LONGEST: Final = 3600
_TOGETHER: Final = 40
"""Quotations of one paragraph that are shown as one: each is in bold, which takes room."""
_AROUND: Final = 230
"""At most what a card has beside its headline and its words: publisher and dates, and that something was left out."""

_Block = tuple["CitedQuotation", ...]
"""Quotations that stand in one paragraph."""


def page(result: QuotationsFound, *, asker: int, first: int, token: int | None) -> Reply:
    """Return the page of paragraphs that holds quotation number `first` of the first view, counted from 0."""
    pages = limits.paginate(_blocks(in_view(result, QuoteId)), _PER_PAGE, limits.EMBED_CHARACTERS, _longest)
    starts = list(accumulate((sum(map(len, page)) for page in pages), initial=0))[: len(pages)]
    number = max((number for number, start in enumerate(starts) if start <= first), default=0)
    blocks = pages[number] if pages else []
    cards = [_card(block, above) for block, above in zip(blocks, [None, *blocks], strict=False)] or [no_quotation()]
    controls = tuple(
        ParagraphsId(turns=True, asker=asker, speaker=result.speaker.id, first=starts[page], token=token).button(label)
        for label, page in (("Back", number - 1), ("Next", number + 1))
        if 0 <= page < len(pages)
    )
    return Reply(embeds=tuple(cards), controls=controls)


def _blocks(quotations: Sequence[CitedQuotation]) -> Iterator[_Block]:
    for _, together in groupby(quotations, lambda cited: (cited.quotation.article_id, cited.paragraph_start)):
        yield from limits.group(together, _TOGETHER, _is_apart)


def _is_apart(first: CitedQuotation, other: CitedQuotation) -> bool:
    """Whether the window of a long paragraph around the first quotation might leave the other one out."""
    apart = abs(other.quotation.content.end - first.quotation.content.start)
    return apart > _LONGEST // 2 and len(first.paragraph) > _LONGEST


def _longest(block: _Block) -> int:
    """Return at most how long the card of a paragraph is."""
    headline = min(limits.TITLE, 2 * len(block[0].source.title))
    return headline + _AROUND + longest_markdown(block[0].paragraph, _LONGEST, len(block))


def _card(block: _Block, above: _Block | None) -> discord.Embed:
    """Return the card of a paragraph, without the headline below one of the same article."""
    markdown, is_complete = _markdown(block)
    if above is not None and above[0].quotation.article_id == block[0].quotation.article_id:
        embed = card(None, markdown, colour=theme.ANSWER)
    else:
        first = block[0]
        embed = article_card(
            first.source, text=f"\n{markdown}", words=first.words, up_to=first.up_to_words, colour=theme.ANSWER
        )
    return embed if is_complete else embed.set_footer(text="This paragraph is longer than I can show.")


def _markdown(block: _Block) -> tuple[str, bool]:
    """Return the paragraph as markdown, and whether that is all of it."""
    text, base = block[0].paragraph, block[0].paragraph_start
    strong = tuple(sorted({cited.quotation.content.moved(-base) for cited in block}))
    if len(text) <= _LONGEST:
        markdown = block_quote(emphasised(text, Span(0, len(text)), strong))
        if len(markdown) <= _LONGEST:
            return markdown, True
    return block_quote(emphasised(text, window(text, strong[0], _LONGEST), strong)), False
