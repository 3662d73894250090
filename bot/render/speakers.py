"""A speaker for those who decide who is who: what is known, what a decision would change, what it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.cards import card, confirmation
from bot.render.custom_ids import DeleteId, MergeId, SplitId, UndoOverrideId
from bot.render.dates import short_day
from bot.render.escape import escaped, plain
from bot.render.people import name_with_role, roles_with_years
from bot.render.reply import Control, Reply
from retrieval.domain.ids import SHARED, ArticleNumber
from retrieval.domain.overrides import CORRECTIONS, OverrideKind, SplitKind
from retrieval.domain.wording import count, dated_title, labelled
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.ids import CollectionId, SpeakerId
    from retrieval.domain.overrides import CandidateNumber, Override, OverrideResult, SpeakerShown, SplitCandidate
    from retrieval.domain.quotations import SpeakerEntry

KINDS: Final = (SplitKind.NAME, SplitKind.ROLE, SplitKind.ARTICLE)
"""Custom ids hold a kind as its place in this tuple, so the order stays."""


_NAME: Final = 80
_SHORT_LINE: Final = 200
_LINE: Final = 300
_LISTED: Final = 10
_UNDO_BUTTONS: Final = 5
_AND_MORE: Final = 20
"""Room for the line that says how many more there are."""
_SENTENCES: Final = {
    OverrideKind.MERGE: gettext_noop("{name} is {other}."),
    OverrideKind.APART: gettext_noop("{name} is somebody else than {other}."),
    OverrideKind.ALIAS: gettext_noop("{name} is also called {other}."),
    OverrideKind.PART: gettext_noop("{name} in “{other}” is a person of their own."),
    **CORRECTIONS,
}
_ROLE_SENTENCE: Final = gettext_noop("{name}, {other}, is a person of their own.")
_LABELS: Final = {
    OverrideKind.MERGE: gettext_noop("{name} is {other}"),
    OverrideKind.ALIAS: gettext_noop("called {other}"),
    **dict.fromkeys(CORRECTIONS, "{name}"),
}
_HERE: Final = gettext_noop("It counts in this server alone, also for articles that come later. You can undo it.")
_MOVED: Final = {
    SplitKind.NAME: gettext_noop(
        "What is quoted under the name {label} will then be a speaker of its own: {quotations}."
    ),
    SplitKind.ROLE: gettext_noop(
        "What is quoted in articles that call {name} “{label}” will then be a speaker of its own: {quotations}."
    ),
    SplitKind.ARTICLE: gettext_noop(
        "What is quoted in article {number}, “{label}” will then be a speaker of its own: {quotations}."
    ),
}
_PARTS: Final = {
    SplitKind.NAME: gettext_noop("Name: {label}"),
    SplitKind.ROLE: gettext_noop("Role: {label}"),
    SplitKind.ARTICLE: gettext_noop("Article {number}: {label}"),
}


def details(speaker: SpeakerShown, *, asker: int, own: CollectionId) -> Reply:
    """Return all about a speaker, with buttons that undo decisions of the server `own`."""
    embed = card(
        limits.cut(name_with_role(speaker.speaker), limits.TITLE, escaped),
        f"{_amounts(speaker)}.",
        (gettext("Roles"), _lines([escaped(plain(role)) for role in roles_with_years(speaker.speaker.roles)])),
        (gettext("Also called"), _lines([escaped(plain(alias)) for alias in speaker.speaker.aliases])),
        (
            gettext("Decided by hand"),
            _lines([f"{_sentence(override)} {_by(override)}" for override in speaker.overrides]),
        ),
    )
    own_overrides = [override for override in speaker.overrides if override.collection == own][:_UNDO_BUTTONS]
    controls = [_undo(override, gettext("Undo: {decision}", decision=_label(override))) for override in own_overrides]
    return Reply(embeds=(embed,), controls=(*controls, DeleteId(asker).button(gettext("Close"))))


def merging(merged: SpeakerShown, into: SpeakerShown, *, asker: int) -> Reply:
    """Ask before two speakers are made one."""
    old, new = _name(merged.speaker.name), _name(into.speaker.name)
    moved = gettext("What is quoted of {old} will then be found under {new}.", old=old, new=new)
    embed = card(
        gettext("Make these two one person?"),
        f"{moved} {gettext(_HERE)}",
        # Translators: with the next one a sentence over two cards: "This name … becomes a name of …".
        (gettext("This name"), _summary(merged)),
        (gettext("becomes a name of"), _summary(into)),
    )
    confirm = MergeId(merged.speaker.id, into.speaker.id).button(gettext("Make them one"))
    return confirmation(embed, confirm, asker=asker, cancel=gettext("Cancel"))


def splitting(speaker: SpeakerShown, part: SplitCandidate, *, asker: int) -> Reply:
    """Ask before a part of a speaker's quotations becomes another speaker's."""
    name, label = _name(speaker.speaker.name), limits.cut(part.label, _SHORT_LINE, escaped)
    quotations = count(part.quotations, "quotation")
    moved = gettext(_MOVED[part.kind], name=name, label=label, number=part.number, quotations=quotations)
    stays = ngettext(
        "{number:,} quotation stays with {name}.",
        "{number:,} quotations stay with {name}.",
        speaker.quotations - part.quotations,
        name=name,
    )
    embed = card(gettext("Take these apart?"), f"{moved} {stays} {gettext(_HERE)}")
    confirm = split_id(speaker.speaker.id, part).button(gettext("Take them apart"))
    return confirmation(embed, confirm, asker=asker, cancel=gettext("Cancel"))


def decided(result: OverrideResult, *, asker: int) -> Reply:
    """Return what was decided, or struck through what was undone, and the speakers there are now."""
    speakers = _lines([_entry(entry) for entry in result.speakers])
    title = gettext("Undone") if result.undone else gettext("Done")
    # Translators: the speakers as they are now, after a decision.
    decision = _sentence(result.override)
    embed = card(title, f"~~{decision}~~" if result.undone else decision, (gettext("Now"), speakers))
    undo = () if result.undone else (_undo(result.override, gettext("Undo")),)
    return Reply(embeds=(embed,), controls=(*undo, DeleteId(asker).button(gettext("Close"))))


def undoing(overrides: Sequence[Override], title: str) -> Reply:
    """Return as many overrides as fit into a message, and a button for each that undoes it.

    It is no card: Discord names everybody who is mentioned in a message, but in a card only whom the reader has met.
    """
    lines = [f"**{number}** · {_sentence(override)} {_by(override)}" for number, override in enumerate(overrides, 1)]
    title = f"**{title}**"
    shown, *_ = limits.paginate(lines, _LISTED, limits.CONTENT - len(title), lambda line: len(line) + 1)
    buttons = (
        _undo(override, gettext("Undo {number}", number=number))
        for number, override in enumerate(overrides[: len(shown)], 1)
    )
    return Reply(content="\n".join((title, *shown)), controls=tuple(buttons))


def part_label(part: SplitCandidate, limit: int) -> str:
    """Return `Role: striker (3)`; the number of quotations is never cut."""
    number = f" ({part.quotations})"
    label = gettext(_PARTS[part.kind], number=part.number, label=part.label)
    return limits.cut(label, limit - len(number)) + number


def split_id(speaker: SpeakerId, part: SplitCandidate) -> SplitId:
    """Return the custom id that takes the part apart."""
    number = part.number if isinstance(part.number, ArticleNumber) else ArticleNumber(part.number)
    return SplitId(speaker, KINDS.index(part.kind), number.shared, number.number)


def part_of(custom_id: SplitId) -> tuple[SplitKind, CandidateNumber]:
    """Return the part that a custom id names."""
    kind = KINDS[custom_id.kind]
    is_article = kind is SplitKind.ARTICLE
    return kind, ArticleNumber(custom_id.part, shared=custom_id.shared) if is_article else custom_id.part


def _sentence(override: Override) -> str:
    is_role = override.kind is OverrideKind.PART and override.other_key
    sentence = _ROLE_SENTENCE if is_role else _SENTENCES[override.kind]
    other = limits.cut(override.other or "", _SHORT_LINE, escaped)
    return gettext(sentence, name=_name(override.name), other=other)


def _label(override: Override) -> str:
    label = _LABELS.get(override.kind, gettext_noop("{name} apart ({other})"))
    return gettext(label, name=override.name, other=override.other)


def _by(override: Override) -> str:
    when = short_day(override.made_at)
    if override.collection == SHARED:
        # Translators: who decided something, when, and where it counts.
        return gettext("(the operator, {day}, everywhere)", day=when)
    return f"({f'<@{override.made_by}>' if override.made_by else gettext('somebody')}, {when})"


def _undo(override: Override, label: str) -> Control:
    return UndoOverrideId(override.fingerprint).button(limits.cut(label, limits.BUTTON_LABEL))


def _amounts(speaker: SpeakerShown) -> str:
    return ngettext(
        "{quotations} in {number:,} article",
        "{quotations} in {number:,} articles",
        speaker.articles,
        quotations=count(speaker.quotations, "quotation"),
    )


def _summary(speaker: SpeakerShown) -> str:
    return f"**{limits.cut(name_with_role(speaker.speaker), _LINE, escaped)}**\n{_amounts(speaker)}"


def _entry(entry: SpeakerEntry) -> str:
    newest = f", {limits.one_line(dated_title(entry.newest), _NAME)}" if entry.newest else ""
    name = limits.cut(name_with_role(entry.speaker), _SHORT_LINE, escaped)
    return labelled(f"{name}{newest}", count(entry.quotations, "quotation"))


def _lines(lines: Sequence[str]) -> str:
    """Return a field's value: at most ten lines, as many as fit, and how many more there are."""
    listed: list[str] = []
    for line in lines[:_LISTED]:
        if sum(map(len, listed)) + len(listed) + len(line) + 1 > limits.FIELD_VALUE - _AND_MORE:
            break
        listed.append(line)
    more = len(lines) - len(listed)
    return "\n".join([*listed, limits.and_more(more)] if more else listed)


def _name(name: str) -> str:
    return f"**{limits.one_line(name, _NAME)}**"
