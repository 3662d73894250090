"""A speaker for those who decide who is who: what is known, what a decision would change, what it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord.utils import format_dt

from bot.render import limits
from bot.render.amounts import count
from bot.render.escape import escaped, plain
from bot.render.people import roles_told, who
from bot.render.reply import Control, Reply, delete_control
from retrieval.domain.ids import SHARED, ArticleNumber
from retrieval.domain.overrides import OverrideKind, SplitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrieval.domain.ids import CollectionId, SpeakerId
    from retrieval.domain.overrides import Override, OverrideResult, PartNumber, SpeakerShown, SplitCandidate
    from retrieval.domain.quotations import SpeakerEntry

MERGE_TEMPLATE = r"merge:(?P<speaker>\d{1,20}):(?P<into>\d{1,20})"
SPLIT_TEMPLATE = r"split:(?P<speaker>\d{1,20}):(?P<kind>[0-2]):(?P<shared>[01]):(?P<part>\d{1,10})"
UNRULE_TEMPLATE = r"unrule:(?P<ruling>\d{1,20})"
KINDS: Final = (SplitKind.NAME, SplitKind.ROLE, SplitKind.ARTICLE)

MAY_NOT: Final = "Only members who may manage this server can decide who is who here."
NOT_HERE: Final = "Who is who can only be decided in a server that I am a member of."

_COLOUR: Final = discord.Colour(0x2F6FDE)
_NAME: Final = 80
_LISTED: Final = 10
_UNDONE_AT_ONCE: Final = 5
_HERE: Final = "It counts in this server alone, also for articles that come later. You can undo it."


def shown(what: SpeakerShown, *, asker: int, own: CollectionId) -> Reply:
    """All about a speaker; decisions of the server `own` can be undone from here."""
    embed = discord.Embed(title=limits.cut(who(what.speaker), limits.TITLE, escaped), colour=_COLOUR)
    embed.description = f"{count(what.quotations, 'quotation')} in {count(what.articles, 'article')}."
    told = roles_told(what.speaker.roles)
    _field(embed, "Roles", [escaped(plain(role)) for role in told])
    _field(embed, "Also called", [escaped(plain(alias)) for alias in what.speaker.aliases])
    _field(embed, "Decided by hand", [f"{_said(rule)} {_by_whom(rule)}" for rule in what.overrides])
    undoing = [rule for rule in what.overrides if rule.collection == own][:_UNDONE_AT_ONCE]
    controls = tuple(_undo(rule, f"Undo: {_briefly(rule)}") for rule in undoing)
    return Reply(embeds=(embed,), controls=(*controls, delete_control(asker, "Close")))


def merging(one: SpeakerShown, into: SpeakerShown, *, asker: int) -> Reply:
    """What would become of two speakers who are one; nothing is changed yet."""
    first, second = _name(one.speaker.name), _name(into.speaker.name)
    embed = discord.Embed(title="Make these two one person?", colour=_COLOUR)
    embed.add_field(name="This name", value=_summary(one), inline=False)
    embed.add_field(name="becomes a name of", value=_summary(into), inline=False)
    embed.description = f"What is quoted of {first} will then be found under {second}. {_HERE}"
    control = Control("Make them one", f"merge:{one.speaker.id}:{into.speaker.id}")
    return Reply(embeds=(embed,), controls=(control, delete_control(asker, "Cancel")))


def splitting(whole: SpeakerShown, part: SplitCandidate, *, asker: int) -> Reply:
    """What would be taken apart; nothing is changed yet."""
    name, label = _name(whole.speaker.name), limits.cut(part.label, 200, escaped)
    what = {
        SplitKind.NAME: f"what is quoted under the name {label}",
        SplitKind.ROLE: f"what is quoted in articles that call {name} “{label}”",
        SplitKind.ARTICLE: f"what is quoted in article {part.number}, “{label}”",
    }[part.kind]
    embed = discord.Embed(title="Take these apart?", colour=_COLOUR)
    rest = whole.quotations - part.quotations
    embed.description = (
        f"{what[0].upper()}{what[1:]} will then be a speaker of its own: {count(part.quotations, 'quotation')}. "
        f"{count(rest, 'quotation')} {'stays' if rest == 1 else 'stay'} with {name}. {_HERE}"
    )
    control = Control("Take them apart", split_id(whole.speaker.id, part))
    return Reply(embeds=(embed,), controls=(control, delete_control(asker, "Cancel")))


def ruled(done: OverrideResult, *, asker: int) -> Reply:
    """What was decided or undone, and who there is now."""
    said = _said(done.override)
    embed = discord.Embed(title="Undone" if done.undone else "Done", description=said, colour=_COLOUR)
    _field(embed, "Now", [_entry(entry) for entry in done.speakers])
    undoing = () if done.undone else (_undo(done.override, "Undo"),)
    return Reply(embeds=(embed,), controls=(*undoing, delete_control(asker, "Close")))


def part_label(part: SplitCandidate, limit: int) -> str:
    """`Role: striker (3)`, the number of quotations always whole."""
    number = f" ({part.quotations})"
    article = f" {part.number}" if part.kind is SplitKind.ARTICLE else ""
    return limits.cut(f"{part.kind.capitalize()}{article}: {part.label}", limit - len(number)) + number


def split_id(speaker: SpeakerId, part: SplitCandidate) -> str:
    """The custom id that takes a part of a speaker's quotations apart."""
    number = part.number if isinstance(part.number, ArticleNumber) else ArticleNumber(part.number)
    return f"split:{speaker}:{KINDS.index(part.kind)}:{number.shared:d}:{number.number}"


def part_of(fields: Mapping[str, int]) -> tuple[SplitKind, PartNumber]:
    """The part that such a custom id names."""
    kind = KINDS[fields["kind"]]
    article = kind is SplitKind.ARTICLE
    return kind, ArticleNumber(fields["part"], shared=bool(fields["shared"])) if article else fields["part"]


def _said(rule: Override) -> str:
    name, other = _name(rule.name), limits.cut(rule.other or "", 200, escaped)
    match rule.kind:
        case OverrideKind.MERGE:
            return f"{name} is {other}."
        case OverrideKind.APART:
            return f"{name} is somebody else than {other}."
        case OverrideKind.ALIAS:
            return f"{name} is also called {other}."
        case OverrideKind.PART if rule.other_key:
            return f"{name}, {other}, is a person of their own."
        case _:
            return f"{name} in “{other}” is a person of their own."


def _briefly(rule: Override) -> str:
    match rule.kind:
        case OverrideKind.MERGE:
            return f"{rule.name} is {rule.other}"
        case OverrideKind.ALIAS:
            return f"called {rule.other}"
        case _:
            return f"{rule.name} apart ({rule.other})"


def _by_whom(rule: Override) -> str:
    when = format_dt(rule.made_at, "d")
    if rule.collection == SHARED:
        return f"(the operator, {when}, everywhere)"
    return f"({f'<@{rule.made_by}>' if rule.made_by else 'somebody'}, {when})"


def _undo(ruling: Override, label: str) -> Control:
    return Control(limits.cut(label, limits.BUTTON_LABEL), f"unrule:{ruling.mark}")


def _summary(one: SpeakerShown) -> str:
    name = limits.cut(who(one.speaker), 300, escaped)
    return f"**{name}**\n{count(one.quotations, 'quotation')} in {count(one.articles, 'article')}"


def _entry(entry: SpeakerEntry) -> str:
    newest = f", {limits.cut(plain(entry.newest), _NAME, escaped)}" if entry.newest else ""
    return f"{limits.cut(who(entry.speaker), 200, escaped)}{newest}: {count(entry.quotations, 'quotation')}"


def _field(embed: discord.Embed, name: str, lines: Iterable[str]) -> None:
    """At most ten lines, as many as fit; no field where there is none."""
    given = list(lines)
    kept: list[str] = []
    for line in given[:_LISTED]:
        if sum(len(one) + 1 for one in (*kept, line)) > limits.FIELD_VALUE - 20:
            break
        kept.append(line)
    if len(kept) < len(given):
        kept.append(f"and {len(given) - len(kept)} more")
    if given:
        embed.add_field(name=name, value="\n".join(kept), inline=False)


def _name(name: str) -> str:
    return f"**{limits.cut(plain(name), _NAME, escaped)}**"
