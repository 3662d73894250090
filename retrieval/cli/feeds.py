"""`python -m retrieval feed …`: the operator's feeds, whose articles every server sees."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from config.exit_codes import ExitCode
from retrieval.cli.printing import count
from retrieval.domain.ids import FeedId
from retrieval.domain.scope import Scope
from retrieval.errors import FeedRejected

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console

    from retrieval.domain.feeds import FeedHealth, FeedUpdate
    from retrieval.newsroom import Newsroom

    class Opening(Protocol):
        """Opens the newsroom, with the model or without; makes a missing archive only where it `may_begin` one."""

        def __call__(self, *, needs_model: bool, may_begin: bool = False) -> AbstractContextManager[Newsroom]:
            """The newsroom until the end of the block."""


_HELP = "Follow feeds for every server: RSS, Atom or JSON Feed."

operator = Scope()


def feed_verbs(opening: Opening, out: Console) -> typer.Typer:
    """The verbs, over the newsroom that `opening` opens; they print to `out`."""
    app = typer.Typer(help=_HELP, no_args_is_help=True)

    @app.command()
    def add(url: Annotated[str, typer.Argument(help="The address of a feed, or of a page that names one.")]) -> None:
        """Follow a feed: the bot, or `feed update`, reads its new articles."""
        with opening(needs_model=False, may_begin=True) as room:
            added = room.feeds.add(operator, url)
            out.print(f"{'Followed already' if added.known else 'Following'} {_line(added.feed)}")
            for other in added.others:
                out.print(f"  that page names another feed too: {other}")

    @app.command("list")
    def list_feeds() -> None:
        """List the feeds with their numbers, and how each is doing."""
        with opening(needs_model=False) as room:
            feeds = room.feeds.listed(operator)
            for feed in feeds:
                out.print(_line(feed))
                out.print(f"        {_health(feed)}")
            out.print(count(len(feeds), "feed"))

    @app.command()
    def remove(feed: Annotated[int, typer.Argument(help="The feed's number, as `feed list` prints it.")]) -> None:
        """Follow a feed no longer; its articles stay."""
        with opening(needs_model=False) as room:
            out.print(f"Removed {_line(room.feeds.remove(operator, _numbered(room, feed)))}")

    @app.command()
    def update() -> None:
        """Look at every feed now, and read what is new; can be stopped at any moment."""
        with opening(needs_model=True) as room:
            now, failed = datetime.now(UTC), 0
            if not room.feeds.listed(operator):
                out.print("You follow no feed: `feed add` follows one.")
            room.feeds.wake(operator, now)
            while (done := room.feeds.update(now, only=operator)) is not None:
                out.print(_done(done))
                failed += done.problem is not None
        if failed:
            raise typer.Exit(ExitCode.NOT_FOUND)

    return app


def _numbered(room: Newsroom, number: int) -> FeedId:
    """Raises FeedRejected where no feed of that number is followed."""
    if number not in {each.id for each in room.feeds.listed(operator)}:
        message = f"You follow no feed {number}: `feed list` prints the numbers."
        raise FeedRejected(message)
    return FeedId(number)


def _line(feed: FeedHealth) -> str:
    return f"{feed.id:>6}  {feed.name} ({feed.url})"


def _health(feed: FeedHealth) -> str:
    articles = count(feed.articles, "article")
    if feed.stopped_at is not None:
        return f"{articles}; gone for good since {feed.stopped_at:%Y-%m-%d}: {feed.last_error}"
    if feed.failing_since is not None:
        again = f"next try {feed.due_at:%Y-%m-%d %H:%M} UTC"
        return f"{articles}; failing since {feed.failing_since:%Y-%m-%d %H:%M} UTC: {feed.last_error} {again}"
    answered = f"answered {feed.answered_at:%Y-%m-%d %H:%M} UTC" if feed.answered_at else "not asked yet"
    return f"{articles}; {answered}"


def _done(update: FeedUpdate) -> str:
    if update.problem is not None:
        return f"{update.name}: {update.problem}"
    said = f"{update.name}: {update.added} added, {update.changed} changed, {update.refused} no articles"
    return said + (f", {update.left} left for the next time" if update.left else "")
