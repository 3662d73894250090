"""The other side of `child`: has a child work, kills it, and gives back what it said until then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Self

_BEGINS = {"feed": {"day"}, "replace": {"add", "put back"}, "rule": {"rule", "undo"}}
"""What a work says when it begins, where that is not its own name."""


@dataclass(frozen=True)
class Killed:
    """What a child was confirmed, what it had begun, how far it was, and what went wrong before anybody killed it.

    `took` is for how many seconds each was at work that was confirmed.
    """

    did: list[list[Any]]
    pending: list[Any] | None
    took: list[float]
    phase: int
    failed: str | None = None


class Forks:
    """The process that forks. A context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def kill(self, work: str, job: Mapping[str, Any], after: float, *, early: bool) -> Killed:
        """Have the work done, and kill whoever does it so many seconds after it began; or, early, after it is there."""
        self._ask({"work": work, "job": job})
        begins = _BEGINS.get(work, {work})
        did, took, pending, child, alive, failed = list[list[Any]](), list[float](), None, 0, True, None
        moment = 0.0
        for verb, *words in self._lines():
            match verb:
                case "child":
                    child = words[0]
                case "began":
                    *pending, moment = words
                case "did":
                    *done, at = words
                    did.append(done)
                    took += [at - moment] if done[0] in begins else []
                    pending = None
                case "read" | "beside":
                    did.append([verb, *words])
                case "void":
                    pending = None
                case "failed":
                    failed, alive = words[0], False
                case "gone":
                    return Killed(did, pending, took, words[0], failed)
            if alive and (verb == "child" if early else verb == "began" and words[0] in begins):
                assert child > 0, "0 would be everybody"
                time.sleep(after)
                with suppress(ProcessLookupError):  # it has ended already
                    os.kill(child, signal.SIGKILL)
                alive = False
        message = "the process that forks is gone"
        raise AssertionError(message)

    def program(self, *arguments: str, environment: Mapping[str, str], output: Path) -> tuple[int, str]:
        """A verb of the command line; its exit code and what it printed."""
        self._ask({
            "work": "program", "arguments": arguments, "environment": dict(environment), "output": str(output),
        })  # fmt: skip
        code = next(words[1] for verb, *words in self._lines() if verb == "gone")
        return code, output.read_text(encoding="utf-8").strip()

    def _ask(self, what: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(what)}\n")
        self._process.stdin.flush()

    def _lines(self) -> Iterator[list[Any]]:
        assert self._process.stdout is not None
        return (json.loads(line) for line in self._process.stdout)
