"""Whatever a text does to what reads it, it does to the worker: the bot goes on, and believes nothing unchecked."""

from __future__ import annotations

import json
import sys
import threading
import time
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.settings import QuotationParser, Settings
from retrieval import assembly
from retrieval.adapters.extraction.answers import article_fields
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Answer
from retrieval.domain.articles import Draft
from retrieval.domain.ids import CollectionId
from retrieval.domain.pages import Fetched
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleRejected, WorkerKilled
from retrieval.reading import read_article
from tests.support.articles import BRIDGE
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrieval.newsroom import Newsroom

BAD = "tests.retrieval.bad_worker"
HERE = Scope(CollectionId(11))
SAID = Draft(
    "The ferry stops at noon, the board of the harbour said on Monday. “It will sail again,” Ada Okafor said.",
    title="Ferry stops",
    url="https://courier.example/ferry",
)


@pytest.fixture(scope="module")
def bad() -> Iterator[ArticleWorker]:
    with ArticleWorker(seconds=5, module=BAD) as worker:
        yield worker


@pytest.mark.parametrize(
    "deed", ["die", "hang", "loop", "eat", "say too much", "nonsense", "no object", "deep", "no article"]
)
def test_whatever_befalls_the_worker_is_a_sentence_and_costs_the_bot_nothing(bad: ArticleWorker, deed: str) -> None:
    used, ticks, done = time.process_time(), [0], threading.Event()

    def tick() -> None:
        while not done.wait(0.01):
            ticks[0] += 1

    ticking = threading.Thread(target=tick)
    ticking.start()
    try:
        with pytest.raises(WorkerKilled, match=r"^This .*\.$"):
            bad.read(Draft(deed))
    finally:
        done.set()
        ticking.join()
    assert time.process_time() - used < 0.5
    assert ticks[0] > 5 or deed not in {"hang", "loop"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_the_worker_gives_itself_no_more_processor_time_than_a_text_may_take(caplog: pytest.LogCaptureFixture) -> None:
    endless = ArticleWorker(seconds=60, module="tests.retrieval.endless_reading")
    with endless as worker, pytest.raises(WorkerKilled, match="longer to read"):
        worker.read(SAID)
    assert "its processor time was used up" in caplog.text


def test_an_article_crosses_whole() -> None:
    with ArticleWorker() as worker:
        read = worker.read(SAID)
    assert read == read_article(SAID)
    assert (read.source.url, len(read.quotations)) == (SAID.url, 1)


FIELDS = json.loads(json.dumps(article_fields(read_article(SAID))))


def told(**fields: object) -> dict[str, Any]:
    return {**deepcopy(FIELDS), **fields}


def quotation(**fields: object) -> dict[str, Any]:
    return told(quotations=[{**deepcopy(FIELDS["quotations"][0]), **fields}])


WORDS = FIELDS["passages"][0][2]
CONTENT, CONTEXT = FIELDS["quotations"][0]["spans"][:2]
LIES = {
    "a body that is none": told(body=7),
    "a body longer than the text": told(body=FIELDS["body"] + SAID.text),
    "no passage": told(passages=[]),
    "a passage beyond the end": told(passages=[[0, 5_000, WORDS]]),
    "a passage before the beginning": told(passages=[[-1, 50, WORDS]]),
    "an empty passage": told(passages=[[5, 5, WORDS]]),
    "a passage of truths": told(passages=[[False, True, WORDS]]),
    "a passage of texts": told(passages=[["0", "50", WORDS]]),
    "passages that overlap": told(passages=[[0, 50, WORDS], [40, 60, WORDS]]),
    "passages out of order": told(passages=[[50, 60, WORDS], [0, 40, WORDS]]),
    "words with marks": told(passages=[[0, 50, 'ferri" OR "stop']]),
    "words in another script": told(passages=[[0, 50, "паром"]]),
    "no headline": told(title=""),
    "a headline with control characters": told(title="Ferry\x1b[2J"),
    "a headline without end": told(title="Ferry " * 1_000),
    "an author that is none": told(authors=[None]),
    "authors that are none": told(authors=7),
    "an unknown notice": told(notice="sold"),
    "an unknown kind": quotation(kind="thought"),
    "an unknown attribution": quotation(attribution="oracle"),
    "a confidence beyond certainty": quotation(confidence=1.5),
    "a confidence that is none": quotation(confidence=float("nan")),
    "a quotation outside of its context": quotation(spans=[[0, 5], CONTEXT, None, None, None]),
    "a cue beyond the end": quotation(spans=[CONTENT, CONTEXT, [10, 5_000], None, None]),
    "too few spans": quotation(spans=[CONTENT, CONTEXT]),
    "a speaker without a name": quotation(speakers=[["", None, None]]),
    "a speaker of numbers": quotation(speakers=[[1, 2, 3]]),
    "quotations that overlap": told(quotations=FIELDS["quotations"] * 2),
}


@pytest.mark.parametrize("lie", LIES)
def test_nothing_that_the_worker_says_is_believed_unchecked(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker._child, "ask", lambda *_, **__: json.dumps({"article": LIES[lie]}))
        with pytest.raises(WorkerKilled, match="damaged"):
            worker.read(SAID)


def test_what_is_true_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker._child, "ask", lambda *_, **__: json.dumps({"article": FIELDS}))
        assert worker.read(SAID) == read_article(SAID)


def test_addresses_and_dates_are_the_draft_s_whatever_the_worker_says(monkeypatch: pytest.MonkeyPatch) -> None:
    lie = told(
        url="https://other.example/", address="other.example", published_at="1999-01-01", fetched_at="1999-01-01"
    )
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker._child, "ask", lambda *_, **__: json.dumps({"article": lie}))
        assert worker.read(SAID) == read_article(SAID)


def test_a_page_s_headline_and_names_are_cut_before_the_bot_looks_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = "x" * 1_000_000
    draft = {"text": SAID.text, "title": noise, "publisher": noise, "authors": [noise] * 500, "url": f"https://{noise}"}
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker._child, "ask", lambda *_, **__: json.dumps({"draft": draft}))
        told = worker.extract(Fetched("https://x.example/", b"", "text/html"))
    lines = (told.title, told.publisher, told.url, *told.authors)
    assert sum(len(line or "") for line in lines) <= 103 * 5_000
    with pytest.raises(ArticleRejected, match="not a link that I can follow"):
        read_article(told)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """A newsroom with an article in it, which from then on has a worker that obeys the text."""
    settings = Settings(
        archive_path=tmp_path / "a.sqlite3", seeds_path=tmp_path / "none", quotation_parser=QuotationParser.RULES
    )
    with open_newsroom(settings, HashingEmbedder()) as room:
        room.add_article(BRIDGE)
    monkeypatch.setattr(assembly, "ArticleWorker", partial(ArticleWorker, seconds=5, module=BAD))
    with open_newsroom(settings, HashingEmbedder()) as room:
        room.warm_up.result(timeout=10)
        yield room


ADDED: dict[str, Callable[[Newsroom, str], object]] = {
    "a pasted text": lambda room, deed: room.desk.add_text(HERE, deed),
    "a file": lambda room, deed: room.desk.add_file(HERE, "a.txt", deed.encode()),
}


@pytest.mark.parametrize("door", ADDED)
def test_others_are_answered_while_a_text_loops_and_the_third_time_it_is_refused_at_once(
    room: Newsroom, door: str
) -> None:
    for _ in range(2):
        outcome: list[object] = []
        adding = threading.Thread(target=lambda: outcome.append(_refusal(room, door)))  # noqa: B023  # it ends within
        adding.start()
        answered = 0
        while adding.is_alive():
            answered += isinstance(room.ask(Scope(), "Why was the harbour bridge closed on Tuesday?"), Answer)
        adding.join()
        assert isinstance(outcome[0], WorkerKilled)
        assert answered > 5
    worker = room.desk._article_reader._worker  # type: ignore[attr-defined]  # what the newsroom's reader asks
    before = worker.pid
    refused = _refusal(room, door)
    assert "tried it twice" in str(refused)
    assert not isinstance(refused, WorkerKilled)
    assert worker.pid == before


def _refusal(room: Newsroom, door: str) -> ArticleRejected:
    with pytest.raises(ArticleRejected) as refused:
        ADDED[door](room, "loop")
    return refused.value


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such file")
def test_the_worker_is_the_first_to_be_ended_where_memory_runs_out() -> None:
    with ArticleWorker() as worker:
        worker.read(SAID)
        assert Path(f"/proc/{worker.pid}/oom_score_adj").read_text(encoding="ascii").strip() == "1000"
