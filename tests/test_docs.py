from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest
from discord import app_commands

from bot.registry import COMMANDS
from config.exit_codes import ExitCode
from config.settings import Settings
from retrieval.adapters.web.fetcher import MOST_SECONDS
from retrieval.cli.app import app
from retrieval.domain.file_types import USUAL_ENDINGS
from retrieval.domain.limits import LARGEST_FILE, LONGEST_TEXT
from tests.support.paths import ROOT
from tests.test_layout import tracked_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

README, OPERATING = ROOT / "README.md", ROOT / "config" / "OPERATING.md"
DOCUMENTS = (
    README,
    OPERATING,
    ROOT / "CHANGELOG.md",
    ROOT / ".github" / "CONTRIBUTING.md",
    ROOT / ".github" / "SECURITY.md",
    ROOT / "retrieval" / "DECISIONS.md",
    ROOT / "tests" / "benchmarks" / "README.md",
)
EXAMPLE = """\
# Every setting with its default. Copy this file to .env, and remove the # before what you change.
# The environment wins over this file. The bot refuses a name that is not listed here, and says which.
"""


def settings() -> Iterator[tuple[str, str, str]]:
    """Name, default as one would write it, and description of every setting."""
    for name, field in Settings.model_fields.items():
        default = field.default.value if isinstance(field.default, StrEnum) else field.default
        shown = f"{default:g}" if isinstance(default, float) else "" if default is None else str(default)
        yield name.upper(), shown, str(field.description)


def table(document: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    text = document.read_text(encoding="utf-8")
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"{document.name} has no section {heading!r}"
    rows = re.findall(r"^\|(.*)\|$", section[1], re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in rows[2:]]


def first_words(document: Path, heading: str) -> set[str]:
    """The first word of each row of a table, without marks."""
    return {row[0].strip("`").split()[0] for row in table(document, heading)}


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as they are made on its page."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> list[tuple[Path, str]]:
    """Every document with each of its links to a file or a heading."""
    pattern = re.compile(r"\]\((?!https?:)([^)]+)\)")
    return [(page, link) for page in DOCUMENTS for link in sorted(set(pattern.findall(page.read_text("utf-8"))))]


def slash_commands() -> set[str]:
    return {f"/{command.name}" for command in COMMANDS if not isinstance(command, app_commands.ContextMenu)}


def runs(module: str) -> bool:
    """Whether `python -m MODULE` has something to run."""
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) < 200


def test_decisions_are_short() -> None:
    records = (ROOT / "retrieval" / "DECISIONS.md").read_text("utf-8").split("\n## ")[1:]

    assert [record for record in records if len(record.strip().split("\n")[2:]) > 15] == []


def test_readme_lists_every_slash_command_and_no_other() -> None:
    assert first_words(README, "Commands in Discord") == slash_commands()


def test_every_verb_of_the_command_line_is_listed_and_no_other() -> None:
    verbs = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    groups = {str(group.name) for group in app.registered_groups}

    assert first_words(OPERATING, "From a terminal") == verbs | groups


def test_every_setting_is_listed_as_it_is() -> None:
    rows = [
        [f"`{name}`", f"`{default}`" if default else "not set", description]
        for name, default, description in settings()
    ]

    assert table(OPERATING, "Settings") == rows
    assert [row for row in table(README, "Settings") if row not in rows] == []


def test_every_type_of_file_is_listed() -> None:
    assert f"({', '.join(USUAL_ENDINGS)})" in README.read_text(encoding="utf-8")
    assert f"({', '.join(f'`{ending}`' for ending in USUAL_ENDINGS)})" in OPERATING.read_text(encoding="utf-8")


def test_limits_that_the_security_page_names_are_those_of_the_code() -> None:
    page = " ".join((ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8").split())
    assert f"{LARGEST_FILE // 1_000_000} MB (`LARGEST_FILE`)" in page
    assert f"{LONGEST_TEXT:,} characters (`LONGEST_TEXT`)" in page
    assert f"{MOST_SECONDS:g} seconds (`MOST_SECONDS`)" in page


def test_every_exit_code_is_listed_as_it_is() -> None:
    assert table(OPERATING, "Exit codes") == [[f"`{code.value}`", code.meaning] for code in ExitCode]


def test_example_of_a_settings_file_is_complete() -> None:
    lines = (f"\n# {description}\n#{name}={default}\n" for name, default, description in settings())

    assert (ROOT / ".env.example").read_text(encoding="utf-8") == EXAMPLE + "".join(lines)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_targets_of_make_and_modules_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]+)(?![a-z-])", code)) <= targets
    assert [name for name in set(re.findall(r"python -m (tests[\w.]*)", code)) if not runs(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_names_exist(document: Path) -> None:
    named = re.findall(r"`((?:bot|config|requirements|retrieval|seeds|tests)/[^\s`]+)`", document.read_text("utf-8"))

    assert [name for name in named if not list(ROOT.glob(name))] == []


def test_the_glossary_names_classes_and_modules_that_exist() -> None:
    files = [path for package in ("bot", "config", "retrieval") for path in (ROOT / package).rglob("*.py")]
    classes = {name for path in files for name in re.findall(r"^class (\w+)", path.read_text("utf-8"), re.MULTILINE)}
    known = classes | {path.stem for path in files}
    glossary = table(ROOT / ".github" / "CONTRIBUTING.md", "Glossary")

    assert [row[0] for row in glossary if not set(re.findall(r"`(\w+)`", row[-1])) <= known] == []


@pytest.mark.parametrize(("document", "link"), links(), ids=lambda value: getattr(value, "name", value))
def test_links_lead_to_what_exists(document: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (document.parent / path).resolve() if path else document

    assert target.exists()
    assert not anchor or anchor in anchors(target)


def test_no_file_names_a_folder_of_somebody_s_machine() -> None:
    somewhere = re.compile(rb"(?<![\w.-])/(?:work|root|Users)/")
    found = [name for name in tracked_files() if somewhere.search((ROOT / name).read_bytes())]

    assert found == []
