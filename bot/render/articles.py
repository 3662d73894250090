"""Articles as moderators see them: what was understood of a new one, lists, details, edits, removals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import article_card, card, confirmation, disk_field
from bot.render.custom_ids import (
    ArticlesId,
    BringBackId,
    FormId,
    PickArticlesId,
    RemoveId,
    RemovePickedId,
    UndoId,
    UneditId,
    pager,
)
from bot.render.dates import day_and_known_time, day_and_time
from bot.render.escape import plain
from bot.render.reply import Attachment, Menu, Option, Reply
from bot.render.sources import also_in, headline_link, published
from retrieval.domain.editing import EDITABLE
from retrieval.domain.wording import PARTIAL, count, day_in_words
from retrieval.errors import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import discord

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
EXPORT_PARTS: Final = 10
_NO_ARTICLE: Final = "There is no article yet. `/article add` takes a link, a file or a text."

_SHARED: Final = (
    "The operator shares this text with every server, as {number}. Now this server keeps it by itself too, as its own "
    "article."
)
_SHARED_STAY: Final = (
    "The operator shares these with every server, so they cannot be removed here. Only this server's own articles can."
)
_NAMES: Final = 8
_NAME: Final = 60
_HEADLINE: Final = 80
_CHANGED: Final = 400
_VERSIONS: Final = 5


def added(result: AddedArticle, *, asker: int, low: DiskRoom | None = None) -> Reply:
    """Return what was understood of an article, a button that takes it back, and a warning if the disk is `low`."""
    source = result.article.source
    unchanged = result.known and result.shared is None
    outcome = "Already known" if unchanged else "A newer version replaced the older one" if result.replaced else "Added"
    nothing = f"Nothing was changed{_ignored(result)}. /article edit changes what is known of an article."
    embed = article_card(
        source,
        ("Understood", _amounts(result)),
        ("Quoted", limits.names(result.speakers, _NAMES, _NAME)),
        ("The same text", also_in(result.also)),
        disk_field(low),
        ("Shared", _SHARED.format(number=result.shared) if result.shared is not None else None),
        ("Perhaps not whole", PARTIAL if result.partial and not unchanged else None),
        footer=nothing if unchanged else _missing(source),
        colour=theme.MUTED if unchanged else theme.ADDED,
    )
    embed.set_author(name=f"{outcome}: article {result.number}")
    return Reply(embeds=(embed,), controls=() if unchanged else (UndoId.of(asker, result).button("Undo"),))


def undone(entry: ArticleEntry) -> Reply:
    """Say that an added article was taken back, or its older version restored."""
    return Reply(embeds=(_taken_away(entry, "Undone"),))


def removed(entries: Sequence[ArticleEntry], *, asker: int, token: int) -> Reply:
    """Say which articles are gone, with a button that brings back those remembered under `token`."""
    undo = BringBackId(asker, token).button("Undo")
    footer = "With their quotations. For a day you can undo it; then they are erased."
    embed = card(
        f"Removed {count(len(entries), 'article')}",
        _lines([(e.number, e.source) for e in entries]),
        footer=footer,
        colour=theme.MUTED,
    )
    return Reply(embeds=(embed,), controls=(undo,))


def brought_back(entries: Sequence[ArticleEntry]) -> Reply:
    """Say which removed articles are there again."""
    embed = card(
        f"Brought back {count(len(entries), 'article')}",
        _lines([(e.number, e.source) for e in entries]),
        colour=theme.ADDED,
    )
    return Reply(embeds=(embed,))


def confirm_removal(article: ArticleShown, *, asker: int) -> Reply:
    """Ask before an article is removed."""
    lost = [count(article.passages, "passage"), count(article.quotations, "quotation")]
    if article.versions:
        lost.append(count(len(article.versions), "older version"))
    footer = f"With it go {', '.join(lost)}. You can undo it for a day."
    source = article.article.source
    embed = article_card(source, footer=footer, colour=theme.DANGER)
    embed.set_author(name=f"Remove this article? article {article.number}")
    return confirmation(embed, RemoveId.of(asker, article).button("Remove", danger=True), asker=asker, cancel="Keep")


def edited(edit: Edited, *, asker: int) -> Reply:
    """Return what an edit changed, before and after, with a button that undoes it."""
    return Reply(embeds=(_changes(edit, "Edited"),), controls=(UneditId.of(asker, edit.now).button("Undo"),))


def edit_undone(edit: Edited) -> Reply:
    """Return what the undoing of an edit changed back."""
    return Reply(embeds=(_changes(edit, "Undone"),))


def refused_form(refusal: Reply, *, text: str, asker: int) -> Reply:
    """Say why a pasted text was not added, with the text itself and a button that opens the form again."""
    return replace(
        refusal.with_line(sentence("bot.form_kept")),
        controls=(FormId(asker).button("Correct it"),),
        file=Attachment("article.txt", text.encode(errors="replace")),
    )


def listing(page: ArticlePage, *, asker: int, token: int, filters: dict[str, str]) -> Reply:
    """Return a page of articles, newest first, and the filters that were used."""
    empty = "No article matches." if filters else _NO_ARTICLE
    first = page.number * page.size
    last = first + len(page.entries)
    footer = [f"{first + 1} to {last} of {page.total:,}"] if page.total else []
    footer += [f"{name}: {plain(value)}" for name, value in filters.items()]
    footer += [f"{count(page.undated, 'article')} without a date left out"] if page.undated else []
    text = _lines([(e.number, e.source) for e in page.entries]) if page.entries else empty
    embed = card("Articles", text, footer=limits.cut(" · ".join(footer), limits.FOOTER) or None)
    options = tuple(Option(choice(entry), str(entry.number)) for entry in page.entries)
    menu = (
        (Menu("Show one, or remove several …", str(PickArticlesId(asker)), options, len(options)),) if options else ()
    )
    controls = pager(page.number, lambda number: ArticlesId(asker, token, number), "Older", has_next=last < page.total)
    return Reply(embeds=(embed,), controls=(*menu, *controls))


def _lines(listed: Sequence[tuple[ArticleNumber, Source]]) -> str:
    """Return number, linked headline, publisher and date of each; without links where there is no room for them."""
    linked = "\n".join(
        f"**{number}** · {headline_link(source, _HEADLINE)}\n{published(source)}" for number, source in listed
    )
    if len(linked) <= limits.DESCRIPTION:
        return linked
    plainly = ((number, limits.one_line(source.title, _HEADLINE) or limits.BLANK, source) for number, source in listed)
    return "\n".join(f"**{number}** · {title}\n{published(source)}" for number, title, source in plainly)


def picked(shown: Sequence[ArticleShown], *, asker: int, token: int | None) -> Reply:
    """Return several articles; a moderator may remove the server's own, which are remembered under `token`."""
    own = [article for article in shown if article.own]
    if token is None or not own:
        footer = None if token is None else _SHARED_STAY
        lines = _lines([_listed(article) for article in shown])
        return Reply(embeds=(card(count(len(shown), "article"), lines, footer=footer),))
    shared = len(shown) - len(own)
    stays = f" {count(shared, 'shared article')} {'stays' if shared == 1 else 'stay'}." if shared else ""
    embed = card(
        f"Remove {count(len(own), 'article')}?",
        _lines([_listed(article) for article in own]),
        footer=f"You can undo it for a day.{stays}",
        colour=theme.DANGER,
    )
    confirm = RemovePickedId(asker, token).button(f"Remove {len(own)}", danger=True)
    return confirmation(embed, confirm, asker=asker, cancel="Keep")


def _listed(article: ArticleShown) -> tuple[ArticleNumber, Source]:
    return article.number, article.article.source


def details(article: ArticleShown, *, remover: int | None = None) -> Reply:
    """Return all about one article, with a button for the moderator who may remove it."""
    source, versions = article.article.source, article.versions
    embed = article_card(
        source,
        ("By", limits.names(source.authors, _NAMES, _NAME)),
        ("Holds", _amounts(article)),
        ("Quoted", limits.names([f"{name} ({quotations})" for name, quotations in article.speakers], _NAMES, _NAME)),
        ("Origin", _origin(article)),
        ("The same text", also_in(article.also)),
        ("Set by hand", ", ".join(EDITABLE[name] for name in article.by_hand).capitalize()),
        (count(len(versions), "older version"), _history(versions)),
        footer=_missing(source, own=article.own),
    )
    embed.set_author(name=f"article {article.number}")
    if remover is None or not article.own:
        return Reply(embeds=(embed,))
    return Reply(embeds=(embed,), controls=(RemoveId.of(remover, article).button("Remove", danger=True),))


def exported(part: Exported, *, number: int, name: str) -> Reply:
    """Return a part of an export as a file, and what was left out."""
    content = f"{count(part.articles, 'article')}, one JSON object a line."
    if part.left_out:
        content += f" {count(part.left_out, 'article')} did not fit into any file and stayed out."
    if part.rest is not None:
        more = "The next file follows." if number + 1 < EXPORT_PARTS else "There are more: narrow them with `since`."
        content += f" {more}"
    is_only = part.rest is None and not number
    file = Attachment(f"{name}.jsonl" if is_only else f"{name}-{number + 1}.jsonl", part.lines)
    return Reply(content=content, file=file)


def choice(entry: ArticleEntry) -> str:
    """Return the article's label in a list to pick from."""
    date = f" ({day_in_words(entry.source.published_at)})" if entry.source.published_at else ""
    number = f"{entry.number} · "
    return number + (limits.cut(entry.source.title, limits.CHOICE - len(number) - len(date)) or limits.BLANK) + date


def _taken_away(entry: ArticleEntry, heading: str) -> discord.Embed:
    return article_card(entry.source, colour=theme.MUTED).set_author(name=f"{heading}: article {entry.number}")


def _amounts(article: AddedArticle | ArticleShown) -> str:
    return " · ".join(
        (count(article.words, "word"), count(article.passages, "passage"), count(article.quotations, "quotation"))
    )


def _changes(edit: Edited, heading: str) -> discord.Embed:
    before, after = edit.before, edit.now.article.source
    embed = article_card(
        after,
        *(
            (EDITABLE[name].capitalize(), f"{_value(getattr(before, name))}\n→ {_value(getattr(after, name))}")
            for name in edit.fields
        ),
    )
    return embed.set_author(name=f"{heading}: article {edit.now.number}")


def _value(value: str | datetime | None) -> str:
    """Return what a source says in one field."""
    if value is None:
        return "none"
    return (limits.one_line(value, _CHANGED) or limits.BLANK) if isinstance(value, str) else day_and_known_time(value)


def _ignored(article: AddedArticle) -> str:
    """Return such as ", and the publisher and the date that you gave were not used"; empty if all of it was."""
    names = [EDITABLE[name] for name in EDITABLE if name in article.ignored]
    if not names:
        return ""
    return f", and the {' and the '.join(names)} that you gave {'was' if len(names) == 1 else 'were'} not used"


def _origin(article: ArticleShown) -> str:
    how = "Added" if article.own else "Shared by the operator,"
    by = f" by <@{article.added_by}>" if article.added_by else ""
    source = "Fetched by me" if article.fetched else "Given as a text or file"
    return f"{how} {day_and_time(article.added_at)}{by}\n{source}"


def _history(versions: Sequence[Version]) -> str:
    lines = [
        f"Until {day_and_time(version.replaced_at)}: {limits.one_line(version.title, _NAME)}, "
        f"{count(version.words, 'word')}"
        for version in versions[:_VERSIONS]
    ]
    more = len(versions) - _VERSIONS
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


def _missing(source: Source, *, own: bool = True) -> str:
    """Return which details are missing and how to add them; if none is, that quoted lines stand in the article."""
    missing = [name for name, value in (("date", source.published_at), ("publisher", source.publisher)) if not value]
    if missing:
        how = "/article edit adds" if own else "/article add takes its text with"
        were = "was" if len(missing) == 1 else "were"
        return f"The {' and the '.join(missing)} {were} not found. {how} what you know."
    return "Every line that I quote from it stands in it as shown."
