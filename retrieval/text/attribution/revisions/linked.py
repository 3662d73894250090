"""Applies what a page's linked data say: claims that it tests are disputed, open quotations get their speaker."""

from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.revisions.repeated import DisputedWords, word_runs
from retrieval.text.attribution.split_text import SplitText

_SURE = 0.9


def apply_linked(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments as the linked data have them; a speaker must be named in the text."""
    if not article.linked:
        return attributed
    claimed = DisputedWords(linked.words for linked in article.linked if linked.disputed)
    spoken = {
        run: mention
        for linked in article.linked
        if not linked.disputed and (mention := _mention(article.text, linked.speaker)) is not None
        for run in word_runs(linked.words)
    }
    return [_applied(article.text, one, claimed, spoken) for one in attributed]


def _mention(text: str, speaker: str | None) -> Span | None:
    start = text.find(speaker) if speaker else -1
    return Span(start, start + len(speaker)) if speaker and start >= 0 else None


def _applied(
    text: str, one: AttributedSegment, claimed: DisputedWords, spoken: dict[tuple[str, ...], Span]
) -> AttributedSegment:
    words = text[one.segment.start : one.segment.end]
    if claimed.are_in(words):
        return replace(one, disputed=True)
    runs = {*word_runs(words)}
    if one.mention is not None or not runs or not spoken.keys() >= runs:
        return one
    mention = spoken[runs.pop()]
    return replace(one, mention=mention, attribution=Attribution.NAMED, probability=_SURE, person=mention.of(text))
