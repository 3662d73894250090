"""`python -m retrieval feed …`: the operator's feeds, whose articles every server sees."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from config.exit_codes import ExitCode
from retrieval.cli.session import OPERATOR, newsroom, out
from retrieval.domain.ids import FeedId
from retrieval.domain.wording import count, day, minute
from retrieval.errors import FeedRejected, unpacked

if TYPE_CHECKING:
    from retrieval.domain.feeds import FeedHealth, FeedUpdate
    from retrieval.newsroom import Newsroom

feed_app = typer.Typer(help="Follow feeds for every server: RSS, Atom or JSON Feed.", no_args_is_help=True)


@feed_app.command()
def add(url: Annotated[str, typer.Argument(help="The address of a feed, or of a page that names one.")]) -> None:
    """Follow a feed: the bot, or `feed update`, reads its new articles."""
    with newsroom(needs_model=False, may_create=True) as room:
        added = room.feeds.add(OPERATOR, url)
        out.print(f"{'Followed already' if added.known else 'Following'} {_line(added.feed)}")
        for address in added.others:
            out.print(f"  that page names another feed too: {address}")


@feed_app.command("list")
def list_feeds() -> None:
    """List the feeds with their numbers, and how each is doing."""
    with newsroom(needs_model=False) as room:
        feeds = room.feeds.listed(OPERATOR)
        for feed in feeds:
            out.print(_line(feed))
            out.print(f"        {_health(feed)}")
        out.print(count(len(feeds), "feed"))


@feed_app.command()
def remove(feed: Annotated[int, typer.Argument(help="The feed's number, as `feed list` prints it.")]) -> None:
    """Stop following a feed; its articles stay."""
    with newsroom(needs_model=False) as room:
        out.print(f"Removed {_line(room.feeds.remove(OPERATOR, _numbered(room, feed)))}")


@feed_app.command()
def update() -> None:
    """Read the new articles of every feed now; can be stopped at any moment."""
    with newsroom(needs_model=True) as room:
        now, failed = datetime.now(UTC), 0
        if not room.feeds.listed(OPERATOR):
            out.print("You follow no feed: `feed add` follows one.")
        room.feeds.schedule.make_due(OPERATOR.own, now)
        while (outcome := room.feeds.update(now, only=OPERATOR)) is not None:
            out.print(_outcome(outcome))
            failed += outcome.problem is not None
    if failed:
        raise typer.Exit(ExitCode.NOT_FOUND)


def _numbered(room: Newsroom, number: int) -> FeedId:
    """The id of a followed feed. Raises FeedRejected where no feed of that number is followed."""
    if number not in {each.id for each in room.feeds.listed(OPERATOR)}:
        raise FeedRejected("feed.unknown", number=number)
    return FeedId(number)


def _line(feed: FeedHealth) -> str:
    return f"{feed.id:>6}  {feed.name} ({feed.url})"


def _health(feed: FeedHealth) -> str:
    articles = count(feed.articles, "article")
    if feed.stopped_at is not None:
        return f"{articles}; gone for good since {day(feed.stopped_at)}: {unpacked(feed.last_error or '')}"
    if feed.failing_since is not None:
        again = f"next try {minute(feed.due_at)}"
        return f"{articles}; failing since {minute(feed.failing_since)}: {unpacked(feed.last_error or '')} {again}"
    answered = f"answered {minute(feed.answered_at)}" if feed.answered_at else "not asked yet"
    return f"{articles}; {answered}"


def _outcome(update: FeedUpdate) -> str:
    if update.problem is not None:
        return f"{update.name}: {update.problem}"
    line = f"{update.name}: {update.added} added, {update.changed} changed, {update.rejected} no articles"
    return line + (f", {update.remaining} left for the next time" if update.remaining else "")
