"""The Containerfile and the workflows, as far as they can be judged without building and running them."""

from __future__ import annotations

import json
import re
import subprocess
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    Instruction = tuple[str, str]

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def stages() -> list[list[Instruction]]:
    """The instructions of each stage, its FROM first."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    found: list[list[Instruction]] = []
    for line in filter(None, joined.splitlines()):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, rest))
    return found


def values(stage: list[Instruction], wanted: str) -> list[str]:
    return [rest for name, rest in stage if name == wanted]


def copied_from_the_checkout() -> list[str]:
    return [rest.split()[0] for stage in stages() for rest in values(stage, "COPY") if not rest.startswith("--from")]


@pytest.mark.parametrize("source", copied_from_the_checkout())
def test_what_is_copied_exists_and_reaches_the_builder(source: str) -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert (ROOT / source).exists()
    assert "*" in rules
    assert f"!{source}" in rules


def test_no_setting_and_no_archive_reaches_the_builder() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    named = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]

    assert [
        name for name in (".env", ".git", ".venv", "var", "tests") if any(fnmatch(name, rule) for rule in named)
    ] == []


def test_nothing_that_a_stage_takes_from_another_is_left_out() -> None:
    build, final = stages()

    assert values(build, "FROM")[0].endswith(" AS build")
    assert [rest.split()[0] for rest in values(final, "COPY")] == ["--from=build"] * 2
    assert values(final, "RUN") == []


def test_the_bot_runs_as_nobody_in_particular_and_hears_a_stop() -> None:
    _, final = stages()

    assert [int(number) for number in values(final, "USER")[-1].split(":")] == [10001, 10001]
    assert values(final, "STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(values(final, "ENTRYPOINT")[0]) == [".venv/bin/python", "-m", "bot"]
    [check] = values(final, "HEALTHCHECK")
    assert json.loads(check.partition("CMD ")[2]) == [".venv/bin/python", "-m", "retrieval", "status"]


def test_the_archive_is_in_the_volume_and_every_setting_exists() -> None:
    _, final = stages()
    settings = dict(pair.split("=", 1) for pair in values(final, "ENV")[0].split())

    assert settings["ARCHIVE_PATH"].startswith(f"{values(final, 'VOLUME')[0]}/")
    assert {name.lower() for name in settings if not name.startswith("PYTHON")} <= set(Settings.model_fields)


def test_both_stages_are_of_one_python_that_is_supported() -> None:
    images = {values(stage, "FROM")[0].split()[0] for stage in stages()}

    [version] = [re.fullmatch(r"docker\.io/library/python:3\.(\d+)-slim", image) for image in images]
    assert version
    assert 11 <= int(version[1]) <= 14


def test_modules_of_the_checkout_that_the_build_names_exist() -> None:
    build, _ = stages()
    for module in re.findall(r"-m (retrieval|bot)\b|import ([\w., ]+)\"", " ".join(values(build, "RUN"))):
        for name in filter(None, ",".join(module).split(",")):
            path: Path = ROOT / name.strip().replace(".", "/")
            assert path.is_dir() or path.with_suffix(".py").exists()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(workflow: Path) -> None:
    used = [line.strip("- ").strip() for line in workflow.read_text(encoding="utf-8").splitlines() if "uses:" in line]

    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []


def test_a_workflow_builds_both_levels_on_every_supported_python() -> None:
    text = (ROOT / ".github" / "workflows" / "locks.yml").read_text(encoding="utf-8")
    low, high = re.search(
        r"\(3, (\d+)\) <= .* < \(3, (\d+)\)", (ROOT / "requirements" / "install.sh").read_text()
    ).groups()  # type: ignore[union-attr]

    assert f"python: {json.dumps([f'3.{minor}' for minor in range(int(low), int(high))])}" in text
    assert "level: [small, preview]" in text


def test_the_installer_is_a_sound_shell_script() -> None:
    subprocess.run(["/bin/sh", "-n", str(ROOT / "requirements" / "install.sh")], check=True)
