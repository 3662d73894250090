"""The contract of the port `Search`: whatever an engine does inside, it finds the oracle's ids and values."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.records import NewVector
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, PassageId
from retrieval.domain.scope import Filters, Scope
from retrieval.errors import EmbeddingMismatch
from tests.contracts.search_bench import ANYONE, EMBEDDER, Bench, bench
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import Candidate, EmbeddingSpec, FloatArray
    from retrieval.ports import Search

HERE = CollectionId(77)
THERE = CollectionId(1_234_567_890_123_456_789)
TOPICS = ["vote", "council", "budget", "strike", "river", "flood", "court", "judge", "school", "summit", "storm"]


ENGINES: list[Callable[[Archive, EmbeddingSpec], Search]] = [FaissSearch]
"""Whatever stands here has to keep the whole contract."""


@pytest.fixture(name="bench", params=ENGINES)
def _bench(
    tmp_path: Path, request: pytest.FixtureRequest, each_database: Callable[[Path], str | None]
) -> Iterator[Bench]:
    path = tmp_path / "news.sqlite3"
    with bench(path, request.param, each_database(path)) as made:
        yield made


def named(candidates: Sequence[Candidate]) -> list[int]:
    """The passages found that hold a word of the question."""
    return [candidate.passage_id for candidate in candidates if candidate.lexical > 0]


def fill(bench: Bench, articles: int, collection: CollectionId = SHARED, seed: int = 1) -> None:
    random = np.random.default_rng(seed)
    for number in range(articles):
        texts = [" ".join([f"p{number}x{part}", *random.choice(TOPICS, size=8)]) for part in range(4)]
        bench.add(f"article{collection}x{number}", *texts, collection=collection)


def test_an_empty_archive_has_nothing_to_offer(bench: Bench) -> None:
    assert bench.agree("vote") == ()


def test_what_both_lists_find_carries_both_scores(bench: Bench) -> None:
    fill(bench, 30)
    candidates = bench.agree("council vote storm", k=7)
    assert len(candidates) > 7
    assert [candidate.similarity for candidate in candidates] == sorted(
        (c.similarity for c in candidates), reverse=True
    )


@pytest.mark.parametrize("k", [1, 2, 20, 119, 120, 121, 5000])
def test_k_may_be_anything_from_one_to_more_than_there_is(bench: Bench, k: int) -> None:
    fill(bench, 30)
    assert bench.agree("flood court", k=k)


def test_equals_come_in_the_order_of_their_ids_also_where_the_list_is_cut(bench: Bench) -> None:
    for number in range(40):
        bench.add(f"t{number}", "the same words again", f"something else n{number}")
    candidates = bench.agree("same words", k=3)
    assert [candidate.passage_id for candidate in candidates] == [1, 3, 5]


def test_a_word_in_every_passage_still_counts(bench: Bench) -> None:
    bench.add("vote", "council vote", "river flood")
    assert all(candidate.lexical > 0 for candidate in bench.agree("vote"))


def test_repeated_words_of_a_question_count_once(bench: Bench) -> None:
    fill(bench, 5)
    vector = EMBEDDER.embed_query("storm").vector
    once = bench.engine.candidates(ANYONE, vector, ["storm"], 5)
    assert bench.engine.candidates(ANYONE, vector, ["storm", "storm"], 5) == once


def test_words_that_stand_nowhere_and_no_words_at_all_leave_the_nearest(bench: Bench) -> None:
    fill(bench, 5)
    assert len(bench.agree("zebra", k=3)) == 3
    assert len(bench.agree_on(EMBEDDER.embed_query("vote").vector, [], 3, ANYONE)) == 3


def test_what_is_added_after_opening_is_found(bench: Bench) -> None:
    fill(bench, 3)
    bench.agree("vote")
    bench.add("late news", "an aardvark escaped")
    assert named(bench.agree("aardvark escaped", k=1)) == [13]


@pytest.mark.parametrize(
    "only",
    [
        Filters(publisher="post"),
        Filters(publisher="The Wire"),
        Filters(publisher="100%"),
        Filters(since=day(3)),
        Filters(until=day(3)),
        Filters(publisher="wire", since=day(1), until=day(4)),
        Filters(since=day(40)),
    ],
)
def test_a_narrowed_question_sees_what_it_is_meant_for(bench: Bench, only: Filters) -> None:
    for number in range(6):
        publisher = ("The Wire", "Port Post", None)[number % 3]
        article = new_article(
            f"t{number}", f"council vote {number}", publisher=publisher, published_at=day(number), embedder=EMBEDDER
        )
        bench.archive.articles.add(article, EMBEDDER.spec, collection=SHARED, now=NOON)
    bench.agree("council vote")
    scope = Scope(filters=only)
    candidates = bench.agree("council vote", scope=scope)
    assert len(candidates) == bench.archive.passages.searched(scope).articles


def test_what_is_removed_is_gone(bench: Bench) -> None:
    gone = bench.add("zoo", "an aardvark escaped")
    fill(bench, 3)
    assert named(bench.agree("aardvark")) == [1]
    bench.archive.articles.remove(ANYONE, gone, now=NOON)
    assert 1 not in {candidate.passage_id for candidate in bench.agree("aardvark", k=100)}


def test_an_archive_that_is_emptied_and_filled_again_is_searched_like_any(bench: Bench) -> None:
    bench.archive.articles.remove(ANYONE, bench.add("zoo", "an aardvark escaped"), now=NOON)
    assert bench.agree("aardvark") == ()
    bench.add("zoo", "an aardvark escaped")
    assert [candidate.passage_id for candidate in bench.agree("aardvark")] == [2]


@pytest.mark.parametrize(("own", "others"), [(40, 0), (4, 396), (1, 999)], ids=["100 %", "1 %", "0.1 %"])
def test_a_reader_finds_what_is_theirs_however_little_it_is(bench: Bench, own: int, others: int) -> None:
    random = np.random.default_rng(3)
    texts = [" ".join([f"p{number}", *random.choice(TOPICS, size=6)]) for number in range(own + others)]
    mine = set(range(0, own + others, (own + others) // own))
    for number in mine:
        bench.add(f"t{number}", texts[number], collection=HERE)
    if others:
        bench.add("other", *(text for number, text in enumerate(texts) if number not in mine), collection=THERE)
    assert len(bench.agree("council vote budget", k=10, scope=Scope(HERE))) >= min(own, 10)
    assert bench.agree("council vote budget", k=10, scope=ANYONE) == ()


def test_what_others_have_changes_no_score(bench: Bench) -> None:
    """Neither how rare a word is nor how long a passage, and also where a question is meant for some articles alone."""
    for word, publisher in (("river", "The Wire"), ("flood", "Port Post")):
        article = new_article(word, f"council vote {word}", publisher=publisher, embedder=EMBEDDER)
        bench.archive.articles.add(article, EMBEDDER.spec, collection=HERE, now=NOON)
    scopes = Scope(HERE), Scope(HERE, filters=Filters(publisher="Wire"))
    before = [bench.agree("river flood council", scope=scope) for scope in scopes]
    assert [len(named(candidates)) for candidates in before] == [2, 1]
    assert before[1][0] in before[0]
    for number in range(5):
        bench.add(f"others{number}", f"river {number} " * 30, collection=THERE)
    assert [bench.agree("river flood council", scope=scope) for scope in scopes] == before


def test_becoming_visible_and_ceasing_to_be_takes_effect_at_the_next_question(bench: Bench) -> None:
    fill(bench, 3)
    bench.add("zoo", "an aardvark escaped", collection=THERE)
    here = Scope(HERE)
    assert named(bench.agree("aardvark", scope=here)) == []
    shown = bench.add("zoo", "an aardvark escaped", collection=HERE)
    assert named(bench.agree("aardvark", scope=here)) == [13]
    bench.archive.articles.remove(here, shown, now=NOON)
    assert named(bench.agree("aardvark", scope=here)) == []
    assert named(bench.agree("aardvark", scope=Scope(THERE))) == [13]


@pytest.mark.parametrize("vector", [np.ones(15), np.ones((1, 16)), np.ones(0)], ids=["less", "two axes", "none"])
def test_another_dimension_is_refused(bench: Bench, vector: FloatArray) -> None:
    with pytest.raises(ValueError, match="dimensions"):
        bench.engine.candidates(ANYONE, vector.astype(np.float32), ["vote"], 5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_vector_that_is_not_finite_is_refused(bench: Bench, value: float) -> None:
    vector = EMBEDDER.embed_query("vote").vector.copy()
    vector[3] = value
    with pytest.raises(ValueError, match="finite"):
        bench.engine.candidates(ANYONE, vector, ["vote"], 5)


def test_k_below_one_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        bench.engine.candidates(ANYONE, EMBEDDER.embed_query("vote").vector, ["vote"], 0)


def test_searching_while_others_add_and_remove_is_always_right_in_the_end(bench: Bench) -> None:
    failures: list[BaseException] = []
    done = threading.Event()

    def write() -> None:
        try:
            for number in range(60):
                added = bench.add(f"t{number}", f"storm p{number}", f"river p{number}")
                if number % 3 == 0:
                    bench.archive.articles.remove(ANYONE, added, now=NOON)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)
        finally:
            done.set()

    def ask() -> None:
        vector = EMBEDDER.embed_query("storm river").vector
        try:
            while not done.is_set():
                candidates = bench.engine.candidates(ANYONE, vector, ["storm", "river"], 10)
                assert all(candidate.lexical > 0 for candidate in candidates)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    threads = [threading.Thread(target=task) for task in (write, ask, ask)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(bench.agree("storm river", k=200)) == 80


OTHER_PROCESS = """
import sys
from pathlib import Path
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED, ArticleId
from retrieval.domain.scope import Scope
from tests.support.prepared import NOON, new_article
from tests.support.fakes import HashingEmbedder
embedder = HashingEmbedder(dimension=16)
with open_archive(Path(sys.argv[1]), sys.argv[2] or None) as archive:
    if sys.argv[3] == "add":
        article = new_article("zoo", "an aardvark escaped", embedder=embedder)
        archive.articles.add(article, embedder.spec, collection=SHARED, now=NOON)
    else:
        archive.articles.remove(Scope(), ArticleId(int(sys.argv[4])), now=NOON)
"""


def other_process(bench: Bench, *arguments: str) -> None:
    place = (str(bench.path), bench.database or "")
    subprocess.run([sys.executable, "-c", OTHER_PROCESS, *place, *arguments], check=True, timeout=60)


def test_what_another_process_adds_and_removes_is_there_and_gone_at_the_next_question(bench: Bench) -> None:
    fill(bench, 2)
    bench.agree("aardvark")
    other_process(bench, "add")
    assert named(bench.agree("aardvark", k=1)) == [9]
    other_process(bench, "remove", str(bench.archive.articles.entries(ANYONE)[0].id))
    assert named(bench.agree("aardvark")) == []


def test_a_change_of_model_elsewhere_stops_the_search_rather_than_mix(bench: Bench) -> None:
    other = HashingEmbedder(dimension=16, checksum="f" * 64)
    bench.archive.articles.add(
        new_article("zoo", "an aardvark escaped", embedder=other), other.spec, collection=SHARED, now=NOON
    )
    with pytest.raises(EmbeddingMismatch):
        bench.engine.sync()


@pytest.mark.parametrize("dimension", [16, 8])
def test_once_the_model_was_changed_its_own_questions_alone_are_answered(bench: Bench, dimension: int) -> None:
    fill(bench, 5)
    bench.agree("vote storm")
    other, archive = HashingEmbedder(dimension, checksum="f" * 64), bench.archive
    waiting = archive.models.waiting(other.spec, after=PassageId(0), limit=100)
    made = other.embed_passages([one.text for one in waiting])
    archive.models.store(other.spec, [NewVector(one.passage_id, v) for one, v in zip(waiting, made, strict=True)])
    assert bench.agree("vote storm"), "vectors that are not in use yet do not count"
    assert archive.models.activate(other.spec)
    asked = other.embed_query("vote storm").vector
    for engine in (bench.engine, bench.oracle):
        with pytest.raises(EmbeddingMismatch):
            engine.candidates(ANYONE, EMBEDDER.embed_query("vote").vector, ["vote"], 5, EMBEDDER.spec)
    candidates = bench.engine.candidates(ANYONE, asked, ["vote", "storm"], 5, other.spec)
    assert candidates == bench.oracle.candidates(ANYONE, asked, ["vote", "storm"], 5, other.spec)
    archive.articles.remove(ANYONE, archive.articles.entries(ANYONE)[0].id, now=NOON)
    bench.engine.sync(other.spec)
    candidates = bench.engine.candidates(ANYONE, asked, ["vote", "storm"], 5, other.spec)
    assert candidates == bench.oracle.candidates(ANYONE, asked, ["vote", "storm"], 5, other.spec)


def test_closing_twice_does_no_harm(bench: Bench) -> None:
    bench.engine.close()
    bench.engine.close()


@pytest.mark.parametrize("engine_of", ENGINES)
@settings(max_examples=sized(10, 25))
@given(data=st.data())
def test_whatever_is_added_removed_and_asked_engine_and_oracle_agree(
    tmp_path_factory: pytest.TempPathFactory, engine_of: Callable[[Archive, EmbeddingSpec], Search], data: st.DataObject
) -> None:
    words = st.lists(st.sampled_from(TOPICS[:6]), min_size=1, max_size=5).map(" ".join)
    collections = st.sampled_from([SHARED, HERE, THERE])
    scopes = st.sampled_from([ANYONE, Scope(HERE), Scope(THERE)])
    with bench(tmp_path_factory.mktemp("archive") / "news.sqlite3", engine_of) as made:
        added: list[tuple[Scope, ArticleId]] = []
        for number in range(data.draw(st.integers(1, 12))):
            match data.draw(st.sampled_from(["add", "add", "remove", "ask"])):
                case "add":
                    collection = data.draw(collections)
                    texts = [f"{text} n{number}" for text in data.draw(st.lists(words, min_size=1, max_size=3))]
                    scope = ANYONE if collection == SHARED else Scope(collection)
                    added.append((scope, made.add(data.draw(words), *texts, collection=collection)))
                case "remove" if added:
                    made.archive.articles.remove(*added.pop(data.draw(st.integers(0, len(added) - 1))), now=NOON)
                case _:
                    made.agree(data.draw(words), k=data.draw(st.integers(1, 8)), scope=data.draw(scopes))
        for scope in (ANYONE, Scope(HERE), Scope(THERE)):
            made.agree(data.draw(words), k=data.draw(st.integers(1, 40)), scope=scope)
