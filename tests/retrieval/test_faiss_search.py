"""What is particular to the engine of FAISS and FTS5; what every engine must do is in `tests/contracts`."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists

from retrieval.adapters.search.faiss_index import FaissIndex
from retrieval.adapters.search.faiss_search import FaissSearch, _united
from retrieval.archive.change_feed import ReadSnapshot
from retrieval.archive.records import NewVector
from retrieval.domain.ids import SHARED, PassageId
from retrieval.domain.scope import Scope
from retrieval.errors import EmbeddingMismatch
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.ids import ArticleId

EMBEDDER = HashingEmbedder()
ANYONE = Scope()


def add(archive: Archive, title: str, *texts: str) -> ArticleId:
    return archive.articles.add(new_article(title, *texts), EMBEDDER.spec, collection=SHARED, now=NOON).article.id


def with_words(archive: Archive, *words: str, large_archive: int) -> list[int]:
    """The passages found that hold one of the words that counted."""
    with closing(FaissSearch(archive, EMBEDDER.spec, large_archive=large_archive)) as search:
        candidates = search.candidates(ANYONE, EMBEDDER.embed_query("storm").vector, words, 500)
    return sorted(candidate.passage_id for candidate in candidates if candidate.lexical > 0)


def test_frequent_words_are_left_out_of_large_archives_alone(archive: Archive) -> None:
    add(archive, "weather", *(f"storm number {number}" for number in range(40)))
    add(archive, "zoo", "an aardvark in a storm")
    assert with_words(archive, "storm", "aardvark", large_archive=40) == [41]
    assert with_words(archive, "storm", "aardvark", large_archive=41) == list(range(1, 42))


def test_of_frequent_words_the_rarest_stays_when_there_is_no_other(archive: Archive) -> None:
    add(archive, "weather", *(f"storm {'flood' if number % 2 else ''} {number}" for number in range(40)))
    assert with_words(archive, "storm", "flood", "unheard", large_archive=0) == list(range(2, 41, 2))
    assert with_words(archive, "unheard", large_archive=0) == []


def test_the_index_holds_exactly_the_vectors_of_the_archive(archive: Archive) -> None:
    first = add(archive, "one", "storm", "flood")
    with closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        add(archive, "two", "vote", "council")
        assert search.indexed_ids().tolist() == [1, 2]
        search.sync()
        assert search.indexed_ids().tolist() == [1, 2, 3, 4]
        archive.articles.remove(ANYONE, first, now=NOON)
        search.sync()
        assert search.indexed_ids().tolist() == [3, 4]


def test_vectors_of_another_model_refuse_to_be_opened(archive: Archive) -> None:
    add(archive, "one", "storm")
    with pytest.raises(EmbeddingMismatch) as caught:
        FaissSearch(archive, HashingEmbedder(checksum="f" * 64).spec)
    assert caught.value.stored == EMBEDDER.spec


def test_an_index_that_was_made_anew_by_half_is_made_anew_once_more(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, "one", "storm", "flood")
    other = HashingEmbedder(checksum="f" * 64)
    with closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        made = other.embed_passages(["storm", "flood"])
        archive.models.store(other.spec, [NewVector(PassageId(id_), made[id_ - 1]) for id_ in (1, 2)])
        assert archive.models.activate(other.spec)
        with monkeypatch.context() as broken:
            broken.setattr(ReadSnapshot, "vectors", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                search.sync(other.spec)
        question = other.embed_query("storm").vector
        candidates = search.candidates(ANYONE, question, [], 10, other.spec)
    assert [candidate.passage_id for candidate in candidates] == [1, 2]


@pytest.mark.parametrize("hidden", [False, True], ids=["all are visible", "some are not"])
def test_the_index_hands_out_everything_that_is_about_as_near_as_the_last_place(hidden: bool) -> None:  # noqa: FBT001
    index = FaissIndex(8)
    vectors = np.zeros((400, 8), np.float16)
    vectors[:, 0] = np.linspace(0.9999, 0.9995, 400)  # nearest first, all within the margin
    vectors[300:, 0] = 0.5
    index.add(np.arange(400), vectors.view(np.uint8).reshape(400, 16))
    visible = np.ones(400, np.bool_)
    visible[:2] = not hidden

    near = index.nearest(np.eye(8, dtype=np.float32)[0], 3, visible)

    assert sorted(near.tolist()) == list(range(2 if hidden else 0, 300))


def test_thousands_of_equals_are_cut_by_their_ids(archive: Archive) -> None:
    vector = EMBEDDER.embed_query("storm").vector
    add_many = new_article("same", *(f"storm {number}" for number in range(3000)), vectors=[vector] * 3000)
    archive.articles.add(add_many, EMBEDDER.spec, collection=SHARED, now=NOON)
    with closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        candidates = search.candidates(ANYONE, vector, [], 10)
    assert [candidate.passage_id for candidate in candidates] == list(range(1, 11))


def test_similarities_are_cosines_even_where_half_precision_shortens_a_vector(archive: Archive) -> None:
    vector = np.full(64, 1 / 8 + 1e-5, dtype=np.float32)
    archive.articles.add(new_article("one", "storm", vectors=[vector]), EMBEDDER.spec, collection=SHARED, now=NOON)
    with closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        assert search.candidates(ANYONE, vector, [], 1)[0].similarity == 1.0


def test_importing_the_engine_does_not_import_faiss() -> None:
    script = "import sys, retrieval.adapters.search.faiss_search; sys.exit('faiss' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@given(some=lists(integers(0, 30)), others=lists(integers(0, 30)))
def test_ids_are_united_as_numpy_does_it(some: list[int], others: list[int]) -> None:
    ids = np.array(sorted(set(some)), np.int64), np.array(others, np.int64)

    assert _united(*ids).tolist() == np.union1d(*ids).tolist()


LEAN = """
import sys
from contextlib import closing
from pathlib import Path
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.domain.scope import Scope
from tests.support.fakes import HashingEmbedder

embedder = HashingEmbedder()
with open_archive(Path(sys.argv[1])) as archive, closing(FaissSearch(archive, embedder.spec)) as search:
    assert search.candidates(Scope(), embedder.embed_query("storm").vector, ["storm"], 3)
print(*({"numpy.ma", "sqlalchemy.dialects.postgresql"} & set(sys.modules)))
"""


def test_searching_loads_no_masked_arrays_and_no_other_database(archive: Archive, tmp_path: Path) -> None:
    archive.articles.add(new_article("one", "storm"), EMBEDDER.spec, collection=SHARED, now=NOON)
    (path,) = tmp_path.glob("*.sqlite3")

    asked = subprocess.run([sys.executable, "-c", LEAN, str(path)], capture_output=True, text=True, check=False)

    assert (asked.returncode, asked.stdout.strip()) == (0, ""), asked.stderr
