"""Measures what `check` costs: `python -m tests.benchmarks.check [--keep FILE] 10000`.

Articles of six passages and twelve quotations, with vectors and token vectors of the real size, are made up and stored;
then a process of its own checks the archive. Prints the processor's seconds and the memory that it took.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.archive.articles import adding
from retrieval.archive.opening import open_archive
from retrieval.archive.records import Change, NewArticle, NewPassage, NewQuotation, NewSpeaker
from retrieval.domain.articles import Source, Span
from retrieval.domain.embeddings import EmbeddingSpec
from retrieval.domain.ids import SHARED
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.text.token_vectors import pack
from retrieval.text.words import analyse
from tests.benchmarks import search as made_up
from tests.support.prepared import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC: Final = EmbeddingSpec("made up", "1", 384, "0" * 64)
SENTENCES, SPEAKERS, TEXTS_OF_TOKENS, TOKENS = 3000, 3000, 50, 110
PASSAGES, SENTENCES_A_PASSAGE, QUOTATIONS, AT_ONCE = 6, 8, 12, 200


def articles(amount: int) -> Iterator[NewArticle]:
    """So many, made of a few thousand ready sentences."""
    chance = np.random.default_rng(1)
    sentences = [" ".join(made_up.sentences(chance, made_up.WORDS_A_SENTENCE)) for _ in range(SENTENCES)]
    words = [analyse(sentence) for sentence in sentences]
    starts = range(0, 4 * TOKENS, 4)
    tokens = [pack(chance.standard_normal((TOKENS, 384), dtype=np.float32), starts) for _ in range(TEXTS_OF_TOKENS)]
    for number in range(amount):
        passages, texts, at = [], [], 0
        for chosen in chance.integers(0, SENTENCES, (PASSAGES, SENTENCES_A_PASSAGE)).tolist():
            texts.append(" ".join(sentences[each] for each in chosen))
            vector = chance.standard_normal(384, dtype=np.float32)
            found = tuple(word for each in chosen for word in words[each])
            span = Span(at, at + len(texts[-1]))
            packed = tokens[int(chance.integers(TEXTS_OF_TOKENS))]
            passages.append(NewPassage(span, found, vector / np.linalg.norm(vector), packed))
            at += len(texts[-1]) + 1
        quoted = tuple(_quotation(30 * each, int(chance.integers(SPEAKERS))) for each in range(QUOTATIONS))
        source = Source(f"Report {number}", publisher="The Wire")
        yield NewArticle(source, "\n".join([*texts, str(number)]), tuple(passages), quoted)


def _quotation(at: int, speaker: int) -> NewQuotation:
    said_by = (NewSpeaker(f"Person Number{speaker}", "mayor"),)
    content, context = Span(at + 10, at + 30), Span(at + 5, at + 34)
    return NewQuotation(content, context, QuotationKind.DIRECT, Attribution.NAMED, 0.9, said_by)


def fill(path: Path, amount: int) -> None:
    """An archive of so many articles."""
    coming = articles(amount)
    with open_archive(path) as archive:
        for _ in range(-(-amount // AT_ONCE)):
            with archive._connections.writing() as connection:
                for _, new in zip(range(AT_ONCE), coming, strict=False):
                    adding.add(connection, new, SPEC, Change(SHARED, NOON))


def check(path: Path) -> None:
    """Check an archive, and print what it took."""
    with open_archive(path) as archive:
        memory, begun = _most_memory(), time.process_time()
        report = archive.check()
        taken = time.process_time() - begun
        more = _most_memory() - memory
    size = path.stat().st_size / 1e6
    sys.stdout.write(
        f"{report.articles:,} articles, {size:,.0f} MB: {taken:.1f} s of the processor, "
        f"{more:.0f} MB of memory, {len(report.problems)} problems\n"
    )


def _most_memory() -> float:
    """The most megabytes that this process has had in memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Makes the archive, unless it is there, and has another process check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("--keep", type=Path, help="where to make the archive, or where it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "news.sqlite3"
        if not path.exists():
            fill(path, options.articles)
        script = (
            "import sys; from pathlib import Path; from tests.benchmarks.check import check; check(Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", script, str(path)], check=True)


if __name__ == "__main__":
    main()
