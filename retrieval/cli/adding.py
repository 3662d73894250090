"""`python -m retrieval add …`: adds the articles, and prints what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from config.exit_codes import ExitCode
from retrieval.articles.claims import with_claims
from retrieval.cli.inputs import Input, endings
from retrieval.cli.printing import print_added
from retrieval.cli.session import notes, out
from retrieval.domain.articles import Draft
from retrieval.domain.wording import count
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from retrieval.articles.importing import Importer
    from retrieval.domain.articles import AddedArticle
    from retrieval.errors import NewsError

_PRINTED = 20
"""Up to so many articles, each is printed; of more, only the sums."""
_NAMED = 10
"""Skipped files that are named; of more, only how many."""


def with_claims_of_all(inputs: Iterable[Input], given: Mapping[str, Any]) -> Iterator[Input]:
    """The inputs with what the options say of every article: see `claims.read_claims`."""
    for each in inputs:
        draft = each.outcome
        yield Input(each.place, with_claims(draft, given)) if isinstance(draft, Draft) else each


def add_inputs(importer: Importer, inputs: Iterable[Input], expected: int) -> ExitCode:
    """Add the articles. The exit code says whether something was refused, and whether trying again may help.

    A few are printed one by one; of many, a progress bar and a line at the end. Refusals are always printed.
    """
    report = _Report(expected)
    with report.bar:
        for each in inputs:
            outcome = each.outcome
            if not isinstance(outcome, Draft):
                report.refused(each.place, outcome)
                continue
            try:
                report.added(importer.add(outcome))
            except ArticleRejected as rejected:
                report.refused(each.place, rejected)
    report.print_sums()
    return min(report.refusals, default=ExitCode.DONE)


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
        self.refusals: list[ExitCode] = []
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

    def refused(self, place: str, error: NewsError) -> None:
        """Print why there is no article, and where."""
        reason = str(error)
        self.refusals.append(error.exit_code)
        self.bar.advance(self._task)
        notes.print(reason if self._expected == 1 or place in reason else f"{place}: {reason}")

    def print_sums(self) -> None:
        """Print a line about all of them, where there was more than one."""
        if self._expected == 1:
            return
        contents = f" with {count(self._passages, 'passage')} and {count(self._quotations, 'quotation')}"
        sums = [f"{count(self._added, 'article')} added{contents if self._added else ''}"]
        others = ((self._known, "known already"), (len(self.refusals), "refused"))
        out.print("; ".join([*sums, *(f"{number} {word}" for number, word in others if number)]) + ".")
