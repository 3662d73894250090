"""Prints how well articles are read out of pages: `python -m tests.quality.pages`."""

from __future__ import annotations

import sys

from tests.quality.pages.measuring import read_all, table

if __name__ == "__main__":
    sys.stdout.write(table(read_all()) + "\n")
