"""Answers and abstentions as messages: whose words, when, which headline, the passage with its answering sentence.

The first citation is shown in full view; the others wait behind "More passages", three at a time, below the first.
Embeds rather than components v2: side by side at the width of a telephone the same answer is a sixth shorter as an
embed, and only an embed's title carries a link together with escaped text (inside a masked link's label a backslash
would show).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord

from bot.render import limits
from bot.render.escape import escaped, plain
from bot.render.passages import quoted
from bot.render.reply import Control, Reply, delete_control, more_id
from bot.render.sources import link, link_to, published, searched
from retrieval.domain.answers import AbstentionReason, Answer, Confidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.passages import Quoted
    from retrieval.domain.answers import Abstention, Citation

PER_PAGE: Final = 3
_FIRST_LENGTH: Final = 700
_NEXT_LENGTH: Final = 500
_NEAREST_LENGTH: Final = 400
_ALSO: Final = 3
_NAME: Final = 60
_ANSWERED: Final = discord.Colour(0x2F6FDE)
_FURTHER: Final = discord.Colour(0x8A94A6)
_ABSTAINED: Final = discord.Colour(0x8A94A6)

_CONFIDENCE: Final = {
    Confidence.HIGH: "Strong match",
    Confidence.FAIR: "Fair match",
    Confidence.LOW: "Weak match: read it with care",
}
_REASONS: Final = {
    AbstentionReason.EMPTY_ARCHIVE: "There is no article in the archive yet.",
    AbstentionReason.NOTHING_MEANT: "There is no article of that source and time in the archive.",
    AbstentionReason.NOTHING_FOUND: "No passage has to do with the question.",
    AbstentionReason.NOT_GOOD_ENOUGH: "No passage answers the question well enough to be quoted as the answer.",
}


def outcome(result: Answer | Abstention, *, asker: int, token: int) -> Reply:
    """The message that answers `/ask`, whichever way it went."""
    return answer(result, asker=asker, token=token) if isinstance(result, Answer) else abstention(result, asker=asker)


def answer(found: Answer, *, asker: int, token: int) -> Reply:
    """The first citation, how sure it is, and a button for the others where there are any."""
    amount = len(found.citations)
    notes = (_CONFIDENCE[found.confidence], f"passage 1 of {amount}" if amount > 1 else "")
    embed = _card(found.citations[0], quoted(found.citations[0], _FIRST_LENGTH), _ANSWERED, notes)
    embed.set_author(name=limits.cut(found.question, limits.AUTHOR))
    more = (Control("More passages", more_id(asker, token, 1)),) if amount > 1 else ()
    return Reply(embeds=(embed,), controls=(*more, delete_control(asker)))


def abstention(result: Abstention, *, asker: int) -> Reply:
    """That the archive does not hold the answer, what was searched, and the nearest passage, named as just that."""
    what = result.searched
    told = f"\n{searched(what)}" if what.articles or what.undated else ""
    embed = discord.Embed(
        title="The archive does not hold the answer",
        description=_REASONS[result.reason] + told,
        colour=_ABSTAINED,
    )
    embed.set_author(name=limits.cut(result.question, limits.AUTHOR))
    embeds = [embed]
    if result.nearest:
        passage = quoted(result.nearest[0], _NEAREST_LENGTH, marking=False)
        nearest = _card(result.nearest[0], passage, _FURTHER)
        embeds.append(nearest.set_author(name="Closest, but not an answer"))
    return Reply(embeds=tuple(embeds), controls=(delete_control(asker),))


def pages(citations: int) -> int:
    """How many pages of further passages there are behind the first citation."""
    return -(-(citations - 1) // PER_PAGE)


def more(
    citations: Sequence[Citation], *, page: int, asker: int, token: int, under: discord.Embed | None = None
) -> Reply:
    """Page `page` (from 1) of the passages behind the first one; `under` is the answer that stays above them.

    Without `under` the page stands alone, as a private copy. Page 0 is the answer by itself.
    """
    start = 1 + (page - 1) * PER_PAGE
    numbers = range(start, min(start + PER_PAGE, len(citations))) if page else range(under is None)
    above = [None, *numbers] if under is None else [0, *numbers]
    embeds = [_further(citations, number, before) for number, before in zip(numbers, above, strict=False)]
    top = (under,) if under is not None else ()
    return Reply(embeds=(*top, *embeds), controls=_turning(len(citations), page, asker, token, alone=under is None))


def _further(citations: Sequence[Citation], number: int, above: int | None) -> discord.Embed:
    """The card of one more passage; below a card of the same article it does not repeat the headline."""
    citation, counted = citations[number], f"Passage {number + 1} of {len(citations)}"
    passage = quoted(citation, _NEXT_LENGTH)
    if above is not None and citations[above].article_id == citation.article_id:
        embed = discord.Embed(description=passage.markdown, colour=_FURTHER)
        return _noted(embed, passage, (counted, "same article"))
    return _card(citation, passage, _FURTHER, (counted,))


def _turning(citations: int, page: int, asker: int, token: int, *, alone: bool) -> tuple[Control, ...]:
    back = (Control("Back", more_id(asker, token, page - 1)),) if page else ()
    on = (Control("More passages", more_id(asker, token, page + 1)),) if page < pages(citations) else ()
    delete = () if alone else (delete_control(asker),)
    return (*back, *on, *delete)


def _card(citation: Citation, passage: Quoted, colour: discord.Colour, notes: tuple[str, ...] = ()) -> discord.Embed:
    source = citation.source
    embed = discord.Embed(
        title=limits.title(source.title),
        url=link_to(source, citation.answering) if citation.answering else link(source),
        description=f"{published(source)}{_also(citation)}\n{passage.markdown}",
        colour=colour,
    )
    return _noted(embed, passage, notes)


def _also(citation: Citation) -> str:
    """Who else carries the sentence, in a line of its own; empty where nobody does."""
    names = list(dict.fromkeys(source.publisher or source.title for source in citation.also))
    if not names:
        return ""
    more = f" and {len(names) - _ALSO} more" if len(names) > _ALSO else ""
    shown = ", ".join(limits.cut(plain(name), _NAME, escaped) for name in names[:_ALSO])
    return f"\nAlso in {shown}{more}"


def _noted(embed: discord.Embed, passage: Quoted, notes: tuple[str, ...]) -> discord.Embed:
    said = [note for note in (*notes, "" if passage.whole else "shortened") if note]
    if not said:
        return embed
    line = " · ".join(said)
    return embed.set_footer(text=line[0].upper() + line[1:])
