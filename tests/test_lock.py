from __future__ import annotations

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lock import ROOT, direct_requirements, locks, pins


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


def test_a_server_gets_neither_the_preview_nor_the_tools_nor_a_cuda_build() -> None:
    server = (ROOT / "requirements.txt").read_text(encoding="utf-8")

    assert not pins(server).keys() & {"simcord", "av", "pytest", "mypy", "triton", "cuda-toolkit"}
    assert 'torch==2.13.0+cpu ; sys_platform == "linux"' in server
    assert not [name for name in pins(server) if name.startswith("nvidia")]
