"""The speakers as they are stored: a row for each folded name, whoever prints it. Who is one person, `persons` tells.

The names as articles print them are kept beside their quotations; further names of theirs are aliases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.schema import quotation_speakers, speaker_aliases, speakers
from retrieval.domain.ids import SpeakerId
from retrieval.text.names import fold, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.records import NewSpeaker

PRINTED = sa.func.coalesce(quotation_speakers.c.name, speakers.c.name)
"""The name as the article of a quotation prints it. The stored one may be another server's spelling: never show it."""


def speaker_key(name: str) -> str:
    """What names of one speaker have in common: no case, accents, titles or spare blanks."""
    return name_key(name) or " ".join(fold(name).split())


def find_or_add(connection: sa.Connection, speaker: NewSpeaker, article_id: int) -> SpeakerId:
    """The speaker of that name, with the other names that this article gives them."""
    key = speaker_key(speaker.name)
    stored = connection.execute(sa.select(speakers).where(speakers.c.key == key)).first()
    if stored is None:
        inserted = connection.execute(sa.insert(speakers).values(key=key, name=speaker.name))
        assert inserted.inserted_primary_key is not None
        id_ = SpeakerId(inserted.inserted_primary_key[0])
    else:
        id_ = SpeakerId(stored.id)
    if speaker.aliases:
        _add_aliases(connection, id_, article_id, set(speaker.aliases) - {speaker.name})
    return id_


def forget_silent(connection: sa.Connection, candidates: Iterable[SpeakerId]) -> None:
    """Drop those of the candidates of whom no quotation is left."""
    quoted = sa.exists().where(quotation_speakers.c.speaker_id == speakers.c.id)
    connection.execute(sa.delete(speakers).where(speakers.c.id.in_(tuple(candidates)), ~quoted))


def _add_aliases(connection: sa.Connection, speaker_id: SpeakerId, article_id: int, aliases: set[str]) -> None:
    here = (speaker_aliases.c.speaker_id == speaker_id) & (speaker_aliases.c.article_id == article_id)
    missing = sorted(aliases - set(connection.scalars(sa.select(speaker_aliases.c.alias).where(here))))
    if missing:
        rows = [{"speaker_id": speaker_id, "article_id": article_id, "alias": alias} for alias in missing]
        connection.execute(sa.insert(speaker_aliases), rows)
