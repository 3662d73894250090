"""What members say of words, and how moderators correct them, as messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.cards import card
from bot.render.custom_ids import ClearId, CorrectId, DeleteId, DismissId, GiveId, QuoteId, ReportId, ReviewId
from bot.render.dates import relative
from bot.render.escape import block_quote, escaped
from bot.render.excerpts import in_context
from bot.render.people import entry_label
from bot.render.quotations import credit
from bot.render.reply import Menu, Option, Reply
from bot.render.speakers import undoing
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.reports import ReportKind
from retrieval.domain.wording import count, labelled
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.reply import Control
    from retrieval.domain.excerpts import Excerpt, ExcerptRef
    from retrieval.domain.overrides import Override
    from retrieval.domain.quotations import CitedQuotation, SpeakerEntry
    from retrieval.domain.reports import Reported, UnansweredQuestion

_LABELS: Final = {
    ReportKind.NOT_THEIR_WORDS: gettext_noop("Not their words"),
    ReportKind.WRONG_PERSON: gettext_noop("Wrong person"),
    ReportKind.NOT_AN_ANSWER: gettext_noop("Not an answer"),
    ReportKind.GOOD: gettext_noop("👍 It is right"),
}
_KINDS: Final = tuple(_LABELS)
"""Custom ids hold a kind as its place in this tuple, so the order stays."""
_OF_QUOTATIONS: Final = {ReportKind.NOT_THEIR_WORDS, ReportKind.WRONG_PERSON}
_CORRECTING: Final = {
    OverrideKind.SPEAKER: gettext_noop("Other speaker …"),
    OverrideKind.NOBODY: gettext_noop("Nobody"),
    OverrideKind.UNQUOTED: gettext_noop("Not a quotation"),
    OverrideKind.ROLE: gettext_noop("Wrong role"),
    OverrideKind.DISPUTED: gettext_noop("Disputed"),
}
_CORRECTIONS: Final = tuple(_CORRECTING)
"""As `_KINDS`."""
_WORDS: Final = 500
_SHORT: Final = 200
_LISTED: Final = 15


def kind_of(fields: ReportId) -> ReportKind:
    """Return what the button says."""
    return _KINDS[fields.kind]


def correction_of(fields: CorrectId) -> OverrideKind:
    """Return what the button corrects."""
    return _CORRECTIONS[fields.kind]


def what_is_wrong(excerpt: Excerpt, *, quotes: bool, asker: int) -> Reply:
    """Ask a member what they say of words: a quotation is no answer, and words that quote nobody have no speaker."""
    left_out = {ReportKind.NOT_AN_ANSWER} if excerpt.quotation is not None else set() if quotes else _OF_QUOTATIONS
    kinds = [kind for kind in _KINDS if kind not in left_out]
    voices = (ReportId.of(excerpt.ref, _KINDS.index(kind)).button(gettext(_LABELS[kind])) for kind in kinds)
    words = block_quote(limits.cut(excerpt.words, _WORDS, escaped))
    return Reply(
        content=f"{gettext('What do you say of these words?')}\n{words}",
        controls=(*voices, DeleteId(asker).button(gettext("Close"))),
    )


def thanks(kind: ReportKind) -> Reply:
    """Say that a voice was counted, and who sees it."""
    return Reply(
        content=gettext(
            "Thank you. I have noted: {report}. The moderators of this server see how many members say so, not who.",
            report=gettext(_LABELS[kind]),
        )
    )


def report(reported: Reported, excerpt: Excerpt, quoted: CitedQuotation | None, place: int) -> Reply:
    """Return words with what is said of them, and the buttons that correct the quotation in them, if there is one.

    `place` is that of the report among all.
    """
    (embed, *_) = in_context(excerpt).embeds
    voices = " · ".join(
        labelled(gettext(_LABELS[kind]), str(reported.voices[kind])) for kind in _KINDS if reported.voices[kind]
    )
    ref = reported.ref
    corrections = [
        CorrectId.of(ref, number).button(gettext(_CORRECTING[kind])) for number, kind in enumerate(_CORRECTIONS)
    ]
    now = f"\n{_in_it(quoted)}" if quoted is not None else ""
    return Reply(
        content=f"**{voices}**{now}",
        embeds=(embed,),
        controls=(
            *(corrections if quoted is not None else ()),
            DismissId.of(ref).button(gettext("Dismiss")),
            next_report(ref, place, gettext("Next")),
        ),
    )


def next_report(ref: ExcerptRef, place: int, label: str) -> Control:
    """Return the button to the report behind that of some words, which is or was at this place."""
    return ReviewId.of(ref, place).button(label)


def _in_it(quoted: CitedQuotation) -> str:
    """Return which words are quoted in those that are reported, and whose they are."""
    author, _ = credit(quoted)
    return gettext(
        "In it: “{words}” – {author}",
        words=limits.one_line(quoted.words, _SHORT),
        author=limits.one_line(author, limits.AUTHOR),
    )


def no_report() -> Reply:
    """Say that there is nothing to review."""
    return Reply(
        content=gettext("Nothing is reported here. Members report with *Wrong?* under an answer or a quotation.")
    )


def whose(candidates: Sequence[SpeakerEntry], ref: ExcerptRef, *, asker: int) -> Reply:
    """Ask whose words a quotation is."""
    options = tuple(
        Option(
            entry_label(entry, limits.OPTION, with_role=True),
            str(QuoteId(asker, entry.speaker.id, 0)),
        )
        for entry in candidates
    )
    if not options:
        return Reply(
            content=gettext(
                "Nobody else is quoted in this server's archive. *Nobody* takes the words from whom they are."
            )
        )
    return Reply(
        content=gettext("Whose words are they? First come those whom the article quotes, then the most quoted."),
        controls=(Menu(gettext("Pick the speaker …"), str(GiveId.of(ref)), options[: limits.CHOICES]),),
    )


def corrections(made: Sequence[Override]) -> Reply:
    """Return the last corrections with buttons that undo them."""
    if not made:
        return Reply(content=gettext("No quotation was corrected here."))
    return undoing(tuple(reversed(made)), gettext("Corrected by hand"))


def questions(asked: Sequence[UnansweredQuestion], *, keeps: bool, asker: int) -> Reply:
    """Return the questions that found no answer, the most often asked first."""
    if not keeps:
        return Reply(
            content=gettext("This server keeps no unanswered questions. `/settings unanswered` switches it on.")
        )
    if not asked:
        return Reply(
            content=gettext("No question has stayed unanswered since this was switched on, or in the last 30 days.")
        )
    lines = [f"• {limits.one_line(each.question, _SHORT)} · {_often(each)}" for each in asked[:_LISTED]]
    more = [limits.and_more(len(asked) - _LISTED)] if len(asked) > _LISTED else []
    embed = card(
        gettext("Questions without an answer"),
        "\n".join([*lines, *more]),
        footer=gettext("Kept for 30 days, without who asked"),
    )
    clear = ClearId(asker).button(gettext("Delete them"))
    return Reply(embeds=(embed,), controls=(clear, DeleteId(asker).button(gettext("Close"))))


def _often(asked: UnansweredQuestion) -> str:
    # Translators: how often a question was asked, and when last, such as "3 times, last two days ago".
    return gettext("{times}, last {time}", times=count(asked.times, "time"), time=relative(asked.last))


def cleared(questions_deleted: int) -> Reply:
    """Say that the questions are deleted."""
    return Reply(content=ngettext("{number:,} question deleted.", "{number:,} questions deleted.", questions_deleted))
