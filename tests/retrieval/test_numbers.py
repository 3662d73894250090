"""Articles are known by numbers that each collection counts for itself: they tell nobody what others have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from retrieval.active_model import ActiveModel
from retrieval.archive.opening import open_archive
from retrieval.articles.storing import store_article
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, ArticleNumber, CollectionId
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleUnknown
from retrieval.reading import read_article
from tests.crash.texts import draft
from tests.support.articles import BRIDGE
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrieval.domain.embeddings import PassageEmbedding
    from retrieval.newsroom import Newsroom

HERE, THERE = CollectionId(11), CollectionId(22)
PAGE = "https://courier.example/bridge"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        yield room


@given(number=st.integers(0, 10**9), shared=st.booleans())
def test_a_number_that_is_printed_is_read_again(number: int, *, shared: bool) -> None:
    printed = ArticleNumber(number, shared=shared)
    assert ArticleNumber.parse(str(printed)) == printed
    assert ArticleNumber.parse(f" #{str(printed).lower()} ") == printed


@pytest.mark.parametrize("typed", ["", "S", "#", "12a", "SS1", "1.2", "-1", "١٢", "2" * 11])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert ArticleNumber.parse(typed) is None


def numbers(room: Newsroom, server: CollectionId) -> dict[str, str]:
    return {entry.source.title: str(entry.number) for entry in room.articles.entries(Scope(server))}


def test_each_server_counts_for_itself(room: Newsroom) -> None:
    for number in range(3):
        room.importer.add(Draft(f"{BRIDGE.text}\n\nPart {number} of it.", f"There {number}"), THERE)
    room.importer.add(Draft(f"{BRIDGE.text}\n\nWhat all see.", "Seen by all"), SHARED)
    assert str(room.importer.add(BRIDGE, HERE).number) == "1"
    assert numbers(room, HERE) == {"Harbour bridge closed after cracks are found": "1", "Seen by all": "S1"}
    assert sorted(numbers(room, THERE).values()) == ["1", "2", "3", "S1"]
    assert [str(entry.number) for entry in room.articles.entries(Scope())] == ["1"]


def test_a_number_is_not_given_again(room: Newsroom) -> None:
    first = room.importer.add(draft(1), HERE)
    room.articles.remove(Scope(HERE), first.article.id)
    assert room.importer.add(draft(2), HERE).number == ArticleNumber(2)
    with pytest.raises(ArticleUnknown, match=r"^There is no article 1\.$"):
        room.articles.numbered(Scope(HERE), ArticleNumber(1))


def test_a_number_is_that_of_all_versions_of_an_article(room: Newsroom) -> None:
    old = room.importer.add(Draft(BRIDGE.text, BRIDGE.title, url=PAGE), HERE)
    new = room.importer.add(Draft(f"{BRIDGE.text}\n\nMore is known now.", BRIDGE.title, url=PAGE), HERE)
    assert new.replaced
    assert (old.number, new.number) == (ArticleNumber(1), ArticleNumber(1))
    assert new.article.fingerprint != old.article.fingerprint
    assert room.importer.undo(Scope(HERE), new.article.id).number == ArticleNumber(1)
    assert room.importer.add(draft(1), HERE).number == ArticleNumber(2)


def test_what_is_shared_and_a_server_s_own_too_has_both_numbers(room: Newsroom) -> None:
    shared = room.importer.add(BRIDGE, SHARED)
    room.importer.add(draft(1), HERE)
    assert room.articles.show(Scope(HERE), shared.article.id).number == ArticleNumber(1, shared=True)
    assert room.importer.add(BRIDGE, HERE).number == ArticleNumber(2)
    for known in (ArticleNumber(2), ArticleNumber(1, shared=True)):
        assert room.articles.numbered(Scope(HERE), known) == shared.article.id
    assert room.articles.show(Scope(HERE), shared.article.id).number == ArticleNumber(2)


def test_nobody_finds_another_server_s_article_by_its_number(room: Newsroom) -> None:
    room.importer.add(BRIDGE, THERE)
    for shared in (False, True):
        with pytest.raises(ArticleUnknown):
            room.articles.numbered(Scope(HERE), ArticleNumber(1, shared=shared))


class _Counting(HashingEmbedder):
    """Counts the texts that are embedded."""

    texts = 0

    @override
    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        self.texts += len(texts)
        yield from super().embed_tokens(texts)


def test_how_long_an_add_takes_does_not_tell_that_another_server_has_the_text(tmp_path: Path) -> None:
    """It is embedded as if nobody had it; only what one's own server has, or what is shared, is not."""
    embedder = _Counting()
    with open_archive(tmp_path / "a.sqlite3") as archive:
        read, models = read_article(BRIDGE), ActiveModel(embedder)

        def made(where: CollectionId) -> int:
            before = embedder.texts
            store_article(archive, read, models, where)
            return embedder.texts - before

        alone = made(THERE)
        assert alone > 0
        assert made(HERE) == alone
        assert made(HERE) == 0
        assert archive.passages.about(Scope(HERE)).passages == archive.passages.about(Scope(THERE)).passages
        assert made(SHARED) == alone
        assert made(CollectionId(33)) == 0
