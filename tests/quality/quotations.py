"""Extract the quotations of a folder of articles: `python -m tests.quality.quotations --data DIR --out FILE`.

DIR holds `articles.jsonl` (an `id` and a `text` a line). FILE gets one JSON line for each marked segment, offsets into
the text as given: `article_id`, `start`, `end`, and where they are known `speaker`, `speaker_start`, `speaker_end` (the
mention) and `speaker_name` (the person). With `--rules` no parser is used.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.domain.quotations import QuotationKind
from retrieval.text.quotations import FoundQuotation, find_quotations

if TYPE_CHECKING:
    from collections.abc import Iterator


def predictions(article_id: str, text: str, found: list[FoundQuotation]) -> Iterator[dict[str, object]]:
    """Yield one record for each quotation of one article; annotators mark no turns of transcripts."""
    for quotation in found:
        if quotation.kind is QuotationKind.TURN:
            continue
        record: dict[str, object] = {
            "article_id": article_id,
            "start": quotation.content.start,
            "end": quotation.content.end,
            "attributed_by": quotation.attribution.value,
            "confidence": round(quotation.confidence, 3),
        }
        if quotation.speakers:
            first, last = quotation.speakers[0].mention, quotation.speakers[-1].mention
            if first and last:
                record |= {
                    "speaker": text[first.start : last.end],
                    "speaker_start": first.start,
                    "speaker_end": last.end,
                }
            if quotation.speakers[0].named:
                record["speaker_name"] = quotation.speakers[0].name
        yield record


def main() -> int:
    """Read the command line, extract, write, and say on standard error how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--rules", action="store_true", help="extract by rules, without a parser")
    chosen = options.parse_args()
    began = time.perf_counter()
    articles = quotations = 0
    lines = (chosen.data / "articles.jsonl").read_text(encoding="utf-8").split("\n")
    with chosen.out.open("w", encoding="utf-8") as out, SpacyParser() as parser:
        for article in map(json.loads, filter(None, lines)):
            articles += 1
            parse = None if chosen.rules or not installed() else parser.parse(article["text"])
            for record in predictions(article["id"], article["text"], find_quotations(article["text"], parse)):
                quotations += 1
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    seconds = time.perf_counter() - began
    sys.stderr.write(f"{quotations} quotations of {articles} articles in {seconds:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
