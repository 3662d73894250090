"""Finds disputed words again where a text repeats them, in full, in part or among more words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from retrieval.text.attribution.revisions.denials import is_doubted
from retrieval.text.attribution.revisions.notation import notation
from retrieval.text.names.vocabulary import fold

_RUN = 4
"""Words in a row that tell a quotation from others."""

_FEWEST_RUNS = 2
"""Runs that disputed words must have to be told inside a longer quotation."""

_NEARLY_ALL = 0.75
_WINDOW = 100
_WORD = re.compile(r"\w+")


class DisputedWords:
    """The words of disputed quotations. A run that several share counts for the first of them."""

    def __init__(self, disputed: Iterable[str]) -> None:
        self._first: dict[tuple[str, ...], int] = {}
        self._sizes: list[int] = []
        for number, words in enumerate(disputed):
            runs = {*word_runs(words)}
            self._sizes.append(max(_FEWEST_RUNS, len(runs)))
            for run in runs:
                self._first.setdefault(run, number)

    def are_in(self, words: str) -> bool:
        """Whether nearly all of `words` are disputed, or they hold all of a disputed quotation and do not deny it."""
        runs = [*word_runs(words)]
        shared = [place for place, run in enumerate(runs) if run in self._first]
        if not shared:
            return False
        held = Counter(self._first[run] for run in {runs[place] for place in shared})
        if len(shared) < _NEARLY_ALL * len(runs) and all(count < self._sizes[number] for number, count in held.items()):
            return False
        return not _is_denied(words, shared[0])


def _is_denied(words: str, place: int) -> bool:
    """Whether those before the word at a place say that nobody said what follows."""
    folded = fold(words)
    start = next(islice(_WORD.finditer(folded), place, None)).start()
    return is_doubted(notation(folded[max(0, start - _WINDOW) : start]), "", ended=False)


def word_runs(words: str) -> Iterator[tuple[str, ...]]:
    """Each run of so many words that it tells them from others."""
    folded = _WORD.findall(fold(words))
    return (tuple(folded[at : at + _RUN]) for at in range(len(folded) - _RUN + 1))
