"""An archive of many made-up articles whose vectors count as the light model's, so that the bot opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from config.settings import EmbeddingRuntime, Settings
from retrieval.archive.opening import open_archive
from retrieval.archive.schema import embeddings
from retrieval.assembly import make_embedder
from tests.benchmarks import search as made_up
from tests.benchmarks.growth import fill

if TYPE_CHECKING:
    from pathlib import Path


def make_archive(path: Path, articles: int) -> None:
    """So many shared articles of six passages each."""
    spec = make_embedder(Settings(embedding_runtime=EmbeddingRuntime.ONNX)).spec
    with open_archive(path) as archive:
        fill(archive, 0, articles * made_up.PASSAGES_AN_ARTICLE)
        values = {
            "model": spec.model,
            "revision": spec.revision,
            "checksum": spec.checksum,
            "normalised": spec.normalised,
            "passage_prefix": spec.passage_prefix,
            "query_prefix": spec.query_prefix,
        }
        with archive._connections.writing() as connection:
            connection.execute(sa.update(embeddings).values(values))
