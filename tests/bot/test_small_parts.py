"""Cooldown, memory and log lines by themselves."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer_memory import AnswerMemory
from bot.buttons.answers import DeleteAnswer
from bot.commands.quote import find_quotations
from bot.cooldown import Cooldown
from bot.render.reply import Control
from config.logs import start_logging
from config.settings import LogFormat
from retrieval.archive.opening import open_archive
from retrieval.domain.answers import CitationRef
from retrieval.domain.articles import Span
from retrieval.domain.ids import SHARED, CollectionId, PassageId
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveFull
from tests.bot.fakes import FakeNewsroom

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFS = st.lists(
    st.builds(
        CitationRef,
        st.integers(1, 2**53).map(PassageId),
        st.one_of(st.none(), st.integers(0, 10**6).flatmap(lambda start: st.just(Span(start, start + 7)))),
    )
)


def test_a_member_waits_and_others_do_not() -> None:
    cooldown = Cooldown(3)
    assert cooldown.claim(1, NOW) is None
    assert cooldown.claim(1, NOW + timedelta(seconds=1.5)) == NOW + timedelta(seconds=3)
    assert cooldown.claim(2, NOW) is None
    assert cooldown.claim(1, NOW + timedelta(seconds=3)) is None


def test_the_time_to_come_back_is_never_too_early() -> None:
    cooldown = Cooldown(3)
    cooldown.claim(1, NOW + timedelta(milliseconds=200))
    assert cooldown.claim(1, NOW + timedelta(seconds=1)) == NOW + timedelta(seconds=4)


def test_members_who_may_ask_again_are_forgotten() -> None:
    cooldown = Cooldown(3)
    for member in range(5000):
        cooldown.claim(member, NOW + timedelta(seconds=member))
    assert len(cooldown._ready) <= 1024


@given(REFS)
def test_an_answer_is_remembered_as_it_was(refs: list[CitationRef]) -> None:
    memory = AnswerMemory(cast("Newsroom", FakeNewsroom("body")))
    scope = Scope(CollectionId(5))
    memory.keep_passages(scope, 7, 9, refs)
    assert memory.recall_passages(scope, 7) == tuple(refs)
    assert memory.recall_passages(Scope(), 7) is None


def test_everything_that_is_remembered_of_a_member_is_forgotten_with_them_and_nothing_of_others() -> None:
    memory = AnswerMemory(cast("Newsroom", FakeNewsroom("body")))
    scope, other = Scope(CollectionId(5)), Scope(CollectionId(6))
    for asker, where in ((9, scope), (8, scope), (9, other)):
        memory.keep_passages(where, asker, asker, [])
        memory.keep_filters(where, asker, asker, {"words": "bridge"})

    assert memory.forget(9) == 4
    for where in (scope, other):
        assert memory.recall_passages(where, 9) is None
        assert memory.recall_filters(where, 9) is None
    assert memory.recall_passages(scope, 8) == ()
    assert memory.recall_filters(scope, 8) == {"words": "bridge"}


def test_what_cannot_be_written_is_kept_in_memory_the_newest_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom = FakeNewsroom("body")
    memory, scope = AnswerMemory(cast("Newsroom", newsroom)), Scope(CollectionId(3))

    def is_full(*_: object, **__: object) -> None:
        message = "full"
        raise ArchiveFull(message)

    monkeypatch.setattr(newsroom.remembered, "put", is_full)
    for token in range(501):
        memory.keep_passages(scope, token, 9 if token == 400 else 8, [])
    assert memory.recall_passages(scope, 0) is None
    assert memory.recall_passages(scope, 1) == ()
    assert memory.recall_passages(Scope(), 1) is None
    assert memory.forget(9) == 1
    assert memory.recall_passages(scope, 400) is None
    assert memory.forget_old(datetime.now(UTC)) == 0
    assert memory.recall_passages(scope, 500) == ()

    monkeypatch.undo()
    refs = (CitationRef(PassageId(1), None),)
    memory.keep_passages(scope, 500, 7, refs)
    assert memory.recall_passages(scope, 500) == refs
    assert memory.forget_old(datetime.now(UTC) + timedelta(days=31)) == 498 + 1
    assert memory.recall_passages(scope, 1) is None


@pytest.mark.parametrize(
    "stored",
    [
        '{"asker": 9}',
        "null",
        *(f'{{"refs": {refs}}}' for refs in ("7", "[7]", "[[]]", "[[null]]", "[[1, 9, 2]]", "[[1, 2, 3, 4]]")),
        *(f'{{"refs": [[{number}]]}}' for number in ("-1", "true", "1.5", 2**63, '"1"', "1e999")),
        "[" * 100_000,
    ],
    ids=range(15),
)
def test_an_answer_that_was_kept_otherwise_counts_as_forgotten(stored: str) -> None:
    newsroom = FakeNewsroom("body")
    memory = AnswerMemory(cast("Newsroom", newsroom))
    newsroom.remembered.put(CollectionId(3), "answer", 7, stored, 9)

    assert memory.recall_passages(Scope(CollectionId(3)), 7) is None


def test_a_number_that_no_archive_holds_becomes_the_largest_that_it_could() -> None:
    carried = DeleteAnswer(Control("Delete", f"delete:{'9' * 20}"))

    assert carried.fields().asker == 2**63 - 1


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.mark.usefixtures("root_logger")
def test_a_json_line_holds_everything_but_the_secret(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("INFO", LogFormat.JSON, ("a-token",))
    try:
        raise RuntimeError("a-token")  # noqa: TRY301  # as a library would
    except RuntimeError:
        logging.getLogger("bot").exception("It broke")
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "bot", "It broke")
    assert "[secret]" in line["traceback"]
    assert "a-token" not in str(line)


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.usefixtures("root_logger")
def test_what_is_asked_of_the_archive_is_not_logged(
    level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging(level, LogFormat.TEXT)
    with open_archive(tmp_path / "archive.sqlite3") as archive:
        archive.articles.entries(Scope())
    assert "SELECT" not in capsys.readouterr().out


@pytest.mark.usefixtures("root_logger")
def test_text_lines_are_for_people_and_below_the_level_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("WARNING", LogFormat.TEXT)
    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")
    assert capsys.readouterr().out.rstrip().endswith("WARNING bot: loud")


def test_what_quotations_are_to_be_about_is_kept_only_where_they_were_looked_for() -> None:
    service: Any = SimpleNamespace(newsroom=Mock(), answer_memory=Mock())
    service.newsroom.quotes_by.side_effect = ArchiveFull("full")
    options = {"speaker": "Okafor", "about": "the bridge"}
    with pytest.raises(ArchiveFull):
        find_quotations(service, Scope(), options, asker=9, token=7)
    service.answer_memory.keep_filters.assert_not_called()
    service.newsroom.quotes_by.side_effect = None
    find_quotations(service, Scope(), options, asker=9, token=7)
    service.answer_memory.keep_filters.assert_called_once_with(Scope(), 7, 9, options)


def test_an_answer_does_not_wait_for_those_who_write_until_it_is_remembered(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.sqlite3", busy_seconds=300) as archive, ThreadPoolExecutor() as threads:
        newsroom: Any = SimpleNamespace(remembered=archive.remembered)
        memory = AnswerMemory(newsroom)
        with archive.remembered._connections.writing():
            threads.submit(memory.keep_passages, Scope(), 7, 9, []).result(timeout=60)
            assert memory.recall_passages(Scope(), 7) == ()
        assert archive.remembered.get(SHARED, "answer", 7) is None
        memory.keep_passages(Scope(), 8, 9, [])
        assert archive.remembered.get(SHARED, "answer", 8) is not None
