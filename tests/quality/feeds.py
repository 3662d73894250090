"""How feeds of every kind are understood: `python -m tests.quality.feeds` prints the table.

Each feed lists the same stories. What an entry ought to say of each is known, for they are made here; a feed of teasers
ought to give no text, and one that breaks off is measured by what came of it whole.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.adapters.feeds.parser import parse_feed
from retrieval.domain.pages import Fetched
from retrieval.text.feed_document import FeedDocument
from tests.quality.tables import table
from tests.support.feeds import FEED, SITE, Story, json_feed, rss

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.text.feed_document import FeedEntry

STORIES = tuple(Story(number) for number in range(1, 13))
_BROKEN_AT = "<guid isPermaLink='false'>story-12<"


@dataclass(frozen=True, slots=True)
class Kind:
    """A feed as it comes over the wire; `whole` where it carries the articles' text, `listed` of its stories."""

    name: str
    content: bytes
    content_type: str = "application/xml"
    whole: bool = False
    listed: int = len(STORIES)


@dataclass(frozen=True, slots=True)
class Understood:
    """Of the stories that a feed lists, how many came with each of their parts right."""

    kind: Kind
    headlines: int
    links: int
    dates: int
    texts: int


def atom(*, full: bool = False) -> str:
    """Atom 1.0; with `full`, the articles' whole text in it."""
    entries = "".join(
        f"<entry><id>urn:{story.number}</id><title>{story.title}</title><link href='/{story.number}'/>"
        f"<published>{story.date.isoformat()}</published><updated>{story.date.isoformat()}</updated>"
        + (f"<content type='html'><![CDATA[{story.html() * 3}]]></content>" if full else "<summary>In short.</summary>")
        + "</entry>"
        for story in STORIES
    )
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>The Courier</title>{entries}</feed>"


def rdf() -> str:
    """RSS 1.0."""
    items = "".join(
        f"<item rdf:about='{story.link}'><title>{story.title}</title><link>{story.link}</link>"
        f"<dc:date>{story.date.isoformat()}</dc:date></item>"
        for story in STORIES
    )
    spaces = "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    return (
        f"<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' {spaces}>"
        f"<channel rdf:about='{SITE}/'><title>The Courier</title><link>{SITE}/</link></channel>{items}</rdf:RDF>"
    )


def kinds() -> list[Kind]:
    """Every kind of feed, with the faults that are met in the wild."""
    teasers, whole = rss(*STORIES), rss(*STORIES, full=True)
    return [
        Kind("RSS 2.0", teasers.encode()),
        Kind("RSS 2.0, whole text", whole.encode(), whole=True),
        Kind("RSS 1.0", rdf().encode()),
        Kind("Atom 1.0", atom().encode()),
        Kind("Atom 1.0, whole text", atom(full=True).encode(), whole=True),
        Kind("JSON Feed 1.1", json_feed(*STORIES).encode(), "application/feed+json", whole=True),
        Kind("RSS in Latin-1", teasers.replace("utf-8", "iso-8859-1").encode("latin-1")),
        Kind("RSS after a byte order mark and blank lines", b"\xef\xbb\xbf\n\n" + teasers.encode()),
        Kind("RSS called a page", teasers.encode(), "text/html"),
        Kind("RSS with unknown entities", teasers.replace("In short", "&nbsp;&nix; In short & more").encode()),
        Kind("RSS that breaks off", teasers.partition(_BROKEN_AT)[0].encode(), listed=len(STORIES) - 1),
    ]


def understood(kind: Kind) -> Understood:
    """What is right of one feed, its stories found by their addresses."""
    read = parse_feed(Fetched(FEED, kind.content, kind.content_type, None))
    entries = {entry.link: entry for entry in read.entries} if isinstance(read, FeedDocument) else {}
    found = [(story, entries[story.link]) for story in STORIES[: kind.listed] if story.link in entries]
    return Understood(
        kind,
        headlines=sum(entry.title == story.title for story, entry in found),
        links=len(found),
        dates=sum(story.date in {entry.published_at, entry.updated_at} for story, entry in found),
        texts=sum(_text_is_right(kind, story, entry) for story, entry in found),
    )


def _text_is_right(kind: Kind, story: Story, entry: FeedEntry) -> bool:
    if not kind.whole:
        return entry.content is None
    return entry.content is not None and f"report {story.number} may be lost" in entry.content


def feeds_table(measured: Sequence[Understood]) -> str:
    """A row a kind; each number of the stories listed."""
    rows = [
        (one.kind.name, *(f"{part}/{one.kind.listed}" for part in (one.headlines, one.links, one.dates, one.texts)))
        for one in measured
    ]
    return table(("", "headline", "link", "date", "text, or none of a teaser"), rows)


if __name__ == "__main__":
    rows = feeds_table([understood(kind) for kind in kinds()])
    sys.stdout.write(f"## Feeds: {len(kinds())} kinds, made for this\n\n{rows}\n")
