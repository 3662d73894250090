"""Answers for a terminal: plain lines, bold where the terminal can, the same words when piped into another program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from retrieval.domain import AbstentionReason, SpeakerAmbiguous

if TYPE_CHECKING:
    from rich.console import Console

    from retrieval.domain import (
        Abstention,
        AddedArticle,
        Answer,
        ArticleEntry,
        CheckReport,
        Citation,
        CitedQuotation,
        QuotationsFound,
        Searched,
        Source,
        SpeakerEntry,
        SpeakerUnknown,
    )

_SHOWN = 3


def print_answer(out: Console, answer: Answer) -> None:
    """The best passages, each with the answering sentence in front."""
    for number, citation in enumerate(answer.citations[:_SHOWN], 1):
        _print_citation(out, citation, f"{number}. ")
    out.print(f"Confidence: {answer.confidence}. Searched {_describe(answer.searched)}.")


def print_abstention(out: Console, abstention: Abstention) -> None:
    """That there is no answer, what was searched, and what came nearest."""
    if abstention.reason is AbstentionReason.EMPTY_ARCHIVE:
        out.print("The archive is empty: add articles with `python -m retrieval add FILE`.")
        return
    if abstention.reason is AbstentionReason.NOTHING_MEANT:
        out.print("The archive holds no article of that source and time.")
        return
    out.print(f"The archive does not hold an answer. Searched {_describe(abstention.searched)}.")
    if abstention.nearest:
        out.print("\nThe nearest it has, which is not an answer:\n")
        _print_citation(out, abstention.nearest[0], "")


def print_quotations(out: Console, found: QuotationsFound) -> None:
    """Everything one speaker is quoted with; fragments stand in their sentence."""
    speaker = found.speaker
    out.print(Text(f"{speaker.name}, {speaker.role}" if speaker.role else speaker.name, style="bold"), end="\n\n")
    for cited in found.quotations:
        _print_quotation(out, cited)


def print_no_speaker(out: Console, unclear: SpeakerAmbiguous | SpeakerUnknown) -> None:
    """Which speakers may have been meant."""
    if isinstance(unclear, SpeakerAmbiguous):
        out.print(f"Several speakers answer to {unclear.name!r}. Which one?")
        entries = unclear.choices
    else:
        out.print(f"Nobody called {unclear.name!r} is quoted in the archive.")
        entries = unclear.near
        if entries:
            out.print("It quotes:")
    for entry in entries:
        out.print(f"  {_speaker_line(entry)}")


def print_added(out: Console, added: AddedArticle) -> None:
    """What was understood of an article."""
    article = added.article
    if added.known:
        out.print(f"Already known as {article.id}: {article.source.title}")
        return
    out.print(f"Added {article.id}: {article.source.title} ({_origin(article.source) or 'source and date unknown'})")
    by = f" by {', '.join(added.speakers)}" if added.speakers else ""
    words = len(article.body.split())
    out.print(f"  {words} words, {_count(added.passages, 'passage')}, {_count(added.quotations, 'quotation')}{by}")


def print_articles(out: Console, entries: tuple[ArticleEntry, ...]) -> None:
    """A line an article: number, date, publisher, headline."""
    for entry in entries:
        source = entry.source
        out.print(f"{entry.id:>6}  {_day(source) or 'no date':<17}  {source.publisher or '-'}: {source.title}")
    out.print(_count(len(entries), "article"))


def print_check(out: Console, report: CheckReport) -> None:
    """The problems that were found, or that there are none."""
    for problem in report.problems:
        out.print(problem)
    held = ((report.articles, "article"), (report.passages, "passage"), (report.vectors, "vector"))
    out.print(f"{_count(len(report.problems), 'problem')} in {', '.join(_count(*item) for item in held)}.")


def _print_citation(out: Console, citation: Citation, lead: str) -> None:
    if citation.answering is not None:
        out.print(Text(f"{lead}“{citation.answering}”", style="bold"))
    out.print(_source_line(citation.source))
    if citation.source.url:
        out.print(citation.source.url)
    out.print(Text(citation.excerpt), end="\n\n")


def _print_quotation(out: Console, cited: CitedQuotation) -> None:
    out.print(Text(f"“{cited.words}”", style="bold"))
    if cited.context.strip('“”" ') != cited.words:
        out.print(f"  in: {cited.context}")
    out.print(f"  {_source_line(cited.source)}; {cited.quotation.attribution}", end="\n\n")


def _speaker_line(entry: SpeakerEntry) -> str:
    role = f", {entry.speaker.role}" if entry.speaker.role else ""
    return f"{entry.speaker.name}{role} ({_count(entry.quotations, 'quotation')})"


def _source_line(source: Source) -> str:
    origin = _origin(source)
    return f"{source.title} ({origin})" if origin else source.title


def _origin(source: Source) -> str:
    return ", ".join(filter(None, (source.publisher, _day(source))))


def _day(source: Source) -> str:
    return f"{source.published_at:%d %B %Y}".lstrip("0") if source.published_at else ""


def _describe(searched: Searched) -> str:
    dates = ""
    if searched.oldest and searched.newest:
        dates = f", {searched.oldest:%Y-%m-%d} to {searched.newest:%Y-%m-%d}"
    return _count(searched.articles, "article") + dates


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
