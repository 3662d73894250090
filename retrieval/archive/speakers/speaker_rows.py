"""The speakers as they are stored: a row for each folded name, whoever prints it. Who is one person, `persons` tells.

The names as articles print them are kept beside their quotations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.schema import quotation_speakers, speakers
from retrieval.domain.ids import SpeakerId
from retrieval.text.names.names import fold, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.records import NewSpeaker

PRINTED = sa.func.coalesce(quotation_speakers.c.name, speakers.c.name)
"""The name as the article of a quotation prints it. The stored one may be another server's spelling: never show it."""


def speaker_key(name: str) -> str:
    """What names of one speaker have in common: no case, accents, titles or spare blanks."""
    return name_key(name) or " ".join(fold(name).split())


def find_or_add(connection: sa.Connection, speaker: NewSpeaker) -> SpeakerId:
    """The speaker of that name."""
    key = speaker_key(speaker.name)
    stored = connection.execute(sa.select(speakers).where(speakers.c.key == key)).first()
    if stored is None:
        inserted = connection.execute(sa.insert(speakers).values(key=key, name=speaker.name))
        assert inserted.inserted_primary_key is not None
        return SpeakerId(inserted.inserted_primary_key[0])
    return SpeakerId(stored.id)


def forget_silent(connection: sa.Connection, candidates: Iterable[SpeakerId]) -> None:
    """Drop those of the candidates of whom no quotation is left."""
    quoted = sa.exists().where(quotation_speakers.c.speaker_id == speakers.c.id)
    connection.execute(sa.delete(speakers).where(speakers.c.id.in_(tuple(candidates)), ~quoted))
