"""What follows are told: of new articles, once, surely theirs, and nothing that is older or of another server."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice, permutations
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
import sqlalchemy as sa

from retrieval.archive.members.follows import MOST_OF_MEMBER
from retrieval.archive.schema import announcements, follows
from retrieval.domain.announcements import Announcement, Follow, Rhythm, Stopped
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import SHARED, ChannelId, CollectionId, RoleId, SpeakerId, UserId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import SpeakerEntry
from retrieval.domain.scope import Scope
from retrieval.errors import FollowRejected, FollowUnknown
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.articles import Draft
    from retrieval.newsroom import Newsroom

HERE, ELSEWHERE = Scope(CollectionId(11)), Scope(CollectionId(22))
MEMBER, OTHER, WIRE = UserId(7), UserId(8), ChannelId(5)
HOUR = timedelta(hours=1)
TOPIC = "harbour bridge cracks"
SPEECH = (
    "The mayor speaks of the bridge\n\n"
    "The council met on Friday evening to hear what will become of the old crossing.\n\n"
    "“The bridge will open again in spring,” said Ada Okafor, the mayor of Port Selby.\n\n"
    "Nobody else spoke at the meeting, which lasted for an hour and ended without a vote."
)
SPOKEN = "The bridge will open again in spring,"


def now() -> datetime:
    return datetime.now(UTC)


def undated(draft: Draft, **changed: object) -> Draft:
    return replace(draft, published_at=None, **changed)  # type: ignore[arg-type]  # fields of a draft


MAYOR = undated(BRIDGE, text=SPEECH, url="https://courier.example/mayor")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as newsroom:
        newsroom.importer.add(BRIDGE, CollectionId(11))
        newsroom.importer.add(undated(BRIDGE), CollectionId(22))
        yield newsroom


def mayor(room: Newsroom, scope: Scope = HERE) -> SpeakerId:
    entry = room.speakers.named(scope, "Ada Okafor")
    assert isinstance(entry, SpeakerEntry)
    return entry.speaker.id


def follow_mayor(room: Newsroom, rhythm: Rhythm = Rhythm.NOW, channel: ChannelId | None = None) -> Follow:
    return room.announcer.follow_speaker(HERE, mayor(room), MEMBER, rhythm, now(), channel=channel)[0]


def follow_topic(room: Newsroom, topic: str = TOPIC, by: UserId = MEMBER, scope: Scope = HERE) -> Follow:
    return room.announcer.follow_topic(scope, topic, by, Rhythm.NOW, now())[0]


def matched(room: Newsroom) -> None:
    while room.announcer.match(lambda _, rhythm: now() if rhythm is Rhythm.NOW else now() + 24 * HOUR):
        pass


def announced(room: Newsroom, at: datetime | None = None) -> list[Announcement]:
    """What is told after everything was matched, each taken as sent long ago, so that no follow has to rest."""
    matched(room)
    taken: list[Announcement] = []
    for announcement in due(room, at):
        room.announcer.sent(announcement, now() - HOUR)
        taken.append(announcement)
    return taken


def due(room: Newsroom, at: datetime | None = None) -> Iterator[Announcement]:
    return chain.from_iterable(room.announcer.due(at or now(), lambda _: True))


def words(announcements: list[Announcement]) -> list[str]:
    return [news.quotation.words for each in announcements for news in each.news if news.quotation is not None]


def headlines(announcements: list[Announcement]) -> list[str]:
    return [news.source.title for each in announcements for news in each.news]


def test_a_speakers_new_words_are_told_once_and_none_that_are_there_already(room: Newsroom) -> None:
    follow = follow_mayor(room)
    assert announced(room) == []
    room.importer.add(MAYOR, CollectionId(11))
    room.importer.add(undated(BAKERY), CollectionId(11))
    (announcement,) = announced(room)
    assert (announcement.follow, announcement.channel, announcement.collection) == (follow, None, 11)
    assert words([announcement]) == ["The bridge will open again in spring,"]
    assert announced(room) == []


def test_a_topic_is_told_of_articles_about_it_and_of_no_others(room: Newsroom) -> None:
    follow_topic(room)
    room.importer.add(undated(SCHOOL), CollectionId(11))
    room.importer.add(undated(BAKERY), CollectionId(11))
    assert announced(room) == []
    cracks = (
        "Bridge cracks again\n\nThe harbour bridge cracks have grown. "
        + "Inspectors saw the harbour bridge cracks. " * 6
    )
    room.importer.add(undated(BRIDGE, text=cracks, url="https://courier.example/again"), CollectionId(11))
    assert headlines(announced(room)) == ["Bridge cracks again"]


@pytest.mark.parametrize(
    "said",
    [
        "“The bridge will open again in spring,” said the mayor of Port Selby.",
        "Ada Okafor never said “the bridge will open again in spring”.",
        "“The bridge will open again in spring,” she said.",
    ],
)
def test_what_is_not_surely_theirs_is_not_told(room: Newsroom, said: str) -> None:
    follow_mayor(room)
    before, *_, after = SPEECH.split("\n\n")
    room.importer.add(
        undated(BRIDGE, text=f"{before}\n\nIt was a long meeting of the council.\n\n{said}\n\n{after}"),
        CollectionId(11),
    )
    assert announced(room) == []


def test_an_article_that_is_older_than_the_follow_is_not_told(room: Newsroom) -> None:
    follow_mayor(room)
    room.importer.add(replace(MAYOR, published_at=now() - timedelta(days=2)), CollectionId(11))
    assert announced(room) == []


def test_an_article_is_told_in_its_own_server_and_a_shared_one_in_every(room: Newsroom) -> None:
    follow_topic(room)
    follow_topic(room, scope=ELSEWHERE)
    cracks = undated(BRIDGE, text="Bridge cracks\n\n" + "Harbour bridge cracks were seen by inspectors. " * 8, url=None)
    room.importer.add(cracks, CollectionId(22))
    assert [each.collection for each in announced(room)] == [22]
    room.importer.add(cracks, SHARED)
    assert [each.collection for each in announced(room)] == [11]  # the other has it already
    room.importer.add(cracks, CollectionId(11))
    assert announced(room) == []


def test_a_changed_article_is_told_once_in_its_last_version(room: Newsroom) -> None:
    follow_mayor(room, Rhythm.DAILY)
    room.importer.add(replace(MAYOR, published_at=now()), CollectionId(11))
    matched(room)
    changed = replace(MAYOR, text=SPEECH.replace("in spring", "in summer"), published_at=now() + HOUR)
    assert room.importer.add(changed, CollectionId(11)).replaced
    assert announced(room) == []
    assert words(announced(room, now() + 25 * HOUR)) == ["The bridge will open again in summer,"]
    assert announced(room, now() + 25 * HOUR) == []


def test_an_article_that_changes_while_it_is_matched_is_told_in_its_last_version(room: Newsroom) -> None:
    follow_mayor(room)
    room.importer.add(replace(MAYOR, published_at=now()), CollectionId(11))
    changed = replace(MAYOR, text=SPEECH.replace("in spring", "in summer"), published_at=now() + HOUR)

    def change(*_: object) -> datetime:
        assert room.importer.add(changed, CollectionId(11)).replaced
        return now()

    assert room.announcer.match(change)
    assert words(announced(room)) == ["The bridge will open again in summer,"]


def test_what_another_process_matched_meanwhile_is_told_once(room: Newsroom) -> None:
    follow_mayor(room)
    room.importer.add(MAYOR, CollectionId(11))

    told: list[Announcement] = []

    def match_too(*_: object) -> datetime:
        told.extend(announced(room))
        return now()

    assert room.announcer.match(match_too)
    assert words(told + announced(room)) == ["The bridge will open again in spring,"]


def test_many_follows_of_many_articles_are_matched_with_few_values_in_a_statement(room: Newsroom) -> None:
    for number in range(6):
        room.announcer.follow_speaker(HERE, mayor(room), UserId(100 + number), Rhythm.NOW, now())
    for number in range(20):
        text = SPEECH.replace("again in spring", f"again on day {number}")
        room.importer.add(undated(BRIDGE, text=text, url=None), CollectionId(11))

    def limit(connection: sa.Connection, *_: object) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 100)

    sa.event.listen(sa.Engine, "before_cursor_execute", limit)
    try:
        matched(room)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", limit)
    assert len(words(announced(room))) == 6 * 20


def test_words_that_another_paper_prints_again_are_told_once(room: Newsroom) -> None:
    follow_mayor(room)
    room.importer.add(MAYOR, CollectionId(11))
    again = SPEECH.replace("The council met on Friday evening", "As this paper learnt, the council met on Friday")
    room.importer.add(undated(BRIDGE, text=again, publisher="Selby Radio", url=None), CollectionId(11))
    assert words(announced(room)) == ["The bridge will open again in spring,"]
    third = SPEECH.replace("Nobody else spoke", "No other member spoke").replace("“The bridge", "“We wait. The bridge")
    room.importer.add(
        undated(BRIDGE, text=third.replace("We wait. ", ""), url=None, publisher="The Post"), CollectionId(11)
    )
    assert announced(room) == []


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("said Ada Okafor, the mayor of Port Selby", None, []),
        ("said Ada Okafor, the mayor of Port Selby", OverrideKind.NOBODY, [SPOKEN]),
        ("said Ada Okafor, the mayor of Port Selby", OverrideKind.DISPUTED, [SPOKEN]),
        ("said Rosa Vidal, who sits on the council", None, [SPOKEN]),
        ("said Rosa Vidal, who sits on the council", OverrideKind.SPEAKER, []),
    ],
)
def test_only_what_was_surely_theirs_in_an_earlier_article_is_not_told_again(
    room: Newsroom, said: str, kind: OverrideKind | None, told: list[str]
) -> None:
    earlier = SPEECH.replace("said Ada Okafor, the mayor of Port Selby", said)
    added = room.importer.add(undated(BRIDGE, text=earlier, url=None), CollectionId(11)).article
    if kind is not None:
        start = added.body.index(SPOKEN)
        to = mayor(room) if kind is OverrideKind.SPEAKER else None
        room.overrides.correct(HERE, ExcerptRef(added.id, Span(start, start + len(SPOKEN))), kind, to, MEMBER)
    follow_mayor(room)
    later = SPEECH.replace("said Ada Okafor", "repeated Ada Okafor").replace("The council met", "Selby's council met")
    room.importer.add(undated(BRIDGE, text=later, url=None, publisher="The Post"), CollectionId(11))
    assert words(announced(room)) == told


def test_the_quotation_of_the_day_is_one_that_is_sure_and_stands_alone(room: Newsroom) -> None:
    follow, _ = room.announcer.follow_quotation(HERE, MEMBER, now(), channel=WIRE)
    said = "“I have never seen a summer in which so many boats came back at once,” said {}, the harbour master."
    for number, who in enumerate(("she", "Ines Falk")):
        text = f"Boats {number}\n\nThe harbour was full on Sunday, as it seldom is.\n\n{said.format(who)}"
        room.importer.add(undated(BRIDGE, text=text, url=None), CollectionId(11))
    room.importer.add(MAYOR, CollectionId(11))
    assert announced(room) == []
    (announcement,) = announced(room, now() + 25 * HOUR)
    assert (announcement.follow, announcement.channel) == (follow, WIRE)
    assert words([announcement]) == ["I have never seen a summer in which so many boats came back at once,"]
    assert headlines([announcement]) == ["Boats 1"]
    assert announced(room, now() + 25 * HOUR) == []


def test_what_was_removed_is_not_told(room: Newsroom) -> None:
    follow_mayor(room)
    added = room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    room.articles.remove(HERE, added.article.id)
    assert announced(room) == []


def test_a_message_that_was_not_taken_is_the_same_when_it_is_tried_again(room: Newsroom) -> None:
    follow_mayor(room)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    (first,) = due(room)
    again = replace(MAYOR, text=SPEECH.replace("in spring", "in summer"), url="https://courier.example/summer")
    room.importer.add(again, CollectionId(11))
    matched(room)
    (second,) = due(room)
    assert (second.id, words([second])) == (first.id, words([first]))
    room.announcer.sent(first, now())
    assert list(due(room)) == []  # the follow rests
    assert words(announced(room, now() + HOUR)) == ["The bridge will open again in summer,"]


def test_a_server_that_is_not_here_waits_and_loses_nothing(room: Newsroom) -> None:
    follow_mayor(room)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    assert list(room.announcer.due(now(), lambda server: server != CollectionId(11))) == [()]
    assert len(announced(room)) == 1


def test_a_member_is_told_only_so_much_at_once(room: Newsroom) -> None:
    for number, topic in enumerate(islice(permutations(("harbour", "bridge", "cracks", "seen")), 14)):
        follow_topic(room, " ".join(topic), UserId(number // 7 + 1))
    cracks = "Bridge cracks\n\n" + "Harbour bridge cracks were seen. " * 12
    room.importer.add(undated(BRIDGE, text=cracks, url=None), CollectionId(11))
    matched(room)
    told: list[int | None] = []
    for announcement in due(room):
        room.announcer.sent(announcement, now())
        assert announcement.follow is not None
        told.append(announcement.follow.user)
    assert sorted(filter(None, told)) == [1] * 5 + [2] * 5


def test_of_thousands_that_are_due_each_is_found_without_reading_the_others(room: Newsroom) -> None:
    repository, id_ = room.announcer._archive.announcements, room.importer.add(MAYOR, CollectionId(11)).article.id
    matched(room)
    with repository._connections.writing() as connection:
        of = {"kind": "speaker", "key": "", "name": "", "rhythm": "daily", "made_at": now(), "failures": 0}
        numbers = range(1, 2_001)
        connection.execute(
            sa.insert(follows), [{**of, "collection_id": number, "id": number, "user_id": number} for number in numbers]
        )
        waiting = {"article_id": id_, "due_at": now()}
        rows = [{**waiting, "collection_id": number, "follow_id": number} for number in numbers]
        connection.execute(sa.insert(announcements), rows)
    groups = repository.due(now())
    with repository._connections.reading() as connection:
        driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    driver.set_progress_handler(count, 100)
    for waiting_one in groups[:20]:
        message = repository.take(waiting_one, now())
        assert message is not None
        repository.sent(message.id, now())
    driver.set_progress_handler(None, 0)
    assert len(groups) == len(numbers)
    assert steps < 20 * 20


def test_what_says_nothing_is_read_once_for_a_server_and_dropped_between_what_is_sent(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        room.announcer.follow_quotation(HERE, UserId(100 + number), now())
    follow_mayor(room)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    read = Mock(wraps=room.speakers.surely_quoted)
    monkeypatch.setattr(room.speakers, "surely_quoted", read)
    tomorrow = now() + 25 * HOUR
    steps = list(room.announcer.due(tomorrow, lambda _: True))
    assert sorted(map(len, steps)) == [0, 0, 0, 0, 0, 1]
    assert read.call_count == 1
    assert list(room.announcer.due(tomorrow, lambda _: True)) == [step for step in steps if step]


def test_two_articles_with_equal_sources_are_told_each_to_its_own_follow(room: Newsroom) -> None:
    other = SPEECH.replace("Ada Okafor, the mayor", "Ines Falk, the harbour master").replace("spring", "summer")
    room.importer.add(undated(BRIDGE, text=other, url=None, publisher="The Post"), CollectionId(11))
    entry = room.speakers.named(HERE, "Ines Falk")
    assert isinstance(entry, SpeakerEntry)
    follow_mayor(room)
    room.announcer.follow_speaker(HERE, entry.speaker.id, OTHER, Rhythm.NOW, now())
    for text in (SPEECH, other.replace("summer", "autumn")):
        room.importer.add(undated(BRIDGE, text=text, url=None), CollectionId(11))
    assert words(announced(room)) == [SPOKEN, SPOKEN.replace("spring", "autumn")]


def test_thousands_of_topics_are_embedded_once_and_not_with_each_article(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = {"collection_id": 11, "kind": "topic", "rhythm": "daily", "made_at": now(), "failures": 0}
    topics = [{**of, "user_id": number, "key": f"{number}", "name": f"tariff {number}"} for number in range(1, 2_501)]
    with room.announcer._archive.announcements._connections.writing() as connection:
        connection.execute(sa.insert(follows), topics)
    embedder = room.announcer._model.use(lambda embedder: embedder)
    embed = Mock(wraps=embedder.embed_query)
    monkeypatch.setattr(embedder, "embed_query", embed)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    assert embed.call_count == len(topics)
    room.importer.add(undated(SCHOOL), CollectionId(11))
    matched(room)
    assert embed.call_count < len(topics) + 10  # of those that are near, the tokens are looked at


def test_following_again_changes_the_follow_and_makes_no_second(room: Newsroom) -> None:
    first = follow_mayor(room, channel=WIRE)
    follow, known = room.announcer.follow_speaker(
        HERE, mayor(room), OTHER, Rhythm.DAILY, now(), channel=WIRE, role=RoleId(3)
    )
    assert known
    assert (follow.id, follow.rhythm, follow.role, follow.user) == (first.id, Rhythm.DAILY, 3, MEMBER)
    assert len(room.announcer.follows.listed(HERE.own, OTHER, channels=True)) == 1


def test_a_member_and_a_server_follow_no_more_than_they_may(room: Newsroom) -> None:
    for number in range(MOST_OF_MEMBER):
        follow_topic(room, f"topic {number}")
    with pytest.raises(FollowRejected):
        follow_topic(room, "one more")
    follow_topic(room, "one more", OTHER)
    follow_topic(room, "one more", scope=ELSEWHERE)


def test_a_follow_of_a_member_is_seen_by_them_alone(room: Newsroom) -> None:
    mine = follow_topic(room)
    channel = follow_mayor(room, channel=WIRE)
    listed = room.announcer.follows.listed
    assert listed(HERE.own, MEMBER, channels=False) == (mine, channel)
    assert listed(HERE.own, OTHER, channels=True) == (channel,)
    assert listed(ELSEWHERE.own, MEMBER, channels=True) == ()


def test_a_member_who_takes_no_message_three_times_is_told_no_more_until_they_follow_again(room: Newsroom) -> None:
    follow = follow_mayor(room)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    for tries in range(3):
        (announcement,) = due(room, now() + tries * HOUR)
        room.announcer.refused(announcement, now() + (tries + 1) * HOUR)
    stopped = room.announcer.follows.find(follow.id)
    assert stopped is not None
    assert stopped.stopped is Stopped.REFUSED
    assert announced(room, now() + 99 * HOUR) == []
    assert follow_mayor(room).stopped is None


def test_a_follow_that_is_ended_is_told_nothing_that_waited(room: Newsroom) -> None:
    follow = follow_mayor(room, channel=WIRE)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    with pytest.raises(FollowUnknown):
        room.announcer.follows.remove(CollectionId(22), follow.id, MEMBER, now())
    room.announcer.follows.remove(HERE.own, follow.id, MEMBER, now())
    assert announced(room) == []
    actions = [line.action for line in room.collections.audit(HERE).lines]
    assert actions == ["follow removed", "article added", "follow added", "article added"]


def test_a_forgotten_member_is_told_nothing_and_their_channel_is(room: Newsroom) -> None:
    follow_mayor(room)
    follow_mayor(room, channel=WIRE)
    room.collections.forget_member(MEMBER)
    room.importer.add(MAYOR, CollectionId(11))
    (announcement,) = announced(room)
    assert announcement.channel == WIRE
    assert announcement.follow is not None
    assert announcement.follow.user is None


def test_a_server_that_is_erased_leaves_no_follow_and_another_keeps_its_own(room: Newsroom) -> None:
    follow_mayor(room)
    kept = follow_topic(room, scope=ELSEWHERE)
    room.importer.add(MAYOR, CollectionId(11))
    matched(room)
    room.collections.erase(CollectionId(11))
    assert room.announcer.follows.seeing(SHARED) == (kept,)
    assert announced(room) == []
    assert room.check().problems == ()


def test_an_article_that_came_before_anybody_followed_is_not_matched_later(room: Newsroom) -> None:
    room.importer.add(MAYOR, CollectionId(11))
    follow_mayor(room)
    assert announced(room) == []


def test_a_name_merged_by_hand_is_told_under_the_other(room: Newsroom) -> None:
    other = undated(BRIDGE, text=SPEECH.replace("Ada Okafor", "Rosa Vidal"), url="https://courier.example/vidal")
    room.importer.add(undated(BRIDGE, text=other.text.replace("spring", "autumn"), url=None), CollectionId(11))
    entry = room.speakers.named(HERE, "Rosa Vidal")
    assert isinstance(entry, SpeakerEntry)
    room.overrides.merge(HERE, entry.speaker.id, mayor(room))
    follow_mayor(room)
    room.importer.add(other, CollectionId(11))
    assert words(announced(room)) == ["The bridge will open again in spring,"]
