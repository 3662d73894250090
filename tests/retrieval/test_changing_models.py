"""The model is changed while everybody goes on: the old one answers, then at once the new one; the two never mix."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from config.settings import OnModelChange
from retrieval import reembedding
from retrieval.active_model import ActiveModel
from retrieval.archive.model_change import ModelChangeRepository
from retrieval.archive.opening import open_archive
from retrieval.articles.storing import store_article
from retrieval.assembly import open_newsroom
from retrieval.domain.ids import SHARED
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.upkeep import ModelChange
from retrieval.errors import EmbeddingMismatch
from retrieval.reading import read_article
from retrieval.reembedding import Reembedding
from tests.crash.killing import Killing
from tests.crash.texts import draft
from tests.retrieval.changes import (
    ANYONE,
    ARTICLES,
    NEW,
    OLD,
    QUESTIONS,
    SOON,
    Held,
    answers,
    answers_of_a_fresh_archive,
    becomes,
    change_elsewhere,
    said_about,
    uses,
)
from tests.support.sizes import LONG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.settings import Settings
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import ArticleId
    from retrieval.newsroom import Newsroom

KILLS = 5
"""`python -m tests.crash --only "embed again" --kills 100` makes more of them."""


# What people see


def test_the_old_model_answers_as_before_and_then_the_new_one_as_from_the_beginning(
    changing: Settings, tmp_path: Path, held: Held
) -> None:
    by_old, by_new = answers_of_a_fresh_archive(tmp_path, OLD), answers_of_a_fresh_archive(tmp_path, NEW)
    assert by_old != by_new
    with open_newsroom(changing, held, former=OLD, stays=True) as room:
        for part in range(5):
            held.let(part)
            assert (answers(room), said_about(room)) == by_old
        assert uses(room, OLD)
        held.free()
        assert becomes(lambda: uses(room, NEW))
        assert (answers(room), said_about(room)) == by_new
        assert room.about(ANYONE).change is None
        assert room.check().problems == ()


def test_how_far_it_is_is_told_where_the_model_is_and_in_the_log(
    changing: Settings, held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "retrieval"), open_newsroom(changing, held, former=OLD, stays=True) as room:
        total = room.about(ANYONE).passages
        assert room.about(ANYONE).change == ModelChange(0, total)
        held.let(18)
        assert becomes(lambda: room.about(ANYONE).change == ModelChange(16, total))  # by fours
        held.free()
        assert becomes(lambda: uses(room, NEW))
        assert becomes(lambda: "deleted" in caplog.messages[-1])
    told = [message for message in caplog.messages if "re-read" in message or "read again" in message]
    assert (
        told[0] == f"the model was changed to {NEW.spec.label}: the old one answers until every passage is read again"
    )
    assert told[1] == f"re-reading for {NEW.spec.label}: 0 of {total} passages"
    assert f"re-reading for {NEW.spec.label}: 16 of {total} passages" in told
    assert told[-1] == f"every passage was read again: {NEW.spec.label} answers from now on"
    assert caplog.messages[-1] == f"{total} vectors of models that are not in use any more were deleted"


def test_what_is_added_and_removed_meanwhile_is_so_by_both_models(changing: Settings, held: Held) -> None:
    extra = draft(100)
    with open_newsroom(changing, held, former=OLD, stays=True) as room:
        held.let(10)
        added = room.importer.add(extra, SHARED)
        gone = next(entry for entry in room.articles.entries(ANYONE) if "bakery" in entry.source.title)
        room.articles.remove(ANYONE, gone.id)
        question = "what was seen in part 1 of report 100"
        assert room.ask(ANYONE, question).citations[0].article_id == added.article.id  # type: ignore[union-attr]  # or fails
        held.free()
        assert becomes(lambda: uses(room, NEW))
        assert room.ask(ANYONE, question).citations[0].article_id == added.article.id  # type: ignore[union-attr]  # or fails
        assert len(room.articles.entries(ANYONE)) == len(ARTICLES)
        report = room.check()
        assert (report.vectors, report.problems) == (report.passages, ())


def test_what_comes_in_at_the_very_last_moment_is_read_before_the_change(
    changing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate, late = ModelChangeRepository.activate, [draft(500)]
    with open_archive(changing.archive_path) as archive:

        def activate_after_all(models: ModelChangeRepository, spec: EmbeddingSpec) -> bool:
            while late:
                store_article(archive, read_article(late.pop()), ActiveModel(OLD), SHARED)
            return activate(models, spec)

        monkeypatch.setattr(ModelChangeRepository, "activate", activate_after_all)
        assert Reembedding(archive, NEW).run(threading.Event())
        assert not late
        assert archive.embedding_spec() == NEW.spec
        assert archive.check().problems == ()


def test_passages_wait_while_somebody_is_answered(
    changing: Settings, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reembedding, "_PATIENCE", SOON)
    old = Held(OLD, questions=True, free=True)
    with open_newsroom(changing, held, former=old, stays=True) as room:
        held.let(2)
        assert becomes(lambda: len(held.embedded) == 2)
        old.hold()
        asker = threading.Thread(target=room.ask, args=(ANYONE, QUESTIONS[0]))
        asker.start()
        assert old.reached.wait(SOON)
        held.free()
        time.sleep(0.3)
        assert len(held.embedded) <= 3, "one was being embedded already, and no other was to follow"
        old.free()
        assert becomes(lambda: uses(room, NEW))
        asker.join(SOON)


def test_a_change_that_was_stopped_goes_on_and_reads_nothing_twice(changing: Settings) -> None:
    first, second = Held(NEW), Held(NEW)
    with open_newsroom(changing, first, former=OLD, stays=True) as room:
        total = room.about(ANYONE).passages
        first.let(16)
        assert becomes(lambda: room.about(ANYONE).change == ModelChange(16, total))
        first.let(1)
        assert becomes(lambda: len(first.embedded) == 17)
        threading.Timer(0.1, first.let, (1,)).start()  # it is stopped while it embeds the next
    second.free()
    with open_newsroom(changing, second, former=OLD, stays=True) as room:
        assert becomes(lambda: uses(room, NEW))
    assert len(first.embedded) + len(second.embedded) == total


def test_a_change_that_is_taken_back_leaves_nothing(changing: Settings, held: Held) -> None:
    with open_newsroom(changing, held, former=OLD, stays=True) as room:
        held.let(17)
        assert becomes(lambda: len(held.embedded) == 17)
        threading.Timer(0.1, held.let, (1,)).start()
    with open_newsroom(changing, OLD, stays=True) as room, open_archive(changing.archive_path) as archive:
        assert uses(room, OLD)
        assert becomes(lambda: not archive.models.has_unused())
        assert room.check().problems == ()


# Other processes


def test_a_command_beside_the_bot_goes_by_the_old_model_and_is_not_kept_waiting(changing: Settings, held: Held) -> None:
    with open_newsroom(changing, held, former=OLD, stays=True) as bot:
        held.let(3)
        assert becomes(lambda: len(held.embedded) == 3)
        untouched = Held(NEW)
        with open_newsroom(changing, untouched, former=OLD) as command:
            assert answers(command) == answers(bot)
            command.importer.add(draft(200), SHARED)
            command.articles.remove(ANYONE, command.articles.entries(ANYONE)[-1].id)
        refusing = changing.model_copy(update={"on_model_change": OnModelChange.REFUSE})
        with open_newsroom(refusing, OLD) as command:  # whose settings know nothing of a change
            command.importer.add(draft(201), SHARED)
        assert untouched.embedded == []
        held.free()
        assert becomes(lambda: uses(bot, NEW))
        report = bot.check()
        assert (report.vectors, report.problems) == (report.passages, ())
        assert {"Report number 200", "Report number 201"} <= {
            " ".join(entry.source.title.split()[:3]) for entry in bot.articles.entries(ANYONE)
        }


def test_whoever_is_open_while_another_process_changes_the_model_follows_it(changing: Settings, tmp_path: Path) -> None:
    by_new = answers_of_a_fresh_archive(tmp_path, NEW)
    with open_archive(changing.archive_path) as elsewhere:
        claim = elsewhere.models.claim()
        assert claim.__enter__()
        with open_newsroom(changing, NEW, former=OLD, stays=True) as room:
            room.ask(ANYONE, QUESTIONS[0])
            assert uses(room, OLD)
            change_elsewhere(elsewhere, NEW)
            assert (answers(room), said_about(room)) == by_new
            assert room.about(ANYONE).change is None
            room.importer.add(draft(300), SHARED)
            assert room.check().problems == ()
            claim.__exit__(None, None, None)


def test_a_process_that_knows_only_the_old_model_refuses_once_it_was_changed(changing: Settings) -> None:
    with open_newsroom(changing, OLD) as command, open_archive(changing.archive_path) as elsewhere:
        before = answers(command)
        change_elsewhere(elsewhere, NEW)
        for ask in (
            partial(answers, command),
            partial(said_about, command),
            partial(command.importer.add, draft(301), SHARED),
        ):
            with pytest.raises(EmbeddingMismatch):
                ask()
        assert isinstance(command.quotes_by(ANYONE, "Ada Okafor"), QuotationsFound)  # needs no model
        change_elsewhere(elsewhere, OLD)
        assert answers(command) == before


OVERTAKEN: dict[str, Callable[[Newsroom, ArticleId], object]] = {
    "a question": lambda room, _: room.ask(ANYONE, QUESTIONS[0]),
    "what was said about something": lambda room, _: said_about(room),
    "an article": lambda room, _: room.importer.add(draft(400), SHARED).known,
    "an older version": lambda room, newer: room.importer.undo(ANYONE, newer).source,
    "a feed": lambda room, _: len(room.importer.add_everywhere(draft(401), [SHARED])),
}


@pytest.mark.parametrize("what", OVERTAKEN)
def test_what_the_change_overtakes_is_done_again_by_the_new_model(changing: Settings, what: str) -> None:
    old, done = Held(OLD, questions=True, free=True), list[object]()
    with (
        open_archive(changing.archive_path) as elsewhere,
        elsewhere.models.claim(),
        open_newsroom(changing, NEW, former=old, stays=True) as room,
    ):
        room.warm_up.result(SOON)
        room.importer.add(draft(9), SHARED)
        newer = room.importer.add(draft(9, 1), SHARED).article.id
        old.hold()
        thread = threading.Thread(target=lambda: done.append(OVERTAKEN[what](room, newer)))
        thread.start()
        assert old.reached.wait(SOON)
        change_elsewhere(elsewhere, NEW)
        old.free()
        thread.join(SOON)
        assert len(done) == 1, "it was given up"
        if "question" in what or "said" in what:
            assert done == [OVERTAKEN[what](room, newer)]
        assert room.check().problems == ()


def test_nobody_who_asks_while_it_changes_gets_anything_but_one_models_answer(changing: Settings, held: Held) -> None:
    stop, found = threading.Event(), list[object]()

    def ask(room: Newsroom) -> None:
        while not stop.is_set():
            found.extend(answers(room))

    with open_newsroom(changing, held, former=OLD, stays=True) as room:
        by_old = answers(room)
        threads = [threading.Thread(target=ask, args=(room,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        held.free()
        changed = becomes(lambda: uses(room, NEW))
        stop.set()
        for thread in threads:
            thread.join(SOON)
        by_new = answers(room)
    assert changed
    assert len(found) > len(QUESTIONS)
    assert all(each in by_old or each in by_new for each in found)


def test_two_bots_at_once_share_the_work_and_both_follow(changing: Settings) -> None:
    first, second = Held(NEW), Held(NEW)
    with open_newsroom(changing, second, former=OLD, stays=True) as one:
        total = one.about(ANYONE).passages
        second.let(3)
        assert becomes(lambda: len(second.embedded) == 3)
        with open_newsroom(changing, first, former=OLD, stays=True) as other:
            first.free()
            second.free()
            assert becomes(lambda: one.about(ANYONE).change is other.about(ANYONE).change is None)
            assert answers(one) == answers(other)
            assert one.check().problems == ()
    assert (len(first.embedded), len(second.embedded)) == (0, total)


@pytest.mark.skipif(not LONG, reason="test_crash kills it too, once or twice")
def test_killed_in_mid_change_it_goes_on_with_nothing_lost_and_nothing_by_half(tmp_path: Path) -> None:
    with Killing(tmp_path, seed=34) as killing:
        for _ in range(KILLS):
            killing.kill("embed again")
    tally = killing.tallies["embed again"]
    assert tally.lost + tally.half == []
    assert tally.working + tally.writing > 0, "no kill came in the middle"
