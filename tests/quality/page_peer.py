"""What other libraries read of pages; `tests.quality.page_peers` starts it, with the Python where they are installed.

    python tests/quality/page_peer.py NAME < pages.json > texts.json

Pages are a JSON list of [address, HTML]; the answer is {"texts": […], "seconds": processor time of all}. It imports
nothing of this project.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TypeAlias

_Reader: TypeAlias = Callable[[str, str], str]
"""Takes an address and a page, and gives the text."""


def _trafilatura(**options: bool) -> _Reader:
    extract = import_module("trafilatura").extract
    return lambda url, page: extract(page, url=url, include_comments=False, **options) or ""


def _newspaper() -> _Reader:
    newspaper = import_module("newspaper")

    def read(url: str, page: str) -> str:
        article = newspaper.Article(url)
        article.download(input_html=page)
        article.parse()
        return str(article.text)

    return read


def _readability() -> _Reader:
    fromstring, document = import_module("lxml.html").fromstring, import_module("readability").Document

    def read(url: str, page: str) -> str:
        tree = fromstring(document(page, url=url).summary())
        return "\n".join(" ".join(block.text_content().split()) for block in tree.iter("p", "h2", "h3", "h4", "li"))

    return read


PEERS: dict[str, Callable[[], _Reader]] = {
    "trafilatura": _trafilatura,
    "trafilatura, fast": partial(_trafilatura, fast=True),
    "trafilatura, precision": partial(_trafilatura, favor_precision=True),
    "newspaper4k": _newspaper,
    "readability-lxml": _readability,
}


def _texts(read: _Reader, pages: list[tuple[str, str]]) -> list[str]:
    texts = []
    for url, page in pages:
        try:
            texts.append(read(url, page))
        except Exception:  # noqa: BLE001  # whatever a peer raises, it has read nothing
            texts.append("")
    return texts


if __name__ == "__main__":
    logging.disable()
    warnings.simplefilter("ignore")
    given, reader = json.load(sys.stdin), PEERS[sys.argv[1]]()
    _texts(reader, given[:3])  # what is imported late
    started = time.process_time()
    answer = {"texts": _texts(reader, given), "seconds": time.process_time() - started}
    json.dump(answer, sys.stdout)
