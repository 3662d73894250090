"""Measures the processor time of reading a page against trafilatura's: `python -m tests.benchmarks.page_time`.

Trafilatura reads text, without comments as here, and metadata of the recorded pages, in the same process by turns.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from trafilatura import bare_extraction

from retrieval.adapters.extraction.charsets import decode
from retrieval.adapters.extraction.dispatch import read_content
from retrieval.errors import ArticleRejected
from tests.support.pages import recorded_pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.pages import Fetched

_ROUNDS: Final = 8


def ours(page: Fetched) -> None:
    """Read a page as the worker does."""
    with suppress(ArticleRejected):
        read_content(page)


def theirs(page: Fetched) -> None:
    """Read a page by trafilatura alone."""
    html = decode(page.content, page.charset, html=True)
    bare_extraction(html, url=page.url or None, include_comments=False, with_metadata=True)


def milliseconds(read: Callable[[Fetched], None], pages: list[Fetched]) -> float:
    """Return the processor time of a page."""
    start = time.process_time()
    for page in pages:
        read(page)
    return 1_000 * (time.process_time() - start) / len(pages)


def main() -> None:
    """Print the times and how often ours is theirs."""
    pages = [recorded.fetched for recorded in recorded_pages()]
    rounds = [(milliseconds(ours, pages), milliseconds(theirs, pages)) for _ in range(_ROUNDS + 1)][1:]
    own, library = (sum(times) / _ROUNDS for times in zip(*rounds, strict=True))
    sys.stdout.write(
        f"{len(pages)} pages: {own:.1f} ms each, trafilatura {library:.1f} ms, {own / library:.2f} times\n"
    )


if __name__ == "__main__":
    main()
