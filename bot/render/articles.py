"""Articles as moderators see them: what was understood of a new one, lists, details, and what asks to be confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time
from typing import TYPE_CHECKING, Final

import discord
from discord.utils import format_dt

from bot.render import limits
from bot.render.amounts import count, disk_low
from bot.render.escape import escaped, plain
from bot.render.reply import (
    Attached,
    Control,
    Reply,
    articles_id,
    delete_control,
    form_id,
    remove_id,
    undo_id,
    unedit_id,
)
from bot.render.sources import day, link, published
from retrieval.domain.editing import EDITABLE

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import (
        AddedArticle,
        ArticleEntry,
        ArticlePage,
        ArticleShown,
        Exported,
        Source,
        Version,
    )
    from retrieval.domain.editing import Edited
    from retrieval.domain.health import DiskRoom
    from retrieval.domain.ids import ArticleNumber

READING_PAGE: Final = "Reading the page …"
READING_FILE: Final = "Reading the file …"
READING_TEXT: Final = "Reading the text …"
UNDOING: Final = "Undoing …"
EDITING: Final = "Changing the article …"
NOT_YOURS_TO_EDIT: Final = (
    "That article is shared by the operator of this bot; only they can change it. /article add takes its text "
    "with what you know of it, for this server alone."
)
EDIT_OUTDATED: Final = "That edit was undone, or the article was changed since."
FORM_OUTDATED: Final = (
    "I was started again while this form was open, or you opened others after it, so nothing was added."
)
FORM_FORGOTTEN: Final = "I do not have that form any more. The text is in the file above; /article add opens a new one."
_FORM_AGAIN: Final = "*Correct it* opens the form with all of it, for half an hour, and the text is in the file."
GONE: Final = "That article is not among this server's own any more. /article list shows those that are."
NOTHING_TO_EXPORT: Final = "This server has no article of its own to export."
ONE_OF_BOTH: Final = "Give me a link or a file, not both; or neither, and paste the text."
EXPORT_PARTS: Final = 10
EXPORTING: Final = "This server is being handed an export already. When that has ended, ask again."

_NEW: Final = discord.Colour(0x2E8B57)
_PLAIN: Final = discord.Colour(0x2F6FDE)
_GREY: Final = discord.Colour(0x8A94A6)
_RED: Final = discord.Colour(0xC23B3B)
_NAMES: Final = 8
_NAME: Final = 60
_LINE: Final = 80
_CHANGED: Final = 400
_VERSIONS: Final = 5
_BLANK: Final = "…"
"""Stands for a name that has nothing to show."""


def added(new: AddedArticle, *, asker: int, low: DiskRoom | None = None) -> Reply:
    """What was understood of an article, with a button that takes it back; and that the disk is `low`, if it is."""
    article = new.article
    unchanged = new.known and new.shared is None
    what = "Already known" if unchanged else "A newer version replaced the older one" if new.replaced else "Added"
    embed = _card(article.source, _GREY if unchanged else _NEW)
    embed.set_author(name=f"{what}: {_called(new.number)}")
    embed.add_field(name="Understood", value=_amounts(new), inline=False)
    if new.speakers:
        embed.add_field(name="Quoted", value=_names(new.speakers), inline=False)
    if low is not None:
        embed.add_field(name="Disk full" if low.is_gone else "Disk nearly full", value=disk_low(low), inline=False)
    embed.set_footer(text=_footer(article.source))
    if new.shared is not None:
        embed.add_field(name="Shared", value=_kept_too(new.shared), inline=False)
    if unchanged:
        embed.set_footer(text=f"Nothing was changed{_ignored(new)}. /article edit changes what is known of an article.")
        return Reply(embeds=(embed,))
    return Reply(embeds=(embed,), controls=(Control("Undo", undo_id(asker, new.number, article)),))


def undone(entry: ArticleEntry) -> Reply:
    """What became of an article that was taken back: it is gone, or its older version is there again."""
    return Reply(embeds=(_struck(entry, "Undone"),))


def removed(entry: ArticleEntry) -> Reply:
    """That an article is gone with everything that was made of it."""
    return Reply(embeds=(_struck(entry, "Removed"),))


def confirm_removal(found: ArticleShown, *, asker: int) -> Reply:
    """Asks before an article is removed; refuses for one that is only shared."""
    article = found.article
    if not found.own:
        return Reply(content="That article is shared by the operator of this bot; only they can remove it.")
    embed = _card(article.source, _RED)
    embed.set_author(name=f"Remove this article? {_called(found.number)}")
    lost = [count(found.passages, "passage"), count(found.quotations, "quotation")]
    if found.versions:
        lost.append(count(len(found.versions), "older version"))
    embed.set_footer(text=f"With it go {', '.join(lost)}. This cannot be undone.")
    remove = Control("Remove", remove_id(asker, found.number, article), danger=True)
    return Reply(embeds=(embed,), controls=(remove, delete_control(asker, "Keep")))


def edited(what: Edited, *, asker: int) -> Reply:
    """What an edit changed, before and after, with a button that undoes it."""
    undo = Control("Undo", unedit_id(asker, what.now.number, what.now.article))
    return Reply(embeds=(_changed(what, "Edited"),), controls=(undo,))


def edit_undone(what: Edited) -> Reply:
    """What the undoing of an edit changed back."""
    return Reply(embeds=(_changed(what, "Undone"),))


def refused_form(refusal: Reply, *, text: str, asker: int) -> Reply:
    """Why a pasted text was not added, with the text itself and a button that opens the form again."""
    return replace(
        refusal,
        content=f"{refusal.content}\nNothing that you wrote is lost: {_FORM_AGAIN}",
        controls=(Control("Correct it", form_id(asker)),),
        file=Attached("article.txt", text.encode(errors="replace")),
    )


def listing(page: ArticlePage, *, asker: int, token: int, filters: dict[str, str]) -> Reply:
    """A page of articles, newest first, and by what they were narrowed."""
    embed = discord.Embed(title="Articles", colour=_PLAIN)
    if not page.entries:
        embed.description = _nothing(filters)
    for entry in page.entries:
        headline = limits.cut(plain(entry.source.title), _LINE, escaped) or _BLANK
        embed.add_field(name=f"{entry.number} · {headline}", value=published(entry.source), inline=False)
    first = page.number * page.size
    said = [f"{first + 1} to {first + len(page.entries)} of {page.total:,}"] if page.total else []
    said += [f"{name}: {plain(value)}" for name, value in filters.items()]
    said += [f"{count(page.undated, 'article')} without a date left out"] if page.undated else []
    if said:
        embed.set_footer(text=limits.cut(" · ".join(said), limits.FOOTER))
    back = (Control("Back", articles_id(asker, token, page.number - 1)),) if page.number else ()
    more = first + len(page.entries) < page.total
    on = (Control("Older", articles_id(asker, token, page.number + 1)),) if more else ()
    return Reply(embeds=(embed,), controls=(*back, *on))


def shown(found: ArticleShown) -> Reply:
    """All about one article."""
    source = found.article.source
    embed = _card(source, _PLAIN)
    embed.set_author(name=_called(found.number))
    if source.authors:
        embed.add_field(name="By", value=_names(source.authors), inline=False)
    embed.add_field(name="Holds", value=_amounts(found), inline=False)
    if found.speakers:
        quoted = [f"{name} ({count})" for name, count in found.speakers]
        embed.add_field(name="Quoted", value=_names(quoted), inline=False)
    embed.add_field(name="Came", value=_came(found), inline=False)
    if found.by_hand:
        names = ", ".join(EDITABLE[name] for name in found.by_hand)
        embed.add_field(name="Set by hand", value=names.capitalize(), inline=False)
    if found.versions:
        embed.add_field(name=count(len(found.versions), "older version"), value=_history(found.versions), inline=False)
    embed.set_footer(text=_footer(source, own=found.own))
    return Reply(embeds=(embed,))


def exported(part: Exported, *, number: int, name: str) -> Reply:
    """A part of an export as a file, and what was left out."""
    if not part.articles:
        return Reply(content=NOTHING_TO_EXPORT)
    said = f"{count(part.articles, 'article')}, one JSON object a line."
    if part.left_out:
        said += f" {count(part.left_out, 'article')} did not fit into any file and stayed out."
    if part.rest is not None:
        more = "The next file follows." if number + 1 < EXPORT_PARTS else "There are more: narrow them with `since`."
        said += f" {more}"
    several = part.rest is not None or number
    return Reply(content=said, file=Attached(f"{name}-{number + 1}.jsonl" if several else f"{name}.jsonl", part.lines))


def choice(entry: ArticleEntry) -> str:
    """A headline as a list offers it while somebody types."""
    date = f" ({entry.source.published_at:%Y-%m-%d})" if entry.source.published_at else ""
    number = f"{entry.number} · "
    room = limits.CHOICE - len(date) - len(number)
    return number + (limits.cut(entry.source.title, room) or _BLANK) + date


def _called(number: ArticleNumber) -> str:
    return f"article {number}"


def _card(source: Source, colour: discord.Colour) -> discord.Embed:
    title = limits.title(source.title)
    return discord.Embed(title=title, url=link(source), description=published(source), colour=colour)


def _amounts(of: AddedArticle | ArticleShown) -> str:
    return " · ".join((count(of.words, "word"), count(of.passages, "passage"), count(of.quotations, "quotation")))


def _changed(what: Edited, how: str) -> discord.Embed:
    embed = _card(what.now.article.source, _PLAIN).set_author(name=f"{how}: {_called(what.now.number)}")
    for name in what.fields:
        shown = (_said(getattr(source, name)) for source in (what.before, what.now.article.source))
        embed.add_field(name=EDITABLE[name].capitalize(), value="\n→ ".join(shown), inline=False)
    return embed


def _said(value: str | datetime | None) -> str:
    """What a source says in one field; of a date whose time is known, the time too."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return limits.cut(plain(value), _CHANGED, escaped) or _BLANK
    return day(value) if value.astimezone(UTC).time() == time.min else format_dt(value, "f")


def _kept_too(shared: ArticleNumber) -> str:
    return (
        f"The operator shares this text with every server, as {shared}. Now this server keeps it by itself too, "
        "as its own article."
    )


def _ignored(new: AddedArticle) -> str:
    """Such as ", and the publisher and the date that you gave were not used"; nothing where all of it is known."""
    names = [EDITABLE[name] for name in EDITABLE if name in new.ignored]
    return f", and the {' and the '.join(names)} that you gave {'was' if len(names) == 1 else 'were'} not used" * bool(
        names
    )


def _struck(entry: ArticleEntry, what: str) -> discord.Embed:
    return _card(entry.source, _GREY).set_author(name=f"{what}: {_called(entry.number)}")


def _nothing(filters: dict[str, str]) -> str:
    if filters:
        return "No article is like that."
    return "There is no article yet. `/article add` takes a link, a file or a text."


def _came(found: ArticleShown) -> str:
    by = f" by <@{found.added_by}>" if found.added_by else ""
    how = "added" if found.own else "shared by the operator,"
    came = f"{how} {format_dt(found.added_at, 'f')}{by}"
    return f"{came[0].upper()}{came[1:]}\n{'Fetched by me' if found.fetched else 'Handed in'}"


def _history(versions: tuple[Version, ...]) -> str:
    lines = [
        f"Until {format_dt(version.replaced_at, 'f')}: {limits.cut(plain(version.title), _NAME, escaped)}, "
        f"{count(version.words, 'word')}"
        for version in versions[:_VERSIONS]
    ]
    more = len(versions) - _VERSIONS
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _names(names: tuple[str, ...] | list[str]) -> str:
    cut = [limits.cut(plain(name), _NAME, escaped) or _BLANK for name in names[:_NAMES]]
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"{', '.join(cut)}{more}"


def _footer(source: Source, *, own: bool = True) -> str:
    missing = [name for name, known in (("date", source.published_at), ("publisher", source.publisher)) if not known]
    if missing:
        how = "/article edit adds" if own else "/article add takes its text with"
        return f"The {' and the '.join(missing)} could not be told. {how} what you know."
    return "Every line that I quote from it stands in it as shown."
