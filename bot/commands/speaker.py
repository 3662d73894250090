"""`/speaker`: who is who in this server, shown and decided by hand: merge, split, alias. For those who manage it.

Answers privately. Merge and split show what would change before a button does it; an alias is given at once.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot import autocomplete
from bot.autocomplete import Typed, find_speaker, suggest
from bot.checks import authorise
from bot.command_kinds import ModeratorGroup
from bot.interactions import scope_of
from bot.render import limits, speakers
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.ids import ArticleNumber, UserId
from retrieval.domain.overrides import SplitKind
from retrieval.errors import OverrideRejected

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from retrieval.domain.overrides import SpeakerShown, SplitCandidate
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

    Result = TypeVar("Result")

_PART: Final = re.compile(rf"({'|'.join(SplitKind)}):(S?\d{{1,10}})")

speaker_group = ModeratorGroup("speaker", "Decide who is who among those who are quoted, for this server.")


@speaker_group.subcommand("What is known of a speaker, and what was decided by hand.")
@app_commands.describe(speaker="Begin to type a name and pick it from the list")
@app_commands.autocomplete(speaker=autocomplete.speaker)
async def show(interaction: Interaction, speaker: Typed) -> None:
    """Show names, roles over time, how often quoted, and the decisions with buttons to undo them."""
    home, newsroom = await _authorise(interaction)

    def render(shown: SpeakerShown) -> Reply:
        assert home.server is not None
        return speakers.details(shown, asker=interaction.user.id, own=home.server)

    await _respond(interaction, lambda: newsroom.speakers.shown(home, find_speaker(newsroom, home, speaker)), render)


@speaker_group.subcommand("Two names are one person: what one is quoted with is found under the other.")
@app_commands.describe(speaker="The name that is to be another one's", into="Whose name it is")
@app_commands.autocomplete(speaker=autocomplete.speaker, into=autocomplete.speaker)
async def merge(interaction: Interaction, speaker: Typed, into: Typed) -> None:
    """Show what would change, with a button that does it."""
    home, newsroom = await _authorise(interaction)

    def work() -> tuple[SpeakerShown, SpeakerShown]:
        first, second = find_speaker(newsroom, home, speaker), find_speaker(newsroom, home, into)
        return newsroom.overrides.plan_merge(home, first, second)

    await _respond(interaction, work, lambda plan: speakers.merging(*plan, asker=interaction.user.id))


async def _suggest_parts(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest what can be taken apart of the speaker that was chosen before."""
    newsroom, scope = service_of(interaction).newsroom, scope_of(interaction)
    speaker = str(interaction.namespace.speaker or "")

    def work() -> list[app_commands.Choice[str]]:
        parts = newsroom.speakers.shown(scope, find_speaker(newsroom, scope, speaker)).split_candidates
        labelled = ((speakers.part_label(part, limits.CHOICE), part) for part in parts)
        matching = ((label, part) for label, part in labelled if typed.casefold() in label.casefold())
        return [
            app_commands.Choice(name=label, value=f"{part.kind}:{part.number}")
            for label, part in islice(matching, limits.CHOICES)
        ]

    return list(await suggest(interaction, work))


@speaker_group.subcommand("One name is two people: take a name, a role or an article apart.")
@app_commands.describe(speaker="Of whom something is to be taken apart", part="What: pick it from the list")
@app_commands.autocomplete(speaker=autocomplete.speaker, part=_suggest_parts)
async def split(interaction: Interaction, speaker: Typed, part: Typed) -> None:
    """Show what would change, with a button that does it."""
    home, newsroom = await _authorise(interaction)

    def work() -> tuple[SpeakerShown, SplitCandidate]:
        match = _PART.fullmatch(part.strip())
        number = None if match is None else ArticleNumber.parse(match[2])
        if match is None or number is None:
            raise OverrideRejected("speaker.part_not_picked")
        kind, speaker_id = SplitKind(match[1]), find_speaker(newsroom, home, speaker)
        part_number = number if kind is SplitKind.ARTICLE else number.number
        return newsroom.overrides.plan_split(home, speaker_id, kind, part_number)

    await _respond(interaction, work, lambda plan: speakers.splitting(*plan, asker=interaction.user.id))


@speaker_group.subcommand("Give a speaker one more name, for /quote and for its list of names.")
@app_commands.describe(speaker="Who is to have one more name", name="The other name")
@app_commands.autocomplete(speaker=autocomplete.speaker)
async def alias(interaction: Interaction, speaker: Typed, name: app_commands.Range[str, 1, 80]) -> None:
    """Give the alias at once, with a button that undoes it."""
    home, newsroom = await _authorise(interaction)
    by = UserId(interaction.user.id)
    await _respond(
        interaction,
        lambda: newsroom.overrides.alias(home, find_speaker(newsroom, home, speaker), name, by),
        lambda result: speakers.decided(result, asker=by),
    )


async def _authorise(interaction: Interaction) -> tuple[Scope, Newsroom]:
    home = await authorise(interaction, not_here="bot.speakers_not_here", not_allowed="bot.speakers_not_allowed")
    return home, service_of(interaction).newsroom


async def _respond(interaction: Interaction, work: Callable[[], Result], render: Callable[[Result], Reply]) -> None:
    """Answer; work that is refused while articles load is repeated afterwards, because somebody may be missing."""
    service = service_of(interaction)
    request = Request(work, render, wait_for=service.newsroom.warm_up, is_incomplete=lambda _: False)
    await service.responses.defer_and_respond(interaction, request)
