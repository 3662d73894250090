"""Who is who: two names that fold to the same key are one speaker. The one place that decides it.

The name shown is that of the article which was first to print it; another spelling is an alias, kept with its article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.schema import quotation_speakers, speaker_aliases, speakers
from retrieval.domain import SpeakerId
from retrieval.text.names import fold, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.records import NewSpeaker


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
        id_, name = SpeakerId(inserted.inserted_primary_key[0]), speaker.name
    else:
        id_, name = SpeakerId(stored.id), stored.name
    _add_aliases(connection, id_, article_id, {speaker.name, *speaker.aliases} - {name})
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
