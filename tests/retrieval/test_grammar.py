"""What attribution asks of a parse, of parses that no parser should make and a hostile text brings about."""

from __future__ import annotations

from retrieval.text.attribution.fitted.grammar import Grammar
from retrieval.text.parse import Parse, Token

LONG = 5_000
"""Deeper than Python's own calls may go."""


def token(number: int, lemma: str, pos: str, dep: str, head: int) -> Token:
    return Token(
        4 * number, 4 * number + 3, lemma, pos, "NN", dep, head, "", entity_starts=False, sentence_starts=not number
    )


def test_a_phrase_that_goes_on_and_on_is_cut() -> None:
    """The head of the house of the house of the house …: its head and three hundred words behind it."""
    links = [("of", "ADP", "prep"), ("house", "NOUN", "pobj")]
    chain = [token(number, *links[(number - 1) % 2], number - 1) for number in range(1, LONG)]
    grammar = Grammar(Parse((token(0, "head", "NOUN", "ROOT", 0), *chain)), [])

    assert grammar.phrase(0) == (0, 4 * 300 + 3)


def test_a_phrase_may_begin_long_before_its_head() -> None:
    chain = [token(number, "big", "ADJ", "amod", number + 1) for number in range(LONG - 1)]
    grammar = Grammar(Parse((*chain, token(LONG - 1, "head", "NOUN", "ROOT", LONG - 1))), [])

    assert grammar.phrase(LONG - 1) == (0, 4 * (LONG - 1) + 3)


def test_a_noun_that_is_joined_to_itself_has_no_verbs() -> None:
    """A word that hung on white space becomes a root, whatever it was called."""
    grammar = Grammar(Parse((token(0, "ann", "PROPN", "conj", 0),)), [])

    assert grammar.verbs_of(0) == []
