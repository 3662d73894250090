"""`python -m retrieval`: the operator's commands."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from config.exit_codes import ExitCode
from config.release import version
from retrieval.archive.backup import backup_file
from retrieval.articles.claims import read_claims
from retrieval.articles.files import read_draft
from retrieval.assembly import open_newsroom, open_worker
from retrieval.cli import printing
from retrieval.cli.adding import add_inputs, print_skipped, with_claims_of_all
from retrieval.cli.feeds import feed_app
from retrieval.cli.inputs import count_inputs, read_inputs, skipped_files
from retrieval.cli.session import OPERATOR, await_model, command_settings, file_of, newsroom, out
from retrieval.cli.speakers import speaker_app
from retrieval.cli.status import print_status, print_status_json
from retrieval.domain.answers import Abstention, Answer
from retrieval.domain.editing import Claims
from retrieval.domain.file_types import USUAL_ENDINGS
from retrieval.domain.ids import ArticleNumber
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, UnnamedSources
from retrieval.domain.wording import count
from retrieval.errors import ArticleRejected, QuestionRejected
from retrieval.health import examine_other

app = typer.Typer(
    help="Ask the archive, look into it, and change what it holds.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(speaker_app, name="speaker")
app.add_typer(feed_app, name="feed")

Source = Annotated[str | None, typer.Option(help="Only articles of this publisher: a part of its name.")]
Since = Annotated[str | None, typer.Option(help="Only from this day on: 2024-03-25, 2024-03 or 2024.")]
Until = Annotated[str | None, typer.Option(help="Only up to this day, included.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    *,
    source: Source = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Answer a question with passages of the archive, word for word."""
    with newsroom(may_create=True) as room:
        match room.ask(room.narrowed(OPERATOR, source, since, until), question):
            case Answer() as answer:
                printing.print_answer(out, answer)
            case Abstention() as abstention:
                printing.print_abstention(out, abstention)
                raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def quote(
    speaker: Annotated[
        str | None, typer.Argument(help="The speaker: a name or a part of it; without one, whoever speaks --about it.")
    ] = None,
    *,
    about: Annotated[str | None, typer.Option(help="Only what was said about this, the nearest first.")] = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Print every quotation of a speaker, or what anybody said about something, word for word."""
    with newsroom(needs_model=about is not None) as room:
        scope = room.narrowed(OPERATOR, source, since, until)
        if speaker is None:
            if about is None:
                raise QuestionRejected("question.no_speaker_no_subject")
            quoted = room.quoted_about(scope, about)
            printing.print_quoted(out, quoted)
            if not quoted.speakers:
                raise typer.Exit(ExitCode.NOT_FOUND)
            return
        match room.quotes_by(scope, speaker, about):
            case QuotationsFound() as found:
                printing.print_quotations(out, found)
            case UnnamedSources() as unnamed:
                printing.print_unnamed(out, unnamed)
            case NotQuotedAbout() as not_about:
                printing.print_not_about(out, not_about)
                raise typer.Exit(ExitCode.NOT_FOUND)
            case unclear:
                printing.print_no_speaker(out, unclear)
                raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="One speaker: a name or a part of it.")],
    second: Annotated[str, typer.Argument(help="The other speaker.")],
    about: Annotated[str, typer.Argument(help="What both are to have spoken about.")],
    *,
    source: Source = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Print what two speakers said about something, word for word."""
    with newsroom() as room:
        sides = room.compare(room.narrowed(OPERATOR, source, since, until), first, second, about)
        for side in sides:
            printing.print_side(out, side)
        if not any(isinstance(side, QuotationsFound) for side in sides):
            raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def latest(
    topic: Annotated[str | None, typer.Argument(help="Only articles about this.")] = None,
    *,
    source: Source = None,
) -> None:
    """List the newest articles, those on one event together."""
    with newsroom(needs_model=topic is not None) as room:
        newest = room.latest(room.narrowed(OPERATOR, source), topic)
        printing.print_latest(out, newest)
        if not newest.stories:
            raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def add(
    what: Annotated[
        list[str],
        typer.Argument(
            help=f"Files ({', '.join(USUAL_ENDINGS)}; a .toml beside one describes it), folders, "
            "files of JSON lines (.jsonl), links."
        ),
    ],
    *,
    title: Annotated[str | None, typer.Option(help="The headline.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    date: Annotated[str | None, typer.Option(help="When: 2024-03-25 or 2024-03-25T14:05+00:00.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be read.")] = None,
) -> None:
    """Add articles to the archive."""
    with command_settings() as settings:
        given, expected = read_claims(_claims(title, publisher, date, url)), count_inputs(what)
        print_skipped(skipped_files(what))
        with open_newsroom(settings) as room:
            await_model(room)
            inputs = with_claims_of_all(read_inputs(what, room.importer), given)
            exit_code = add_inputs(room.importer, inputs, expected)
    if exit_code:
        raise typer.Exit(exit_code)


@app.command()
def quotations(
    file: Annotated[Path, typer.Argument(help="A UTF-8 text file.")],
    *,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="One JSON object a line. Offsets count characters of the file as it is, a byte order mark left out; "
            "`words` and `mention` are those characters with blanks, line ends and control characters tidied.",
        ),
    ] = False,
) -> None:
    """Print every quotation of a text file with its speaker; the archive is neither read nor changed."""
    with command_settings() as settings, open_worker(settings) as worker:
        draft = read_draft(file)
        read = worker.read(draft)
        if as_json:
            printing.print_quotations_json(out, read, draft.text)
        else:
            printing.print_quotations_read(out, read)
        if not read.quotations:
            raise typer.Exit(ExitCode.NOT_FOUND)


@app.command("list")
def list_articles() -> None:
    """List the articles, newest first."""
    with newsroom(needs_model=False) as room:
        printing.print_articles(out, room.articles.entries(OPERATOR))


@app.command()
def remove(article: Annotated[str, typer.Argument(help="The article's number, as `list` prints it.")]) -> None:
    """Remove an article with its quotations and vectors."""
    with newsroom(needs_model=False) as room:
        removed = room.articles.remove(OPERATOR, room.articles.numbered(OPERATOR, _parse_number(article)))
        out.print(f"Removed {removed.number}: {removed.source.title}")


@app.command()
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a program that watches.")] = False,
) -> None:
    """Print the health of the bot and its archive: exit code 0 where all is well, 1 where something needs you."""
    with command_settings() as settings:
        health = examine_other(
            settings.archive_path,
            settings.database,
            version=version(),
            backup_path=settings.backup_path,
            now=datetime.now(UTC),
        )
        (print_status_json if as_json else print_status)(out, health)
        if not health.is_well:
            raise typer.Exit(ExitCode.NOT_FOUND)


@app.command()
def edit(
    article: Annotated[str, typer.Argument(help="The article's number, as `list` prints it.")],
    *,
    title: Annotated[str | None, typer.Option(help="The headline.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it; - for nobody known.")] = None,
    date: Annotated[
        str | None, typer.Option(help="When: 2024-03-25 or 2024-03-25T14:05+00:00; - for no date known.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Where it can be read; - for nowhere known.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Restore what the last edit changed.")] = False,
) -> None:
    """Change the headline, publisher, date or link of an article, never its text."""
    claims = _claims(title, publisher, date, url)
    with newsroom() as room:
        id_ = room.articles.numbered(OPERATOR, _parse_number(article))
        if undo and claims:
            raise ArticleRejected("article.undo_and_change")
        edited = room.editor.undo(OPERATOR, id_) if undo else room.editor.edit(OPERATOR, id_, claims)
        printing.print_edited(out, edited, undone=undo)


@app.command()
def check(
    *,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="First rebuild the full-text index, and accept what belongs to no article as sound."
        ),
    ] = False,
) -> None:
    """Verify that the archive is sound; reads all of it, and records the outcome for `status`."""
    with newsroom(needs_model=False) as room:
        if repair:
            out.print(f"Rebuilt the full-text index of {count(room.repair(), 'passage')}.")
        report = room.check()
        printing.print_check(out, report)
        if report.problems:
            raise typer.Exit(ExitCode.UNUSABLE)


@app.command()
def reread() -> None:
    """Read the articles again whose quotations an older release found; the bot does that by itself."""
    with newsroom(needs_model=False) as room:
        room.rereader.run_when_free(threading.Event(), level=logging.WARNING)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; on another disk is best.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write the archive as it is now into one file, also while the bot runs."""
    with command_settings() as settings:
        copied = backup_file.back_up(file_of(settings), file, replace=force)
        out.print(f"Backed up to {file}: {printing.copied(copied)}, read again and sound.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Put a backup in the archive's place, and keep the archive that was there beside it; the bot must be stopped."""
    with command_settings() as settings:
        copied = backup_file.restore(file, file_of(settings))
        out.print(f"Restored {settings.archive_path}: {printing.copied(copied)}.")
        if copied.kept:
            out.print(f"What was there before is kept in {copied.kept}")


def _claims(title: str | None, publisher: str | None, date: str | None, url: str | None) -> Claims:
    """The fields that the options set of an article."""
    return Claims(title or None, publisher or None, date or None, url or None)


def _parse_number(typed: str) -> ArticleNumber:
    """The article's number that was typed. Raises ArticleRejected."""
    number = ArticleNumber.parse(typed)
    if number is None:
        raise ArticleRejected("article.no_number", typed=typed[:40])
    return number
