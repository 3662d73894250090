"""Every column that holds a member's id has the type `PersonId`, by which members are forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.guild_settings import GuildSettings
from bot.render import servers
from retrieval.archive.column_types import BigNumber, PersonId
from retrieval.archive.schema import metadata
from retrieval.domain.announcements import FollowKind, NewFollow
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import ChannelId, CollectionId, UserId
from retrieval.domain.reports import ReportKind
from retrieval.domain.scope import Scope
from tests.crash.texts import draft
from tests.crash.works import opened
from tests.support.articles import BRIDGE

if TYPE_CHECKING:
    from pathlib import Path

MEMBER = UserId(987_654_321_012_345_678)
HERE = Scope(CollectionId(11))
OF_NOBODY = {
    "announcements.message",
    "audit.collection_id",
    "bot_state.server",
    "changes.first_passage",
    "changes.last_passage",
    "changes.sequence",
    "checksums.owner",
    "checksums.value",
    "collection_changes.last",
    "edits.collection_id",
    "follows.channel_id",
    "follows.collection_id",
    "follows.role_id",
    "overrides.collection_id",
    "reports.collection_id",
    "revisions.collection_id",
    "subscriptions.channel_id",
    "unanswered.collection_id",
}
"""The large numbers that are neither ids of rows nor a member's: whoever adds one decides here which it is."""
SHOWN = {
    "audit.user_id": "what you changed",
    "follows.user_id": "speakers and topics you follow",
    "overrides.made_by": "what you decided about speakers",
    "remembered.asker": "which passages answered you",
    "reports.user_id": "What you said under *Wrong?*",
    "subscriptions.added_by": "feeds that you added",
    "visibility.added_by": "the articles and",
}
"""What /privacy says of each column with a member's id."""
COLUMNS = {f"{table.name}.{column.name}": column for table in metadata.sorted_tables for column in table.c}
MARKED = {name for name, column in COLUMNS.items() if isinstance(column.type, PersonId)}


def test_every_large_number_is_a_members_id_or_known_to_be_none() -> None:
    large = {name: column for name, column in COLUMNS.items() if isinstance(column.type, BigNumber)}
    undecided = {name for name, column in large.items() if not (column.primary_key or column.foreign_keys)}
    keys = {"bot_state.server", "changes.sequence", "checksums.owner"}
    assert undecided == (OF_NOBODY - keys) | MARKED


def test_a_members_id_stands_in_marked_columns_alone_and_is_forgotten_there(tmp_path: Path) -> None:
    path = tmp_path / "news.sqlite3"
    with opened(path) as room:
        room.importer.add(BRIDGE, CollectionId(11), MEMBER)
        room.importer.add(draft(1), CollectionId(11), MEMBER)
        (speaker, *_) = room.speakers.like(HERE, "Ada Okafor", 1)
        room.overrides.alias(HERE, speaker.speaker.id, "The mayor", MEMBER)
        room.remembered.put(CollectionId(11), "answer", 1, "{}", MEMBER, most=9, turn_seconds=9)
        article = room.articles.entries(HERE)[0].id
        room.reports.keep(CollectionId(11), ExcerptRef(article, Span(0, 9)), MEMBER, ReportKind.GOOD)
        for channel in (None, ChannelId(5)):
            new = NewFollow(CollectionId(11), MEMBER, FollowKind.TOPIC, "harbour", "Harbour", channel=channel)
            room.announcer.follows.add(new, datetime.now(UTC))
        assert holding(path) == MARKED - {"subscriptions.added_by"}  # which `test_importing` sees
        room.collections.forget_member(MEMBER)
        (of_channel,) = room.announcer.follows.seeing(CollectionId(11))
    assert of_channel.channel is not None
    assert holding(path) == set()


@pytest.mark.parametrize("name", sorted(MARKED))
def test_a_marked_column_may_be_empty(name: str) -> None:
    assert COLUMNS[name].nullable


def test_what_privacy_shows_names_what_each_marked_column_is_about() -> None:
    card = servers.privacy(GuildSettings(), asker=MEMBER, manager=False).embeds[0]
    (of_members,) = [field.value or "" for field in card.fields if field.name == "About you"]
    assert set(SHOWN) == MARKED
    assert {name for name, words in SHOWN.items() if words not in of_members} == set()


def holding(path: Path) -> set[str]:
    """The columns in which the member's id stands, also as a part of a text."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name
            for name, column in COLUMNS.items()
            if connection.execute(
                f'SELECT 1 FROM {column.table.name} WHERE instr(CAST("{column.name}" AS TEXT), ?)', (str(MEMBER),)
            ).fetchone()
        }
