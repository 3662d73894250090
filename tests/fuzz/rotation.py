"""Gives every target its turn, one process after the other, and adds up what they say."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.fuzz.target import Target

MODULES: Final = {
    "pages": "pages linked-data pdf feeds drafts robots unpacking",
    "files": "mails documents captions",
    "web": "addresses resolved headers",
    "texts": "quotations attribution sentences passages articles questions names",
    "shown": "escaping passages-shown replies",
    "kept": "settings buttons memory decisions",
}
"""The targets by the module that has them, so that none has to be imported to name one."""

NAMES: Final = tuple(name for names in MODULES.values() for name in names.split())

_RUNS: Final = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
_FEATURES: Final = re.compile(r"\bft: (\d+)")


@dataclass(slots=True)
class Tally:
    """What came of a target so far, over all its turns."""

    seconds: float = 0.0
    runs: int = 0
    features: int = 0
    kept: int = 0
    breaches: int = 0
    failed_in_libraries: int = 0


def rotate(names: Sequence[str], corpus: Path, *, minutes: float, turn: float) -> int:
    """Search until the time is up; 1 where a promise was broken."""
    corpus.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + minutes * 60
    broken = False
    while (left := end - time.monotonic()) > 1:
        for name in sorted(names, key=lambda name: read_tally(corpus, name).seconds):
            if end - time.monotonic() > 1:
                share = min(turn, left / 60)
                broken |= _take_turn(name, corpus, share)
    sys.stdout.write(table((name, read_tally(corpus, name)) for name in names))
    return int(broken)


def _take_turn(name: str, corpus: Path, minutes: float) -> bool:
    told = ["--inside", "--minutes", str(minutes), "--corpus", str(corpus)]
    command = [sys.executable, "-m", "tests.fuzz", name, *told]
    begun, before = time.monotonic(), _breaches(corpus, name)
    run = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    tally = read_tally(corpus, name)
    tally.seconds += time.monotonic() - begun
    tally.runs += sum(map(int, _RUNS.findall(run.stdout)))
    tally.features = max([tally.features, *map(int, _FEATURES.findall(run.stdout))])
    tally.kept = sum(1 for _ in (corpus / name).iterdir())
    tally.breaches = _breaches(corpus, name)
    tally.failed_in_libraries = len(_lines(corpus / f"{name}.libraries"))
    (corpus / f"{name}.json").write_text(json.dumps(asdict(tally)), encoding="utf-8")
    if run.returncode == 0:
        return False
    if tally.breaches == before:
        message = f"{name} could not be searched:\n{_told(run.stdout)}"
        raise RuntimeError(message)
    sys.stdout.write(f"{name}: a promise was broken\n{_told(run.stdout)}\n")
    sys.stdout.flush()
    return True


def _told(said: str) -> str:
    """The end of what a search said, without its lines of progress."""
    return "\n".join(line for line in said.splitlines() if not line.startswith(("#", "INFO")))[-4_000:]


def read_tally(corpus: Path, name: str) -> Tally:
    """What came of a target before."""
    try:
        return Tally(**json.loads((corpus / f"{name}.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Tally()


def _breaches(corpus: Path, name: str) -> int:
    """How many inputs broke a promise of this target's, by the files that libFuzzer keeps of them."""
    kept = re.compile(rf"{name}-(?:crash|timeout|oom|slow-unit|leak)-\w+")
    return sum(bool(kept.fullmatch(path.name)) for path in corpus.iterdir())


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def table(tallies: Iterable[tuple[str, Tally]]) -> str:
    """The figures as a table in Markdown."""
    heads = ("Target", "Minutes", "Executions", "Features", "Inputs kept", "Breaches", "Failures of libraries")
    rows = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for name, one in tallies:
        figures = (f"{one.seconds / 60:.0f}", one.runs, one.features, one.kept, one.breaches, one.failed_in_libraries)
        shown = (figure if isinstance(figure, str) else f"{figure:,}" for figure in figures)
        rows.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(rows) + "\n"


def targets_in(module: str) -> dict[str, Target]:
    """The targets of one module, which imports their parsers."""
    found: dict[str, Target] = importlib.import_module(f"tests.fuzz.{module}").TARGETS
    return found


def module_of(name: str) -> str:
    """Which module has a target."""
    return next(module for module, names in MODULES.items() if name in names.split())
