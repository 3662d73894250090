"""The tables of quotations: how well they are extracted, beside what others were measured at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.text.quotations import find_quotations
from tests.quality.answers import records
from tests.quality.quotation_scoring import extracted_of, quotation_figures, segment_of
from tests.quality.quotations import predictions
from tests.quality.tables import FITTED, number, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.quality.quotation_scoring import Extracted, QuotationFigures
    from tests.quality.tables import DataSet

PEERS = {
    "textacy 0.13, per paragraph": (0.973, 0.701, 0.917, 0.651, 0.500),
    "GenderGapTracker": (0.993, 0.772, 0.708, 0.550, 0.433),
    "Citron": (0.983, 0.571, 0.888, 0.511, 0.468),
    "every segment + nearest “X said”": (0.942, 1.0, 0.813, 0.586, 0.500),
}


def quotations(data_set: DataSet) -> Iterator[str]:
    """The table of quotations of one set."""
    segments = [segment_of(line) for line in records([data_set.folder], "quotes.jsonl")]
    measured = {"rules alone": quotation_figures(segments, extracted(data_set, parsed=False))}
    if installed():
        measured = {"ours (parse)": quotation_figures(segments, extracted(data_set, parsed=True)), **measured}
    count = sum(segment.is_quotation for segment in segments)
    yield f"## Quotations: {data_set.name}, {count:,} quotations\n"
    head = ("", "precision", "recall", "named speaker P", "quote + speaker R", "resolved R", "")
    rows = [(name, *map(number, _shares(one)), "") for name, one in measured.items()]
    rows += [(name, *map(number, shares), "measured on another half") for name, shares in PEERS.items()]
    yield table(head, rows)
    yield f"{FITTED} The last rows were measured on another half of polnear.\n"


def extracted(data_set: DataSet, *, parsed: bool) -> Iterator[Extracted]:
    """What is extracted from every article of a set, with a parse or by rules."""
    with SpacyParser() as parser:
        for article in records([data_set.folder], "articles.jsonl"):
            text = article["text"]
            found = find_quotations(text, parser.parse(text) if parsed else None)
            yield from map(extracted_of, predictions(article["id"], text, found))


def _shares(one: QuotationFigures) -> tuple[float, ...]:
    return (
        one.precision,
        one.recall,
        one.named_speaker_precision,
        one.quotation_and_speaker_recall,
        one.resolved_recall,
    )
