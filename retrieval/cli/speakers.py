"""`python -m retrieval speaker …`: shows who is who, and decides it by hand for the shared articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from config.exit_codes import ExitCode
from retrieval.cli.printing import full_name
from retrieval.cli.session import OPERATOR, newsroom, out
from retrieval.domain.ids import OverrideId, SpeakerId
from retrieval.domain.overrides import CORRECTIONS, OverrideKind, OverrideResult, SplitKind
from retrieval.domain.quotations import SpeakerAmbiguous, SpeakerUnknown
from retrieval.domain.wording import count, dated_title, day
from retrieval.errors import OverrideRejected

if TYPE_CHECKING:
    from retrieval.archive.speakers.repository import SpeakerRepository
    from retrieval.domain.overrides import Override, SpeakerShown, SplitCandidate
    from retrieval.domain.quotations import RoleHeld, SpeakerEntry

_HELP = "Show who is who, and decide it by hand: for the shared articles and those of each server."
_WHO = "A name, an alias or a part of it; or a speaker's number, where several share the name."

SpeakerName = Annotated[str, typer.Argument(help=_WHO)]
speaker_app = typer.Typer(help=_HELP, no_args_is_help=True)


@speaker_app.command()
def show(name: SpeakerName) -> None:
    """Print a speaker's names, roles over time and decisions, and the parts that can be split off."""
    with newsroom(needs_model=False) as room:
        _print_shown(room.speakers.shown(OPERATOR, _chosen(room.speakers, name)))


@speaker_app.command()
def merge(name: SpeakerName, into: Annotated[str, typer.Argument(help="The speaker whose name it is.")]) -> None:
    """Make a name another speaker's, in present and later articles."""
    with newsroom(needs_model=False) as room:
        merged, target = _chosen(room.speakers, name), _chosen(room.speakers, into)
        _print_result(room.overrides.merge(OPERATOR, merged, target))


@speaker_app.command()
def split(
    name: SpeakerName,
    *,
    of_name: Annotated[str | None, typer.Option("--name", help="Take apart one of the speaker's names.")] = None,
    role: Annotated[str | None, typer.Option(help="Take apart the articles that print this role.")] = None,
    article: Annotated[str | None, typer.Option(help="Take apart the article of this number.")] = None,
) -> None:
    """Make a part of a speaker's quotations somebody else's."""
    with newsroom(needs_model=False) as room:
        speaker = _chosen(room.speakers, name)
        options = {SplitKind.NAME: of_name, SplitKind.ROLE: role, SplitKind.ARTICLE: article}
        candidate = _candidate(room.speakers.shown(OPERATOR, speaker), options)
        _print_result(room.overrides.split(OPERATOR, speaker, candidate.kind, candidate.number))


@speaker_app.command()
def alias(name: SpeakerName, other: Annotated[str, typer.Argument(help="One more name of theirs.")]) -> None:
    """Give a speaker one more name."""
    with newsroom(needs_model=False) as room:
        _print_result(room.overrides.alias(OPERATOR, _chosen(room.speakers, name), other))


@speaker_app.command("rulings")
def list_overrides() -> None:
    """Print the decisions, each with the number that undoes it."""
    with newsroom(needs_model=False) as room:
        overrides = room.overrides.active(OPERATOR)
        for override in overrides:
            out.print(_line(override))
        if not overrides:
            out.print("Nothing was decided by hand.")


@speaker_app.command()
def undo(number: Annotated[int, typer.Argument(help="The decision's number, as `rulings` prints it.")]) -> None:
    """Undo a decision."""
    with newsroom(needs_model=False) as room:
        _print_result(room.overrides.undo(OPERATOR, OverrideId(number)))


def _chosen(speakers: SpeakerRepository, name: str) -> SpeakerId:
    """The one speaker of this name or number; ends the program where there is none, or more than one."""
    if name.isdecimal():
        return SpeakerId(int(name))
    named = speakers.named(OPERATOR, name)
    if isinstance(named, SpeakerUnknown):
        out.print(f"Nobody called {name!r} is quoted in the archive.")
        raise typer.Exit(ExitCode.NOT_FOUND)
    if isinstance(named, SpeakerAmbiguous):
        out.print(f"Several speakers answer to {name!r}. Give the number of the one you mean:")
        for entry in named.choices:
            out.print(f"{entry.speaker.id:>6}  {_entry(entry)}")
        raise typer.Exit(ExitCode.NOT_FOUND)
    return named.speaker.id


def _candidate(shown: SpeakerShown, options: dict[SplitKind, str | None]) -> SplitCandidate:
    """The split candidate that the options name. Raises OverrideRejected."""
    wanted = {kind: given for kind, given in options.items() if given is not None}
    if len(wanted) != 1:
        raise OverrideRejected("speaker.part_not_named")
    [(kind, given)] = wanted.items()
    for part in shown.split_candidates:
        if part.kind is kind and given in {str(part.number), part.label}:
            return part
    raise OverrideRejected("speaker.part_unknown", name=shown.speaker.name)


def _print_shown(shown: SpeakerShown) -> None:
    speaker = shown.speaker
    quoted = f"{count(shown.quotations, 'quotation')} in {count(shown.articles, 'article')}"
    out.print(f"{speaker.id}  {full_name(speaker)}: {quoted}")
    for role in speaker.roles:
        out.print(f"  role: {role.role}{_years(role)}")
    for name in speaker.aliases:
        out.print(f"  also: {name}")
    for override in shown.overrides:
        out.print(f"  decided: {_line(override)}")
    for part in shown.split_candidates:
        number = f"{part.number} " if part.kind is SplitKind.ARTICLE else ""
        out.print(f"  can be taken apart: --{part.kind} {number}{part.label!r} ({count(part.quotations, 'quotation')})")


def _print_result(result: OverrideResult) -> None:
    out.print(f"{'Undone' if result.undone else 'Decided'}: {_line(result.override)}")
    for entry in result.speakers:
        out.print(f"  now: {_entry(entry)}")


def _line(override: Override) -> str:
    sentences = {
        OverrideKind.MERGE: f"{override.name} is {override.other}",
        OverrideKind.APART: f"{override.name} is somebody else than {override.other}",
        OverrideKind.PART: f"{override.name} is somebody else in {override.other!r}",
        OverrideKind.ALIAS: f"{override.name} is also called {override.other}",
        **{kind: said[:-1].format(name=override.name, other=override.other) for kind, said in CORRECTIONS.items()},
    }
    return f"{override.id}  {sentences[override.kind]} ({day(override.made_at)})"


def _entry(entry: SpeakerEntry) -> str:
    newest = f", {dated_title(entry.newest)}" if entry.newest else ""
    return f"{full_name(entry.speaker)}{newest} ({count(entry.quotations, 'quotation')})"


def _years(role: RoleHeld) -> str:
    if role.since is None or role.until is None:
        return ""
    first, last = role.since.year, role.until.year
    return f" ({first})" if first == last else f" ({first}-{last})"
