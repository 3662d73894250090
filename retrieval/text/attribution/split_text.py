"""A text with its paragraphs and their sentences, found once for everything that looks around a quotation."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from retrieval.domain.articles import LinkedWords, Span
from retrieval.text.attribution.marks.marks import paragraphs
from retrieval.text.sentences import sentences


@dataclass(frozen=True, slots=True)
class SplitText:
    """A text, its paragraphs in order, the sentences of each, and what linked data say of its words."""

    text: str
    paragraphs: list[Span]
    sentences: list[list[Span]]
    linked: tuple[LinkedWords, ...] = ()

    def paragraph_at(self, offset: int) -> int:
        """The number of the paragraph that an offset lies in, or of the last one before it."""
        return max(0, bisect_right(self.paragraphs, offset, key=lambda span: span.start) - 1)

    def sentences_around(self, part: Span, paragraph: int) -> Span:
        """The sentences of a paragraph, by its number, that `part` overlaps, with the marks around it."""
        whole, bounds = self.sentences[paragraph], self.paragraphs[paragraph]
        first = max(0, bisect_right(whole, part.start, key=lambda span: span.start) - 1)
        last = bisect_left(whole, part.end, key=lambda span: span.start)
        touched = [sentence for sentence in whole[first:last] if sentence.overlaps(part)]
        start = min([part.start, *(sentence.start for sentence in touched[:1])])
        end = max([part.end, *(sentence.end for sentence in touched[-1:])])
        return Span(max(bounds.start, min(start, part.start - 1)), min(bounds.end, max(end, part.end + 1)))


def split(text: str, linked: tuple[LinkedWords, ...] = ()) -> SplitText:
    """Find the paragraphs and sentences of a text. Never raises."""
    spans = [Span(*span) for span in paragraphs(text)]
    return SplitText(text, spans, [sentences(text, span) for span in spans], linked)
