"""Finds the claims under test in a fact check: what stands behind a label such as "Claim:" or beside a rating.

A claim goes on to the next label or the end of its paragraph; below a heading, to the next heading. A claim that is
found to be true is none.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.text.attribution.revisions.pattern_lists import named_patterns
from retrieval.text.attribution.split_text import SplitText

_PARTS = named_patterns("fact_check_labels")
_LABEL = re.compile(_PARTS["LABEL"], re.IGNORECASE)
_RATED_AT_END = re.compile(_PARTS["RATEDATEND"], re.IGNORECASE)
_RATED_BELOW = re.compile(_PARTS["RATEDBELOW"], re.IGNORECASE)
_TRUE = re.compile(_PARTS["TRUE"], re.IGNORECASE)
_SATIRE = re.compile(_PARTS["SATIRE"], re.IGNORECASE)
_FINDING = re.compile(r"\W*(?:no|not|there|we|nothing|this|that|it|what|she|he|they)\b", re.IGNORECASE)
"""How a paragraph begins that says what was found, not what was claimed."""

_CROSSES = frozenset("❌✗✘✖")
_LONGEST_RATING = 60
_LONGEST_HEADING = 80
_MOST_BELOW = 4
"""Paragraphs below a heading that belong to it."""

_TOP, _BOTTOM = 3, 2
"""Paragraphs at the beginning and the end of a text that may say what it is."""

_MOST_ABOVE = 2
"""Paragraphs of a claim above a rating; more are the evidence on it."""


def claims(article: SplitText) -> list[Span]:
    """Return where a text tests claims, in order. Never raises."""
    paragraphs = [paragraph.of(article.text) for paragraph in article.paragraphs]
    if any(map(_SATIRE.match, [*paragraphs[:_TOP], *paragraphs[_TOP:][-_BOTTOM:]])):
        return [Span(0, len(article.text))]
    labelled = [[*_LABEL.finditer(words)] for words in paragraphs]
    judged = any(label["verdict"] for labels in labelled for label in labels)
    if not judged:
        labelled = [[label for label in labels if not label["weak"]] for labels in labelled]
    found: list[Span] = []
    if not any(label["claim"] for labels in labelled for label in labels):
        found += _below_verdict(article, paragraphs)
    unrated = 0
    for number, (words, labels) in enumerate(zip(paragraphs, labelled, strict=True)):
        paragraph = article.paragraphs[number]
        below = paragraphs[number + 1 : number + 1 + _MOST_BELOW]
        rated = _RATED_BELOW.match(words) is not None
        if any(not label["verdict"] for label in labels):
            found += (span.moved(paragraph.start) for span in _inline(words, labels, below))
            if (
                judged
                and (labels[-1]["claim"] or labels[-1]["weak"])
                and not labels[-1]["inline"]
                and not _is_confirmed(below)
            ):
                found += article.paragraphs[number + 1 : number + 1 + _under_heading(below)]
        elif (
            words[0] in _CROSSES
            or (_RATED_AT_END.search(words[-_LONGEST_RATING:]) and not rated)
            or (below and _RATED_BELOW.match(below[0]) and not labels and unrated < _MOST_ABOVE)
        ):
            found.append(paragraph)
        unrated = 0 if rated else _MOST_ABOVE if labels else unrated + 1
    return sorted(found, key=lambda span: span.start)


def _below_verdict(article: SplitText, paragraphs: list[str]) -> list[Span]:
    """The paragraph below a rating that opens a text, or stands right below its headline."""
    for number, (words, below) in enumerate(pairwise(paragraphs[:_TOP])):
        rated = _RATED_BELOW.match(words)
        if rated and not words[rated.end() :].strip(" .!*_") and not _FINDING.match(below):
            return [article.paragraphs[number + 1]]
    return []


def _inline(words: str, labels: list[re.Match[str]], below: list[str]) -> Iterator[Span]:
    """The claims behind the labels of one paragraph, as offsets into it."""
    for label, following in pairwise([*labels, None]):
        if label is None or label["verdict"] or not label["inline"]:
            continue
        end = following.start() if following else len(words)
        if label.end() < end and not _is_confirmed([words[end:], *below]):
            yield Span(label.end(), end)


def _is_confirmed(below: list[str]) -> bool:
    """Whether the first verdict in the text behind a claim is that it is true."""
    for words, following in pairwise([*below, ""]):
        label = _LABEL.match(words)
        if label is not None and label["verdict"]:
            return _TRUE.match(words[label.end() :] or following) is not None
    return False


def _under_heading(below: list[str]) -> int:
    """The number of paragraphs between a heading and the next heading or label."""
    return next(
        (
            number
            for number, words in enumerate(below)
            if _LABEL.match(words) or (len(words) <= _LONGEST_HEADING and words[-1].isalnum())
        ),
        len(below),
    )
