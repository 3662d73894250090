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
from retrieval.domain.wording import count, dated_title

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
    OverrideKind.MERGE: "{name} is {other}.",
    OverrideKind.APART: "{name} is somebody else than {other}.",
    OverrideKind.ALIAS: "{name} is also called {other}.",
    OverrideKind.PART: "{name} in “{other}” is a person of their own.",
    **CORRECTIONS,
}
_ROLE_SENTENCE: Final = "{name}, {other}, is a person of their own."
_LABELS: Final = {
    OverrideKind.MERGE: "{name} is {other}",
    OverrideKind.ALIAS: "called {other}",
    **dict.fromkeys(CORRECTIONS, "{name}"),
}
_HERE: Final = "It counts in this server alone, also for articles that come later. You can undo it."


def details(speaker: SpeakerShown, *, asker: int, own: CollectionId) -> Reply:
    """Return all about a speaker, with buttons that undo decisions of the server `own`."""
    embed = card(
        limits.cut(name_with_role(speaker.speaker), limits.TITLE, escaped),
        f"{_amounts(speaker)}.",
        ("Roles", _lines([escaped(plain(role)) for role in roles_with_years(speaker.speaker.roles)])),
        ("Also called", _lines([escaped(plain(alias)) for alias in speaker.speaker.aliases])),
        ("Decided by hand", _lines([f"{_sentence(override)} {_by(override)}" for override in speaker.overrides])),
    )
    own_overrides = [override for override in speaker.overrides if override.collection == own][:_UNDO_BUTTONS]
    controls = [_undo(override, f"Undo: {_label(override)}") for override in own_overrides]
    return Reply(embeds=(embed,), controls=(*controls, DeleteId(asker).button("Close")))


def merging(merged: SpeakerShown, into: SpeakerShown, *, asker: int) -> Reply:
    """Ask before two speakers are made one."""
    old, new = _name(merged.speaker.name), _name(into.speaker.name)
    embed = card(
        "Make these two one person?",
        f"What is quoted of {old} will then be found under {new}. {_HERE}",
        ("This name", _summary(merged)),
        ("becomes a name of", _summary(into)),
    )
    confirm = MergeId(merged.speaker.id, into.speaker.id).button("Make them one")
    return confirmation(embed, confirm, asker=asker, cancel="Cancel")


def splitting(speaker: SpeakerShown, part: SplitCandidate, *, asker: int) -> Reply:
    """Ask before a part of a speaker's quotations becomes another speaker's."""
    name, label = _name(speaker.speaker.name), limits.cut(part.label, _SHORT_LINE, escaped)
    quoted = {
        SplitKind.NAME: f"What is quoted under the name {label}",
        SplitKind.ROLE: f"What is quoted in articles that call {name} “{label}”",
        SplitKind.ARTICLE: f"What is quoted in article {part.number}, “{label}”",
    }[part.kind]
    rest = speaker.quotations - part.quotations
    embed = card(
        "Take these apart?",
        f"{quoted} will then be a speaker of its own: {count(part.quotations, 'quotation')}. "
        f"{count(rest, 'quotation')} {'stays' if rest == 1 else 'stay'} with {name}. {_HERE}",
    )
    confirm = split_id(speaker.speaker.id, part).button("Take them apart")
    return confirmation(embed, confirm, asker=asker, cancel="Cancel")


def decided(result: OverrideResult, *, asker: int) -> Reply:
    """Return what was decided or undone, and the speakers there are now."""
    speakers = _lines([_entry(entry) for entry in result.speakers])
    embed = card("Undone" if result.undone else "Done", _sentence(result.override), ("Now", speakers))
    undo = () if result.undone else (_undo(result.override, "Undo"),)
    return Reply(embeds=(embed,), controls=(*undo, DeleteId(asker).button("Close")))


def undoing(overrides: Sequence[Override], title: str) -> Reply:
    """Return as many overrides as fit into a message, and a button for each that undoes it.

    It is no card: Discord names everybody who is mentioned in a message, but in a card only whom the reader has met.
    """
    lines = [f"**{number}** · {_sentence(override)} {_by(override)}" for number, override in enumerate(overrides, 1)]
    title = f"**{title}**"
    shown, *_ = limits.paginate(lines, _LISTED, limits.CONTENT - len(title), lambda line: len(line) + 1)
    buttons = (_undo(override, f"Undo {number}") for number, override in enumerate(overrides[: len(shown)], 1))
    return Reply(content="\n".join((title, *shown)), controls=tuple(buttons))


def part_label(part: SplitCandidate, limit: int) -> str:
    """Return `Role: striker (3)`; the number of quotations is never cut."""
    number = f" ({part.quotations})"
    article = f" {part.number}" if part.kind is SplitKind.ARTICLE else ""
    return limits.cut(f"{part.kind.capitalize()}{article}: {part.label}", limit - len(number)) + number


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
    return sentence.format(name=_name(override.name), other=limits.cut(override.other or "", _SHORT_LINE, escaped))


def _label(override: Override) -> str:
    return _LABELS.get(override.kind, "{name} apart ({other})").format(name=override.name, other=override.other)


def _by(override: Override) -> str:
    when = short_day(override.made_at)
    if override.collection == SHARED:
        return f"(the operator, {when}, everywhere)"
    return f"({f'<@{override.made_by}>' if override.made_by else 'somebody'}, {when})"


def _undo(override: Override, label: str) -> Control:
    return UndoOverrideId(override.fingerprint).button(limits.cut(label, limits.BUTTON_LABEL))


def _amounts(speaker: SpeakerShown) -> str:
    return f"{count(speaker.quotations, 'quotation')} in {count(speaker.articles, 'article')}"


def _summary(speaker: SpeakerShown) -> str:
    return f"**{limits.cut(name_with_role(speaker.speaker), _LINE, escaped)}**\n{_amounts(speaker)}"


def _entry(entry: SpeakerEntry) -> str:
    newest = f", {limits.one_line(dated_title(entry.newest), _NAME)}" if entry.newest else ""
    name = limits.cut(name_with_role(entry.speaker), _SHORT_LINE, escaped)
    return f"{name}{newest}: {count(entry.quotations, 'quotation')}"


def _lines(lines: Sequence[str]) -> str:
    """Return a field's value: at most ten lines, as many as fit, and how many more there are."""
    listed: list[str] = []
    for line in lines[:_LISTED]:
        if sum(map(len, listed)) + len(listed) + len(line) + 1 > limits.FIELD_VALUE - _AND_MORE:
            break
        listed.append(line)
    more = len(lines) - len(listed)
    return "\n".join([*listed, f"and {more} more"] if more else listed)


def _name(name: str) -> str:
    return f"**{limits.one_line(name, _NAME)}**"
