"""Measures how fast many articles are taken in, against the embedder alone: `python -m tests.benchmarks.indexing 1000`.

The articles are made of the sentences of the pages' stories, mixed; they come from a file of JSON lines. Every part
runs in an interpreter of its own. Quotations are found by rules, in the worker process, whose
processor time is not counted; by the clock, the time of the rules is subtracted. A parse takes longer.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import QuotationParser, Settings
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from tests.benchmarks.peer import resident
from tests.benchmarks.start import peak
from tests.support.paths import ROOT
from tests.support.stories import story

if TYPE_CHECKING:
    from collections.abc import Sequence

STORIES = ("ferry", "glass", "river", "clinic", "chess", "storm", "battery", "column", "mine")
QUESTIONS = (
    "how much does the ferry cost",
    "who turned the valve",
    "when did salmon return",
    "what does the battery store",
)
_SEED = 5
_EVERY = 50
_THOUSAND = 1000 // _EVERY
_MEANWHILE = 200


def write_articles(path: Path, count: int) -> None:
    """`count` articles of 150 to 900 words, the same each time, no two alike."""
    chance = random.Random(_SEED)
    sentences = [
        f"{sentence.strip()}."
        for name in STORIES
        for part in story(name).paragraphs
        for sentence in part.split(". ")
        if sentence
    ]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            length = chance.randint(8, 45)
            chosen = [chance.choice(sentences) for _ in range(length)]
            paragraphs = [" ".join(chosen[start : start + 3]) for start in range(0, length, 3)]
            line = {"title": f"Report {number} of the coast", "text": "\n\n".join(paragraphs), "date": "2024-05-01"}
            file.write(json.dumps(line) + "\n")


def settings(folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        archive_path=folder / "archive.sqlite3",
        seeds_path=folder / "none",
        quotation_parser=QuotationParser.RULES,
    )


def alone(folder: Path) -> dict[str, Any]:
    """The embedder over all passages, as when articles are added; and finding quotations by rules in all bodies."""
    from retrieval.articles.storing import embedded_text  # noqa: PLC0415
    from retrieval.assembly import make_embedder  # noqa: PLC0415
    from retrieval.cli.inputs import read_line  # noqa: PLC0415
    from retrieval.reading import read_article  # noqa: PLC0415
    from retrieval.text.quotations import find_quotations  # noqa: PLC0415

    texts, quotations = [], 0.0
    for line in (folder / "news.jsonl").open("rb"):
        read = read_article(read_line(line))
        texts += [embedded_text(read.source.title, passage.span.of(read.body)) for passage in read.passages]
        began = time.perf_counter()
        find_quotations(read.body)
        quotations += time.perf_counter() - began
    embedder = make_embedder(settings(folder))
    embedder.warm_up()
    for _ in embedder.embed_tokens(texts[:16]):
        pass
    began, used = time.perf_counter(), time.process_time()
    for _ in embedder.embed_tokens(texts):
        pass
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used}
    return {**spent, "quotations": quotations, "passages": len(texts)}


def add(folder: Path) -> dict[str, Any]:
    """All articles through the newsroom; memory after the first and each fiftieth."""
    from retrieval.assembly import open_newsroom  # noqa: PLC0415
    from retrieval.cli.inputs import read_inputs  # noqa: PLC0415

    passages, memory = 0, []
    with open_newsroom(settings(folder)) as room:
        room.warm_up.result()
        room.importer.add(Draft("The model is warm now, and so is everything else that is loaded at first."), SHARED)
        began, used = time.perf_counter(), time.process_time()
        named = read_inputs([str(folder / "news.jsonl")], room.importer)
        drafts = (each.outcome for each in named if isinstance(each.outcome, Draft))
        for number, outcome in enumerate(room.importer.add(draft, SHARED) for draft in drafts):
            assert not outcome.known
            passages += outcome.passages
            if number == 0 or (number + 1) % _EVERY == 0:
                memory.append(resident() or peak())
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return {"seconds": seconds, "cpu": cpu, "passages": passages, "memory": memory, "peak": peak()}


def ask(folder: Path) -> dict[str, Any]:
    """Questions, two a second, until the file `stop` is there; each one's time."""
    from retrieval.assembly import open_newsroom  # noqa: PLC0415

    times: list[float] = []
    with open_newsroom(settings(folder)) as room:
        room.warm_up.result()
        (folder / "asking").touch()
        while not (folder / "stop").exists():
            began = time.perf_counter()
            room.ask(Scope(), QUESTIONS[len(times) % len(QUESTIONS)])
            times.append(time.perf_counter() - began)
            time.sleep(0.5)
    return {"times": times, "articles": 0}


PARTS = {part.__name__: part for part in (alone, add, ask)}


def start(part: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.indexing", part, str(folder)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "LOG_LEVEL": "ERROR"},
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> dict[str, Any]:
    told, _ = process.communicate()
    if process.returncode:
        message = f"a part ended with code {process.returncode}"
        raise RuntimeError(message)
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def table(count: int) -> str:
    """All of it as Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "news.jsonl", count)
        single = finish(start("alone", folder))
        added = finish(start("add", folder))
        asker = start("ask", folder)
        _until(folder / "asking")
        time.sleep(10)
        (folder / "stop").touch()
        quiet = finish(asker)["times"]
        for flag in ("stop", "asking"):
            (folder / flag).unlink()
        write_articles(folder / "news.jsonl", _MEANWHILE)
        for left in folder.glob("archive.sqlite3*"):
            left.unlink()
        first = start("add", folder)
        time.sleep(15)
        asker = start("ask", folder)
        busy_add = finish(first)
        (folder / "stop").touch()
        busy = finish(asker)["times"]
    without = added["seconds"] - single["quotations"]
    memory = added["memory"]
    rows = (
        ("The embedder alone", f"{single['passages'] / single['seconds']:.1f} passages/s"),
        (
            "Adding, without quotations",
            f"{added['passages'] / without:.1f} passages/s, {count / without:.1f} articles/s",
        ),
        (
            "· ratio to the embedder alone: by the clock, by processor time",
            f"{single['seconds'] / without:.2f}, {single['cpu'] / added['cpu']:.2f}",
        ),
        (
            "Adding, quotations by rules too",
            f"{added['passages'] / added['seconds']:.1f} passages/s, {count / added['seconds']:.1f} articles/s",
        ),
        (
            "Memory after the first, at half, at the end",
            f"{memory[0]:.0f}, {memory[len(memory) // 2]:.0f}, {memory[-1]:.0f} MB",
        ),
        ("Memory after each thousand", f"{', '.join(f'{one:.0f}' for one in memory[_THOUSAND::_THOUSAND])} MB"),
        ("Memory at its peak", f"{added['peak']:.0f} MB"),
        ("One `/ask` of another process, nothing else running", _times(quiet)),
        ("One `/ask` of another process while articles are added", _times(busy)),
        ("Adding meanwhile", f"{_MEANWHILE / busy_add['seconds']:.1f} articles/s"),
    )
    lines = [f"| {count:,} articles, {single['passages']:,} passages | |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {what} | {value} |" for what, value in rows)])


def _times(seconds: list[float]) -> str:
    ordered = sorted(seconds[2:])
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"{middle * 1000:.0f} ms, nineteen in twenty within {late * 1000:.0f} ms"


def _until(path: Path) -> None:
    while not path.exists():
        time.sleep(0.1)


def main(arguments: Sequence[str]) -> None:
    if len(arguments) == 1:
        sys.stdout.write(table(int(arguments[0])) + "\n")
        return
    part, folder = arguments
    sys.stdout.write(json.dumps(PARTS[part](Path(folder))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
