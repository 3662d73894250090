"""Measures how well articles are read out of the recorded pages, and prints a table: `python -m tests.quality.pages`.

Compared are the words, the paragraphs, the headline, both dates, the publisher and the authors.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.errors import ArticleRejected
from tests.support.pages import recorded_pages

if TYPE_CHECKING:
    from retrieval.domain.articles import Draft
    from retrieval.ports import Extractor
    from tests.support.pages import Page

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+|[^\w\s]")
"""Words, signs of Chinese and Japanese, and marks: a lost quotation mark is a lost word here."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page, against what is right. Shares are 0..1."""

    page: str
    words: float
    """F1 over words, each as often as it stands there."""
    paragraphs: float
    """Paragraphs of the article that came out whole and verbatim."""
    headline: bool
    published: bool
    updated: bool
    publisher: bool
    authors: bool
    refused: str | None = None


def read_page(extractor: Extractor, page: Page) -> Reading:
    """Extract one page and compare."""
    try:
        draft = extractor.extract(page.fetched)
    except ArticleRejected as refused:
        return Reading(page.name, 0, 0, False, False, False, False, False, str(refused))  # noqa: FBT003
    return compare(page, draft)


def compare(page: Page, draft: Draft) -> Reading:
    """One page's reading."""
    story = page.story
    lines = draft.text.split("\n")
    return Reading(
        page=page.name,
        words=f1(draft.text, story.body),
        paragraphs=sum(paragraph in lines for paragraph in story.paragraphs) / len(story.paragraphs),
        headline=draft.title == story.headline,
        published=draft.published_at == page.published,
        updated=draft.updated_at == page.updated,
        publisher=draft.publisher == story.publisher,
        authors=draft.authors == (story.authors if page.names_author else ()),
    )


def f1(read: str, right: str) -> float:
    """The harmonic mean of precision and recall over words."""
    found, expected = Counter(_words(read)), Counter(_words(right))
    return 2 * (found & expected).total() / max(found.total() + expected.total(), 1)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def read_all() -> list[Reading]:
    """Every page, through the worker as the bot does it."""
    with ArticleWorker() as extractor:
        return [read_page(extractor, page) for page in recorded_pages()]


def table(readings: list[Reading]) -> str:
    """A Markdown table, a row a page, and the shares below."""
    lines = [
        "| page | words | paragraphs | headline | published | updated | publisher | authors |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in readings:
        checks = (one.headline, one.published, one.updated, one.publisher, one.authors)
        cells = " | ".join("yes" if good else "**no**" for good in checks)
        lines.append(f"| {one.page} | {one.words:.3f} | {one.paragraphs:.2f} | {cells} |")
    shares = figures(readings)
    lines += ["", ", ".join(f"{name} {share:.3f}" for name, share in shares.items())]
    return "\n".join(lines)


def figures(readings: list[Reading]) -> dict[str, float]:
    """What the floors pin: the worst and the mean page by words, and shares of pages that are right."""
    count = len(readings)
    return {
        "worst_words": min(one.words for one in readings),
        "mean_words": sum(one.words for one in readings) / count,
        "paragraphs": sum(one.paragraphs for one in readings) / count,
        "headline": sum(one.headline for one in readings) / count,
        "published": sum(one.published for one in readings) / count,
        "updated": sum(one.updated for one in readings) / count,
        "publisher": sum(one.publisher for one in readings) / count,
        "authors": sum(one.authors for one in readings) / count,
    }


if __name__ == "__main__":
    sys.stdout.write(table(read_all()) + "\n")
