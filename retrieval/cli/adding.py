"""`python -m retrieval add …`: adds the articles, and prints the outcome of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from config.exit_codes import ExitCode
from retrieval.articles.claims import with_claims
from retrieval.cli.inputs import Input, endings
from retrieval.cli.printing import print_added
from retrieval.cli.session import notes, out
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED
from retrieval.domain.wording import count
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from retrieval.articles.importing import Importer
    from retrieval.domain.articles import AddedArticle
    from retrieval.errors import NewsError

_PRINTED = 20
"""The most articles that are printed one by one; of more, only sums are printed."""
_NAMED = 10
"""The most skipped files that are named; of more, only the number is printed."""


def with_claims_of_all(inputs: Iterable[Input], given: Mapping[str, Any]) -> Iterator[Input]:
    """Yield the inputs, with the fields that the options set for every article (see `claims.read_claims`)."""
    for item in inputs:
        draft = item.outcome
        yield Input(item.place, with_claims(draft, given)) if isinstance(draft, Draft) else item


def add_inputs(importer: Importer, inputs: Iterable[Input], expected: int) -> ExitCode:
    """Add the articles. Return an exit code that says whether something was rejected, and whether a retry may help.

    A few are printed one by one; of many, a progress bar and a line at the end. Rejections are always printed.
    """
    report = _Report(expected)
    with report.bar:
        for item in inputs:
            outcome = item.outcome
            if not isinstance(outcome, Draft):
                report.rejected(item.place, outcome)
                continue
            try:
                report.added(importer.add(outcome, SHARED))
            except ArticleRejected as error:
                report.rejected(item.place, error)
    report.print_sums()
    return min(report.exit_codes, default=ExitCode.DONE)


def print_skipped(files: Sequence[Path]) -> None:
    """Print which files of the named folders are not read, and why."""
    if not files:
        return
    names = ", ".join(str(file) for file in files[:_NAMED])
    more = f" and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
    notes.print(f"Passed over {names}{more}: I read files that end with {endings()}.")


class _Report:
    """Prints outcomes and counts them."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._added = self._known = self._passages = self._quotations = 0
        self.exit_codes: list[ExitCode] = []
        self.bar = Progress(
            TextColumn("Adding"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=notes,
            disable=expected == 1 or not notes.is_terminal,
        )
        self._task = self.bar.add_task("", total=expected)

    def added(self, added: AddedArticle) -> None:
        """Count an article, and print it if there are few."""
        self.bar.advance(self._task)
        self._known += added.known
        if not added.known:
            self._added += 1
            self._passages += added.passages
            self._quotations += added.quotations
        if self._expected <= _PRINTED:
            print_added(out, added)

    def rejected(self, place: str, error: NewsError) -> None:
        """Print why there is no article, and where."""
        reason = str(error)
        self.exit_codes.append(error.exit_code)
        self.bar.advance(self._task)
        notes.print(reason if self._expected == 1 or place in reason else f"{place}: {reason}")

    def print_sums(self) -> None:
        """Print a line about all of them, where there was more than one."""
        if self._expected == 1:
            return
        contents = f" with {count(self._passages, 'passage')} and {count(self._quotations, 'quotation')}"
        sums = [f"{count(self._added, 'article')} added{contents if self._added else ''}"]
        others = ((self._known, "known already"), (len(self.exit_codes), "refused"))
        out.print("; ".join([*sums, *(f"{number} {word}" for number, word in others if number)]) + ".")
