from __future__ import annotations

import re

from tests.licences import PATH, table
from tests.support.paths import ROOT


def test_the_table_of_licences_is_what_the_installed_packages_say() -> None:
    """Where this fails, run `python -m tests.licences`."""
    assert (ROOT / PATH).read_text(encoding="utf-8") == table()


def test_every_package_says_under_which_licence_it_is() -> None:
    assert "not said" not in table()


def test_nothing_that_a_server_installs_is_under_a_licence_that_reaches_further_than_its_own_files() -> None:
    """MPL is as far as it may go: its terms hold for its own files alone. Of a choice of licences one is enough."""
    rows = [row for row in table().splitlines() if row.startswith("|") and "the bot" in row]
    strict = [row for row in rows if re.search(r"\b[AL]?GPL", row) and " OR " not in row]

    assert rows
    assert strict == []
