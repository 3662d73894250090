"""An excerpt as citations that can be copied: plain text, Markdown, APA, and a Quotation of schema.org as JSON."""

from __future__ import annotations

import json
from datetime import time
from typing import TYPE_CHECKING, Any

from bot.render import limits
from bot.render.cards import card
from bot.render.escape import escaped, plain, showable
from bot.render.people import name_with_role
from bot.render.quotations import is_unsure
from bot.render.reply import Attachment, Reply
from bot.render.sources import link
from retrieval.domain.wording import day_in_words, in_quotation_marks, iso_day, month_in_words
from retrieval.translation import ENGLISH, gettext, speaking

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.excerpts import Excerpt


def citations(excerpt: Excerpt) -> Reply:
    """Return the words as citations in four forms, each in a block to copy; in a file where that is too long."""
    forms = (
        (gettext("Plain text"), "", _plain_citation(excerpt)),
        ("Markdown", "md", _markdown_citation(excerpt)),
        ("APA", "", _apa_citation(excerpt)),
        ("schema.org Quotation", "json", json.dumps(_quotation(excerpt), ensure_ascii=False, indent=1)),
    )
    text = "\n".join(f"**{name}**\n```{kind}\n{form}\n```" for name, kind, form in forms)
    if len(text) <= limits.DESCRIPTION and not any("``" in form for _, _, form in forms):
        return Reply(embeds=(card(None, text),))
    file = Attachment("citation.txt", "\n\n".join(f"{name}:\n\n{form}" for name, _, form in forms).encode())
    return Reply(content=gettext("This is longer than a message may be: its citations are in the file."), file=file)


def _plain_citation(excerpt: Excerpt) -> str:
    source = excerpt.source
    day_ = day_in_words(source.published_at) if source.published_at else None
    published = ", ".join(filter(None, (in_quotation_marks(plain(source.title)), plain(source.publisher or ""), day_)))
    quoted = in_quotation_marks(plain(excerpt.words))
    return " ".join(filter(None, (f"{quoted} — {_said(excerpt)}{published}.", link(source))))


def _markdown_citation(excerpt: Excerpt) -> str:
    source, url = excerpt.source, link(excerpt.source)
    headline = f"[{escaped(plain(source.title))}](<{url}>)" if url else escaped(plain(source.title))
    day_ = day_in_words(source.published_at) if source.published_at else None
    published = ", ".join(filter(None, (headline, escaped(plain(source.publisher or "")), day_)))
    return f"> {in_quotation_marks(escaped(plain(excerpt.words)))}\n>\n> — {escaped(_said(excerpt))}{published}"


def _apa_citation(excerpt: Excerpt) -> str:
    """Return the quotation and its reference, with authors as the paper prints them."""
    source = excerpt.source
    title, authors = plain(source.title), ", ".join(map(plain, source.authors))
    at = source.published_at
    # Translators: "no date", abbreviated as APA citations have it.
    year = f"{at:%Y}" if at else gettext("n.d.")
    # Translators: the date of an APA citation, as in "2024, March 25".
    date = gettext("{year}, {month} {day}", year=year, month=month_in_words(at), day=f"{at.day}") if at else year
    origin = authors or in_quotation_marks(title)
    if said := _said(excerpt):
        origin = gettext("{speaker}, as quoted in {source}", speaker=said.removesuffix(", "), source=origin)
    titled = f"{authors}. ({date}). {title}." if authors else f"{title}. ({date})."
    publisher = f"{plain(source.publisher)}." if source.publisher else None
    reference = " ".join(filter(None, (titled, publisher, link(source))))
    return f"{in_quotation_marks(plain(excerpt.words))} ({origin}, {year})\n\n{reference}"


def _said(excerpt: Excerpt) -> str:
    """Return who said it, as sure as the answer was, with a comma behind; empty where nobody is named."""
    cited = excerpt.quotation
    if cited is None:
        if not excerpt.is_disputed:
            return ""
        return f"{gettext('disputed: the article, or a moderator, denies or doubts that words in it were said')}, "
    if cited.quotation.disputed:
        return f"{gettext('disputed: the article, or a moderator, denies or doubts that these words were said')}, "
    speakers = [plain(name_with_role(one)) for one in cited.quotation.speakers]
    names = limits.all_of(speakers) if speakers else plain(cited.said_by or "")
    via = f", {gettext('via {name}', name=plain(cited.via))}" if cited.via else ""
    unsure = f" ({gettext('not sure')})" if is_unsure(cited) else ""
    return f"{names}{via}{unsure}, "


def _quotation(excerpt: Excerpt) -> dict[str, Any]:
    """Return a Quotation of schema.org; a speaker stands in it where the answer was sure of one."""
    source, cited = excerpt.source, excerpt.quotation
    speakers = () if cited is None or is_unsure(cited) else cited.quotation.speakers
    is_plain = bool(speakers) and cited is not None and cited.via is None
    article = {
        "headline": plain(source.title),
        "url": link(source),
        "datePublished": source.published_at and _iso(source.published_at),
        "publisher": source.publisher and _thing("Organization", name=plain(source.publisher)),
        "author": [_thing("Person", name=plain(author)) for author in source.authors],
    }
    with speaking(ENGLISH):
        description = None if is_plain else _said(excerpt).removesuffix(", ")
    said = {
        "text": showable(excerpt.words),
        "spokenByCharacter": [
            _thing("Person", name=plain(one.name), jobTitle=plain(one.role or "")) for one in speakers
        ],
        "description": description,
        "isPartOf": _thing("NewsArticle", **article),
    }
    return {"@context": "https://schema.org", **_thing("Quotation", **said)}


def _iso(moment: datetime) -> str:
    """Return the moment in ISO 8601; midnight stands for a time that is not known."""
    return iso_day(moment) if moment.time() == time.min else moment.isoformat()


def _thing(kind: str, **properties: object) -> dict[str, Any]:
    return {"@type": kind, **{name: value for name, value in properties.items() if value}}
