"""What is named on the command line becomes articles, or sentences with their places."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.cli.inputs import count_inputs, read_inputs, read_line, skipped_files
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected, FetchFailed

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.articles.importing import Importer


class Drafts:
    def draft_from_link(self, url: str) -> Draft:
        if "broken" in url:
            message = "The site does not answer."
            raise FetchFailed(message)
        return Draft("From a link.", url=url)

    def draft_from_file(self, name: str, content: bytes) -> Draft:
        return Draft(content.decode(), title=name)


IMPORTER = cast("Importer", Drafts())


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b/z.html", "a.txt", "c.md", "x.pdf", "ignored.doc", ".hidden/a.txt", ".b.txt", "a.toml"):
        (tmp_path / name).write_text('title = "From the sidecar"' if name == "a.toml" else name, encoding="utf-8")
    (tmp_path / "d.jsonl").write_text('{"text": "one"}\n\n{"text": "two"}\n', encoding="utf-8")
    found = list(read_inputs([str(tmp_path)], IMPORTER))
    assert [offer.place.removeprefix(f"{tmp_path}/") for offer in found] == [
        "a.txt", "c.md", "d.jsonl:1", "d.jsonl:3", "x.pdf", "b/z.html",
    ]  # fmt: skip
    assert [offer.outcome.text for offer in found if isinstance(offer.outcome, Draft)] == [
        "a.txt", "c.md", "one", "two", "x.pdf", "b/z.html",
    ]  # fmt: skip
    assert isinstance(found[0].outcome, Draft)
    assert found[0].outcome.title == "From the sidecar"
    assert count_inputs([str(tmp_path)]) == len(found)
    assert skipped_files([str(tmp_path), str(tmp_path / "ignored.doc")]) == (tmp_path / "ignored.doc",)


def test_a_folder_in_which_nothing_can_be_read_is_refused_with_what_can_be(tmp_path: Path) -> None:
    (tmp_path / "picture.png").touch()
    (only,) = read_inputs([str(tmp_path)], IMPORTER)
    assert str(only.outcome) == (
        f"The folder {tmp_path} holds no file that I read: .docx, .eml, .htm, .html, .jsonl, .md, .ndjson, .pdf, "
        ".rtf, .srt, .txt, .vtt."
    )
    assert count_inputs([str(tmp_path)]) == 1


def test_a_file_of_a_kind_that_is_not_read_is_refused_and_one_without_an_ending_is_a_text(tmp_path: Path) -> None:
    for name in ("three.xlsx", "three", "three.doc"):
        (tmp_path / name).write_text("The harbour bridge was closed.", encoding="utf-8")
    word, bare = read_inputs([str(tmp_path / "three.xlsx"), str(tmp_path / "three")], IMPORTER)
    assert "I read files that end with .docx, .eml, .htm" in str(word.outcome)
    assert bare.outcome == Draft("The harbour bridge was closed.")
    (old,) = read_inputs([str(tmp_path / "three.doc")], IMPORTER)
    assert "save a document as .docx or .pdf" in str(old.outcome)


@pytest.mark.parametrize("address", ["ftp://x.example/a", "file:///a.txt", "HTTPS://x.example/a"])
def test_whatever_has_a_scheme_is_a_link_and_no_file(address: str) -> None:
    (found,) = read_inputs([address], IMPORTER)
    assert found.outcome == Draft("From a link.", url=address)


def test_links_are_fetched_and_their_failures_told(tmp_path: Path) -> None:
    good, bad = read_inputs(["https://a.example/x", "HTTP://broken.example/"], IMPORTER)
    assert good.outcome == Draft("From a link.", url="https://a.example/x")
    assert isinstance(bad.outcome, FetchFailed)
    (missing,) = read_inputs([str(tmp_path / "none.html")], IMPORTER)
    assert str(missing.outcome) == f"There is no file {tmp_path / 'none.html'}."
    (lines,) = read_inputs([str(tmp_path / "none.jsonl")], IMPORTER)
    assert str(lines.outcome) == f"There is no file {tmp_path / 'none.jsonl'}."


def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(
        b'{"text": "one"}\nnot json\n[1]\n{"title": "no text"}\n\xff\xfe\n'
        b'{"text": "two", "date": "soon"}\n{"text": "3"}'
    )
    found = list(read_inputs([str(path)], IMPORTER))
    assert [offer.place.rpartition(":")[2] for offer in found] == ["1", "2", "3", "4", "5", "6", "7"]
    good = [offer.place.rpartition(":")[2] for offer in found if isinstance(offer.outcome, Draft)]
    assert good == ["1", "7"]
    assert [str(offer.outcome) for offer in found if not isinstance(offer.outcome, Draft)] == [
        "The line is not JSON in UTF-8.",
        "The line is not a JSON object.",
        "The line has no text: it is looked for under text, body and content.",
        "The line is not JSON in UTF-8.",
        "'soon' is not a date: write it as 2024-03-25 or 2024-03-25T14:05+00:00.",
    ]


WHOLE = Draft(
    "Text.", "T", "P", ("A", "B"), "https://a.example/x",
    datetime(2024, 3, 25, tzinfo=UTC), datetime(2024, 3, 26, 12, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        {"text": "Text.", "title": "T", "publisher": "P", "authors": ["A", "B"], "url": "https://a.example/x",
         "published_at": "2024-03-25", "updated_at": "2024-03-26T12:00:00+00:00", "added_at": "x", "notice": None},
        {"body": "Text.", "headline": "T", "source": {"name": "P"}, "author": [{"name": "A"}, {"name": "B"}],
         "link": "https://a.example/x", "date": "2024-03-25T00:00Z", "updated": "2024-03-26T14:00+02:00"},
    ],
)  # fmt: skip
def test_a_line_may_name_its_fields_in_several_ways(line: dict[str, object]) -> None:
    assert read_line(json.dumps(line).encode()) == WHOLE


def test_the_first_line_of_a_file_may_carry_a_byte_order_mark() -> None:
    assert read_line(b'\xef\xbb\xbf{"text": "one"}').text == "one"


def test_an_empty_field_is_none() -> None:
    assert read_line(b'{"text": "a", "title": [], "authors": null, "url": ""}') == Draft("a")


@pytest.mark.parametrize(
    "line", [{"text": 5}, {"text": "a", "title": ["x"]}, {"text": "a", "authors": [5]}, {"text": ""}, {"text": {}}]
)
def test_a_field_of_another_type_is_refused(line: dict[str, object]) -> None:
    with pytest.raises(ArticleRejected):
        read_line(json.dumps(line).encode())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "name", "url"]), inner, max_size=3)
    ),
)


@given(st.dictionaries(st.sampled_from(["text", "title", "source", "authors", "date", "url"]), json_values))
def test_any_line_is_an_article_or_refused(line: dict[str, object]) -> None:
    try:
        assert read_line(json.dumps(line).encode()).text
    except ArticleRejected as refused:
        assert str(refused)  # noqa: PT017  # either is right


@given(st.binary(max_size=60))
def test_any_bytes_are_an_article_or_refused(line: bytes) -> None:
    try:
        assert read_line(line).text
    except ArticleRejected as refused:
        assert str(refused)  # noqa: PT017  # either is right
