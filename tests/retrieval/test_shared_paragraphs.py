"""What many quotations have in common is kept once, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive.speakers.cited_quotations import ArticleText
from retrieval.domain.articles import Draft, Span
from retrieval.domain.ids import SHARED
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Scope
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from pathlib import Path


def test_the_quotations_of_a_paragraph_share_its_text(tmp_path: Path) -> None:
    paragraph = " ".join(f"“We will go to town number {n} now,” said Ann Harper." for n in range(60))
    with newsroom_in(tmp_path) as room:
        room.importer.add(Draft(f"The council met on Monday.\n\n{paragraph}\n\nThat was all.", title="Council"), SHARED)
        found = room.quotes_by(Scope(), "Ann Harper")
    assert isinstance(found, QuotationsFound)
    assert len(found.quotations) == 60
    assert {quotation.paragraph for quotation in found.quotations} == {paragraph}
    assert len({id(quotation.paragraph) for quotation in found.quotations}) == 1


@given(st.text("ab\n", min_size=1, max_size=30), st.data())
def test_a_paragraph_goes_from_one_line_break_to_the_next(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    around = Span(start, data.draw(st.integers(start + 1, len(body))))
    first = len(body[:start].rpartition("\n")[0]) + ("\n" in body[:start])
    following = body.find("\n", around.end)
    last = len(body) if following < 0 else following
    text = ArticleText(body)
    assert text.paragraph(around) == Span(first, last)
    assert text.of(around) == body[around.start : around.end]
