"""The speakers as they are stored: a row for each folded name. `persons` tells who is one person.

The names as articles print them are kept beside their quotations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive.schema import quotation_speakers, quotations, speakers
from retrieval.domain.ids import SpeakerId
from retrieval.text.names.names import name_key
from retrieval.text.names.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.records import NewSpeaker

PRINTED = sa.func.coalesce(quotation_speakers.c.name, speakers.c.name)
"""The name as the article of a quotation prints it. The stored one may be another server's spelling: never show it."""


def printed_speakers(connection: sa.Connection, which: sa.ColumnElement[bool]) -> sa.Result[*tuple[Any, ...]]:
    """The `speaker_id`, `name`, `role` and `rank` beside quotations, as their articles print them, in order."""
    of = quotation_speakers.c
    return connection.execute(
        sa.select(of.quotation_id, of.speaker_id, PRINTED.label("name"), of.role, of.rank)
        .join_from(quotation_speakers, speakers)
        .join(quotations)
        .where(which)
        .order_by(of.quotation_id, of.ordinal)
    )


def speaker_key(name: str) -> str:
    """Return what names of one speaker have in common: no case, accents, titles or spare blanks."""
    return name_key(name) or " ".join(fold(name).split())


def find_or_add(connection: sa.Connection, speaker: NewSpeaker) -> SpeakerId:
    """Return the id of the speaker of that name."""
    key = speaker_key(speaker.name)
    id_: int | None = connection.scalar(sa.select(speakers.c.id).where(speakers.c.key == key))
    if id_ is None:
        id_ = connection.execute(
            sa.insert(speakers).values(key=key, name=speaker.name).returning(speakers.c.id)
        ).scalar_one()
    return SpeakerId(id_)


def delete_unquoted(connection: sa.Connection, candidates: Iterable[SpeakerId]) -> None:
    """Delete the candidates without a quotation."""
    quoted = sa.exists().where(quotation_speakers.c.speaker_id == speakers.c.id)
    connection.execute(sa.delete(speakers).where(speakers.c.id.in_(tuple(candidates)), ~quoted))
