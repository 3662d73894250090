"""The SHA-256 of every file that a locked package may be installed from, as the package index says.

Asked of PyPI, or of the index that `PIP_INDEX_URL` names, by its standard interface (PEP 691), one page a package, and
only for pins that the locks do not know yet. Files for other systems, processors and Pythons than the supported ones
are left out.
"""

from __future__ import annotations

import json
import os
import re
import urllib.request
from typing import TYPE_CHECKING, Final

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from packaging.tags import Tag

_INDEX: Final = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
_TYPE: Final = "application/vnd.pypi.simple.v1+json"
_SECONDS: Final = 60
_PYTHONS: Final = frozenset({"cp311", "cp312", "cp313", "cp314"})
_PLATFORM: Final = re.compile(r"any|manylinux\w*_(?:x86_64|aarch64)|macosx_\w+")
_LOCKED: Final = re.compile(
    r"^([a-z0-9.-]+)==([^\s+;]+)[^\n]*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.MULTILINE
)
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})")


def known(locks: Iterable[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The hashes that some locks hold, by name and version."""
    return {
        (name, version): tuple(_HASH.findall(told)) for lock in locks for name, version, told in _LOCKED.findall(lock)
    }


def ask(name: str, version: str) -> tuple[str, ...]:
    """What the index says of a version's files, in order. Raises LookupError where it has none."""
    request = urllib.request.Request(f"{_INDEX}/{name}/", headers={"Accept": _TYPE})
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
        files = json.load(answer)["files"]
    found = sorted({file["hashes"]["sha256"] for file in files if _is_of(file["filename"], name, Version(version))})
    if not found:
        message = f"the index has no file of {name} {version}"
        raise LookupError(message)
    return tuple(found)


def with_hashes(line: str, found: tuple[str, ...]) -> str:
    """A pin as pip reads it, a hash a line."""
    return " \\\n".join([line, *(f"    --hash=sha256:{one}" for one in found)])


def _is_of(filename: str, name: str, version: Version) -> bool:
    return any((canonicalize_name(named), of) == (name, version) for named, of in _understood(filename))


def _understood(filename: str) -> Iterator[tuple[str, Version]]:
    """Name and version of a file that may be installed somewhere that is supported."""
    try:
        if filename.endswith(".whl"):
            named, version, _, tags = parse_wheel_filename(filename)
            if any(map(_suits, tags)):
                yield named, version
        else:
            yield parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return


def _suits(tag: Tag) -> bool:
    if not _PLATFORM.fullmatch(tag.platform):
        return False
    if tag.abi == "abi3":
        return int(tag.interpreter.removeprefix("cp3") or 0) <= max(int(python[3:]) for python in _PYTHONS)
    return tag.interpreter in {"py3", *_PYTHONS} and tag.abi in {"none", *_PYTHONS}
