"""Releasing library pages: fewer are resident, everything still runs, and nothing that was changed is touched."""

from __future__ import annotations

import subprocess
import sys

import pytest

from retrieval.adapters.system import library_pages

MAPPINGS = """\
1000-3000 r-xp 00000000 08:01 11                         /lib/one.so
Rss:                   8 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me sd
3000-4000 r--p 00002000 08:01 11                         /lib/one.so
Anonymous:             4 kB
4000-5000 rw-p 00003000 08:01 11                         /lib/one.so
Anonymous:             0 kB
5000-6000 r--s 00000000 08:01 12                         /lib/shared one.so
Anonymous:             0 kB
6000-7000 r--p 00000000 08:01 13                         /lib/half loaded.so
Anonymous:             0 kB
7000-9000 r--p 00000000 08:01 14                         /lib/with a space.so
Anonymous:             0 kB
9000-a000 r--p 00000000 00:00 0
Anonymous:             0 kB
"""

HELD = """
import re
from pathlib import Path

def resident():
    return int(re.search(r"RssFile:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""

linux = pytest.mark.skipif(not library_pages._MAPPINGS.exists(), reason="the system shows no mappings")


def test_only_what_is_as_in_the_file_of_a_loaded_library_is_released() -> None:
    loaded = {"/lib/one.so", "/lib/shared one.so", "/lib/with a space.so"}

    assert list(library_pages._unchanged(MAPPINGS.splitlines(keepends=True), loaded)) == [
        (0x1000, 0x3000),
        (0x7000, 0x9000),
    ]


@linux
def test_less_is_resident_afterwards_and_the_libraries_go_on_working() -> None:
    run(
        HELD
        + """
import numpy as np
from retrieval.adapters.system.library_pages import release_library_pages

matrix = np.arange(90_000.0).reshape(300, 300) % 17
before, inverse = resident(), np.linalg.pinv(matrix)
release_library_pages()
assert resident() < before / 2, (before, held())
assert (np.linalg.pinv(matrix) == inverse).all()
"""
    )


@linux
def test_a_library_that_is_loaded_meanwhile_stays_whole() -> None:
    run(
        """
import importlib, threading
from retrieval.adapters.system.library_pages import release_library_pages

names = "numpy faiss lxml.etree pydantic sqlalchemy _decimal unicodedata _sqlite3 aiohttp onnxruntime".split()
loading = threading.Thread(target=lambda: [importlib.import_module(name) for name in names])
loading.start()
while loading.is_alive():
    release_library_pages()
import faiss, numpy as np
index = faiss.IndexFlatIP(4)
index.add(np.eye(4, dtype=np.float32))
assert index.search(np.eye(4, dtype=np.float32), 1)[1][:, 0].tolist() == [0, 1, 2, 3]
"""
    )


def test_where_the_system_shows_no_mappings_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(library_pages, "_MAPPINGS", tmp_path_factory.mktemp("none") / "smaps")

    library_pages.release_library_pages()


def run(program: str) -> None:
    """In an interpreter of its own, which shall end well."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
