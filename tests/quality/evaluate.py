"""Measure answers and quotations on folders of evaluation data: `python -m tests.quality.evaluate --data DIR[,DIR…]`.

DIR is a set (it holds `articles.jsonl`) or a folder of sets. The sets are indexed together and asked their
`questions.jsonl`; one named ester is indexed alone. Quotations are extracted from those with a `quotes.jsonl`. Prints
Markdown tables. `--archive FILE` keeps what was indexed, and takes it up again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.quality.evaluate_answers import answers
from tests.quality.evaluate_quotations import quotations
from tests.quality.tables import ALONE, data_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.quality.tables import DataSet


def tables(sets: Sequence[DataSet], archive: Path) -> Iterator[str]:
    """Every table, one after the other as it is measured."""
    alone = [each for each in sets if ALONE in each.name.split("/")]
    together = [each for each in sets if each not in alone]
    yield from answers(together, archive, alone)
    for each in alone:
        others = [other for other in sets if other is not each]
        yield from answers([each], archive.with_stem(f"{archive.stem}-{each.name.replace('/', '-')}"), others)
    for each in sets:
        if each.has("quotes.jsonl"):
            yield from quotations(each)


def main() -> int:
    """Read the command line, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", required=True, help="sets or folders of sets, commas between")
    options.add_argument("--archive", type=Path, help="keep the archive in this file, or take it up again")
    chosen = options.parse_args()
    sets = data_sets(chosen.data)
    if not sets:
        options.error(f"no articles.jsonl in {chosen.data} or in the folders below it")
    names = [each.name for each in sets]
    if len(set(names)) < len(names):
        options.error(f"two sets of one name: {', '.join(sorted(names))}")
    with tempfile.TemporaryDirectory() as scratch:
        for text in tables(sets, chosen.archive or Path(scratch) / "archive.sqlite3"):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
