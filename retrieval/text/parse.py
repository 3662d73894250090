"""A syntactic parse as plain values, which an adapter fills in.

Labels are those of Universal POS and of the ClearNLP dependencies.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word at text[start:end]. `head` is the index of its head in the parse (its own index for a root).

    `pos` is a universal part of speech ("VERB"), `tag` a Penn tag ("VBD"), `dep` a dependency label ("nsubj"), `entity`
    the label of the named entity it lies in ("PERSON") or "", `entity_starts` whether the entity begins here,
    `sentence_starts` whether a sentence does.
    """

    start: int
    end: int
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    entity: str
    entity_starts: bool
    sentence_starts: bool


@dataclass(frozen=True, slots=True)
class Parse:
    """The tokens of a whole text in order, white space left out. Heads never leave their sentence."""

    tokens: tuple[Token, ...]
