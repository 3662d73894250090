"""Vectors of two models are never in use together, and a change from one to the other can be cut off at any point."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewVector
from retrieval.domain.ids import SHARED, CollectionId, PassageId
from retrieval.domain.scope import Scope
from retrieval.domain.upkeep import ModelChange
from retrieval.errors import EmbeddingMismatch
from tests.contracts.exact_search import ExactSearch
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article, packed
from tests.support.sizes import sized

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive
    from retrieval.archive.records import NewArticle
    from retrieval.domain.articles import AddedArticle

EMBEDDER = HashingEmbedder()
OTHER = HashingEmbedder(checksum="f" * 64)
ANYONE = Scope()
FIRST = PassageId(0)
"""Below every passage."""


def add(archive: Archive, article: NewArticle) -> AddedArticle:
    return archive.articles.add(article, EMBEDDER.spec, collection=SHARED, now=NOON)


def embed(archive: Archive, embedder: HashingEmbedder, limit: int, after: PassageId = FIRST) -> int:
    """Store the vectors of some passages that have none of this model; says how many."""
    waiting = archive.models.waiting(embedder.spec, after=after, limit=limit)
    vectors = embedder.embed_passages([passage.text for passage in waiting])
    new = [NewVector(one.passage_id, vector, packed("new")) for one, vector in zip(waiting, vectors, strict=True)]
    archive.models.store(embedder.spec, new)
    return len(new)


def test_vectors_of_another_model_are_refused(archive: Archive) -> None:
    add(archive, new_article("One", "the words"))
    with pytest.raises(EmbeddingMismatch) as caught:
        archive.articles.add(new_article("Two", "other words", embedder=OTHER), OTHER.spec, collection=SHARED, now=NOON)
    assert (caught.value.stored, caught.value.configured) == (EMBEDDER.spec, OTHER.spec)
    assert len(archive.articles.entries(ANYONE)) == 1


def test_what_is_read_for_a_model_is_refused_once_another_one_is_in_use(archive: Archive) -> None:
    add(archive, new_article("One", "the words"))
    (passage,) = archive.passages.outlines(ANYONE, [PassageId(1)], EMBEDDER.spec)
    assert passage.tokens == packed("the words")
    embed(archive, OTHER, 9)
    assert archive.models.activate(OTHER.spec)
    with pytest.raises(EmbeddingMismatch):
        archive.passages.outlines(ANYONE, [PassageId(1)], EMBEDDER.spec)
    with pytest.raises(EmbeddingMismatch):
        archive.passages.quoted(ANYONE, [], made_by=EMBEDDER.spec)
    (passage,) = archive.passages.outlines(ANYONE, [PassageId(1)], OTHER.spec)
    assert passage.tokens == packed("new")


def test_a_change_of_model_can_stop_and_go_on_and_happens_at_once(archive: Archive) -> None:
    for number in range(5):
        add(archive, new_article(f"a{number}", f"one {number}", f"two {number}"))
    other = HashingEmbedder(dimension=32, checksum="f" * 64)
    batches = 0
    while not archive.models.activate(other.spec):
        assert archive.embedding_spec() == EMBEDDER.spec
        embed(archive, other, 4)
        batches += 1
        if batches == 1:
            archive.articles.remove(ANYONE, archive.articles.entries(ANYONE)[0].id, now=NOON)
            add(archive, new_article("late", "added with the old model"))
    assert (batches, archive.embedding_spec()) == (3, other.spec)
    report = archive.check()
    assert (report.passages, report.vectors, report.problems) == (9, 9, ())
    with pytest.raises(EmbeddingMismatch):
        add(archive, new_article("later", "still the old model"))


def test_what_a_model_left_is_deleted_a_few_at_a_time_and_what_is_in_use_stays(archive: Archive) -> None:
    add(archive, new_article("One", *(f"words {number}" for number in range(7))))
    assert not archive.models.has_unused()
    embed(archive, OTHER, 7)
    assert archive.models.activate(OTHER.spec)
    assert archive.models.has_unused()
    assert [archive.models.forget_unused(3) for _ in range(4)] == [3, 3, 1, 0]
    assert not archive.models.has_unused()
    assert archive.models.progress(EMBEDDER.spec) == ModelChange(0, 7)
    assert archive.check().problems == ()


def test_a_change_that_was_given_up_leaves_nothing_either(archive: Archive) -> None:
    add(archive, new_article("One", "some words", "other words"))
    embed(archive, OTHER, 1)
    assert [archive.models.forget_unused(9) for _ in range(2)] == [1, 0]
    assert archive.embedding_spec() == EMBEDDER.spec
    assert archive.models.progress(OTHER.spec) == ModelChange(0, 2)


def test_how_far_a_change_is_counts_what_the_reader_sees(archive: Archive) -> None:
    server = CollectionId(7)
    add(archive, new_article("Everybody's", "one", "two"))
    archive.articles.add(new_article("Theirs", "three", "four", "five"), EMBEDDER.spec, collection=server, now=NOON)
    embed(archive, OTHER, 3)
    assert archive.models.progress(OTHER.spec) == ModelChange(3, 5)
    assert archive.models.progress(OTHER.spec, ANYONE) == ModelChange(2, 2)
    assert archive.models.progress(OTHER.spec, Scope(server)) == ModelChange(3, 5)
    theirs = next(entry.id for entry in archive.articles.entries(Scope(server)) if entry.source.title == "Theirs")
    archive.articles.remove(Scope(server), theirs, now=NOON)
    assert archive.models.progress(OTHER.spec) == archive.models.progress(EMBEDDER.spec) == ModelChange(2, 2)


def test_passages_that_wait_are_given_in_order_above_the_last_one(archive: Archive) -> None:
    add(archive, new_article("One", "first", "second", "third"))
    embed(archive, OTHER, 1, after=PassageId(1))
    waiting = archive.models.waiting(OTHER.spec, after=FIRST, limit=9)
    assert [(one.passage_id, one.title, one.text) for one in waiting] == [(1, "One", "first"), (3, "One", "third")]
    assert [one.passage_id for one in archive.models.waiting(OTHER.spec, after=PassageId(1), limit=9)] == [3]


def test_a_vector_that_is_none_is_refused_with_all_that_came_with_it(archive: Archive) -> None:
    add(archive, new_article("One", "first", "second"))
    good, bad = OTHER.embed_passages(["first", "second"])
    bad[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        archive.models.store(OTHER.spec, [NewVector(PassageId(1), good), NewVector(PassageId(2), bad)])
    assert archive.models.progress(OTHER.spec).done == 0


def test_vectors_for_passages_that_are_gone_are_passed_over(archive: Archive) -> None:
    archive.articles.remove(ANYONE, add(archive, new_article("One", "the words")).article.id, now=NOON)
    archive.models.store(OTHER.spec, [NewVector(PassageId(1), OTHER.embed_query("the words").vector)])
    assert archive.models.activate(OTHER.spec)
    assert archive.embedding_spec() == OTHER.spec


def test_an_archive_without_articles_takes_any_model_at_once(archive: Archive) -> None:
    assert archive.models.activate(EMBEDDER.spec)
    assert archive.passages.about(ANYONE).model == EMBEDDER.spec.label


def test_one_alone_works_at_a_change_until_it_ends(archive: Archive, tmp_path: Path) -> None:
    with open_archive(tmp_path / "news.sqlite3") as elsewhere:
        with archive.models.claim() as first, elsewhere.models.claim() as second:
            assert (first, second) == (True, False)
        with elsewhere.models.claim() as third:
            assert third
    assert [path.name for path in tmp_path.glob("*changing*")] == []


class Changes(RuleBasedStateMachine):
    """Articles come and go, and models change, all at random and with kills in between; a search goes on meanwhile."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "news.sqlite3"
        self.opened = ExitStack()
        self.models = [HashingEmbedder(16), HashingEmbedder(16, "e" * 64), HashingEmbedder(8, "f" * 64)]
        self.in_use = self.models[0]
        self.added = 0
        self._open()

    def _open(self) -> None:
        self.archive = self.opened.enter_context(open_archive(self.path))
        self.search = self.opened.enter_context(closing(FaissSearch(self.archive, self.in_use.spec)))
        self.oracle = ExactSearch(self.archive)

    @rule(passages=st.integers(1, 4), by=st.integers(0, 2))
    def add(self, passages: int, by: int) -> None:
        """An article comes in, from a process that goes by whatever model."""
        model = self.models[by]
        self.added += 1
        texts = [f"word{self.added} of passage {number}" for number in range(passages)]
        article = new_article(f"Article {self.added}", *texts, embedder=model)
        if model is self.in_use:
            self.archive.articles.add(article, model.spec, collection=SHARED, now=NOON)
        elif self.archive.embedding_spec() is not None:
            with pytest.raises(EmbeddingMismatch):
                self.archive.articles.add(article, model.spec, collection=SHARED, now=NOON)

    @rule(which=st.integers(0, 50))
    def remove(self, which: int) -> None:
        entries = self.archive.articles.entries(ANYONE)
        if entries:
            self.archive.articles.remove(ANYONE, entries[which % len(entries)].id, now=NOON)

    @rule(to=st.integers(0, 2), some=st.integers(1, 4), after=st.integers(0, 5))
    def embed(self, to: int, some: int, after: int) -> None:
        if self.archive.embedding_spec() is not None:
            embed(self.archive, self.models[to], some, PassageId(after))

    @rule(to=st.integers(0, 2))
    def activate(self, to: int) -> None:
        model = self.models[to]
        complete = not self.archive.models.waiting(model.spec, after=FIRST, limit=1)
        assert self.archive.models.activate(model.spec) == complete
        if complete:
            self.in_use = model

    @rule(some=st.integers(1, 3))
    def forget(self, some: int) -> None:
        self.archive.models.forget_unused(some)

    @rule()
    def reopen(self) -> None:
        self._close()
        self._open()

    @invariant()
    def no_passage_lacks_a_vector_of_the_model_in_use(self) -> None:
        assert self.archive.check().problems == ()
        assert self.archive.embedding_spec() in {None, self.in_use.spec}

    @invariant()
    def a_search_compares_with_the_model_in_use_alone(self) -> None:
        for model in self.models:
            question = model.embed_query("word1 of passage 2").vector
            if model is self.in_use:
                found = self.search.candidates(ANYONE, question, ["word1"], 3, model.spec)
                assert found == self.oracle.candidates(ANYONE, question, ["word1"], 3, model.spec)
            elif self.archive.embedding_spec() is not None:
                with pytest.raises(EmbeddingMismatch):
                    self.search.candidates(ANYONE, question, ["word1"], 3, model.spec)

    @precondition(lambda self: self.archive.embedding_spec() is not None)
    @invariant()
    def what_is_stored_of_a_model_is_of_passages_that_are_there(self) -> None:
        for model in self.models:
            progress = self.archive.models.progress(model.spec)
            waiting = self.archive.models.waiting(model.spec, after=FIRST, limit=1000)
            assert progress.done == progress.passages - len(waiting)

    def _close(self) -> None:
        self.oracle.close()
        self.opened.close()

    @override
    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self._close()
            self.folder.cleanup()


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=sized(3, 8), stateful_step_count=30)
