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
from retrieval.domain.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.render.reply import Control
    from retrieval.domain.excerpts import Excerpt, ExcerptRef
    from retrieval.domain.overrides import Override
    from retrieval.domain.quotations import CitedQuotation, SpeakerEntry
    from retrieval.domain.reports import Reported, UnansweredQuestion

_LABELS: Final = {
    ReportKind.NOT_THEIR_WORDS: "Not their words",
    ReportKind.WRONG_PERSON: "Wrong person",
    ReportKind.NOT_AN_ANSWER: "Not an answer",
    ReportKind.GOOD: "👍 It is right",
}
_KINDS: Final = tuple(_LABELS)
"""Custom ids hold a kind as its place in this tuple, so the order stays."""
_CORRECTING: Final = {
    OverrideKind.SPEAKER: "Other speaker …",
    OverrideKind.NOBODY: "Nobody",
    OverrideKind.UNQUOTED: "Not a quotation",
    OverrideKind.ROLE: "Wrong role",
    OverrideKind.DISPUTED: "Disputed",
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


def what_is_wrong(excerpt: Excerpt, *, asker: int) -> Reply:
    """Ask a member what they say of words; a quotation is no answer."""
    quoted = excerpt.quotation is not None
    kinds = [kind for kind in _KINDS if not (quoted and kind is ReportKind.NOT_AN_ANSWER)]
    voices = (ReportId.of(excerpt.ref, _KINDS.index(kind)).button(_LABELS[kind]) for kind in kinds)
    return Reply(
        content=f"What do you say of these words?\n{block_quote(limits.cut(excerpt.words, _WORDS, escaped))}",
        controls=(*voices, DeleteId(asker).button("Close")),
    )


def thanks(kind: ReportKind) -> Reply:
    """Say that a voice was counted, and who sees it."""
    return Reply(
        content=f"Thank you. I have noted: {_LABELS[kind]}. The moderators of this server see how many members say so, "
        "not who."
    )


def report(reported: Reported, excerpt: Excerpt, quoted: CitedQuotation | None, place: int) -> Reply:
    """Return words with what is said of them, and the buttons that correct the quotation in them, if there is one.

    `place` is that of the report among all.
    """
    (embed, *_) = in_context(excerpt).embeds
    voices = " · ".join(f"{_LABELS[kind]}: {reported.voices[kind]}" for kind in _KINDS if reported.voices[kind])
    ref = reported.ref
    corrections = [CorrectId.of(ref, number).button(_CORRECTING[kind]) for number, kind in enumerate(_CORRECTIONS)]
    now = f"\nIn it: “{limits.one_line(quoted.words, _SHORT)}” {_said_by(quoted)}" if quoted is not None else ""
    return Reply(
        content=f"**{voices}**{now}",
        embeds=(embed,),
        controls=(
            *(corrections if quoted is not None else ()),
            DismissId.of(ref).button("Dismiss"),
            next_report(ref, place, "Next"),
        ),
    )


def next_report(ref: ExcerptRef, place: int, label: str) -> Control:
    """Return the button to the report behind that of some words, which is or was at this place."""
    return ReviewId.of(ref, place).button(label)


def _said_by(quoted: CitedQuotation) -> str:
    author, _ = credit(quoted)
    return f"– {limits.one_line(author, limits.AUTHOR)}"


def no_report() -> Reply:
    """Say that there is nothing to review."""
    return Reply(content="Nothing is reported here. Members report with *Wrong?* under an answer or a quotation.")


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
            content="Nobody else is quoted in this server's archive. *Nobody* takes the words from whom they are."
        )
    return Reply(
        content="Whose words are they? First come those whom the article quotes, then the most quoted.",
        controls=(Menu("Pick the speaker …", str(GiveId.of(ref)), options[: limits.CHOICES]),),
    )


def corrections(made: Sequence[Override]) -> Reply:
    """Return the last corrections with buttons that undo them."""
    if not made:
        return Reply(content="No quotation was corrected here.")
    return undoing(tuple(reversed(made)), "Corrected by hand")


def questions(asked: Sequence[UnansweredQuestion], *, keeps: bool, asker: int) -> Reply:
    """Return the questions that found no answer, the most often asked first."""
    if not keeps:
        return Reply(content="This server keeps no unanswered questions. `/settings unanswered` switches it on.")
    if not asked:
        return Reply(content="No question has stayed unanswered since this was switched on, or in the last 30 days.")
    lines = [
        f"• {limits.one_line(one.question, _SHORT)} · {count(one.times, 'time')}, last {relative(one.last)}"
        for one in asked[:_LISTED]
    ]
    more = [f"and {len(asked) - _LISTED} more"] if len(asked) > _LISTED else []
    embed = card(
        "Questions without an answer", "\n".join([*lines, *more]), footer="Kept for 30 days, without who asked"
    )
    clear = ClearId(asker).button("Delete them")
    return Reply(embeds=(embed,), controls=(clear, DeleteId(asker).button("Close")))


def cleared(questions_deleted: int) -> Reply:
    """Say that the questions are deleted."""
    return Reply(content=f"{count(questions_deleted, 'question')} deleted.")
