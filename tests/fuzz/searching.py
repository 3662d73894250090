"""One target's search, in a process of its own: libFuzzer drives, and what it is to see into is instrumented."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import atheris

from tests.fuzz.rotation import module_of, targets_in
from tests.fuzz.target import hold

if TYPE_CHECKING:
    from pathlib import Path

_PROJECT: Final = ["retrieval", "bot", "config"]
_LIBRARIES: Final = {"pages": ["trafilatura", "htmldate", "feedparser", "pypdf", "email"]}
_MEGABYTES: Final = 2_048
_HANGS: Final = 60


def search(name: str, corpus: Path, *, seconds: float) -> None:
    """Search for so long; does not come back. Exits with an error where a promise is broken."""
    module = module_of(name)
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=[*_PROJECT, *_LIBRARIES.get(module, [])]):
        target = targets_in(module)[name]
    folder = corpus / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    words = corpus / f"{name}.words"
    words.write_text("".join(f'"{_quoted(word)}"\n' for word in target.words), encoding="ascii")
    failures = _Failures(corpus / f"{name}.libraries")

    def once(data: bytes) -> None:
        failures.note(hold(target, data))

    options = {
        "max_total_time": int(seconds),
        "max_len": target.longest,
        "rss_limit_mb": _MEGABYTES,
        "timeout": _HANGS,
        "print_final_stats": 1,
        "artifact_prefix": f"{corpus}/{name}-",
    }
    told = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *told, *([f"-dict={words}"] if target.words else []), str(folder)], once)
    atheris.Fuzz()


class _Failures:
    """Where libraries failed, each place once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = set(path.read_text(encoding="utf-8").splitlines()) if path.exists() else set()

    def note(self, place: str | None) -> None:
        """Remember a place that was not known."""
        if place is not None and place not in self._known:
            self._known.add(place)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{place}\n")


def _quoted(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))
