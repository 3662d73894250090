"""Quotations as messages: a card an article, the quoted words between their marks, and how the speaker was identified.

Words that stand inside the writer's sentence, or were passed on by somebody else, are shown in their sentence, in bold;
several in one sentence share it. Statements come first; fragments, and disputed words, wait behind a button each.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from bot.render import excerpt_controls, limits, theme
from bot.render.cards import article_card, no_quotation
from bot.render.custom_ids import DeleteId, DisputedId, FragmentsId, QuoteId, UnnamedId, pager
from bot.render.escape import block_quote, escaped, plain
from bot.render.passages import emphasised, longest_markdown, window
from bot.render.people import entry_label, name_with_role, name_with_roles
from bot.render.reply import Control, Menu, Reply
from bot.render.sources import also_line
from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.domain.wording import capitalised, count, filters_in_words, in_quotation_marks
from retrieval.translation import gettext, gettext_noop, ngettext, ngettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import discord

    from retrieval.domain.quotations import (
        CitedQuotation,
        NotQuotedAbout,
        QuotationsFound,
        Speaker,
        SpeakerAmbiguous,
        SpeakerEntry,
        SpeakerUnknown,
        UnnamedSources,
    )
    from retrieval.domain.scope import Filters

_PER_PAGE: Final = 5
_ENTRY_LENGTH: Final = 900
_WORD: Final = re.compile(r"\w+")
_LONG: Final = 4
"""Words that nobody is likely to say twice in one article."""
_TOGETHER: Final = 20
"""Quotations of one sentence that are shown as one: each is in bold, which takes room."""
_AROUND_ENTRY: Final = 720
"""At most what an entry has beside its words: headline, publisher and dates, and how the speaker was identified."""
_AROUND_PAGE: Final = limits.AUTHOR + 44
_PAGE_LENGTH: Final = limits.EMBED_CHARACTERS - _AROUND_PAGE - _PER_PAGE * _AROUND_ENTRY
_ELLIPSES: Final = 6
_NAMES: Final = 10
_OTHERS: Final = 2
_NAME_LENGTH: Final = 60
_TYPED_NAME_LENGTH: Final = 100
_ABOUT_LENGTH: Final = 400

# Translators: the speaker is named in the sentence.
_NAMED: Final = gettext_noop("Named")
"""Goes without saying, unless something else was said of the quotation above."""
_ATTRIBUTIONS: Final = {
    Attribution.NAMED: _NAMED,
    # Translators: what follows says how it is known who said words. Here: they go on from words before them.
    Attribution.CONTINUATION: gettext_noop("Continued"),
    Attribution.PRONOUN: gettext_noop("By pronoun"),
    # Translators: the speaker is called by an office, such as "the mayor".
    Attribution.ROLE: gettext_noop("By office"),
    Attribution.UNKNOWN: gettext_noop("Not sure"),
    Attribution.BY_HAND: gettext_noop("Corrected by hand"),
}

_AUTHORS: Final = {
    QuoteId: "{name}",
    FragmentsId: gettext_noop("{name}: fragments"),
    DisputedId: gettext_noop("Not confirmed as the words of {name}"),
}
_FORWARD: Final = {
    QuoteId: gettext_noop("More quotations"),
    FragmentsId: gettext_noop("More fragments"),
    DisputedId: gettext_noop("More disputed words"),
}
_ALL: Final = {
    QuoteId: ngettext_noop("{number:,} quotation", "{number:,} quotations"),
    FragmentsId: ngettext_noop("{number:,} fragment", "{number:,} fragments"),
    DisputedId: ngettext_noop("{number:,} disputed quotation", "{number:,} disputed quotations"),
}
_ONE_OF: Final = {
    QuoteId: gettext_noop("Quotation {first} of {total}"),
    FragmentsId: gettext_noop("Fragment {first} of {total}"),
    DisputedId: gettext_noop("Disputed quotation {first} of {total}"),
}
_SOME_OF: Final = {
    QuoteId: gettext_noop("Quotations {first} to {last} of {total}"),
    FragmentsId: gettext_noop("Fragments {first} to {last} of {total}"),
    DisputedId: gettext_noop("Disputed quotations {first} to {last} of {total}"),
}
_DISPUTED: Final = gettext_noop("Disputed: the article, or a moderator, denies or doubts that these words were said")
_IN_TRANSCRIPT: Final = gettext_noop("Transcript")

Entry = tuple["CitedQuotation", ...]
"""Quotations that are shown as one: those of one sentence, or a single one."""


def listing(
    result: QuotationsFound,
    *,
    asker: int,
    page: int = 0,
    alone: bool = False,
    token: int | None = None,
    view: type[QuoteId] = QuoteId,
    filters: Filters | None = None,
) -> Reply:
    """Return a page of a speaker's quotations, in their order; the last page if there are fewer.

    `view` is the button that asks for it: statements, fragments or disputed words. `alone` is a private copy, which
    needs no deletion. Under `token` is remembered what narrows the quotations: a subject, or `filters`.
    """
    all_pages, speaker = pages(in_view(result, view)), result.speaker
    page = min(page, max(len(all_pages) - 1, 0))
    entries = all_pages[page] if all_pages else ()
    cards = _cards(entries, speaker) or [no_quotation(len(result.quotations), len(result.disputed))]
    cards[0].set_author(name=limits.cut(gettext(_AUTHORS[view], name=name_with_roles(speaker)), limits.AUTHOR))
    cards[-1].set_footer(text=_position(all_pages, page, view))
    controls: tuple[Control | Menu, ...] = pager(
        page,
        lambda number: view(asker, speaker.id, number, token),
        gettext(_FORWARD[view]),
        has_next=page + 1 < len(all_pages),
    )
    controls = (*controls, *_other_views(result, view, asker, token), *excerpts(entries))
    if not alone:
        controls = (*controls, DeleteId(asker).button(gettext("Delete")))
    return Reply(content=_narrowing_line(result, filters), embeds=tuple(cards), controls=controls)


def unnamed(result: UnnamedSources, *, asker: int, token: int, page: int = 0, alone: bool = False) -> Reply:
    """Return a page of what sources said that articles do not name; under `token` the words for them are remembered."""
    all_pages = pages(result.quotations)
    page = min(page, max(len(all_pages) - 1, 0))
    entries = all_pages[page] if all_pages else ()
    cards = _cards(entries, None) or [no_quotation()]
    cards[-1].set_footer(text=_position(all_pages, page, QuoteId))
    has_next = page + 1 < len(all_pages)
    forward = gettext(_FORWARD[QuoteId])
    controls = pager(page, lambda number: UnnamedId(asker, token, number), forward, has_next=has_next)
    words = limits.cut(result.words, _TYPED_NAME_LENGTH, escaped)
    content = gettext("Nobody called “{words}” is quoted by name. Sources whom articles do not name:", words=words)
    delete = () if alone else (DeleteId(asker).button(gettext("Delete")),)
    return Reply(content=content, embeds=tuple(cards), controls=(*controls, *excerpts(entries), *delete))


def excerpts(entries: Sequence[Entry]) -> tuple[Control | Menu, ...]:
    """Return what shares the quotations of a page, or shows one in its context."""
    return excerpt_controls.controls(excerpt_controls.of_quotation(cited) for entry in entries for cited in entry)


def in_view(result: QuotationsFound, view: type[QuoteId]) -> Sequence[CitedQuotation]:
    """Return what a view shows. The first view shows statements, or fragments where there is nothing else.

    A statement that an article prints again, as in its summary, is shown where it stands first.
    """
    if view is DisputedId:
        return _once(result.disputed)
    fragments = [cited for cited in result.quotations if cited.is_fragment]
    statements = _once(cited for cited in result.quotations if not cited.is_fragment)
    return fragments if view is FragmentsId or not statements else statements


def _once(quotations: Iterable[CitedQuotation]) -> list[CitedQuotation]:
    """Return the quotations without long ones whose words an earlier one of the same article has."""
    first: dict[object, CitedQuotation] = {}
    for cited in quotations:
        words = tuple(_WORD.findall(cited.words.casefold()))
        printed = (cited.quotation.article_id, words) if len(words) >= _LONG else cited.quotation.id
        first.setdefault(printed, cited)
    return list(first.values())


def _other_views(result: QuotationsFound, view: type[QuoteId], asker: int, token: int | None) -> Iterator[Control]:
    """Return a button to each other view that has anything of its own to show, with how many it has."""
    speaker = result.speaker.id
    first = in_view(result, QuoteId)
    if view is not QuoteId and first:
        yield QuoteId(asker, speaker, 0, token).button(gettext("Back to the quotations"))
    fragments = in_view(result, FragmentsId)
    if view is not FragmentsId and fragments and not first[0].is_fragment:
        yield FragmentsId(asker, speaker, 0, token).button(gettext("Fragments ({number})", number=len(fragments)))
    disputed = in_view(result, DisputedId)
    if view is not DisputedId and disputed:
        yield DisputedId(asker, speaker, 0, token).button(gettext("Disputed ({number})", number=len(disputed)))


def pages(quotations: Sequence[CitedQuotation]) -> list[list[Entry]]:
    """Return the quotations as entries, on pages that are short enough to be read at once. Renders none of them."""
    return limits.paginate(entries_of(quotations), _PER_PAGE, _PAGE_LENGTH, longest)


def entries_of(quotations: Iterable[CitedQuotation]) -> Iterator[Entry]:
    """Yield the quotations as entries; those of one sentence, which one of them needs, are one."""
    quotations = tuple(quotations)
    in_sentences = {_sentence(cited) for cited in quotations if _needs_sentence(cited)}

    def shared(cited: CitedQuotation) -> tuple[object, ...]:
        """Return what quotations have in common that are shown as one, since one of them needs their sentence."""
        quotation = cited.quotation
        alone = None if _sentence(cited) in in_sentences else quotation.id
        return _sentence(cited), quotation.speakers, quotation.attribution, quotation.disputed, cited.via, alone

    for _, together in groupby(quotations, shared):
        yield from limits.group(together, _TOGETHER, _is_apart)


def _sentence(cited: CitedQuotation) -> tuple[object, ...]:
    return cited.quotation.article_id, cited.quotation.context


def _is_apart(first: CitedQuotation, other: CitedQuotation) -> bool:
    """Whether the window of a long sentence around the first quotation might leave the other one out."""
    apart = other.quotation.content.end - first.quotation.content.start
    return apart > _ENTRY_LENGTH // 2 and len(first.context) > _ENTRY_LENGTH


def longest(entry: Entry) -> int:
    """Return at most how long the words of an entry are as markdown."""
    text = entry[0].context if any(map(_needs_sentence, entry)) else entry[0].words
    return longest_markdown(text, _ENTRY_LENGTH, len(entry)) + _ELLIPSES


def _cards(entries: Iterable[Entry], speaker: Speaker | None) -> list[discord.Embed]:
    """Return a card an article."""
    by_article = groupby(entries, lambda entry: entry[0].quotation.article_id)
    return [article_entries(list(group), speaker) for _, group in by_article]


def article_entries(entries: Sequence[Entry], speaker: Speaker | None) -> discord.Embed:
    """Return one card; how the speaker was identified, None for an unnamed one, is said only where it changes."""
    blocks, previous = [], gettext(_NAMED)
    for entry in entries:
        attribution = _attribution(entry[0], speaker)
        words = block_quote(_in_sentence(entry) if any(map(_needs_sentence, entry)) else _by_itself(entry[0]))
        blocks.append(words if attribution == previous else f"*{attribution}*\n{words}")
        previous = attribution
    first = entries[0][0]
    return article_card(
        first.source,
        text="\n\n".join((also_line(first.also), *blocks)),
        words=first.words,
        up_to=first.up_to_words,
        colour=theme.ANSWER,
    )


def single(cited: CitedQuotation) -> discord.Embed:
    """Return the card of one quotation, as a list of its speaker's shows it."""
    said_by = _speaker(cited)
    embed = article_entries([(cited,)], said_by)
    return embed if said_by is None else embed.set_author(name=credit(cited)[0])


def credit(cited: CitedQuotation) -> tuple[str, str]:
    """Return who said it, or is said to have, for an author line; and as markdown what is to be known of that."""
    said_by = _speaker(cited)
    name = plain(cited.said_by or "") if said_by is None else name_with_role(said_by)
    # Translators: {name} in "Not confirmed as the words of {name}", where nobody is named.
    name = name or gettext("anybody")
    author = gettext(_AUTHORS[DisputedId if cited.quotation.disputed else QuoteId], name=name)
    attribution = _attribution(cited, said_by)
    return limits.cut(author, limits.AUTHOR), "" if attribution == gettext(_NAMED) else f"*{attribution}*"


def _speaker(cited: CitedQuotation) -> Speaker | None:
    quotation = cited.quotation
    return next(iter(quotation.alleged if quotation.disputed else quotation.speakers), None)


def is_unsure(cited: CitedQuotation) -> bool:
    """Whether the clues for the speaker are weaker than usual."""
    quotation = cited.quotation
    return not quotation.is_sure and quotation.attribution is not Attribution.UNKNOWN


def _needs_sentence(cited: CitedQuotation) -> bool:
    """Whether only the sentence lets a reader judge: the words run on in it, were passed on, are disputed or unsure.

    A turn needs its paragraph where that quotes somebody else too.
    """
    quotation = cited.quotation
    if quotation.kind is QuotationKind.TURN:
        return quotation.content != quotation.context
    unsure = quotation.attribution is Attribution.PRONOUN or not quotation.is_sure
    passed_on = quotation.kind is QuotationKind.MIXED or cited.via is not None
    return passed_on or quotation.disputed or unsure


def _by_itself(cited: CitedQuotation) -> str:
    run = window(cited.words, None, _ENTRY_LENGTH)
    ellipsis = " …" if cited.words[run.end :].strip() else ""
    words = escaped(run.of(cited.words).strip())
    shown = words if cited.quotation.kind is QuotationKind.TURN else in_quotation_marks(words)
    return f"{shown}{ellipsis}"


def _in_sentence(entry: Entry) -> str:
    context, base = entry[0].context, entry[0].quotation.context.start
    strong = tuple(cited.quotation.content.moved(-base) for cited in entry)
    run = window(context, Span(strong[0].start, strong[-1].end), _ENTRY_LENGTH)
    before = "… " if context[: run.start].strip() else ""
    after = " …" if context[run.end :].strip() else ""
    return f"{before}{emphasised(context, run, strong)}{after}"


def _attribution(cited: CitedQuotation, speaker: Speaker | None) -> str:
    quotation = cited.quotation
    if quotation.disputed:
        return gettext(_DISPUTED)
    if speaker is None:
        # Translators: words of an article, such as "Said by “a spokeswoman”".
        return gettext("Said by “{words}”", words=limits.one_line(cited.said_by or "", _NAME_LENGTH))
    others = [limits.one_line(other.name, _NAME_LENGTH) for other in quotation.speakers if other.id != speaker.id]
    told_by = _IN_TRANSCRIPT if quotation.kind is QuotationKind.TURN else _ATTRIBUTIONS[quotation.attribution]
    notes = [
        *([gettext(told_by)] if told_by != _NAMED else []),
        # Translators: other people who are said to have said the same words.
        *([gettext("with {names}", names=", ".join(others[:_OTHERS]))] if others else []),
        # Translators: who passed the words on.
        *([gettext("via {name}", name=limits.one_line(cited.via, _NAME_LENGTH))] if cited.via else []),
        # Translators: who said the words is not sure.
        *([gettext("not sure")] if is_unsure(cited) else []),
    ]
    return capitalised(", ".join(notes) or gettext(_NAMED))


def _position(all_pages: Sequence[Sequence[Entry]], page: int, view: type[QuoteId]) -> str:
    """Return how many quotations of a view there are, or which of them the page shows."""
    sizes = [sum(map(len, entries)) for entries in all_pages]
    total, before = sum(sizes), sum(sizes[:page])
    if len(all_pages) <= 1:
        return ngettext(*_ALL[view], total)
    first, last = before + 1, before + sizes[page]
    return gettext((_SOME_OF if first < last else _ONE_OF)[view], first=first, last=last, total=total)


def narrowing(about: str | None, filters: Filters | None) -> str:
    """Return as markdown what narrows quotations, such as `about “tariffs”, The Paper, since March 2026`."""
    subject = gettext("about “{subject}”", subject=limits.cut(about, _ABOUT_LENGTH, escaped)) if about else ""
    return ", ".join(
        filter(None, (subject, limits.one_line(filters_in_words(filters), _ABOUT_LENGTH) if filters else ""))
    )


def _narrowing_line(result: QuotationsFound, filters: Filters | None) -> str | None:
    """Return what narrows the quotations, and how many are left out; None unless something does."""
    line = narrowing(result.about, filters)
    if not line:
        return None
    if result.about:
        line = f"{line}, {gettext('the nearest first')}"
    if result.left_out:
        left_out = ngettext("({number:,} other left out)", "({number:,} others left out)", result.left_out)
        line = f"{line} {left_out}"
    return gettext("{words}:", words=capitalised(line))


def not_about(result: NotQuotedAbout, *, asker: int) -> Reply:
    """Return that the speaker is quoted, but not about this, with a button to all quotations."""
    name = limits.one_line(result.speaker.name, _NAME_LENGTH)
    often = {1: gettext("once"), 2: gettext("twice")}.get(result.quotations, count(result.quotations, "time"))
    if result.about:
        about = limits.cut(result.about, _ABOUT_LENGTH, escaped)
        content = gettext("{name} is quoted {often}, but not about “{subject}”.", name=name, often=often, subject=about)
    else:
        content = gettext(
            "{name} is quoted {often}, but not in articles of that source and time.", name=name, often=often
        )
    everything = QuoteId(asker, result.speaker.id, 0).button(gettext("All quotations"))
    return Reply(content=content, controls=(everything, DeleteId(asker).button(gettext("Delete"))))


def ambiguous(result: SpeakerAmbiguous, *, asker: int, token: int | None = None) -> Reply:
    """Ask which of several speakers is meant."""
    name = limits.cut(result.name, _TYPED_NAME_LENGTH, escaped)
    several = len(result.choices) > 1
    content = (
        gettext("Several speakers answer to “{name}”. Whom do you mean?", name=name)
        if several
        else gettext("Do you mean this speaker by “{name}”?", name=name)
    )
    return Reply(content=content, controls=_choices(result.choices, asker, token, with_role=True), slip=True)


def unknown(result: SpeakerUnknown, *, asker: int, token: int | None = None) -> Reply:
    """Return that no speaker has that name, with the nearest names, or the most quoted, as buttons."""
    name = limits.cut(result.name, _TYPED_NAME_LENGTH, escaped)
    content = gettext("Nobody called “{name}” is quoted in the archive.", name=name)
    if result.near:
        content += f" {gettext('The archive quotes:')}"
    return Reply(content=content, controls=_choices(result.near, asker, token), slip=True)


def _choices(
    entries: Sequence[SpeakerEntry], asker: int, token: int | None, *, with_role: bool = False
) -> tuple[Control, ...]:
    labels = [entry_label(entry, limits.BUTTON_LABEL, with_role=with_role) for entry in entries[:_NAMES]]
    speakers = [
        QuoteId(asker, entry.speaker.id, 0, token).button(label) for label, entry in zip(labels, entries, strict=False)
    ]
    return (*speakers, DeleteId(asker).button(gettext("Delete")))
