"""What buttons carry: one class a button, from which come both the custom id and the pattern that recognises it.

A custom id holds who may press and what is to be shown, so a button works for as long as its message stands, whatever
was restarted in between. The ids are a stored format: messages of every earlier release carry them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Self, dataclass_transform, get_type_hints

from typing_extensions import override

from bot.render.limits import CUSTOM_ID
from bot.render.reply import Control
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import ArticleId, FollowId, PassageId, SpeakerId
from retrieval.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.articles import AddedArticle, ArticleShown

_LARGEST: Final = 2**63 - 1
"""The largest number that the archive can hold. A forged larger one becomes this one, which nothing has."""

_Id = Annotated[int, r"\d{1,20}"]
_OptionalId = Annotated[int | None, r"\d{1,20}"]
_Speaker = Annotated[SpeakerId, r"\d{1,20}"]
_Follow = Annotated[FollowId, r"\d{1,20}"]
_Flag = Annotated[bool, "[01]"]


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class CustomId:
    """A prefix and numbers, with colons between; the annotations of a subclass hold the patterns of its numbers.

    Each subclass is a dataclass. A last field whose default is None may be absent from the id.
    """

    _prefix: ClassVar[str]

    @override
    def __init_subclass__(cls, *, prefix: str = "") -> None:
        super().__init_subclass__()
        cls._prefix = prefix
        dataclass(frozen=True)(cls)

    @classmethod
    @functools.cache
    def pattern(cls) -> str:
        """Return the regular expression of these ids, with a named group for each field."""
        hints = get_type_hints(cls, include_extras=True)
        pattern = cls._prefix
        for field in fields(cls):
            group = f":(?P<{field.name}>{hints[field.name].__metadata__[0]})"
            pattern += f"(?:{group})?" if field.default is None else group
        return pattern

    @classmethod
    def parse(cls, custom_id: str) -> Self:
        """Return the fields of a custom id. Raises ValueError if it is not one of these."""
        match = re.fullmatch(cls.pattern(), custom_id)
        if match is None or len(custom_id) > CUSTOM_ID:
            message = f"{custom_id!r} is no {cls.__name__}"
            raise ValueError(message)
        hints = get_type_hints(cls)
        numbers = {name: min(int(digits), _LARGEST) for name, digits in match.groupdict().items() if digits is not None}
        return cls(**{name: bool(number) if hints[name] is bool else number for name, number in numbers.items()})

    @override
    def __str__(self) -> str:
        """Return the custom id. Raises ValueError where `parse` or Discord would refuse it."""
        numbers = (getattr(self, field.name) for field in fields(self))
        custom_id = ":".join([self._prefix, *(f"{number:d}" for number in numbers if number is not None)])
        self.parse(custom_id)
        return custom_id

    def button(self, label: str, *, danger: bool = False) -> Control:
        """Return a button that carries this."""
        return Control(label, str(self), danger)


class AskerId(CustomId):
    """Names the member who was answered."""

    asker: _Id


class VersionId(AskerId):
    """Names one version of the server's own article of that number."""

    number: Annotated[int, r"\d{1,9}"]
    fingerprint: Annotated[int, r"\d{1,15}"]

    @classmethod
    def of(cls, asker: int, article: AddedArticle | ArticleShown) -> Self:
        """Return the id for an article as it is now."""
        return cls(asker, article.number.number, article.article.fingerprint)


class MoreId(AskerId, prefix="more"):
    """Shows a page of the passages that are remembered under `token`."""

    token: _Id
    page: Annotated[int, r"\d{1,3}"]


class AboutId(CustomId, prefix="about"):
    """Opens a form for a question about the article of a passage."""

    passage: Annotated[PassageId, r"\d{1,20}"]


class AloneId(AskerId, prefix="alone"):
    """Asks the follow-up that is remembered under `token` again, without the article that it was taken to be about."""

    token: _Id


class ExcerptId(CustomId):
    """Names the words at a place in an article."""

    article: Annotated[ArticleId, r"\d{1,20}"]
    start: Annotated[int, r"\d{1,9}"]
    end: Annotated[int, r"\d{1,9}"]

    @classmethod
    def of(cls, ref: ExcerptRef, *more: int) -> Self:
        """Return the id for the words of a reference; `more` is what a subclass holds besides."""
        return cls(ref.article_id, ref.span.start, ref.span.end, *more)

    @property
    def ref(self) -> ExcerptRef:
        """The words; a forged id of none names the first character at its place."""
        return ExcerptRef(self.article, Span(self.start, max(self.end, self.start + 1)))


class ShareId(ExcerptId, prefix="share"):
    """Posts the words into the channel."""


class ContextId(ExcerptId, prefix="context"):
    """Shows the words among the paragraphs around them."""


class VerifyId(ExcerptId, prefix="verify"):
    """Shows what proves the words, below their context."""


class CiteId(ExcerptId, prefix="cite"):
    """Shows the words as citations that can be copied."""


class WrongId(ExcerptId, prefix="wrong"):
    """Asks what is wrong with the words."""


class ReportId(ExcerptId, prefix="report"):
    """Says of the words what is at this place in `review`'s kinds."""

    kind: Annotated[int, "[0-3]"]


class CorrectId(ExcerptId, prefix="correct"):
    """Corrects the quotation in the words, by the place in `review`'s corrections."""

    kind: Annotated[int, "[0-4]"]


class GiveId(ExcerptId, prefix="give"):
    """A menu of the speakers to whom the words can be given, each with the value of a `QuoteId`."""


class DismissId(ExcerptId, prefix="dismiss"):
    """Deletes what is said of the words."""


class ReviewId(ExcerptId, prefix="review"):
    """Shows the report behind that of the words; the one at this place where they are no longer reported."""

    place: Annotated[int, r"\d{1,4}"]


class ClearId(AskerId, prefix="clear"):
    """Deletes the unanswered questions."""


class ExcerptsId(CustomId, prefix="excerpts"):
    """A menu of several excerpts, each with the value of its `ContextId`."""


class QuoteId(AskerId, prefix="quote"):
    """Shows a page of a speaker's quotations: of those about what `token` remembers."""

    speaker: _Speaker
    page: Annotated[int, r"\d{1,4}"]
    token: _OptionalId = None


class FragmentsId(QuoteId, prefix="fragments"):
    """Shows a page of a speaker's fragments: a few words each, in the writer's sentence."""


class DisputedId(QuoteId, prefix="disputed"):
    """Shows a page of the words that articles deny, invent or doubt, and that a speaker is said to have said."""


class UnnamedId(AskerId, prefix="unnamed"):
    """Shows a page of what unnamed sources said, whom articles describe as `token` remembers."""

    token: _Id
    page: Annotated[int, r"\d{1,3}"]


class SpeakersId(AskerId, prefix="speakers"):
    """Shows a page of who said what about what `token` remembers."""

    token: _Id
    page: Annotated[int, r"\d{1,3}"]


class CompareId(AskerId, prefix="compare"):
    """Compares as `token` remembers, with this speaker as the first or second one."""

    token: _Id
    side: Annotated[int, r"[01]"]
    speaker: _Speaker


class LatestId(AskerId, prefix="latest"):
    """Shows a page of the newest articles, narrowed as `token` remembers."""

    token: _Id
    page: Annotated[int, r"\d{1,3}"]


class AskMenuId(CustomId, prefix="askone"):
    """A menu of articles, each with the value of its `AboutId`."""


class QuotedMenuId(CustomId, prefix="quotedone"):
    """A menu of articles, each with the value of its `QuotedInId`."""


class QuotedInId(CustomId, prefix="quotedin"):
    """Shows a page of who is quoted in the article of a passage."""

    passage: Annotated[PassageId, r"\d{1,20}"]
    page: Annotated[int, r"\d{1,3}"]


class DeleteId(AskerId, prefix="delete"):
    """Deletes the message; `token` is that of an answer to `/ask`."""

    token: _OptionalId = None


class UndoId(VersionId, prefix="undo"):
    """Takes an added article back."""


class RemoveId(VersionId, prefix="remove"):
    """Removes an article."""


class PickArticlesId(AskerId, prefix="pick"):
    """A menu of articles, each with its number, that shows one or asks whether to remove several."""


class RemovePickedId(AskerId, prefix="discard"):
    """Removes the articles that are remembered under `token`."""

    token: _Id


class BringBackId(AskerId, prefix="back"):
    """Brings back the removed articles that are remembered under `token`."""

    token: _Id


class UneditId(VersionId, prefix="unedit"):
    """Undoes the edit that made this version."""


class FormId(AskerId, prefix="form"):
    """Opens the form again that a member filled in last."""


class ArticlesId(AskerId, prefix="articles"):
    """Shows a page of the articles that match the filters remembered under `token`."""

    token: _Id
    page: Annotated[int, r"\d{1,6}"]


class FeedsId(AskerId, prefix="feeds"):
    """Shows a page of the feeds."""

    page: Annotated[int, r"\d{1,3}"]


class UnfollowId(CustomId, prefix="unfollow"):
    """Ends a follow, under a message that it brought."""

    follow: _Follow


class FollowsId(AskerId, prefix="follows"):
    """Shows a page of what is followed."""

    page: Annotated[int, r"\d{1,3}"]


class StopFollowId(FollowsId, prefix="stopfollow"):
    """Ends a follow, and shows the page on which it stood."""

    follow: _Follow


class AuditId(AskerId, prefix="audit"):
    """Shows a page of the audit; `people` leaves out what the bot did by itself."""

    people: _Flag
    page: Annotated[int, r"\d{1,6}"]


class RetainId(AskerId, prefix="retain"):
    """Keeps articles for `days`."""

    days: Annotated[int, r"\d{1,5}"]


class ForgetId(AskerId, prefix="forget"):
    """Forgets a member; asks first unless `sure`."""

    sure: _Flag


class EraseId(AskerId, prefix="erase"):
    """Erases everything of a server; asks first unless `sure`."""

    sure: _Flag


class MergeId(CustomId, prefix="merge"):
    """Makes a speaker's name a name of another speaker."""

    speaker: _Speaker
    into: _Speaker


class SplitId(CustomId, prefix="split"):
    """Makes a part of a speaker's quotations a speaker of its own. `kind` is the part's place in `speakers.KINDS`."""

    speaker: _Speaker
    kind: Annotated[int, "[0-2]"]
    shared: _Flag
    part: Annotated[int, r"\d{1,10}"]


class UndoOverrideId(CustomId, prefix="unrule"):
    """Undoes the override of that fingerprint."""

    fingerprint: _Id


def pager(page: int, page_id: Callable[[int], CustomId], forward: str, *, has_next: bool) -> tuple[Control, ...]:
    """Return the buttons to the page before, where there is one, and to the next, which is labelled `forward`."""
    back = (page_id(page - 1).button(gettext("Back")),) if page else ()
    return (*back, page_id(page + 1).button(forward)) if has_next else back
