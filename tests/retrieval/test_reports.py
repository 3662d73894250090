"""What members say of words, and questions without an answer: kept by server, bounded, pruned and forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.members import reports, unanswered
from retrieval.archive.opening import open_archive
from retrieval.domain.answers import Abstention, AbstentionReason, Searched
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import SHARED, CollectionId, UserId
from retrieval.domain.reports import ReportKind
from retrieval.domain.scope import Scope
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive

HERE, THERE = CollectionId(11), CollectionId(22)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.sqlite3") as opened:
        yield opened


def places(archive: Archive, count: int) -> list[ExcerptRef]:
    """The first characters of an article, so many places."""
    new = new_article("The pier", "The pier of Selby stays open all summer.")
    added = archive.articles.add(new, HashingEmbedder().spec, collection=SHARED, now=NOON)
    return [ExcerptRef(added.article.id, Span(0, 3 + number)) for number in range(count)]


def abstention(question: str, reason: AbstentionReason = AbstentionReason.NOTHING_FOUND) -> Abstention:
    return Abstention(question, reason, 0.0, Searched(1))


def test_the_most_reported_come_first_and_each_member_has_one_voice(archive: Archive) -> None:
    first, second, good = places(archive, 3)
    archive.reports.keep(HERE, first, UserId(1), ReportKind.WRONG_PERSON)
    for member in (1, 2, 2):
        archive.reports.keep(HERE, second, UserId(member), ReportKind.NOT_AN_ANSWER)
    archive.reports.keep(HERE, second, UserId(3), ReportKind.GOOD)
    archive.reports.keep(HERE, good, UserId(3), ReportKind.GOOD)
    assert [(one.ref, one.complaints) for one in archive.reports.of(HERE)] == [(second, 2), (first, 1)]
    assert archive.reports.of(THERE) == ()
    archive.reports.keep(HERE, first, UserId(1), ReportKind.GOOD)
    archive.reports.dismiss(HERE, second)
    assert archive.reports.of(HERE) == ()
    assert archive.check().problems == ()


def test_reports_go_with_the_article_and_the_server(archive: Archive) -> None:
    (place,) = places(archive, 1)
    archive.reports.keep(HERE, place, UserId(1), ReportKind.WRONG_PERSON)
    archive.reports.keep(THERE, place, UserId(1), ReportKind.WRONG_PERSON)
    assert set(archive.collections.ids()) == {HERE, THERE}
    archive.collections.erase(HERE)
    assert archive.reports.of(HERE) == ()
    archive.articles.remove(Scope(), place.article_id, now=NOON)
    archive.reports.keep(THERE, place, UserId(1), ReportKind.WRONG_PERSON)
    assert archive.reports.of(THERE) == ()


def test_who_is_forgotten_takes_the_voice_along_and_cannot_count_twice(archive: Archive) -> None:
    (place,) = places(archive, 1)
    archive.reports.keep(HERE, place, UserId(2), ReportKind.WRONG_PERSON)
    for _ in range(3):
        archive.reports.keep(HERE, place, UserId(1), ReportKind.WRONG_PERSON)
        archive.collections.forget_member(UserId(1))
        assert archive.reports.of(HERE)[0].complaints == 1


def test_one_member_cannot_push_out_what_others_reported(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_MOST", 3)
    monkeypatch.setattr(reports, "_MOST_OF_MEMBER", 2)
    first, *others = places(archive, 5)
    archive.reports.keep(HERE, first, UserId(1), ReportKind.WRONG_PERSON)
    for place in others:
        archive.reports.keep(HERE, place, UserId(2), ReportKind.GOOD)
        archive.reports.keep(THERE, place, UserId(1), ReportKind.WRONG_PERSON)
    assert [one.ref for one in archive.reports.of(HERE)] == [first]
    assert len(archive.reports.of(THERE)) == 2


def test_voices_and_questions_are_bounded_and_pruned(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_MOST", 2)
    monkeypatch.setattr(unanswered, "_MOST", 2)
    for number, place in enumerate(places(archive, 4)):
        archive.reports.keep(HERE, place, UserId(1), ReportKind.WRONG_PERSON)
        archive.unanswered.keep(HERE, abstention(f"who is number {number}"))
    assert [one.ref.span.end for one in archive.reports.of(HERE)] == [5, 6]
    assert sorted(one.question for one in archive.unanswered.of(HERE)) == ["who is number 2", "who is number 3"]
    now = datetime.now(UTC)
    assert [archive.reports.prune(now + timedelta(days=days)) for days in (89, 91)] == [0, 2]
    assert [archive.unanswered.prune(now + timedelta(days=days)) for days in (29, 31)] == [0, 2]


def test_questions_are_counted_whatever_their_case_and_small_talk_is_none(archive: Archive) -> None:
    for question in ("who won the regatta", "Who won the regatta", "why"):
        archive.unanswered.keep(HERE, abstention(question))
    archive.unanswered.keep(HERE, abstention("hi", AbstentionReason.SMALL_TALK))
    asked = [(one.question, one.times) for one in archive.unanswered.of(HERE)]
    assert asked == [("Who won the regatta", 2), ("why", 1)]
    assert archive.unanswered.of(THERE) == ()
    assert archive.unanswered.clear(HERE) == 3
