"""Which level `requirements/install.sh` and `make` install, tried with a Python that only records its arguments."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

STUB = """#!/bin/sh
case "$*" in
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo made >>"$NOTES" ;;
    *" install "*--require-hashes*) echo installed >>"$NOTES" ;;
    *sysconfig*) echo "$SITE" ;;
esac
"""


class Checkout:
    """A folder with the installer, the Makefile, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.notes = folder / "notes"
        self.notes.touch()
        shutil.copytree(ROOT / "requirements", self.folder / "requirements")
        for name in ("Makefile", "requirements.txt"):
            shutil.copy(ROOT / name, self.folder / name)
        self.python = folder / "python"
        self.python.write_text(STUB, encoding="utf-8")
        self.python.chmod(0o755)
        self.site = folder / "site"
        git = folder / "git"  # pulls nothing
        git.write_text("#!/bin/sh\n", encoding="utf-8")
        git.chmod(0o755)

    def run(self, *command: str) -> None:
        names = ("LIGHT", "ASK", "MAKEFLAGS", "MAKELEVEL", "DISCORD_TOKEN")
        clean = {name: value for name, value in os.environ.items() if name not in names}
        clean["PATH"] = f"{self.python.parent}:{clean['PATH']}"
        stubbed = {"PYTHON": str(self.python), "NOTES": str(self.notes), "SITE": str(self.site)}
        done = subprocess.run(
            command, cwd=self.folder, env={**clean, **stubbed}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def levels(self) -> set[str]:
        """The levels that are installed, and `thin` where files were left out that other levels need."""
        names = {path.name for path in (self.folder / ".venv").iterdir()}
        return {name.removeprefix("installed-") for name in names if name.startswith("installed-") or name == "thin"}

    def installations(self) -> int:
        return self.notes.read_text(encoding="utf-8").split().count("installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    return Checkout(tmp_path)


def test_run_installs_everything_where_nothing_was_chosen(checkout: Checkout) -> None:
    checkout.run("make", "run")
    assert checkout.levels() == {"preview"}
    checkout.run("make", "run")
    assert checkout.installations() == 1


def test_light_is_remembered_until_it_is_taken_back(checkout: Checkout) -> None:
    checkout.run("make", "run", "LIGHT=1")
    checkout.run("make", "run")
    checkout.run("make", "run", "ASK=test")
    assert (checkout.levels(), checkout.installations()) == ({"light", "thin"}, 1)
    checkout.run("make", "run", "LIGHT=0")
    assert checkout.levels() == {"preview"}
    checkout.run("make", "run")
    assert checkout.levels() == {"preview"}


@pytest.mark.parametrize(
    ("chosen", "levels"), [("small", {"small", "thin"}), ("light", {"light", "thin"}), ("preview", {"preview"})]
)
def test_an_update_keeps_the_level(checkout: Checkout, chosen: str, levels: set[str]) -> None:
    checkout.run("requirements/install.sh", chosen)
    with (checkout.folder / "requirements" / "unread.txt").open("a", encoding="utf-8") as file:
        file.write("# the newest version\n")
    checkout.run("make", "update")
    assert (checkout.levels(), checkout.installations()) == (levels, 2)


def test_what_a_light_installation_left_out_is_there_again_in_a_full_one(checkout: Checkout) -> None:
    """pip believes that the removed files are there, so .venv must be created anew."""
    checkout.run("requirements/install.sh", "small")
    checkout.run("requirements/install.sh", "dev")
    assert checkout.levels() == {"dev"}
    assert checkout.notes.read_text(encoding="utf-8").split().count("made") == 2
