"""Texts of fixtures/disputed.txt: words marked ~ are disputed, those marked + somebody's, those marked - nobody's."""

import re
from pathlib import Path

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.domain.articles import Span
from retrieval.text.quotations import FoundQuotation, find_quotations

_MARKED = re.compile("(?<=“)[~+-]")
_FORMS = Path(__file__).parents[1] / "fixtures" / "disputed.txt"
FORMS = [line for line in _FORMS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def _check(form: str, parser: SpacyParser | None) -> None:
    paragraphs = form.replace(" / ", "\n\n")
    text = _MARKED.sub("", paragraphs)
    found = {one.content.start: one for one in find_quotations(text, parser.parse(text) if parser else None)}
    for place, mark in enumerate(_MARKED.finditer(paragraphs)):
        start = mark.start() - place
        quotation = found.get(start)
        words = Span(start, text.index("”", start)).of(text)
        assert _is_as_marked(mark.group(), quotation, is_parsed=parser is not None), words


def _is_as_marked(mark: str, quotation: FoundQuotation | None, *, is_parsed: bool) -> bool:
    """Rules may leave words that somebody said without a speaker; nothing may be named for other words."""
    if quotation is None:
        return mark != "+"
    if mark == "+":
        return not quotation.disputed and bool(quotation.speakers or not is_parsed)
    return not quotation.speakers and (quotation.disputed or mark == "-")


@pytest.mark.parametrize("form", FORMS)
def test_words_are_disputed_where_the_text_does_not_vouch_for_them(form: str) -> None:
    _check(form, None)


@pytest.mark.parametrize("form", FORMS)
def test_words_are_disputed_with_a_parse_too(form: str, parser: SpacyParser) -> None:
    _check(form, parser)
