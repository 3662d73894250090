"""Compares what is read of pages with what other libraries read: `python -m tests.quality.page_peers [--python PATH]`.

The pages are the small ones by kind and the recorded ones. trafilatura is always there; newspaper4k and
readability-lxml only where the Python of `--python` has them (`pip install newspaper4k readability-lxml`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.adapters.extraction.charsets import decode
from retrieval.adapters.extraction.html import read_html
from retrieval.errors import ArticleRejected
from tests.quality.page_peer import PEERS
from tests.quality.pages import f1
from tests.support.page_kinds import URL, kinds_of_pages
from tests.support.pages import recorded_pages
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

_OURS = "Pullquote"


def _pages() -> list[tuple[str, str, str]]:
    """Return address, HTML and right text of each page."""
    small = [(URL, page.html, "\n\n".join(page.paragraphs)) for page in kinds_of_pages() if page.refused is None]
    recorded = [
        (page.fetched.url, decode(page.fetched.content, page.fetched.charset, html=True), page.story.body)
        for page in recorded_pages()
    ]
    return small + recorded


def _ours(pages: Sequence[tuple[str, str, str]]) -> tuple[list[str], float]:
    def text(url: str, page: str) -> str:
        try:
            return read_html(page, url).text
        except ArticleRejected:
            return ""

    for url, page, _ in pages[:3]:
        text(url, page)
    started = time.process_time()
    return [text(url, page) for url, page, _ in pages], time.process_time() - started


def _theirs(name: str, python: str, pages: Sequence[tuple[str, str, str]]) -> tuple[list[str], float] | None:
    """Return the texts of a peer and its seconds; None where it is not installed."""
    command = [python, "-P", str(ROOT / "tests" / "quality" / "page_peer.py"), name]
    given = json.dumps([(url, page) for url, page, _ in pages])
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    answer = json.loads(done.stdout)
    return answer["texts"], answer["seconds"]


def _row(name: str, texts: Sequence[str], seconds: float, right: Sequence[str]) -> str:
    lines = [[" ".join(line.removeprefix("- ").split()) for line in text.split("\n") if line.strip()] for text in texts]
    exact = sum(own == text.split("\n\n") for own, text in zip(lines, right, strict=True))
    words = [f1(text, whole) for text, whole in zip(texts, right, strict=True)]
    return f"| {name} | {sum(words) / len(words):.3f} | {exact / len(right):.2f} | {seconds / len(right) * 1_000:.1f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.page_peers")
    parser.add_argument("--python", type=Path, help="a Python that has newspaper4k and readability-lxml")
    python = str(parser.parse_args().python or sys.executable)
    pages = _pages()
    right = [text for _, _, text in pages]
    sys.stdout.write(f"{len(pages)} pages\n\n| | words (F1) | exact | ms a page |\n| --- | --- | --- | --- |\n")
    sys.stdout.write(_row(_OURS, *_ours(pages), right) + "\n")
    for name in PEERS:
        read = _theirs(name, python if "trafilatura" not in name else sys.executable, pages)
        sys.stdout.write((_row(name, *read, right) if read else f"| {name} | not installed | | |") + "\n")


if __name__ == "__main__":
    main()
