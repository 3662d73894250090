"""Measures what the bot costs on this machine and prints a Markdown table: `make bench`.

Every figure is measured in an interpreter of its own, so that nothing has been loaded, warmed or allocated by another
(what the bot does not need is imported where it is used), and with each of the two runtimes of the embedding model. The
archive is a temporary one that holds the seeds.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import distribution
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import EmbeddingRuntime, Settings
from retrieval.domain.scope import Scope
from tests.benchmarks.peer import MEGABYTE, resident
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from retrieval.domain.embeddings import QueryEmbedding

REPEATS = 50
WARM = 5
CROWD = 20
"""People who ask at the same moment."""
PASSAGE = 1100
"""Characters; about what a passage has."""
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
RUNTIMES = (EmbeddingRuntime.TORCH, EmbeddingRuntime.ONNX)

QUESTIONS = (
    "why was the delegation cancelled",
    "who called the delegation surprising",
    "how many hostages are there",
    "is Gallant still meeting Austin",
    "when was the vote",
)


ASKING = ("Why", "Who said that", "When was it that", "What about", "How many are", "where did")
WORDS_A_QUESTION = 7


@dataclass(frozen=True, slots=True)
class Cost:
    """What one part took: seconds; the process's memory in MB, at its peak, at the end, and without pages of files; and
    what it timed itself."""

    seconds: float
    peak: float
    resident: float
    own: float = 0.0
    ask: float = 0.0
    processor: float = 0.0
    embedding: float = 0.0
    slowest: float = 0.0


# The parts. Each imports what it measures inside the function: the import is part of the cost.


def nothing(_: Settings) -> None:
    """An interpreter with this file's imports."""


def import_engine(settings: Settings) -> None:
    import_module("torch" if settings.embedding_runtime is EmbeddingRuntime.TORCH else "onnxruntime")


def load_model(settings: Settings) -> None:
    from retrieval.assembly import make_embedder  # noqa: PLC0415

    make_embedder(settings).warm_up()


def embed(settings: Settings) -> dict[str, float]:
    """Seconds a passage, as they are embedded when an article is added."""
    from retrieval.articles.files import article_files, read_draft  # noqa: PLC0415
    from retrieval.assembly import make_embedder  # noqa: PLC0415

    text = " ".join(read_draft(path).text for path in article_files(settings.seeds_path))
    passages = [text[start : start + PASSAGE] for start in range(0, len(text), PASSAGE)]
    embedder = make_embedder(settings)
    embedder.embed_passages(passages[:1])
    began = time.perf_counter()
    embedder.embed_passages(passages)
    return {"embedding": (time.perf_counter() - began) / len(passages)}


def open_archive(settings: Settings) -> None:
    from retrieval.archive import opening  # noqa: PLC0415

    with opening.open_archive(settings.archive_path):
        pass


def build_search(settings: Settings) -> None:
    from retrieval.adapters.search.faiss_search import FaissSearch  # noqa: PLC0415
    from retrieval.archive import opening  # noqa: PLC0415
    from retrieval.assembly import make_embedder  # noqa: PLC0415

    spec = make_embedder(settings).spec
    with opening.open_archive(settings.archive_path) as archive, closing(FaissSearch(archive, spec)) as search:
        search.sync()


def start(settings: Settings) -> None:
    """Everything up to the moment at which a question is answered without waiting, as on Discord."""
    from bot import client  # noqa: F401, PLC0415
    from retrieval.assembly import open_newsroom  # noqa: PLC0415

    with open_newsroom(settings) as newsroom:
        newsroom.warm_up.result()


def questions(settings: Settings) -> Iterator[str]:
    """Different ones without end, made of what the seeds say: the same one again would be answered from memory."""
    from retrieval.articles.files import article_files, read_draft  # noqa: PLC0415

    words = " ".join(read_draft(path).text for path in article_files(settings.seeds_path)).split()
    for number in count():
        begin = number * 11 % (len(words) - WORDS_A_QUESTION)  # a step that comes back to the same place late
        yield " ".join((ASKING[number % len(ASKING)], *words[begin : begin + WORDS_A_QUESTION]))


def settled(settings: Settings) -> dict[str, float]:
    """The bot's own process as it is when people have asked: what stays in memory."""
    from bot import __main__ as program  # noqa: PLC0415
    from retrieval.assembly import open_newsroom  # noqa: PLC0415

    with open_newsroom(settings) as newsroom:
        newsroom.warm_up.result()
        program.make_bot(newsroom, settings)
        for question in QUESTIONS:
            newsroom.ask(Scope(), question)
        return {"resident": resident(), "own": own()}


def crowd(settings: Settings) -> dict[str, float]:
    """Many ask at the same moment, through the bot's own pool; each has to get an answer. The longest wait."""
    from bot.threads.lanes import NOBODY  # noqa: PLC0415
    from bot.threads.offload import Offload  # noqa: PLC0415
    from retrieval.assembly import open_newsroom  # noqa: PLC0415

    with open_newsroom(settings) as newsroom:
        newsroom.warm_up.result()
        newsroom.ask(Scope(), QUESTIONS[0])
        offload = Offload(workers=settings.workers, limit_seconds=settings.answer_seconds)

        async def one(question: str) -> float:
            began = time.perf_counter()
            lane = offload.answering
            await lane.run(lambda: newsroom.ask(Scope(), question, hurry=lane.is_awaited(NOBODY)))
            return time.perf_counter() - began

        async def everybody() -> list[float]:
            return await asyncio.gather(*map(one, islice(questions(settings), CROWD)))

        waits = asyncio.run(everybody())
        offload.close()
    return {"slowest": max(waits)}


def ask(settings: Settings) -> dict[str, float]:
    """Medians of many different questions: the whole answer, and the embedding within it."""
    from unittest import mock  # noqa: PLC0415

    from retrieval.assembly import make_embedder, open_newsroom  # noqa: PLC0415

    embedder = make_embedder(settings)
    embed_query, whole, embedding, processor = embedder.embed_query, [], [], []

    def timed(text: str) -> QueryEmbedding:
        began = time.perf_counter()
        found = embed_query(text)
        embedding.append(time.perf_counter() - began)
        return found

    with mock.patch.object(embedder, "embed_query", timed), open_newsroom(settings, embedder) as newsroom:
        newsroom.warm_up.result()
        embedding.clear()
        for question in islice(questions(settings), WARM + REPEATS):
            began, used = time.perf_counter(), time.process_time()
            newsroom.ask(Scope(), question)
            whole.append(time.perf_counter() - began)
            processor.append(time.process_time() - used)
    medians = [statistics.median(times[WARM:]) for times in (whole, embedding, processor)]
    return dict(zip(("ask", "embedding", "processor"), medians, strict=True))


PARTS: dict[str, Callable[[Settings], dict[str, float] | None]] = {
    part.__name__: part
    for part in (nothing, import_engine, load_model, embed, open_archive, build_search, start, settled, ask, crowd)
}


def measure(part: str, archive: Path, runtime: EmbeddingRuntime) -> Cost:
    """Run one part in a fresh interpreter; its time is the whole process's, from the outside."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "ARCHIVE_PATH": str(archive),
        "EMBEDDING_RUNTIME": runtime.value,
        "LOG_LEVEL": "ERROR",
    }
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.start", part],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Cost(seconds=time.perf_counter() - began, **json.loads(ended.stdout.splitlines()[-1]))


def unread() -> list[str]:
    """The patterns of what `requirements/install.sh` removes from a light installation."""
    lines = (ROOT / "requirements" / "unread.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def installed(names: Iterable[str], without: Sequence[str] = ()) -> float:
    """Megabytes of the files that packages brought, without these patterns and without what Python compiles of them."""
    files = (distribution(name).locate_file(file) for name in names for file in distribution(name).files or ())
    paths = {Path(str(file)) for file in files if "__pycache__" not in str(file)}
    paths = {path for path in paths if not any(path.match(pattern) for pattern in without)}
    return sum(path.stat().st_size for path in paths if path.exists()) / MEGABYTE


def rows(runtime: EmbeddingRuntime) -> list[tuple[str, str, str]]:
    """What was measured, its time, and the memory at the process's peak, with one runtime."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.sqlite3"
        first = measure("start", archive, runtime)
        cost = {part: measure(part, archive, runtime) for part in PARTS}
    base = cost["nothing"].seconds
    asked = cost["ask"]
    measured = (
        ("Start until the first answer can be given", f"{cost['start'].seconds:.1f} s", cost["start"].peak),
        ("· what stays in memory once questions were asked", "", cost["settled"].resident),
        ("· of that its own; the rest is pages of files, as they are on disk", "", cost["settled"].own),
        ("The very first start, which reads the seeds", f"{first.seconds:.1f} s", first.peak),
        (f"One `/ask`, median of {REPEATS} different ones", f"{asked.ask * 1000:.1f} ms", asked.peak),
        ("· the processor's part of it", f"{asked.processor * 1000:.1f} ms", None),
        ("· of which embedding the question", f"{asked.embedding * 1000:.1f} ms", None),
        (f"{CROWD} ask at once: the longest wait; none is lost", f"{cost['crowd'].slowest:.2f} s", cost["crowd"].peak),
        ("Embedding one passage of an article", f"{cost['embed'].embedding * 1000:.0f} ms", cost["embed"].peak),
        ("Parts of a start: import torch, or ONNX Runtime", f"{cost['import_engine'].seconds - base:.2f} s", None),
        ("· load the model, that included", f"{cost['load_model'].seconds - base:.2f} s", cost["load_model"].peak),
        ("· open the archive", f"{cost['open_archive'].seconds - base:.2f} s", cost["open_archive"].peak),
        ("· open it and build FAISS", f"{cost['build_search'].seconds - base:.2f} s", cost["build_search"].peak),
        ("· Python and this script, taken off the four above", f"{base:.2f} s", cost["nothing"].peak),
    )
    return [(what, took, f"{memory:.0f} MB" if memory else "") for what, took, memory in measured]


def table() -> str:
    """All rows, as Markdown."""
    from tests.lock import levels, light_level  # noqa: PLC0415

    lines = [
        "| What | With torch | Memory at its peak | Light | Memory at its peak |",
        "| --- | --- | --- | --- | --- |",
    ]
    for (what, *full), (_, *light) in zip(*map(rows, RUNTIMES), strict=True):
        lines.append("| " + " | ".join((what, *full, *light)) + " |")
    lines += ["", "| Installed | Size |", "| --- | --- |"]
    server, preview, dev = map(installed, levels().values())
    lines += [
        f"| `requirements.txt`: the bot on Discord | {server:,.0f} MB |",
        f"| `requirements/light.txt`: the same without torch and spaCy | {installed(light_level()):,.0f} MB |",
        f"| · as `requirements/install.sh` leaves it | {installed(light_level(), unread()):,.0f} MB |",
        f"| what the preview adds | {preview:,.0f} MB |",
        f"| what tests and tools add | {dev:,.0f} MB |",
        "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
    ]
    return "\n".join(lines)


def own() -> float:
    """Megabytes of this process that are in memory and stand in no file; 0 where there is no such /proc."""
    status = Path("/proc/self/status")
    told = status.read_text(encoding="utf-8") if status.exists() else ""
    found = re.search(r"^RssAnon:\s+(\d+) kB$", told, re.MULTILINE)
    return int(found[1]) * 1024 / MEGABYTE if found else 0.0


def peak() -> float:
    """Megabytes of this process that were in memory at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT / MEGABYTE


def main(arguments: Sequence[str]) -> None:
    if not arguments:
        sys.stdout.write(table() + "\n")
        return
    within = PARTS[arguments[0]](Settings(_env_file=None)) or {}
    sys.stdout.write(json.dumps({"peak": peak(), "resident": resident(), **within}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
