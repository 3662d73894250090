"""Kills the program at random moments of everything it does, and prints what was left: `python -m tests.crash`.

One archive lives through all of it, most of the time with somebody reading along. After each kill it is opened again,
checked, and compared with what had been confirmed: `--kills` and `--seed` say how often and which moments.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.crash.killing import Killing, Tally
from tests.crash.works import WORKS

if TYPE_CHECKING:
    from collections.abc import Iterable


def order(kills: int, seed: int) -> list[str]:
    """What is killed, one after the other: everything as often, in an order drawn anew each time round."""
    chosen, drawn = random.Random(seed), list[str]()
    while len(drawn) < kills:
        drawn += chosen.sample(list(WORKS), len(WORKS))
    return drawn[:kills]


def table(tallies: dict[str, Tally]) -> str:
    """A row for each kind of work, and one for all of them."""
    head = "| Killed | Kills | While opening | At work | · of that, writing | Between | Confirmed | Lost | By half |"
    rows = [head, "| --- |" + " ---: |" * 8, *(_row(work, [tally]) for work, tally in tallies.items())]
    return "\n".join([*rows, _row("all", tallies.values())])


def _row(work: str, tallies: Iterable[Tally]) -> str:
    some = list(tallies)
    numbers = [
        sum(tally.kills for tally in some),
        sum(tally.before for tally in some),
        sum(tally.working + tally.writing for tally in some),
        sum(tally.writing for tally in some),
        sum(tally.between for tally in some),
        sum(tally.confirmed for tally in some),
        sum(len(tally.lost) for tally in some),
        sum(len(tally.half) for tally in some),
    ]
    return f"| {work} | {' | '.join(f'{number:,}' for number in numbers)} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(WORKS), help="kill this alone")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    logging.disable()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Killing(Path(folder), options.seed) as killing:
        try:
            for number, work in enumerate(order(options.kills, options.seed), 1):
                killing.kill(options.only or work)
                if sys.stderr.isatty():
                    sys.stderr.write(f"\r{number} of {options.kills}")
        except KeyboardInterrupt:
            sys.stderr.write("\nStopped: this is what was seen so far.\n")
        killing.finish()
        code, told = killing.program("check")
    sys.stdout.write(f"{table(killing.tallies)}\n\n")
    faults = [fault for tally in killing.tallies.values() for fault in (*tally.lost, *tally.half)]
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    kills = sum(tally.kills for tally in killing.tallies.values())
    sys.stdout.write(f"{kills} kills in {time.monotonic() - began:.0f} s. At the end, `check`: {told}\n")
    return 1 if faults or code else 0


if __name__ == "__main__":
    sys.exit(main())
