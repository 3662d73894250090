"""What corrections by hand make of single quotations: whose words they are, or that they are nobody's.

`correcting` reads and makes them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.archive.schema import quotations
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import sqlalchemy as sa

    from retrieval.archive.articles.rows import Row
    from retrieval.domain.overrides import Override
    from retrieval.domain.quotations import Quotation, Speaker

CORRECTED_IDS: Final = 2**49
"""Who is given words by a correction is stored under this id and the override's own number added.

No row of `speakers` stands for them: whether there is one may depend on what other servers' articles quote.
"""


Place: TypeAlias = tuple[int, int, int, int, int, int]
"""A quotation's article, id, and the spans of its words and context."""


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation with one of its speakers, as `mentions` reads them."""

    article_id: int
    id: int
    content_start: int
    content_end: int
    context_start: int
    context_end: int
    speaker_id: int
    key: str
    name: str
    role: str | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The correction of the quotation at a place."""

    override: Override
    place: Place

    @property
    def kind(self) -> OverrideKind:
        """What is corrected."""
        return self.override.kind

    @property
    def article(self) -> int:
        """The article's id."""
        return self.place[0]

    @property
    def takes_away(self) -> bool:
        """Whether the words are not those of the speakers who are stored with them."""
        return self.kind in {OverrideKind.SPEAKER, OverrideKind.NOBODY, OverrideKind.UNQUOTED}

    @property
    def speaker_id(self) -> int | None:
        """The id under which the words are given to somebody; None where they are not."""
        return CORRECTED_IDS + self.override.id if self.kind is OverrideKind.SPEAKER else None

    def given(self) -> Iterator[Said]:
        """Yield the quotation under its new speaker, if the correction names one."""
        if self.speaker_id is not None:
            yield Said(*self.place, self.speaker_id, self.override.other_key or "", self.override.other or "")

    def corrected(self, quotation: Quotation, speakers: tuple[Speaker, ...]) -> Quotation:
        """Return the quotation as it is then, said by these speakers."""
        if self.kind is OverrideKind.DISPUTED:
            return replace(quotation, disputed=True, speakers=(), alleged=speakers)
        if not self.takes_away:
            return quotation
        nobody = replace(quotation, disputed=False, alleged=(), cue=None, mention=None, via=None)
        if not speakers:
            return replace(nobody, speakers=(), attribution=Attribution.UNKNOWN)
        return replace(nobody, speakers=speakers, attribution=Attribution.BY_HAND, confidence=1.0)


Corrections: TypeAlias = "Mapping[int, Correction]"
"""The corrections in force, by the id of the quotation."""


def by_article(corrections: Corrections) -> Mapping[int, Corrections]:
    """Return the corrections of each article."""
    found: defaultdict[int, dict[int, Correction]] = defaultdict(dict)
    for id_, correction in corrections.items():
        found[correction.article][id_] = correction
    return found


def applied(rows: Iterable[Row | Said], corrections: Corrections, *, disputed: bool) -> list[Row | Said]:
    """Return what articles quote as it is after their corrections, in the order of print.

    Without `disputed`, what a correction disputes is left out.
    """
    kept: list[Row | Said] = []
    for row in rows:
        correction = corrections.get(row.id)
        if correction is None:
            kept.append(row)
        elif correction.kind is OverrideKind.ROLE:
            kept.append(Said(*correction.place, row.speaker_id, row.key, row.name))
        elif disputed and not correction.takes_away:
            kept.append(row)
    kept += (said for correction in corrections.values() for said in correction.given())
    return sorted(kept, key=lambda said: (said.content_start, said.id))


def is_disputed(corrections: Corrections) -> sa.ColumnElement[bool]:
    """Whether the quotation of a row is disputed, by its article or by hand."""
    by_hand = [id_ for id_, correction in corrections.items() if correction.kind is OverrideKind.DISPUTED]
    not_any_more = [id_ for id_, correction in corrections.items() if correction.takes_away]
    if not by_hand and not not_any_more:
        return quotations.c.disputed
    return (quotations.c.disputed & quotations.c.id.not_in(not_any_more)) | quotations.c.id.in_(by_hand)
