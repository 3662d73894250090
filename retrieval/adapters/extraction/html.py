"""Reads web pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from retrieval.adapters.extraction.block_quotations import mark_quotations
from retrieval.adapters.extraction.body import article_text
from retrieval.adapters.extraction.dates import read_dates
from retrieval.adapters.extraction.html_tree import parse, prepare
from retrieval.adapters.extraction.linked_data import read_linked_data
from retrieval.adapters.extraction.metadata import read_metadata
from retrieval.adapters.extraction.page_data import text_in_data
from retrieval.adapters.extraction.rejection import FEWEST_OF_A_REPORT, breaks_off, reject_non_article
from retrieval.domain.articles import Draft
from retrieval.text.word_count import count_words

_DATA = re.compile(r"\s*+(?:[{\[]|(?:window|self|var|let|const)\b)")
"""How a script that holds data begins."""

_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+<(?:!doctype\s+html|html|head|body|article|div|p|h[1-6]|table|center|meta|style)\b",
    re.IGNORECASE,
)


def begins_as_html(content: bytes) -> bool:
    """Whether a content whose type nobody names begins as a page does."""
    return _BEGINS.match(content[:1_024]) is not None


def read_html(page: str, url: str = "", now: datetime | None = None) -> Draft:
    """The article of a page that was found at `url`. Raises ArticleRejected with the reason where there is none."""
    now = now or datetime.now(UTC)
    tree = parse(page)
    scripts = [*tree.iter("script")]
    linked = read_linked_data(script.text or "" for script in scripts if "ld+json" in script.get("type", ""))
    article = linked.article
    facts = read_metadata(tree, article, url)
    first, last = read_dates(tree, article, url, now, facts.language)
    data = [script.text for script in scripts if "src" not in script.attrib and _DATA.match(script.text or "")]
    for element in tree.findall(".//template[@shadowrootmode]"):  # shown at its place
        element.tag = "div"
    for element in [*tree.iter("script", "style", "template")]:
        element.drop_tree()
    shown = " ".join(tree.text_content().split())
    mark_quotations(tree)
    prepare(tree)
    text, is_partial = article_text(tree, headline=facts.headline, linked=article.body if article else None)
    words = count_words(text)
    if words < FEWEST_OF_A_REPORT and not (article and article.free is False):
        text = text_in_data(data, facts.headline or "") or text
        words = count_words(text)
    is_cut = breaks_off(linked, shown, text, words)
    reject_non_article(tree, linked, shown, facts.headline, text, words=words, is_cut=is_cut)
    return Draft(
        text=text,
        title=facts.headline,
        publisher=facts.publisher,
        authors=facts.authors,
        url=facts.url or url or None,
        published_at=first,
        updated_at=last,
        language=facts.language,
        linked=linked.quotations,
        partial=is_partial or is_cut,
    )
