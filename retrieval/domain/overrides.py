"""Overrides by hand of who is who among speakers, and of who said what."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.translation import gettext_noop

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.ids import ArticleNumber, CollectionId, OverrideId, UserId
    from retrieval.domain.quotations import Speaker, SpeakerEntry

    CandidateNumber: TypeAlias = int | ArticleNumber


class OverrideKind(StrEnum):
    """What an override says of a speaker: an alias, or whose name it is."""

    MERGE = "merge"
    """A name is that of another speaker."""
    APART = "apart"
    """A name is nobody else's, however much alike."""
    PART = "part"
    """Some quotations under a name are another person's."""
    ALIAS = "alias"
    SPEAKER = "speaker"
    """Words are another speaker's. This and the following are corrections of single quotations."""
    NOBODY = "nobody"
    """Whose words they are cannot be told."""
    UNQUOTED = "unquoted"
    """They are no quotation."""
    ROLE = "role"
    """They are shown without the role that is printed beside them."""
    DISPUTED = "disputed"
    """Nobody may have said them."""


CORRECTIONS: Final = {
    OverrideKind.SPEAKER: gettext_noop("“{name}” are the words of {other}."),
    OverrideKind.NOBODY: gettext_noop("Whose words “{name}” are cannot be told."),
    OverrideKind.UNQUOTED: gettext_noop("“{name}” is no quotation."),
    OverrideKind.ROLE: gettext_noop("“{name}” is shown without a role."),
    OverrideKind.DISPUTED: gettext_noop("“{name}” is disputed."),
}
"""The corrections of single quotations, each in a sentence."""


@dataclass(frozen=True, slots=True)
class Override:
    """A decision by hand about who is who, for one collection.

    `key` is the folded name that it is about, `name` that name as it was shown. `other` is the speaker merged into, the
    role or headline of the part, or the alias; `other_key` is its folded form. Of a correction, `key` finds the
    quotation in its article, `name` is the beginning of its words, and `other` the speaker whose words they are.
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
    def fingerprint(self) -> int:
        """A number for a button that undoes it: made of what the server knows, while the id counts everybody's."""
        fields = (self.collection, self.kind.value, self.key, self.name, self.other_key, self.other, self.made_at)
        return int.from_bytes(hashlib.sha256(repr(fields).encode()).digest()[:6])


class SplitKind(StrEnum):
    """By what a part of a speaker's quotations can be split off."""

    NAME = "name"
    ROLE = "role"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SplitCandidate:
    """Quotations of a speaker that may be somebody else's: those under one name, with one role, or in one article.

    `number` finds it again among the candidates of its kind; an article's is its number in the scope.
    """

    kind: SplitKind
    number: CandidateNumber
    label: str
    quotations: int


@dataclass(frozen=True, slots=True)
class SpeakerShown:
    """A speaker with the number of quotations and articles, the parts that can be split off, and the overrides."""

    speaker: Speaker
    quotations: int
    articles: int
    split_candidates: tuple[SplitCandidate, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class OverrideResult:
    """An override that was made or undone, and the speakers that it is about now."""

    override: Override
    speakers: tuple[SpeakerEntry, ...]
    undone: bool = False
