"""How much memory there is, wherever it is limited; and what is said where it is too little."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.sandbox import sandbox
from retrieval.adapters.system.machine_memory import memory_beside_parent, memory_limit, translate_memory_errors
from retrieval.archive.opening import open_archive
from retrieval.errors import OutOfMemory
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

GIGABYTE = 1024**3
HALF = GIGABYTE // 2


class Machine:
    """The files in which Linux tells of memory."""

    def __init__(self, root: Path, total: int = GIGABYTE) -> None:
        self.process, self._groups = root / "proc" / "self", root / "cgroup"
        self.process.mkdir(parents=True)
        self.write(root / "proc" / "meminfo", f"MemTotal:       {total // 1024} kB\nMemFree:        1 kB\n")
        self.write(self.process / "status", "Name:\tpython\nPPid:\t7\n")

    def in_group(self, path: str, kind: str = "cgroup2", root: str = "/") -> None:
        options = "rw,memory" if kind == "cgroup" else "rw"
        self.write(self.process / "mountinfo", f"1 2 0:3 {root} {self._groups} rw - {kind} name {options}\n")
        self.write(self.process / "cgroup", f"{'4:memory' if kind == 'cgroup' else '0:'}:{path}\n2:cpu:/elsewhere\n")

    def limit(self, group: str, limit: int | str, file: str = "memory.max") -> None:
        self.write(self._groups / group / file, f"{limit}\n")

    def parent_holds(self, size: int) -> None:
        self.write(self.process.parent / "7" / "statm", f"9999999 {size // os.sysconf('SC_PAGE_SIZE')} 1 1 0 1 0\n")

    def write(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="ascii")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_any_limit_there_is_what_the_machine_has(machine: Machine) -> None:
    assert memory_limit(machine.process) == GIGABYTE
    machine.in_group("/system.slice/bot.service")
    machine.limit("system.slice/bot.service", "max")
    assert memory_limit(machine.process) == GIGABYTE


@pytest.mark.parametrize("group", ["system.slice/bot.service", "system.slice", ""])
def test_the_limit_of_a_group_or_of_one_around_it_counts(machine: Machine, group: str) -> None:
    machine.in_group("/system.slice/bot.service")
    machine.limit("system.slice/bot.service", GIGABYTE - 1)
    machine.limit(group, HALF)
    machine.limit("another.slice", 5)
    assert memory_limit(machine.process) == HALF


def test_a_container_sees_its_own_part_of_the_groups(machine: Machine) -> None:
    machine.in_group("/docker/abc/inner", root="/docker/abc")
    machine.limit("inner", HALF)
    assert memory_limit(machine.process) == HALF


def test_the_first_version_of_groups_is_known_too(machine: Machine) -> None:
    machine.in_group("/bot", kind="cgroup")
    machine.limit("bot", HALF, "memory.limit_in_bytes")
    machine.limit("", 9223372036854771712, "memory.limit_in_bytes")
    assert memory_limit(machine.process) == HALF


def test_nothing_is_known_where_there_are_no_such_files(tmp_path: Path) -> None:
    assert memory_limit(tmp_path / "proc" / "self") is None
    assert memory_beside_parent(tmp_path / "proc" / "self") is None


@pytest.mark.parametrize(
    ("parent_bytes", "left"), [(0, 230_000_000), (100_000_000, 230_000_000), (600_000_000, 650_000_000)]
)
def test_a_worker_gets_what_the_bot_leaves(machine: Machine, parent_bytes: int, left: int) -> None:
    if parent_bytes:
        machine.parent_holds(parent_bytes // 4096 * 4096)
    available = memory_beside_parent(machine.process)
    assert available is not None
    assert abs(available - (GIGABYTE - left)) <= 4096


@pytest.mark.parametrize(("left", "allowed"), [(None, 450), (2_000, 450), (306, 306), (100, 300), (-50, 300)])
def test_a_worker_is_confined_to_what_is_left(left: int | None, allowed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    confined: list[int] = []
    monkeypatch.setattr(sandbox, "memory_beside_parent", lambda: None if left is None else left * 1_000_000)
    monkeypatch.setattr(sandbox, "confine", confined.append)
    monkeypatch.setattr(sandbox, "serve_quietly", lambda _: None)
    monkeypatch.setattr(sandbox, "be_killed_first", lambda: None)
    monkeypatch.setattr(logging, "disable", lambda _: None)
    sandbox.serve_confined(lambda _requests, _answers: None, 450_000_000)
    assert confined == [allowed * 1_000_000]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
    ],
)
def test_what_libraries_raise_without_memory_is_one_sentence(error: Exception) -> None:
    with pytest.raises(OutOfMemory, match="not enough memory"), translate_memory_errors():
        raise error


@pytest.mark.parametrize("error", [ImportError("No module named x"), OSError(errno.ENOENT, "x"), RuntimeError("x")])
def test_another_error_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, translate_memory_errors():
        raise error
    assert raised.value is error


@pytest.mark.skipif(sys.platform != "linux", reason="the shell has no such limit")
@pytest.mark.parametrize("command", ["ask Where?", "add x.txt", "list", "check", "--help"])
def test_too_little_address_space_is_a_sentence_and_never_a_traceback(command: str, tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.sqlite3"):
        pass  # there is one
    run = subprocess.run(
        ["bash", "-c", f"ulimit -v 300000; exec {sys.executable} -m retrieval {command}"],
        cwd=ROOT,
        env={**os.environ, "ARCHIVE_PATH": str(tmp_path / "a.sqlite3")},
        capture_output=True,
        text=True,
        check=False,
    )
    if command == "--help":
        assert (run.returncode, run.stderr) == (0, "")
    else:
        assert run.returncode == 3
        assert run.stderr == "I may use only 307 MB of address space here (see `ulimit -v`), and need 1,000 MB.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the shell has no such limit")
@pytest.mark.parametrize("command", ["retrieval --help", "retrieval list", "bot --preview"])
@pytest.mark.parametrize("kilobytes", [30_000, 100_000, 200_000])
def test_too_little_address_space_to_import_anything_is_the_same_sentence(
    kilobytes: int, command: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        ["bash", "-c", f"ulimit -v {kilobytes}; exec {sys.executable} -m {command}"],
        cwd=ROOT,
        env={**os.environ, "ARCHIVE_PATH": str(tmp_path / "a.sqlite3")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 3
    allowed = kilobytes * 1024 // 1_000_000
    assert run.stderr == f"I may use only {allowed} MB of address space here (see `ulimit -v`), and need 1,000 MB.\n"
