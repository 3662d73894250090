"""Which release of Pullquote this checkout is."""

from __future__ import annotations

import tomllib
from pathlib import Path


def version() -> str:
    """The version, as pyproject.toml says it."""
    project = Path(__file__).resolve().parents[1] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
