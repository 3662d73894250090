"""What is read of Word documents, and that hostile ones are bounded."""

from __future__ import annotations

from typing import Final
from zipfile import ZIP_BZIP2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.dispatch import read_content
from retrieval.domain.articles import Draft
from retrieval.domain.file_types import DOCX
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from tests.support.documents import WORD, document, docx, run, zipped
from tests.support.stories import story

STORM: Final = story("storm")
BODY: Final = "".join(f"<w:p>{run(paragraph)}</w:p>" for paragraph in STORM.paragraphs)
NOT_SHOWN: Final = {
    "deleted": '<w:del w:id="1"><w:r><w:delText>old </w:delText></w:r><w:r><w:t>older</w:t></w:r></w:del>',
    "moved away": f"<w:moveFrom>{run('elsewhere')}</w:moveFrom>",
    "hidden": "<w:r><w:rPr><w:vanish/></w:rPr><w:t>for the editor</w:t></w:r>",
    "a field's code": '<w:r><w:instrText>HYPERLINK "https://t.example/?a=b"</w:instrText></w:r>',
    "a comment": '<!-- note --><w:commentReference w:id="3"/>',
    "a fallback": f"<mc:Fallback xmlns:mc='urn:mc'>{run('twice')}</mc:Fallback>",
}


def read(content: bytes, kind: str = DOCX.media_types[0]) -> Draft:
    return read_content(Fetched("", content, kind))


@pytest.mark.parametrize("style", ["Titel", "berschrift1"])
def test_paragraphs_are_read_and_the_title_by_its_style(style: str) -> None:
    draft = read(docx(STORM.paragraphs, STORM.headline, style))
    assert (draft.title, draft.text) == (STORM.headline, STORM.body)
    assert read(docx(STORM.paragraphs)).title is None


@pytest.mark.parametrize("what", NOT_SHOWN)
def test_what_a_reader_does_not_see_is_left_out(what: str) -> None:
    hidden = NOT_SHOWN[what]
    body = BODY.replace("</w:p>", f"{hidden}</w:p>", 2) + f"<w:p>{hidden}</w:p>"
    assert read(document(body)).text == STORM.body


def test_notes_that_are_sentences_stand_behind_the_text() -> None:
    reference = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    body = BODY.replace("</w:p>", f"{reference}</w:p>", 1)
    notes = {
        "footnotes": "<w:footnote w:type='separator'><w:p><w:r><w:separator/></w:r></w:p></w:footnote>"
        f"<w:footnote w:id='2'><w:p><w:r><w:footnoteRef/></w:r>{run(' The harbour office gave the figures on Monday.')}"
        f"</w:p></w:footnote><w:footnote w:id='3'><w:p>{run('Ibid., p. 4.')}</w:p></w:footnote>",
        "endnotes": f"<w:endnote w:id='2'><w:p>{run('The wind was measured at the lighthouse, as in all years.')}</w:p>"
        "</w:endnote>",
    }
    told = [
        "The harbour office gave the figures on Monday.",
        "The wind was measured at the lighthouse, as in all years.",
    ]
    assert read(document(body, notes=notes)).text == "\n\n".join([STORM.body, *told])


@pytest.mark.parametrize(
    "paragraph",
    [
        run("It was ") + run("over") + run(" by noon."),
        f"<w:hyperlink>{run('It was over')}</w:hyperlink>{run(' by noon.')}",
        f"<w:ins>{run('It was over ')}</w:ins>{run('by noon.')}",
        "<w:r><w:t>It was over</w:t><w:br/><w:t>by noon.</w:t></w:r>",
        "<w:r><w:t>It was</w:t><w:tab/><w:t>over by noon.</w:t></w:r>",
        f"<w:sdt><w:sdtContent>{run('It was over by noon.')}</w:sdtContent></w:sdt>",
    ],
)
def test_words_are_read_however_they_are_marked_up(paragraph: str) -> None:
    assert read(document(f"{BODY}<w:p>{paragraph}</w:p>")).text == f"{STORM.body}\n\nIt was over by noon."


def test_cells_and_boxes_are_paragraphs_of_their_own() -> None:
    cells = (
        f"<w:tbl><w:tr><w:tc><w:p>{run('Gusts')}</w:p></w:tc><w:tc><w:p>{run('40 knots')}</w:p></w:tc></w:tr></w:tbl>"
    )
    box = f"<w:p>{run('Outside.')}<w:r><w:txbxContent><w:p>{run('Inside.')}</w:p></w:txbxContent></w:r></w:p>"
    assert read(document(BODY + cells + box)).text == f"{STORM.body}\n\nGusts\n\n40 knots\n\nOutside.\n\nInside."


def test_the_strict_form_and_another_name_of_the_document_are_read() -> None:
    assert read(document(BODY, "http://purl.oclc.org/ooxml/wordprocessingml/main")).text == STORM.body
    xml = f'<w:document xmlns:w="{WORD}"><w:body>{BODY}</w:body></w:document>'
    assert read(zipped({"word/document2.xml": xml}), "application/octet-stream").text == STORM.body


ENTITIES: Final = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(10))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04" + b"nothing" * 100, "damaged"),
        (docx(STORM.paragraphs)[:-300], "damaged"),
        (docx(STORM.paragraphs)[:300] + b"\xff" * 50 + docx(STORM.paragraphs)[350:], "damaged"),
        (zipped({"word/document.xml": "<w:p>"}), "damaged"),
        (zipped({"word/document.xml": f"<!DOCTYPE d [{ENTITIES}]><d><p><t>&e9;</t></p></d>"}), "damaged"),
        (zipped({"word/document.xml": '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><d>&f;</d>'}), "damaged"),
        (zipped({"word/document.xml": "<a>" * 100_000}), "damaged"),
        (zipped({"word/document.xml": " " * 200_000_000}), "too large"),
        (zipped({"word/document.xml": f"<d>{'<p>' * 200}<t>a b</t>{'</p>' * 200}</d>"}), "are the least"),
        (zipped({"word/document.xml": b"<d/>", "x": b"x"}, ZIP_BZIP2), "damaged"),
        (zipped({f"part{number}": b"" for number in range(10_001)}), "too many parts"),
        (zipped({"xl/workbook.xml": "<a/>"}), "of a kind"),
        (docx(["Too short."]), "2 words"),
        (b"no zip at all", "damaged"),
    ],
    ids=range(14),
)
def test_a_hostile_or_other_file_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason):
        read(content)


@given(st.binary(max_size=200), st.integers(0, 2_000))
def test_a_damaged_document_is_a_draft_or_refused(damage: bytes, place: int) -> None:
    content = docx(STORM.paragraphs, STORM.headline)
    broken = content[:place] + damage + content[place + len(damage) :]
    try:
        assert isinstance(read(broken), Draft)
    except ArticleRejected:
        return
