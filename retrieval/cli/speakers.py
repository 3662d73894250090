"""`python -m retrieval speaker …`: who is who, shown and decided by hand for every reader of the shared articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from config.exit_codes import ExitCode
from retrieval.cli.printing import count, full_name
from retrieval.domain.ids import OverrideId, SpeakerId
from retrieval.domain.overrides import OverrideKind, OverrideResult, SplitKind
from retrieval.domain.quotations import SpeakerAmbiguous, SpeakerUnknown
from retrieval.domain.scope import Scope
from retrieval.errors import OverrideRejected

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from rich.console import Console

    from retrieval.archive.speakers.repository import SpeakerRepository
    from retrieval.domain.overrides import Override, SpeakerShown, SplitCandidate
    from retrieval.domain.quotations import RoleHeld, SpeakerEntry
    from retrieval.newsroom import Newsroom

    Opening = Callable[[], AbstractContextManager[Newsroom]]

_HELP = "Show who is who, and decide it by hand: for every reader, the shared articles and those of each server."
_WHO = "A name, an alias or a part of it; or a speaker's number, where several share the name."

operator = Scope()
SpeakerName = Annotated[str, typer.Argument(help=_WHO)]


def speaker_verbs(opening: Opening, out: Console) -> typer.Typer:
    """The verbs, over the newsroom that `opening` opens; they print to `out`."""
    app = typer.Typer(help=_HELP, no_args_is_help=True)

    @app.command()
    def show(name: SpeakerName) -> None:
        """Print names, roles over time and decisions of a speaker, and what of them can be taken apart."""
        with opening() as room:
            _print_shown(out, room.speakers.shown(operator, _chosen(out, room.speakers, name)))

    @app.command()
    def merge(name: SpeakerName, into: Annotated[str, typer.Argument(help="Whose name it is.")]) -> None:
        """Let one name be another speaker's, now and in articles to come."""
        with opening() as room:
            one, other = _chosen(out, room.speakers, name), _chosen(out, room.speakers, into)
            _print_ruled(out, room.speakers.merge(operator, one, other))

    @app.command()
    def split(
        name: SpeakerName,
        *,
        of_name: Annotated[str | None, typer.Option("--name", help="Take apart one of the speaker's names.")] = None,
        role: Annotated[str | None, typer.Option(help="Take apart the articles that print this role.")] = None,
        article: Annotated[str | None, typer.Option(help="Take apart the article of this number.")] = None,
    ) -> None:
        """Let a part of what is quoted of a speaker be somebody else's."""
        with opening() as room:
            speaker = _chosen(out, room.speakers, name)
            asked = {SplitKind.NAME: of_name, SplitKind.ROLE: role, SplitKind.ARTICLE: article}
            part = _part(room.speakers.shown(operator, speaker), asked)
            _print_ruled(out, room.speakers.split(operator, speaker, part.kind, part.number))

    @app.command()
    def alias(name: SpeakerName, other: Annotated[str, typer.Argument(help="One more name of theirs.")]) -> None:
        """Let a speaker answer to one more name."""
        with opening() as room:
            _print_ruled(out, room.speakers.alias(operator, _chosen(out, room.speakers, name), other))

    @app.command()
    def rulings() -> None:
        """List what was decided, with the numbers by which it is undone."""
        with opening() as room:
            rulings = room.speakers.overrides(operator)
            for ruling in rulings:
                out.print(_line(ruling))
            if not rulings:
                out.print("Nothing was decided by hand.")

    @app.command()
    def undo(number: Annotated[int, typer.Argument(help="The decision's number, as `rulings` prints it.")]) -> None:
        """Let a decision count no more."""
        with opening() as room:
            _print_ruled(out, room.speakers.undo(operator, OverrideId(number)))

    return app


def _chosen(out: Console, speakers: SpeakerRepository, name: str) -> SpeakerId:
    """The one speaker meant; ends the program where there is none or more than one."""
    if name.isdecimal():
        return SpeakerId(int(name))
    found = speakers.named(operator, name)
    if isinstance(found, SpeakerUnknown):
        out.print(f"Nobody called {name!r} is quoted in the archive.")
        raise typer.Exit(ExitCode.NOT_FOUND)
    if isinstance(found, SpeakerAmbiguous):
        out.print(f"Several speakers answer to {name!r}. Give the number of the one you mean:")
        for entry in found.choices:
            out.print(f"{entry.speaker.id:>6}  {_entry(entry)}")
        raise typer.Exit(ExitCode.NOT_FOUND)
    return found.speaker.id


def _part(shown: SpeakerShown, asked: dict[SplitKind, str | None]) -> SplitCandidate:
    """The part that the options name. Raises OverrideRejected."""
    wanted = {kind: given for kind, given in asked.items() if given is not None}
    if len(wanted) != 1:
        message = "Say what to take apart: one of --name, --role and --article."
        raise OverrideRejected(message)
    [(kind, given)] = wanted.items()
    for part in shown.parts:
        if part.kind is kind and given in {str(part.number), part.label}:
            return part
    message = f"{shown.speaker.name} has no such part: `speaker show` lists what can be taken apart."
    raise OverrideRejected(message)


def _print_shown(out: Console, shown: SpeakerShown) -> None:
    speaker = shown.speaker
    quoted = f"{count(shown.quotations, 'quotation')} in {count(shown.articles, 'article')}"
    out.print(f"{speaker.id}  {full_name(speaker)}: {quoted}")
    for held in speaker.roles:
        out.print(f"  role: {held.role}{_years(held)}")
    for name in speaker.aliases:
        out.print(f"  also: {name}")
    for ruling in shown.overrides:
        out.print(f"  decided: {_line(ruling)}")
    for part in shown.parts:
        number = f"{part.number} " if part.kind is SplitKind.ARTICLE else ""
        out.print(f"  can be taken apart: --{part.kind} {number}{part.label!r} ({count(part.quotations, 'quotation')})")


def _print_ruled(out: Console, done: OverrideResult) -> None:
    out.print(f"{'Undone' if done.undone else 'Decided'}: {_line(done.override)}")
    for entry in done.speakers:
        out.print(f"  now: {_entry(entry)}")


def _line(ruling: Override) -> str:
    says = {
        OverrideKind.MERGE: f"{ruling.name} is {ruling.other}",
        OverrideKind.APART: f"{ruling.name} is somebody else than {ruling.other}",
        OverrideKind.PART: f"{ruling.name} is somebody else in {ruling.other!r}",
        OverrideKind.ALIAS: f"{ruling.name} is also called {ruling.other}",
    }
    return f"{ruling.id}  {says[ruling.kind]} ({ruling.made_at:%Y-%m-%d})"


def _entry(entry: SpeakerEntry) -> str:
    newest = f", {entry.newest}" if entry.newest else ""
    return f"{full_name(entry.speaker)}{newest} ({count(entry.quotations, 'quotation')})"


def _years(held: RoleHeld) -> str:
    if held.since is None or held.until is None:
        return ""
    first, last = held.since.year, held.until.year
    return f" ({first})" if first == last else f" ({first}-{last})"
