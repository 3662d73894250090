"""Several people's words: a card a speaker, of the newest article that quotes them; or two speakers on one subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import card
from bot.render.custom_ids import CompareId, DeleteId, QuotedInId, QuoteId, SpeakersId, pager
from bot.render.escape import escaped
from bot.render.people import entry_label, name_with_role
from bot.render.quotations import article_entries, entries_of, excerpts, longest, narrowing
from bot.render.reply import Reply
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, SpeakerAmbiguous, SpeakerQuotations
from retrieval.domain.wording import capitalised, count
from retrieval.translation import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import discord

    from bot.render.custom_ids import CustomId
    from bot.render.quotations import Entry
    from bot.render.reply import Control, Menu
    from retrieval.domain.ids import PassageId
    from retrieval.domain.quotations import ComparedSide, SpeakersQuoted, SpeakerUnknown
    from retrieval.domain.scope import Filters

_SPEAKERS: Final = 4
"""Cards of a page: with the buttons of their speakers no more than a phone shows at once."""
_ENTRIES: Final = 3
"""Quotations of one article that a card shows."""
_AROUND: Final = 950
"""At most what a card has beside its words: name and role, headline, publisher and dates, how many more there are."""
_NOBODY: Final = 0
"""For a button that turns no message of any asker's."""
_SUBJECT: Final = 300
_NAME: Final = 60
_CHOICES: Final = 5
_CHOICE: Final = 100
_MEANT: Final = 10
"""Speakers to choose from, as buttons."""


def quoted_about(
    result: SpeakersQuoted,
    *,
    asker: int,
    token: int,
    page: int = 0,
    alone: bool = False,
    filters: Filters | None = None,
) -> Reply:
    """Return a page of who said what about something, a card a speaker, newest first; the last page if there are fewer.

    Under `token` is remembered what it is about.
    """
    about = narrowing(result.subject, filters)
    if result.read_as:
        words = limits.one_line(", ".join(result.read_as), _SUBJECT)
        about = f"{about}, {gettext('read as {words}', words=words)}"
    delete = () if alone else (DeleteId(asker).button(gettext("Delete")),)
    if not result.speakers:
        # Translators: {about} is such as "about “tariffs”, The Paper, since March 2026".
        return Reply(content=gettext("Nobody is surely quoted {about}.", about=about), controls=delete)
    embeds, controls = _page(result, page, lambda number: SpeakersId(asker, token, number), token)
    return Reply(
        content=ngettext(
            "{about}, {number:,} speaker, the newest first:",
            "{about}, {number:,} speakers, the newest first:",
            len(result.speakers),
            about=capitalised(about),
        ),
        embeds=embeds,
        controls=(*controls, *delete),
    )


def quoted_in(result: SpeakersQuoted, passage: PassageId, *, page: int = 0) -> Reply:
    """Return a page of who is quoted in the article of a passage, a card a speaker, as a private message."""
    title = limits.one_line(result.subject, _SUBJECT)
    if not result.speakers:
        return Reply(content=gettext("Nobody is surely quoted in “{headline}”.", headline=title))
    embeds, controls = _page(result, page, lambda number: QuotedInId(passage, number), None)
    content = ngettext(
        "In “{headline}”, {number:,} speaker:",
        "In “{headline}”, {number:,} speakers:",
        len(result.speakers),
        headline=title,
    )
    return Reply(content=content, embeds=embeds, controls=controls)


def compared(
    sides: Sequence[ComparedSide], about: str, *, asker: int, token: int, filters: Filters | None = None
) -> Reply:
    """Return a card for each of two speakers: their nearest words about the subject, or that there are none."""
    shown = [
        SpeakerQuotations(side.speaker, side.quotations) if isinstance(side, QuotationsFound) else side
        for side in sides
    ]
    said = [side for side in shown if isinstance(side, SpeakerQuotations)]
    return Reply(
        content=gettext("{words}:", words=capitalised(narrowing(about, filters))),
        embeds=tuple(_card(side) if isinstance(side, SpeakerQuotations) else _silent(side) for side in shown),
        controls=(*_all_of(said, token), *excerpts(_entries(said)), DeleteId(asker).button(gettext("Delete"))),
    )


def whom_to_compare(sides: Sequence[ComparedSide], *, asker: int, token: int) -> Reply | None:
    """Ask which of several speakers the first ambiguous name means, for the asker alone; None where no name is."""
    for place, side in enumerate(sides):
        if isinstance(side, SpeakerAmbiguous):
            name = limits.cut(side.name, _CHOICE, escaped)
            buttons = (
                CompareId(asker, token, place, entry.speaker.id).button(
                    entry_label(entry, limits.BUTTON_LABEL, with_role=True)
                )
                for entry in side.choices[:_MEANT]
            )
            content = gettext("Several speakers answer to “{name}”. Whom do you mean?", name=name)
            return Reply(content=content, controls=tuple(buttons), refusal=True)
    return None


def _page(
    result: SpeakersQuoted, page: int, page_id: Callable[[int], CustomId], token: int | None
) -> tuple[tuple[discord.Embed, ...], tuple[Control | Menu, ...]]:
    """Return the cards of a page, and what stands under them; of the last page if there are fewer."""
    all_pages = _pages(result)
    page = min(page, len(all_pages) - 1)
    said = all_pages[page]
    turning = pager(page, page_id, gettext("More speakers"), has_next=page + 1 < len(all_pages))
    return tuple(map(_card, said)), (*turning, *_all_of(said, token), *excerpts(_entries(said)))


def _pages(result: SpeakersQuoted) -> list[list[SpeakerQuotations]]:
    return limits.paginate(
        result.speakers,
        _SPEAKERS,
        limits.EMBED_CHARACTERS,
        lambda said: _AROUND + sum(longest(entry) + 2 for entry in _shown(said)),
    )


def _shown(said: SpeakerQuotations) -> list[Entry]:
    """Return what a card shows: quotations of the first one's article, as printed."""
    article = said.quotations[0].quotation.article_id
    of_article = [cited for cited in said.quotations if cited.quotation.article_id == article]
    return list(entries_of(sorted(of_article, key=lambda cited: cited.quotation.content)))[:_ENTRIES]


def _entries(said: Iterable[SpeakerQuotations]) -> list[Entry]:
    return [entry for each in said for entry in _shown(each)]


def _left(said: SpeakerQuotations) -> int:
    """Return how many quotations a card leaves out."""
    return len(said.quotations) - sum(map(len, _shown(said)))


def _card(said: SpeakerQuotations) -> discord.Embed:
    shown = _shown(said)
    embed = article_entries(shown, said.speaker)
    of_article = (each for each in shown[0][0].quotation.speakers if each.id == said.speaker.id)
    embed.set_author(name=limits.cut(name_with_role(next(of_article, said.speaker)), limits.AUTHOR))
    left = _left(said)
    return embed.set_footer(text=count(left, "more quotation")) if left else embed


def _all_of(said: Iterable[SpeakerQuotations], token: int | None) -> tuple[Control, ...]:
    """Return a button for each speaker of whom a card leaves something out; it opens a copy, and the cards stay."""
    return tuple(
        QuoteId(_NOBODY, each.speaker.id, 0, token).button(
            gettext("More of {name}", name=limits.cut(each.speaker.name, _NAME))
        )
        for each in said
        if _left(each)
    )


def _silent(side: NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown) -> discord.Embed:
    """Return the card of a speaker without words on the subject, or of a name that is nobody's or several people's."""
    if isinstance(side, NotQuotedAbout):
        nothing = (
            gettext("Nothing that is surely theirs is about this.")
            if side.about
            else gettext("Nothing is of that source and time.")
        )
        others = ngettext(
            "The archive has {number:,} other quotation of theirs.",
            "The archive has {number:,} other quotations of theirs.",
            side.quotations,
        )
        text = f"{nothing} {others}"
        name = name_with_role(side.speaker)
    else:
        entries = side.choices if isinstance(side, SpeakerAmbiguous) else side.near
        names = "; ".join(limits.cut(name_with_role(entry.speaker), _CHOICE, escaped) for entry in entries[:_CHOICES])
        nobody = "" if isinstance(side, SpeakerAmbiguous) else gettext("Nobody of this name is quoted in the archive.")
        choose = gettext("Pick a name from the list as you type, such as: {names}", names=names) if names else ""
        text, name = f"{nobody} {choose}".strip(), side.name
    return card(None, text, colour=theme.ABSTENTION).set_author(name=limits.cut(name, limits.AUTHOR) or limits.BLANK)
