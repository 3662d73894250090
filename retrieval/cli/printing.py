"""Prints answers, quotations and articles: plain lines, bold on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from retrieval.domain.answers import AbstentionReason
from retrieval.domain.editing import EDITABLE
from retrieval.domain.quotations import NotQuotedAbout, QuotationKind, QuotationsFound, SpeakerAmbiguous
from retrieval.domain.wording import (
    MAYBE_NOTHING,
    NO_QUESTION,
    PARTIAL,
    count,
    dated_title,
    day,
    day_in_words,
    doubted_time,
    missing_here,
    newest_known,
    not_found,
)
from retrieval.text.cleaning import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from retrieval.archive.backup.backup_file import Copied
    from retrieval.archive.records import NewQuotation, ReadArticle
    from retrieval.domain.answers import Abstention, Answer, Citation, Searched
    from retrieval.domain.articles import AddedArticle, ArticleEntry, Latest, Source, Span
    from retrieval.domain.editing import Edited
    from retrieval.domain.quotations import (
        CitedQuotation,
        ComparedSide,
        Speaker,
        SpeakerEntry,
        SpeakersQuoted,
        SpeakerUnknown,
        UnnamedSources,
    )
    from retrieval.domain.upkeep import CheckReport
    from retrieval.text.cleaning import Normalised

_SHOWN = 3


def print_answer(out: Console, answer: Answer) -> None:
    """Print the best passages, each with the answering sentence first."""
    _print_read_as(out, answer)
    if answer.is_weak:
        out.print(f"{MAYBE_NOTHING} {answer.question}", end="\n\n")
    if answer.missing:
        out.print(missing_here(answer.missing), end="\n\n")
    if answer.time_doubt is not None:
        out.print(doubted_time(answer.time_doubt, answer.citations[0]), end="\n\n")
    for number, citation in enumerate(answer.shown[:_SHOWN], 1):
        _print_citation(out, citation, f"{number}. ")
    out.print(f"Confidence: {answer.confidence}. Searched {_describe(answer.searched)}.")


def print_abstention(out: Console, abstention: Abstention) -> None:
    """Print that there is no answer, what was searched, and the nearest passage."""
    _print_read_as(out, abstention)
    if abstention.reason is AbstentionReason.EMPTY_ARCHIVE:
        out.print("The archive is empty: add articles with `python -m retrieval add FILE`.")
        return
    if abstention.reason is AbstentionReason.FILTERS_MATCH_NOTHING:
        out.print(f"No article of the archive matches these filters. Searched {_describe(abstention.searched)}.")
        return
    if abstention.reason is AbstentionReason.SMALL_TALK:
        out.print(NO_QUESTION)
    else:
        out.print(f"The archive does not hold an answer. Searched {_describe(abstention.searched)}.")
        _print_nearest(out, abstention)
    if abstention.examples:
        out.print("\nAsk, for example:\n")
    for example in abstention.examples:
        out.print(f"  {example}")


def _print_nearest(out: Console, abstention: Abstention) -> None:
    """Print the nearest passage, or what was looked for."""
    if abstention.shown is None:
        out.print(not_found(abstention.looked_for))
    elif abstention.reason is AbstentionReason.TOO_OLD:
        out.print(f"\n{newest_known(abstention.shown)}\n")
        _print_citation(out, abstention.shown, "")
    else:
        out.print("\nThe nearest it has, which is not an answer:\n")
        _print_citation(out, abstention.shown, "")


def _print_read_as(out: Console, result: Answer | Abstention | Latest | SpeakersQuoted) -> None:
    if result.read_as:
        out.print(f"Read as: {', '.join(result.read_as)}", end="\n\n")


def print_quotations(out: Console, found: QuotationsFound) -> None:
    """Print the quotations of one speaker: statements first, then fragments, then disputed words."""
    speaker = found.speaker
    out.print(Text(full_name(speaker), style="bold"), end="\n\n")
    if found.about is not None:
        left_out = f" ({count(found.left_out, 'other')} left out)" if found.left_out else ""
        out.print(f"About {found.about!r}, the nearest first{left_out}:", end="\n\n")
    fragments = [cited for cited in found.quotations if cited.is_fragment]
    for cited in found.quotations:
        if not cited.is_fragment:
            _print_quotation(out, cited)
    _print_part(out, "Fragments", fragments)
    _print_part(out, "Disputed: the articles deny or doubt that these words were said", found.disputed)


def print_quoted(out: Console, quoted: SpeakersQuoted) -> None:
    """Print who said what about a topic, whoever is quoted in the newest article first."""
    _print_read_as(out, quoted)
    if not quoted.speakers:
        out.print(f"Nobody is surely quoted about {quoted.subject!r}.")
    for said in quoted.speakers:
        out.print(Text(full_name(said.speaker), style="bold"), end="\n\n")
        for cited in said.quotations:
            _print_quotation(out, cited)


def print_side(out: Console, side: ComparedSide) -> None:
    """Print what one of two speakers said, or that they said nothing."""
    match side:
        case QuotationsFound():
            print_quotations(out, side)
        case NotQuotedAbout():
            print_not_about(out, side)
        case unclear:
            print_no_speaker(out, unclear)


def print_latest(out: Console, latest: Latest) -> None:
    """Print the newest articles by story, a line an article."""
    _print_read_as(out, latest)
    for story in latest.stories:
        for place, article in enumerate(story):
            source = article.source
            lead = "    also: " if place else ""
            out.print(f"{lead}{_day(source) or 'no date':<17}  {source.publisher or '-'}: {source.title}")
    about = f" about {latest.topic!r}" if latest.topic else ""
    out.print(f"{latest.listed:,} of {count(latest.articles, 'article')}{about}")


def print_unnamed(out: Console, found: UnnamedSources) -> None:
    """Print what sources said that articles do not name, with the words for each."""
    out.print(f"Nobody called {found.words!r} is quoted by name. Sources whom articles do not name:", end="\n\n")
    for cited in found.quotations:
        _print_quotation(out, cited)


def _print_part(out: Console, heading: str, part: Sequence[CitedQuotation]) -> None:
    if part:
        out.print(f"{heading} ({len(part)}):", end="\n\n")
    for cited in part:
        _print_quotation(out, cited)


def print_not_about(out: Console, not_about: NotQuotedAbout) -> None:
    """Print that the speaker said nothing about it."""
    quoted = count(not_about.quotations, "quotation")
    missing = f"about {not_about.about!r}" if not_about.about else "from that source and time"
    out.print(f"The archive holds {quoted} of {not_about.speaker.name}, but none {missing}.")


def print_quotations_read(out: Console, read: ReadArticle) -> None:
    """Print the quotations of a text that is not in the archive: a table, or a line for each where it is piped.

    A turn is printed whole, with what it quotes.
    """
    shown = {item.context if item.kind is QuotationKind.TURN else item.content: item for item in read.quotations}
    rows = [
        (_speaker(read, item), str(item.attribution), f"“{_one_line(span.of(read.body))}”")
        for span, item in shown.items()
    ]
    if out.is_terminal:
        table = Table("Speaker", "Attribution", "Words", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*map(Text, row))
        out.print(table)
    else:
        for who, how, words in rows:
            out.print(f"{who:<24}  {how:<12}  {words}")
    out.print(count(len(rows), "quotation"))


def print_quotations_json(out: Console, read: ReadArticle, raw: str) -> None:
    """Print a line of JSON for each quotation; offsets count characters of `raw`, which the article was read from."""
    cleaned = normalise(raw)
    for item in read.quotations:
        out.print(json.dumps(_record(item, read.body, cleaned), ensure_ascii=False), soft_wrap=True)


def print_no_speaker(out: Console, unclear: SpeakerAmbiguous | SpeakerUnknown) -> None:
    """Print which speakers may have been meant."""
    if isinstance(unclear, SpeakerAmbiguous):
        entries = unclear.choices
        several = "Several speakers answer" if len(entries) > 1 else "One speaker may answer"
        out.print(f"{several} to {unclear.name!r}. Ask for the full name:")
    else:
        out.print(f"Nobody called {unclear.name!r} is quoted in the archive.")
        entries = unclear.near
        if entries:
            out.print("The archive quotes:")
    for entry in entries:
        out.print(f"  {_speaker_line(entry)}")


def print_added(out: Console, added: AddedArticle) -> None:
    """Print the outcome of adding an article."""
    article = added.article
    if added.known:
        out.print(f"Already known as {added.number}: {article.source.title}")
        if added.ignored:
            names = " and the ".join(called for name, called in EDITABLE.items() if name in added.ignored)
            out.print(f"  Nothing was changed: the {names} given was not used. See `python -m retrieval edit --help`.")
        return
    out.print(f"Added {added.number}: {article.source.title} ({_origin(article.source) or 'source and date unknown'})")
    by = f" by {', '.join(added.speakers)}" if added.speakers else ""
    words = count(len(article.body.split()), "word")
    out.print(f"  {words}, {count(added.passages, 'passage')}, {count(added.quotations, 'quotation')}{by}")
    if added.partial:
        out.print(f"  {PARTIAL}")
    _print_also(out, added.also, "  The same text is also in")


def print_edited(out: Console, edited: Edited, *, undone: bool) -> None:
    """Print what was changed of an article, or restored, before and after."""
    now = edited.now
    out.print(f"{'Restored' if undone else 'Changed'} {now.number}: {now.article.source.title}")
    for name, before, after in edited.changes():
        out.print(f"  {name}: {before} to {after}")


def print_articles(out: Console, entries: tuple[ArticleEntry, ...]) -> None:
    """Print a line an article: number, date, publisher, headline."""
    for entry in entries:
        source = entry.source
        out.print(f"{entry.number!s:>6}  {_day(source) or 'no date':<17}  {source.publisher or '-'}: {source.title}")
    out.print(count(len(entries), "article"))


def copied(copy: Copied) -> str:
    """Such as "12 articles, 3.4 MB"."""
    return f"{count(copy.articles, 'article')}, {copy.size / 1e6:,.1f} MB"


def articles(number: int, in_servers: int) -> str:
    """Such as "7 articles (1 in servers' own collections)": `list` leaves out what only servers hold."""
    return count(number, "article") + (f" ({in_servers:,} in servers' own collections)" if in_servers else "")


def full_name(speaker: Speaker) -> str:
    """Such as "Gen. Ana Costa, chief of staff"."""
    named = f"{speaker.rank} {speaker.name}" if speaker.rank else speaker.name
    return f"{named}, {speaker.role}" if speaker.role else named


def print_check(out: Console, report: CheckReport) -> None:
    """Print the problems, or that there are none."""
    for problem in report.problems:
        out.print(problem)
    sums = (articles(report.articles, report.in_servers), count(report.passages, "passage"))
    problems = count(len(report.problems), "problem")
    out.print(f"{problems} in {', '.join(sums)}, {count(report.vectors, 'vector')}.")
    if report.problems:
        out.print("What to do is in config/OPERATING.md, under Damage.")


def _marked(citation: Citation, lead: str) -> Text:
    """The marked sentence in bold, the answer in it underlined."""
    opening = f"{lead}“"
    line = Text(f"{opening}{citation.answering}”", style="bold")
    if citation.marked is not None and citation.answer is not None:
        answer = citation.answer.moved(len(opening) - citation.marked.start)
        line.stylize("underline", answer.start, answer.end)
    return line


def _print_citation(out: Console, citation: Citation, lead: str) -> None:
    if citation.marked is not None:
        out.print(_marked(citation, lead))
    out.print(_source_line(citation.source))
    if citation.disputed:
        out.print("Disputed: the article, or a moderator, denies or doubts that words quoted here were said.")
    _print_also(out, citation.also, "Also in")
    if citation.source.url:
        out.print(citation.source.url)
    out.print(Text(citation.excerpt), end="\n\n")


def _print_quotation(out: Console, cited: CitedQuotation) -> None:
    marked = cited.words if cited.quotation.kind is QuotationKind.TURN else f"“{cited.words}”"
    out.print(Text(marked, style="bold"))
    if cited.context.strip('“”" ') != cited.words:
        out.print(f"  in: {cited.context}")
    via = f", via {cited.via}" if cited.via else ""
    how = "disputed" if cited.quotation.disputed else cited.quotation.attribution
    unnamed = (
        f", {_one_line(cited.said_by)}"
        if cited.said_by and not (cited.quotation.speakers or cited.quotation.disputed)
        else ""
    )
    out.print(f"  {_source_line(cited.source)}; {how}{unnamed}{via}")
    _print_also(out, cited.also, "  Also in")
    out.print()


def _print_also(out: Console, others: Sequence[Source], heading: str) -> None:
    if others:
        out.print(f"{heading} {'; '.join(map(_source_line, others))}")


def _record(item: NewQuotation, body: str, cleaned: Normalised) -> dict[str, object]:
    return {
        **_ends("", item.content, cleaned),
        "words": item.content.of(body),
        **_ends("context_", item.context, cleaned),
        **_ends("cue_", item.cue, cleaned),
        **_ends("mention_", item.mention, cleaned),
        "mention": item.mention.of(body) if item.mention else None,
        "speakers": [{"name": speaker.name, "role": speaker.role} for speaker in item.speakers],
        "disputed": item.disputed,
        "alleged": [{"name": speaker.name, "role": speaker.role} for speaker in item.alleged],
        "via": item.via.of(body) if item.via else None,
        "kind": item.kind,
        "attribution": item.attribution,
        "confidence": round(item.confidence, 4),
    }


def _ends(prefix: str, span: Span | None, cleaned: Normalised) -> dict[str, object]:
    raw = cleaned.raw_span(span) if span else None
    return {f"{prefix}start": raw.start if raw else None, f"{prefix}end": raw.end if raw else None}


def _speaker(read: ReadArticle, item: NewQuotation) -> str:
    """The names of the speakers, else the words that the article uses for them."""
    named = " and ".join(speaker.name for speaker in item.speakers)
    return named or (_one_line(item.mention.of(read.body)) if item.mention else "-")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _speaker_line(entry: SpeakerEntry) -> str:
    role = f", {entry.speaker.role}" if entry.speaker.role else ""
    newest = f", {dated_title(entry.newest)}" if entry.newest else ""
    return f"{entry.speaker.name}{role}{newest} ({count(entry.quotations, 'quotation')})"


def _source_line(source: Source) -> str:
    origin = _origin(source)
    return f"{source.title} ({origin})" if origin else source.title


def _origin(source: Source) -> str:
    return ", ".join(filter(None, (source.publisher, _day(source))))


def _day(source: Source) -> str:
    return day_in_words(source.published_at) if source.published_at else ""


def _describe(searched: Searched) -> str:
    dates = ""
    if searched.oldest and searched.newest:
        dates = f", {day(searched.oldest)} to {day(searched.newest)}"
    left_out = f", {count(searched.undated, 'article')} without a date left out" if searched.undated else ""
    return count(searched.articles, "article") + dates + left_out
