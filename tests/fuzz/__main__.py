"""Searches for inputs that break a target's promises: `python -m tests.fuzz TARGET --minutes N`.

TARGET is a name, or `all`: then each has its turn again and again until the time is up, one process at a time, and a
table is printed. What was found worth keeping stays in the corpus folder, so that a search goes on where it stopped;
an input that breaks a promise is kept beside it. Needs atheris, which there is for Linux alone:
`pip install atheris==3.0.0`.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

from tests.fuzz import rotation


def main() -> int:
    arguments = _arguments()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("The fuzzer is missing: pip install atheris==3.0.0 (there is one for Linux alone).\n")
        return 2
    if arguments.inside:
        from tests.fuzz import searching  # noqa: PLC0415  # imports atheris, which instruments what comes after it

        searching.search(arguments.target, Path(arguments.corpus), seconds=arguments.minutes * 60)
        return 0
    names = rotation.NAMES if arguments.target == "all" else (arguments.target,)
    return rotation.rotate(names, Path(arguments.corpus), minutes=arguments.minutes, turn=arguments.turn)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the parsers of outside text.")
    parser.add_argument("target", choices=[*rotation.NAMES, "all"])
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to search in all")
    parser.add_argument("--turn", type=float, default=1.0, help="minutes of one target before the next has its turn")
    parser.add_argument("--corpus", default="var/fuzz", help="the folder of inputs that were worth keeping")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
