"""Who is who: what moderators decide about speakers by hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.ids import ArticleNumber, CollectionId, OverrideId, UserId
    from retrieval.domain.quotations import Speaker, SpeakerEntry

    PartNumber: TypeAlias = int | ArticleNumber


class OverrideKind(StrEnum):
    """What was decided by hand about a speaker: an alias, or whose name it is."""

    MERGE = "merge"
    """A name is that of another speaker."""
    APART = "apart"
    """A name is nobody else's, however much alike."""
    PART = "part"
    """Some quotations under a name are another person's."""
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Override:
    """A decision by hand about who is who, for the readers of one collection.

    `key` is the folded name it is about, `name` that name as it was shown. `other` is the speaker merged into, the role
    or headline that tells the part, or the alias; `other_key` its folded form.
    """

    id: OverrideId
    collection: CollectionId
    kind: OverrideKind
    key: str
    name: str
    other_key: str | None
    other: str | None
    made_at: datetime
    made_by: UserId | None = None

    @property
    def mark(self) -> int:
        """What a button carries that undoes it: made of what its readers know, while its id counts everybody's."""
        said = (self.collection, self.kind.value, self.key, self.name, self.other_key, self.other, self.made_at)
        return int.from_bytes(hashlib.sha256(repr(said).encode()).digest()[:6])


class SplitKind(StrEnum):
    """By what a part of a speaker's quotations can be taken apart."""

    NAME = "name"
    ROLE = "role"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SplitCandidate:
    """Quotations of a speaker that may be somebody else's: those under one name, with one role, in one article.

    `number` finds it again among the parts of its kind; an article's is the number that the reader knows it by.
    """

    kind: SplitKind
    number: PartNumber
    label: str
    quotations: int


@dataclass(frozen=True, slots=True)
class SpeakerShown:
    """All that a reader may know of a speaker: who, in how many articles, what can be taken apart, what was decided."""

    speaker: Speaker
    quotations: int
    articles: int
    parts: tuple[SplitCandidate, ...] = ()
    rulings: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class OverrideResult:
    """What a decision by hand has come to: the decision, whether it was undone, and the speakers it is about now."""

    ruling: Override
    speakers: tuple[SpeakerEntry, ...]
    undone: bool = False
