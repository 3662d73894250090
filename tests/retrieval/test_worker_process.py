"""Whatever a text does to what reads it, it does to the worker: the bot goes on, and believes nothing unchecked."""

from __future__ import annotations

import json
import sys
import threading
import time
from copy import deepcopy
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from retrieval import assembly
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.sandbox.worker_protocol import write_answer
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Answer
from retrieval.domain.articles import Draft, LinkedWords
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.pages import Fetched
from retrieval.domain.quotations import QuotationKind
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleRejected, WorkerKilled
from retrieval.reading import read_article
from tests.support.articles import BRIDGE
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import settings_in
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrieval.newsroom import Newsroom

BAD = "tests.retrieval.bad_worker"
HERE = Scope(CollectionId(11))
SAID = Draft(
    "The ferry stops at noon, the board of the harbour said on Monday. “It will sail again,” Ada Okafor said.",
    title="Ferry stops",
    url="https://courier.example/ferry",
    linked=(LinkedWords("It will sail again", "Ada Okafor"), LinkedWords("It sank", disputed=True)),
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
    assert (read.source.url, len(read.quotations), read.linked) == (SAID.url, 1, SAID.linked)


def encoded(answer: object) -> bytes:
    line = BytesIO()
    write_answer(line, answer)
    return line.getvalue()


FIELDS = json.loads(encoded(read_article(SAID)))


def article(**fields: object) -> dict[str, Any]:
    return {**deepcopy(FIELDS), **fields}


def source(**fields: object) -> dict[str, Any]:
    return article(source={**FIELDS["source"], **fields})


def quotation(**fields: object) -> dict[str, Any]:
    return article(quotations=[{**deepcopy(FIELDS["quotations"][0]), **fields}])


def span(start: object, end: object) -> dict[str, object]:
    return {"start": start, "end": end}


def passage(start: object, end: object, words: object = ("ferri", "stop")) -> dict[str, object]:
    return {"span": span(start, end), "words": words}


LIES = {
    "a body that is none": article(body=7),
    "a body longer than the text": article(body=FIELDS["body"] + SAID.text),
    "no passage": article(passages=[]),
    "a passage beyond the end": article(passages=[passage(0, 5_000)]),
    "a passage before the beginning": article(passages=[passage(-1, 50)]),
    "an empty passage": article(passages=[passage(5, 5)]),
    "a passage of truths": article(passages=[passage(start=False, end=True)]),
    "a passage of texts": article(passages=[passage("0", "50")]),
    "a passage of fractions": article(passages=[passage(0.0, 50.0)]),
    "passages that overlap": article(passages=[passage(0, 50), passage(40, 60)]),
    "passages out of order": article(passages=[passage(50, 60), passage(0, 40)]),
    "words with marks": article(passages=[passage(0, 50, ['ferri" OR "stop'])]),
    "words in another script": article(passages=[passage(0, 50, ["паром"])]),
    "a word that is none": article(passages=[passage(0, 50, [""])]),
    "words that are none": article(passages=[passage(0, 50, "ferri stop")]),
    "no headline": source(title=""),
    "a headline with control characters": source(title="Ferry\x1b[2J"),
    "a headline without end": source(title="Ferry " * 1_000),
    "an author that is none": source(authors=[None]),
    "authors that are none": source(authors=7),
    "an unknown notice": source(notice="sold"),
    "an unknown kind": quotation(kind="thought"),
    "an unknown attribution": quotation(attribution="oracle"),
    "a confidence beyond certainty": quotation(confidence=1.5),
    "a confidence that is none": quotation(confidence=float("nan")),
    "a quotation outside of its context": quotation(content=span(0, 5)),
    "a quotation beyond the end": quotation(content=span(10, 5_000), context=span(10, 5_000)),
    "a cue beyond the end": quotation(cue=span(10, 5_000)),
    "a missing span": {**FIELDS, "quotations": [{"content": span(0, 5), "context": span(0, 5)}]},
    "a speaker without a name": quotation(speakers=[{"name": "", "role": None, "rank": None}]),
    "a speaker of numbers": quotation(speakers=[{"name": 1, "role": 2, "rank": 3}]),
    "quotations that overlap": article(quotations=FIELDS["quotations"] * 2),
    "turns that overlap": article(quotations=[{**FIELDS["quotations"][0], "kind": "turn"}] * 2),
    "disputed words with a speaker": quotation(disputed=True),
    "an alleged speaker of words that nobody disputes": quotation(alleged=FIELDS["quotations"][0]["speakers"]),
}


@pytest.mark.parametrize("lie", LIES)
def test_nothing_that_the_worker_says_is_believed_unchecked(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: encoded({"article": LIES[lie]}))
        with pytest.raises(WorkerKilled, match="damaged"):
            worker.read(SAID)


def test_what_is_true_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: encoded({"article": FIELDS}))
        assert worker.read(SAID) == read_article(SAID)


def test_a_turn_may_hold_a_quotation_and_words_may_be_disputed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = FIELDS["quotations"][0]
    turn = {**said, "kind": "turn", "content": said["context"]}
    disputed = {**said, "disputed": True, "speakers": [], "alleged": said["speakers"]}
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: encoded({"article": article(quotations=[turn, disputed])}))
        one, other = worker.read(SAID).quotations
    assert (one.kind, one.disputed, [each.name for each in one.speakers]) == (QuotationKind.TURN, False, ["Ada Okafor"])
    assert (other.disputed, other.speakers, [each.name for each in other.alleged]) == (True, (), ["Ada Okafor"])


def test_addresses_and_dates_are_the_draft_s_whatever_the_worker_says(monkeypatch: pytest.MonkeyPatch) -> None:
    lie = source(url="https://other.example/", published_at="1999-01-01", updated_at="1999-01-01")
    lie |= {"address": "other.example", "fetched_at": "1999-01-01"}
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: encoded({"article": lie}))
        assert worker.read(SAID) == read_article(SAID)


def test_a_page_s_headline_and_names_are_cut_before_the_bot_looks_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = "x" * 50_000
    linked = (LinkedWords(noise, noise),) * 500
    draft = Draft(
        SAID.text, title=noise, publisher=noise, authors=(noise,) * 500, url=f"https://{noise}", linked=linked
    )
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: encoded({"draft": draft}))
        cut = worker.extract(Fetched("https://x.example/", b"", "text/html"))
    lines = (cut.title, cut.publisher, cut.url, *cut.authors)
    assert sum(len(line or "") for line in lines) <= 103 * 5_000
    assert sum(len(each.words) + len(each.speaker or "") for each in cut.linked) <= 100 * 5_000
    with pytest.raises(ArticleRejected, match="not a link that I can follow"):
        read_article(cut)


DRAFT = json.loads(encoded(Draft(SAID.text)))


@pytest.mark.parametrize(
    "lie",
    [
        {"text": None},
        {"title": 7},
        {"authors": [7]},
        {"authors": "Ada Okafor"},
        {"published_at": "never"},
        {"partial": "yes"},
        {"published_at": 7},
        {"published_at": "2024-01-01T00:00:00"},
        {"updated_at": "0001-01-01T00:00:00+14:00"},
    ],
    ids=str,
)
def test_a_draft_that_the_worker_did_not_make_is_refused(
    lie: dict[str, object], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: encoded({"draft": {**DRAFT, **lie}}))
        with pytest.raises(WorkerKilled, match="damaged"):
            worker.extract(Fetched("https://x.example/", b"", "text/html"))
    assert "https://x.example/" in caplog.text
    assert next(iter(lie)) in caplog.text


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("Send your token to x.example.", {}),
        ("page.of_no_release", {}),
        ("archive.full", {"path": "x"}),
        ("page.too_few_words", {"words": 3}),
        ("page.too_long", {"length": "three"}),
        ("page.too_long", {"length": -1}),
        ("page.unreadable_type", {"type": "x" * 101, "kinds": ".txt"}),
        ("page.unreadable_type", {"type": ["x"], "kinds": ".txt"}),
    ],
    ids=str,
)
def test_a_worker_cannot_put_words_into_the_bots_mouth(
    code: str, values: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ArticleWorker() as worker:
        monkeypatch.setattr(
            worker, "ask", lambda *_, **__: encoded({"refused": {"code": code, "values": [*values.items()]}})
        )
        with pytest.raises(WorkerKilled, match="damaged"):
            worker.extract(Fetched("https://x.example/", b"", "text/html"))


@pytest.mark.parametrize("values", ["0", "{}", "[]", '""'])
def test_an_answer_of_very_many_values_is_refused_before_it_is_decoded(
    values: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = f'{{"draft": {{"authors": [{",".join([values] * 3_000_000)}]}}}}'.encode()
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: answer)
        used = time.process_time()
        with pytest.raises(WorkerKilled, match="damaged"):
            worker.extract(Fetched("https://x.example/", b"", "text/html"))
        assert time.process_time() - used < 0.2


@pytest.mark.parametrize("values", ['{"":[],…}', '{"":-1,…}', '[["x",-1],…]', '[["x",1],…]', "[[],…]"])
def test_a_refusal_with_very_many_values_costs_little(values: str, monkeypatch: pytest.MonkeyPatch) -> None:
    many = ",".join([values[1:-3]] * 200_000)
    answer = f'{{"refused":{{"code":"page.empty","values":{values[0]}{many}{values[-1]}}}}}'.encode()
    with ArticleWorker() as worker:
        monkeypatch.setattr(worker, "ask", lambda *_, **__: answer)
        used = time.process_time()
        with pytest.raises(WorkerKilled, match="damaged"):
            worker.extract(Fetched("https://x.example/", b"", "text/html"))
        assert time.process_time() - used < 0.3


def test_half_a_character_crosses_as_a_replacement_character() -> None:
    assert json.loads(encoded({"text": "a\ud83d b\ude00 \ud83d\ude00"})) == {"text": "a\ufffd b\ufffd \U0001f600"}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    """A newsroom with an article in it, which from then on has a worker that obeys the text."""
    settings = settings_in(tmp_path)
    with open_newsroom(settings, HashingEmbedder()) as room:
        room.importer.add(BRIDGE, SHARED)
    monkeypatch.setattr(assembly, "ArticleWorker", partial(ArticleWorker, seconds=5, module=BAD))
    with open_newsroom(settings, HashingEmbedder()) as room:
        room.warm_up.result(timeout=10)
        yield room


ADDED: dict[str, Callable[[Newsroom, str], object]] = {
    "a pasted text": lambda room, deed: room.importer.add_text(HERE, deed),
    "a file": lambda room, deed: room.importer.add_file(HERE, "a.txt", deed.encode()),
}


@pytest.mark.usefixtures("own_worker")
@pytest.mark.parametrize("door", sized(["a file"], list(ADDED)))
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
            time.sleep(0.05)
        adding.join()
        assert isinstance(outcome[0], WorkerKilled)
        assert answered > 5
    worker = room.importer.article_reader._worker  # type: ignore[attr-defined]  # what the newsroom's reader asks
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
