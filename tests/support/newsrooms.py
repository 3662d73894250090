from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from config.settings import QuotationParser, Settings
from retrieval.assembly import open_newsroom
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom
    from retrieval.ports import Embedder, Fetcher


def settings_in(folder: Path, **more: Any) -> Settings:  # noqa: ANN401  # as each setting is
    """Return the settings of an archive in the folder, without seeds; quotations are found by rules."""
    own: dict[str, Any] = {"archive_path": folder / "a.sqlite3", "seeds_path": folder / "none"}
    return Settings(_env_file=None, **{**own, "quotation_parser": QuotationParser.RULES, **more})


@contextmanager
def newsroom_in(
    folder: Path,
    embedder: Embedder | None = None,
    *,
    fetcher: Fetcher | None = None,
    **more: Any,  # noqa: ANN401
) -> Iterator[Newsroom]:
    """Open the newsroom with `settings_in`, embedded by hashes unless by `embedder`; it is ready for questions."""
    with open_newsroom(settings_in(folder, **more), embedder or HashingEmbedder(), fetcher=fetcher) as newsroom:
        newsroom.warm_up.result(timeout=10)
        yield newsroom
