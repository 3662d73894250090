"""`python -m retrieval add …`: adds what is offered, and tells what became of it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from config.exit_codes import ExitCode
from retrieval.articles.claims import with_claims
from retrieval.cli.inputs import LINES, Offer
from retrieval.cli.printing import count, print_added
from retrieval.domain.articles import Draft
from retrieval.domain.file_types import MEDIA_TYPES
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from retrieval.domain.articles import AddedArticle
    from retrieval.errors import NewsError
    from retrieval.newsroom import Newsroom

_TOLD_WHOLE = 20
"""So many articles are told of one by one; of more, only how many."""
_NAMED = 10
"""So many files that are passed over are named; of more, only how many."""


def with_given(offers: Iterable[Offer], given: Mapping[str, Any]) -> Iterator[Offer]:
    """The offers with what the options say of every article: see `claims.read_claims`."""
    for offer in offers:
        draft = offer.outcome
        yield Offer(offer.place, with_claims(draft, given)) if isinstance(draft, Draft) else offer


def add_offers(room: Newsroom, found: Iterable[Offer], expected: int, out: Console, notes: Console) -> ExitCode:
    """Add what is offered; the exit code tells whether something was refused, and whether trying again may help.

    Of a few, each is told; of many, a bar and a line at the end. What is refused is always told, with its place.
    """
    teller = _Teller(expected, out, notes)
    with teller.bar:
        for outcome in room.importer.add_all(teller.drafts(found)):
            teller.tell(outcome)
    teller.sum_up()
    return min(teller.refusals, default=ExitCode.DONE)


def print_passed_over(files: Sequence[Path], notes: Console) -> None:
    """Which files of the named folders are not read, and why."""
    if not files:
        return
    names = ", ".join(str(file) for file in files[:_NAMED])
    more = f" and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
    notes.print(f"Passed over {names}{more}: I read files that end with {', '.join(sorted({*MEDIA_TYPES, *LINES}))}.")


class _Teller:
    """Tells what becomes of each offer. Outcomes come in the order of the drafts: places wait for theirs."""

    def __init__(self, expected: int, out: Console, notes: Console) -> None:
        self._expected = expected
        self._out = out
        self._notes = notes
        self._places: deque[str] = deque()
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

    def drafts(self, found: Iterable[Offer]) -> Iterator[Draft]:
        """The drafts among the offers; what is none is told at once."""
        for offer in found:
            if isinstance(offer.outcome, Draft):
                self._places.append(offer.place)
                yield offer.outcome
            else:
                self._refuse(offer.place, offer.outcome)

    def tell(self, outcome: AddedArticle | ArticleRejected) -> None:
        """What became of the draft whose turn it is."""
        place = self._places.popleft()
        if isinstance(outcome, ArticleRejected):
            self._refuse(place, outcome)
            return
        self.bar.advance(self._task)
        self._known += outcome.known
        if not outcome.known:
            self._added += 1
            self._passages += outcome.passages
            self._quotations += outcome.quotations
        if self._expected <= _TOLD_WHOLE:
            print_added(self._out, outcome)

    def sum_up(self) -> None:
        """A line about all of them, where there was more than one."""
        if self._expected == 1:
            return
        made = f" with {count(self._passages, 'passage')} and {count(self._quotations, 'quotation')}" * bool(
            self._added
        )
        rest = ((self._known, "known already"), (len(self.refusals), "refused"))
        told = [
            f"{count(self._added, 'article')} added{made}",
            *(f"{number} {word}" for number, word in rest if number),
        ]
        self._out.print("; ".join(told) + ".")

    def _refuse(self, place: str, error: NewsError) -> None:
        reason = str(error)
        self.refusals.append(error.exit_code)
        self.bar.advance(self._task)
        self._notes.print(reason if self._expected == 1 or place in reason else f"{place}: {reason}")
