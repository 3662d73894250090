from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGES = ("bot", "retrieval", "config")

TOP_LEVEL = {
    ".ci",
    ".dockerignore",
    ".env.example",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "Containerfile",
    "LICENSE",
    "Makefile",
    "Procfile",
    "README.md",
    "bot",
    "config",
    "pyproject.toml",
    "requirements",
    "requirements.txt",
    "retrieval",
    "seeds",
    "tests",
}

HEAVY = ("torch", "transformers", "sentence_transformers", "tokenizers", "onnxruntime", "faiss", "spacy")


def modules() -> list[str]:
    """Every module of the three packages, but the migrations, which only their runner can import."""
    files = sorted(
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
    )
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files]


def tracked_files() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout: nothing says which files belong to the project")
    return [name for name in listing.stdout.split("\0") if name]


def test_layers_are_kept() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True))"
    linted = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_package_comes_from_this_checkout(package: str) -> None:
    """An installed package of the same name would win otherwise, and be tested in place of ours."""
    spec = find_spec(package)

    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)


def test_importing_any_module_loads_no_engine() -> None:
    """They cost seconds and hundreds of megabytes; they are loaded when the newsroom warms up."""
    code = (
        "import importlib, json, sys\n"
        f"for name in {modules()}: importlib.import_module(name)\n"
        f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    imported = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(imported.stdout) == []


def test_top_level_holds_only_what_tools_need() -> None:
    assert {name.partition("/")[0] for name in tracked_files()} == TOP_LEVEL
