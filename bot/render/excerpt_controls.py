"""What leads from a message to the excerpts in it: buttons for a single one, a menu for several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.custom_ids import ContextId, ExcerptsId, ShareId, WrongId
from bot.render.reply import Menu, Option
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.wording import day_in_words
from retrieval.translation import gettext, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.render.reply import Control
    from retrieval.domain.answers import Citation
    from retrieval.domain.articles import Source
    from retrieval.domain.quotations import CitedQuotation

    Shown = tuple[ExcerptRef, str, Source]
    """An excerpt that a message shows, with its words and where they were published."""

_PUBLISHER: Final = 60
SEVERAL: Final = gettext_noop("Share, cite, check or report one of these …")


def of_citation(citation: Citation, *, marking: bool = True) -> Shown:
    """Return the marked sentence of a passage; the whole passage where nothing in it is marked."""
    words = citation.answering if marking else None
    span = citation.marked if marking and citation.marked else citation.span
    return ExcerptRef(citation.article_id, span), words or citation.excerpt, citation.source


def of_quotation(cited: CitedQuotation) -> Shown:
    """Return the words of a quotation."""
    return ExcerptRef(cited.quotation.article_id, cited.quotation.content), cited.words, cited.source


def controls(shown: Iterable[Shown]) -> tuple[Control | Menu, ...]:
    """Return buttons that share an excerpt, show its context and report it; of several, a menu to pick one from."""
    options = {str(ContextId.of(ref)): (ref, words, source) for ref, words, source in shown}
    if len(options) > 1:
        lines = [_option(value, words, source) for value, (_, words, source) in options.items()]
        return (Menu(gettext(SEVERAL), str(ExcerptsId()), tuple(lines[: limits.CHOICES])),)
    return tuple(
        kind.of(ref).button(label)
        for ref, _, _ in options.values()
        for kind, label in (
            (ShareId, gettext("Share")),
            (ContextId, gettext("In context")),
            # Translators: a button under words that a reader may think are wrong.
            (WrongId, gettext("Wrong?")),
        )
    )


def _option(value: str, words: str, source: Source) -> Option:
    dated = day_in_words(source.published_at) if source.published_at else gettext("date not known")
    publisher = limits.cut(source.publisher or source.title, _PUBLISHER)
    return Option(limits.cut(words, limits.OPTION) or limits.BLANK, value, f"{publisher} · {dated}")
