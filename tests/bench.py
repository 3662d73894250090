"""Measures what the bot costs on this machine and prints a Markdown table: `make bench`.

Every row is measured in an interpreter of its own, so that nothing has been loaded, warmed or allocated by another. The
archive is a temporary one that holds the seeds.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from config.settings import Settings
from retrieval.domain import Reader
from tests.lock import ROOT, levels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrieval.domain import QueryEmbedding
    from retrieval.ports import Embedder

REPEATS = 50
WARM = 5
MEGABYTE = 1_000_000
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024

QUESTIONS = (
    "why was the delegation cancelled",
    "who called the delegation surprising",
    "how many hostages are there",
    "is Gallant still meeting Austin",
    "when was the vote",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one part took: seconds, the process's peak of resident memory in MB, and what it timed within itself."""

    seconds: float
    peak: float
    ask: float = 0.0
    embedding: float = 0.0


# The parts. Each imports what it measures inside the function: the import is part of the cost.


def nothing(_: Settings) -> None:
    """An interpreter with this file's imports."""


def import_torch(_: Settings) -> None:
    import torch  # noqa: F401, PLC0415


def load_model(settings: Settings) -> None:
    _embedder(settings).warm_up()


def open_archive(settings: Settings) -> None:
    from retrieval.archive import opening  # noqa: PLC0415

    with opening.open_archive(settings.archive_path):
        pass


def build_search(settings: Settings) -> None:
    from retrieval.adapters.faiss_search import FaissSearch  # noqa: PLC0415
    from retrieval.archive import opening  # noqa: PLC0415

    spec = _embedder(settings).spec
    with opening.open_archive(settings.archive_path) as archive, closing(FaissSearch(archive, spec)) as search:
        search.sync()


def start(settings: Settings) -> None:
    """Everything up to the moment at which a question is answered without waiting, as on Discord."""
    from bot import client  # noqa: F401, PLC0415
    from retrieval.assembly import open_newsroom  # noqa: PLC0415

    with open_newsroom(settings) as newsroom:
        newsroom.warm_up.result()


def ask(settings: Settings) -> dict[str, float]:
    """Medians of many questions: the whole answer, and the embedding within it."""
    from retrieval.adapters.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415
    from retrieval.assembly import open_newsroom  # noqa: PLC0415

    class TimedEmbedder(SentenceTransformerEmbedder):
        seconds = 0.0

        @override
        def embed_query(self, text: str) -> QueryEmbedding:
            began = time.perf_counter()
            found = super().embed_query(text)
            self.seconds += time.perf_counter() - began
            return found

    embedder = TimedEmbedder(settings.embedding_model, settings.embedding_revision)
    whole, embedding = [], []
    with open_newsroom(settings, embedder) as newsroom:
        newsroom.warm_up.result()
        for turn in range(WARM + REPEATS):
            embedder.seconds = 0.0
            began = time.perf_counter()
            newsroom.ask(Reader(), QUESTIONS[turn % len(QUESTIONS)])
            whole.append(time.perf_counter() - began)
            embedding.append(embedder.seconds)
    return {"ask": statistics.median(whole[WARM:]), "embedding": statistics.median(embedding[WARM:])}


PARTS: dict[str, Callable[[Settings], dict[str, float] | None]] = {
    part.__name__: part for part in (nothing, import_torch, load_model, open_archive, build_search, start, ask)
}


def _embedder(settings: Settings) -> Embedder:
    from retrieval.adapters.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415

    return SentenceTransformerEmbedder(settings.embedding_model, settings.embedding_revision)


def measure(part: str, archive: Path) -> Cost:
    """Run one part in a fresh interpreter; its time is the whole process's, from the outside."""
    environment = {**os.environ, "ARCHIVE_PATH": str(archive), "LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", part],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Cost(seconds=time.perf_counter() - began, **json.loads(ended.stdout.splitlines()[-1]))


def installed(names: Iterable[str]) -> float:
    """Megabytes of the files that packages brought, without what Python compiles of them."""
    files = (distribution(name).locate_file(file) for name in names for file in distribution(name).files or ())
    paths = {Path(str(file)) for file in files if "__pycache__" not in str(file)}
    return sum(path.stat().st_size for path in paths if path.exists()) / MEGABYTE


def table() -> str:
    """All rows, as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.sqlite3"
        first = measure("start", archive)
        cost = {part: measure(part, archive) for part in PARTS}
    base = cost["nothing"].seconds
    asked = cost["ask"]
    rows = (
        ("Start until the first answer can be given", f"{cost['start'].seconds:.1f} s", cost["start"]),
        ("The very first start, which reads the seeds", f"{first.seconds:.1f} s", first),
        (f"One `/ask`, median of {REPEATS}", f"{asked.ask * 1000:.1f} ms", asked),
        ("· of which embedding the question", f"{asked.embedding * 1000:.1f} ms", None),
        ("Parts of a start: import torch", f"{cost['import_torch'].seconds - base:.1f} s", cost["import_torch"]),
        ("· load the model, torch included", f"{cost['load_model'].seconds - base:.1f} s", cost["load_model"]),
        ("· open the archive", f"{cost['open_archive'].seconds - base:.2f} s", cost["open_archive"]),
        ("· open it and build FAISS", f"{cost['build_search'].seconds - base:.2f} s", cost["build_search"]),
        ("· Python and this script, taken off the four above", f"{base:.2f} s", cost["nothing"]),
    )
    lines = ["| What | Time | Memory at its peak |", "| --- | --- | --- |"]
    lines += [f"| {what} | {took} | {f'{cost.peak:.0f} MB' if cost else ''} |" for what, took, cost in rows]
    lines += ["", "| Installed | Size |", "| --- | --- |"]
    server, preview, dev = map(installed, levels().values())
    lines += [
        f"| `requirements.txt`: the bot on Discord | {server:,.0f} MB |",
        f"| what the preview adds | {preview:,.0f} MB |",
        f"| what tests and tools add | {dev:,.0f} MB |",
        "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        sys.stdout.write(table() + "\n")
        return
    within = PARTS[arguments[0]](Settings(_env_file=None)) or {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT / MEGABYTE
    sys.stdout.write(json.dumps({"peak": peak, **within}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
