"""Three trials; each prints what was added and how quickly the other server's members were answered meanwhile.

    python -m tests.resilience texts [--characters 60000]    hostile texts by file, link, feed and form
    python -m tests.resilience slow                          ten slow links and four heavy files at once
    python -m tests.resilience small                         all of it in 512 MB, over 2,000 articles

Exit code 1: a question was lost or refused, an acknowledgement came after more than a second, or one answer in a
hundred took more than a second. A machine that is busy otherwise lengthens every figure.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.resilience.archive import make_archive
from tests.resilience.trials import LIMIT, besieged, slow, small, texts
from tests.support.hostile import UNITS

_ARTICLES: Final = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.resilience", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trial", choices=["texts", "slow", "small"])
    parser.add_argument("--characters", type=int, default=60_000, help="of each hostile text")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth of the units")
    parser.add_argument("--keep", type=Path, help="a folder for the archive and the log, which then stay")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.keep or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        if options.trial == "texts":
            units = UNITS[:: options.every]
            running = besieged(lambda discord, web: texts(discord, web, options.characters, units), folder)
        elif options.trial == "slow":
            running = besieged(slow, folder)
        else:
            make_archive(folder / "archive.sqlite3", _ARTICLES)
            running = besieged(small, folder, limit=LIMIT, most=500)
        figures = asyncio.run(running)
        sys.stdout.write(f"{figures}\n")
        return 0 if figures.good else 1


if __name__ == "__main__":
    sys.exit(main())
