"""The files that `requirements/install.sh` removes from a light installation exist, and the bot never reads them."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.benchmarks.start import unread
from tests.support.paths import ROOT

WORK = """
import sys
from pathlib import Path

opened = set()
sys.addaudithook(lambda event, arguments: opened.add(str(arguments[0])) if event == "open" else None)

from config.settings import EmbeddingRuntime, Settings
from retrieval.adapters.extraction.html import read_html
from retrieval.assembly import make_embedder

sentence = "Eine Brücke schließt im März für elf Wochen. "
page = "<html lang=de><title>Eine Brücke</title><article><p>" + sentence * 12
read_html(page, "https://example.org/de/2026/03/25/bridge")
make_embedder(Settings(_env_file=None, embedding_runtime=EmbeddingRuntime.ONNX)).embed_query("Which bridge closes?")
assert {"babel", "courlan", "onnxruntime"} <= set(sys.modules)
mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()} if %r else set()
print("\\n".join(opened | mapped))
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="the patterns are those of the builds for Linux")


def site() -> Path:
    return Path(sysconfig.get_path("purelib"))


@linux
def test_every_pattern_leads_to_something() -> None:
    """Otherwise a package moved its files, or they were removed from this .venv: `make check` creates it anew."""
    assert all(any(site().glob(pattern)) for pattern in unread())


def test_nothing_of_it_is_read_where_a_page_is_read_and_a_question_embedded() -> None:
    program = WORK % Path("/proc/self/maps").exists()
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    read = ended.stdout.splitlines()
    assert any("onnxruntime" in path for path in read)
    assert any("babel" in path for path in read)
    assert [path for path in read for pattern in unread() if Path(path).match(pattern)] == []


@linux
def test_removing_it_takes_those_files_and_no_other(tmp_path: Path) -> None:
    """Runs the lines of the script itself on a folder that looks like site-packages."""
    script = (ROOT / "requirements" / "install.sh").read_text(encoding="utf-8")
    steps = script[script.index("    sed -e '/^#/d' requirements/unread.txt") :].partition('    "$venv')[0]
    names = ["babel/locale-data/root.dat", "onnxruntime/capi/libonnxruntime.so.1.28.0"]
    kept = ["babel/global.dat", "babel/locale-data/LICENSE", "onnxruntime/capi/libonnxruntime_providers.so"]
    for name in (*names, *kept):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    subprocess.run(["/bin/sh", "-euc", f'packages="{tmp_path}"\nthin() {{\n{steps}}}\nthin'], cwd=ROOT, check=True)

    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)
