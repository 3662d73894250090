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
from retrieval.domain.wording import PARTIAL, capitalised, count, day_in_words, labelled
from retrieval.errors import sentence
from retrieval.translation import OPTION, gettext, gettext_noop, ngettext, pgettext

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

READING_PAGE: Final = gettext_noop("Reading the page …")
READING_FILE: Final = gettext_noop("Reading the file …")
READING_TEXT: Final = gettext_noop("Reading the text …")
UNDOING: Final = gettext_noop("Undoing …")
EDITING: Final = gettext_noop("Changing the article …")
EXPORT_PARTS: Final = 10
_NO_ARTICLE: Final = gettext_noop("There is no article yet. `/article add` takes a link, a file or a text.")

_SHARED: Final = gettext_noop(
    "The operator shares this text with every server, as {number}. Now this server keeps it by itself too, as its own "
    "article."
)
_SHARED_STAY: Final = gettext_noop(
    "The operator shares these with every server, so they cannot be removed here. Only this server's own articles can."
)
_TYPED: Final = {
    "title": gettext_noop("the headline"),
    "publisher": gettext_noop("the publisher"),
    "published_at": gettext_noop("the date"),
    "url": gettext_noop("the link"),
}
"""What somebody typed of an article, by the fields of `Source`."""
_NOT_FOUND: Final = {
    (True, False): gettext_noop("The date was not found."),
    (False, True): gettext_noop("The publisher was not found."),
    (True, True): gettext_noop("The date and the publisher were not found."),
}
"""By whether date and publisher are missing."""
_NAMES: Final = 8
_NAME: Final = 60
_HEADLINE: Final = 80
_CHANGED: Final = 400
_VERSIONS: Final = 5


def added(result: AddedArticle, *, asker: int, low: DiskRoom | None = None) -> Reply:
    """Return what was understood of an article, a button that takes it back, and a warning if the disk is `low`."""
    source = result.article.source
    unchanged = result.known and result.shared is None
    shared = None if result.shared is None else gettext(_SHARED, number=result.shared)
    embed = article_card(
        source,
        (gettext("Understood"), _amounts(result)),
        # Translators: who is quoted in an article.
        (gettext("Quoted"), limits.names(result.speakers, _NAMES, _NAME)),
        (gettext("The same text"), also_in(result.also)),
        disk_field(low),
        # Translators: of an article that every server sees.
        (gettext("Shared"), shared),
        (gettext("Perhaps not whole"), gettext(PARTIAL) if result.partial and not unchanged else None),
        footer=_unchanged(result) if unchanged else _missing(source),
        colour=theme.MUTED if unchanged else theme.ADDED,
    )
    embed.set_author(name=_outcome(result, unchanged=unchanged))
    return Reply(embeds=(embed,), controls=() if unchanged else (UndoId.of(asker, result).button(gettext("Undo")),))


def _outcome(result: AddedArticle, *, unchanged: bool) -> str:
    number = result.number
    if unchanged:
        return gettext("Already known: article {number}", number=number)
    if result.replaced:
        return gettext("A newer version replaced the older one: article {number}", number=number)
    return gettext("Added: article {number}", number=number)


def undone(entry: ArticleEntry) -> Reply:
    """Say that an added article was taken back, or its older version restored."""
    embed = article_card(entry.source, colour=theme.MUTED)
    return Reply(embeds=(embed.set_author(name=gettext("Undone: article {number}", number=entry.number)),))


def removed(entries: Sequence[ArticleEntry], *, asker: int, token: int) -> Reply:
    """Say which articles are gone, with a button that brings back those remembered under `token`."""
    undo = BringBackId(asker, token).button(gettext("Undo"))
    footer = gettext("With their quotations. For a day you can undo it; then they are erased.")
    embed = card(
        ngettext("Removed {number:,} article", "Removed {number:,} articles", len(entries)),
        _lines([(e.number, e.source) for e in entries]),
        footer=footer,
        colour=theme.MUTED,
    )
    return Reply(embeds=(embed,), controls=(undo,))


def brought_back(entries: Sequence[ArticleEntry]) -> Reply:
    """Say which removed articles are there again."""
    embed = card(
        ngettext("Brought back {number:,} article", "Brought back {number:,} articles", len(entries)),
        _lines([(e.number, e.source) for e in entries]),
        colour=theme.ADDED,
    )
    return Reply(embeds=(embed,))


def confirm_removal(article: ArticleShown, *, asker: int) -> Reply:
    """Ask before an article is removed."""
    lost = [count(article.passages, "passage"), count(article.quotations, "quotation")]
    if article.versions:
        lost.append(count(len(article.versions), "older version"))
    # Translators: what is lost with an article, such as "2 passages, 1 quotation".
    footer = gettext("With it go {amounts}. You can undo it for a day.", amounts=", ".join(lost))
    source = article.article.source
    embed = article_card(source, footer=footer, colour=theme.DANGER)
    embed.set_author(name=gettext("Remove this article? article {number}", number=article.number))
    remove = RemoveId.of(asker, article).button(gettext("Remove"), danger=True)
    return confirmation(embed, remove, asker=asker, cancel=gettext("Keep"))


def edited(edit: Edited, *, asker: int) -> Reply:
    """Return what an edit changed, before and after, with a button that undoes it."""
    embed = _changes(edit).set_author(name=gettext("Edited: article {number}", number=edit.now.number))
    return Reply(embeds=(embed,), controls=(UneditId.of(asker, edit.now).button(gettext("Undo")),))


def edit_undone(edit: Edited) -> Reply:
    """Return what the undoing of an edit changed back."""
    heading = gettext("Undone: article {number}", number=edit.now.number)
    return Reply(embeds=(_changes(edit).set_author(name=heading),))


def refused_form(refusal: Reply, *, text: str, asker: int) -> Reply:
    """Say why a pasted text was not added, with the text itself and a button that opens the form again."""
    return replace(
        refusal.with_line(sentence("bot.form_kept")),
        controls=(FormId(asker).button(gettext("Correct it")),),
        file=Attachment("article.txt", text.encode(errors="replace")),
    )


def listing(page: ArticlePage, *, asker: int, token: int, filters: dict[str, str]) -> Reply:
    """Return a page of articles, newest first, and the filters that were used."""
    empty = gettext("No article matches.") if filters else gettext(_NO_ARTICLE)
    first = page.number * page.size
    last = first + len(page.entries)
    footer = []
    if page.total:
        footer.append(gettext("{first} to {last} of {total:,}", first=first + 1, last=last, total=page.total))
    footer += [labelled(pgettext(OPTION, name), plain(value)) for name, value in filters.items()]
    if page.undated:
        left_out = ngettext(
            "{number:,} article without a date left out", "{number:,} articles without a date left out", page.undated
        )
        footer.append(left_out)
    text = _lines([(e.number, e.source) for e in page.entries]) if page.entries else empty
    embed = card(gettext("Articles"), text, footer=limits.cut(" · ".join(footer), limits.FOOTER) or None)
    options = tuple(Option(choice(entry), str(entry.number)) for entry in page.entries)
    menu = (
        (Menu(gettext("Show one, or remove several …"), str(PickArticlesId(asker)), options, len(options)),)
        if options
        else ()
    )
    controls = pager(
        page.number, lambda number: ArticlesId(asker, token, number), gettext("Older"), has_next=last < page.total
    )
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
        footer = None if token is None else gettext(_SHARED_STAY)
        lines = _lines([_listed(article) for article in shown])
        return Reply(embeds=(card(count(len(shown), "article"), lines, footer=footer),))
    shared = len(shown) - len(own)
    footer = gettext("You can undo it for a day.")
    if shared:
        footer += " " + ngettext("{number:,} shared article stays.", "{number:,} shared articles stay.", shared)
    embed = card(
        ngettext("Remove {number:,} article?", "Remove {number:,} articles?", len(own)),
        _lines([_listed(article) for article in own]),
        footer=footer,
        colour=theme.DANGER,
    )
    confirm = RemovePickedId(asker, token).button(gettext("Remove {number}", number=len(own)), danger=True)
    return confirmation(embed, confirm, asker=asker, cancel=gettext("Keep"))


def _listed(article: ArticleShown) -> tuple[ArticleNumber, Source]:
    return article.number, article.article.source


def details(article: ArticleShown, *, remover: int | None = None) -> Reply:
    """Return all about one article, with a button for the moderator who may remove it."""
    source, versions = article.article.source, article.versions
    embed = article_card(
        source,
        # Translators: the authors of an article.
        (gettext("By"), limits.names(source.authors, _NAMES, _NAME)),
        # Translators: how many words, passages and quotations an article has.
        (gettext("Holds"), _amounts(article)),
        # Translators: who is quoted in an article.
        (
            gettext("Quoted"),
            limits.names([f"{name} ({quotations})" for name, quotations in article.speakers], _NAMES, _NAME),
        ),
        (gettext("Origin"), _origin(article)),
        (gettext("The same text"), also_in(article.also)),
        (gettext("Set by hand"), capitalised(", ".join(gettext(EDITABLE[name]) for name in article.by_hand))),
        (count(len(versions), "older version"), _history(versions)),
        footer=_missing(source, own=article.own),
    )
    embed.set_author(name=gettext("article {number}", number=article.number))
    if remover is None or not article.own:
        return Reply(embeds=(embed,))
    return Reply(embeds=(embed,), controls=(RemoveId.of(remover, article).button(gettext("Remove"), danger=True),))


def exported(part: Exported, *, number: int, name: str) -> Reply:
    """Return a part of an export as a file, and what was left out."""
    content = ngettext(
        "{number:,} article, one JSON object a line.", "{number:,} articles, one JSON object a line.", part.articles
    )
    if part.left_out:
        content += " " + ngettext(
            "{number:,} article did not fit into any file and stayed out.",
            "{number:,} articles did not fit into any file and stayed out.",
            part.left_out,
        )
    if part.rest is not None:
        follows = number + 1 < EXPORT_PARTS
        more = gettext("The next file follows.") if follows else gettext("There are more: narrow them with `since`.")
        content += f" {more}"
    is_only = part.rest is None and not number
    file = Attachment(f"{name}.jsonl" if is_only else f"{name}-{number + 1}.jsonl", part.lines)
    return Reply(content=content, file=file)


def choice(entry: ArticleEntry) -> str:
    """Return the article's label in a list to pick from."""
    date = f" ({day_in_words(entry.source.published_at)})" if entry.source.published_at else ""
    number = f"{entry.number} · "
    return number + (limits.cut(entry.source.title, limits.CHOICE - len(number) - len(date)) or limits.BLANK) + date


def _amounts(article: AddedArticle | ArticleShown) -> str:
    return " · ".join(
        (count(article.words, "word"), count(article.passages, "passage"), count(article.quotations, "quotation"))
    )


def _changes(edit: Edited) -> discord.Embed:
    before, after = edit.before, edit.now.article.source
    changed = (
        (capitalised(gettext(EDITABLE[name])), f"{_value(getattr(before, name))}\n→ {_value(getattr(after, name))}")
        for name in edit.fields
    )
    return article_card(after, *changed)


def _value(value: str | datetime | None) -> str:
    """Return what a source says in one field."""
    if value is None:
        # Translators: no headline, publisher, date or link.
        return gettext("none")
    return (limits.one_line(value, _CHANGED) or limits.BLANK) if isinstance(value, str) else day_and_known_time(value)


def _unchanged(article: AddedArticle) -> str:
    """Return that nothing was changed, nor anything used of what was typed, and how to change it."""
    names = [gettext(called) for name, called in _TYPED.items() if name in article.ignored]
    nothing = gettext("Nothing was changed.")
    if names:
        nothing = ngettext(
            "Nothing was changed, and {names} that you gave was not used.",
            "Nothing was changed, and {names} that you gave were not used.",
            len(names),
            names=limits.all_of(names),
        )
    return f"{nothing} {gettext('/article edit changes what is known of an article.')}"


def _origin(article: ArticleShown) -> str:
    time = day_and_time(article.added_at)
    if not article.own:
        how = gettext("Shared by the operator, {time}", time=time)
    elif article.added_by:
        how = gettext("Added {time} by {member}", time=time, member=f"<@{article.added_by}>")
    else:
        how = gettext("Added {time}", time=time)
    return f"{how}\n{gettext('Fetched by me') if article.fetched else gettext('Given as a text or file')}"


def _history(versions: Sequence[Version]) -> str:
    lines = [
        gettext(
            "Until {time}: {headline}, {words}",
            time=day_and_time(version.replaced_at),
            headline=limits.one_line(version.title, _NAME),
            words=count(version.words, "word"),
        )
        for version in versions[:_VERSIONS]
    ]
    more = len(versions) - _VERSIONS
    return "\n".join([*lines, limits.and_more(more)] if more > 0 else lines)


def _missing(source: Source, *, own: bool = True) -> str:
    """Return which details are missing and how to add them; if none is, that quoted lines stand in the article."""
    missing = _NOT_FOUND.get((not source.published_at, not source.publisher))
    if missing is None:
        return gettext("Every line that I quote from it stands in it as shown.")
    if own:
        return f"{gettext(missing)} {gettext('/article edit adds what you know.')}"
    return f"{gettext(missing)} {gettext('/article add takes its text with what you know.')}"
