"""Cooldown, memory and log lines by themselves."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cooldown import Cooldown
from bot.memory import AnswerMemory, Remembered
from config.logs import start_logging
from config.settings import LogFormat
from retrieval.domain.answers import CitationRef
from retrieval.domain.articles import Span
from retrieval.domain.ids import CollectionId, PassageId
from retrieval.domain.readers import Reader
from tests.bot.fakes import FakeNewsroom

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    reader = Reader(CollectionId(5))
    memory.keep(reader, 7, 9, refs)
    assert memory.recall(reader, 7) == Remembered(9, tuple(refs))
    assert memory.recall(Reader(), 7) is None


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
        raise RuntimeError("a-token")  # noqa: EM101, TRY301  # as a library would
    except RuntimeError:
        logging.getLogger("bot").exception("It broke")
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "bot", "It broke")
    assert "[secret]" in line["traceback"]
    assert "a-token" not in str(line)


@pytest.mark.usefixtures("root_logger")
def test_text_lines_are_for_people_and_below_the_level_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("WARNING", LogFormat.TEXT)
    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")
    assert capsys.readouterr().out.rstrip().endswith("WARNING bot: loud")
