"""Stores one article for several collections: read and embedded once, whoever has it already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.gathering import with_site
from retrieval.ingest import embedding_once, store_article

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.archive.archive import Archive
    from retrieval.domain.articles import AddedArticle, Draft
    from retrieval.domain.ids import CollectionId
    from retrieval.models import Models
    from retrieval.ports import ArticleReader


@dataclass(frozen=True, slots=True)
class Storing:
    """The way into the archive for what feeds bring."""

    archive: Archive
    models: Models
    article_reader: ArticleReader

    def add(self, draft: Draft, collections: Iterable[CollectionId]) -> dict[CollectionId, AddedArticle]:
        """What became of the article in each of the collections, in a transaction each.

        Raises ArticleRejected and ModelUnavailable.
        """
        read = self.article_reader.read(with_site(draft))
        embed = embedding_once()
        return {each: store_article(self.archive, read, self.models, each, embed=embed) for each in collections}
