"""The analyser of words: case folded, stemmed, without function words.

Full-text search, its test oracle and ranking share it, so that a word which matches in one matches in all. It keeps no
offsets; synonyms and paraphrase are left to the embedder.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Iterator


_LISTS: Final = Path(__file__).with_name("word_lists")


def word_list(words: str) -> frozenset[str]:
    """The words of a blank-separated list."""
    return frozenset(words.split())


def read_lines(name: str) -> list[str]:
    """The lines of `word_lists/NAME.txt` without comments, which begin with #."""
    text = (_LISTS / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def read_words(name: str) -> frozenset[str]:
    """The words of `word_lists/NAME.txt`."""
    return word_list(" ".join(read_lines(name)))


QUESTION_WORDS = word_list("who whom whose what which when where why how")
"""Words that tell the type of the answer, not its content."""

FUNCTION_WORDS = QUESTION_WORDS | read_words("function_words")
"""Words too common to tell one passage from another."""

PLAIN_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
"""Plain letters for those that Unicode does not decompose."""

_TRANSLATION = str.maketrans({**dict.fromkeys("\u2018\u2019\u02bc\u2032\uff07", "'"), **PLAIN_LETTERS})
_DIGIT_GROUP = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_COUNTRY = re.compile(r"\b(?:US|USA|U\.S\.A?)(?![A-Za-z])")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_MARKS = re.compile("[\u0300-\u036f]+")
_POSSESSIVE = re.compile(r"'s?$")
_UP_TO_LAST_LETTER = re.compile(r"(?:.*\w)?", re.DOTALL)
_PIECE = re.compile(r"\S+")
_COUNTRIES = frozenset({"US", "USA"})
_AROUND = ".,;:!?()[]\"'“”‘’…—–"
"""Marks around a word that do not belong to it."""

_CACHED_PIECES: Final = 20_000
_LONGEST_CACHED: Final = 60
_NORMALISED_AT_ONCE: Final = 100


def analyse(text: str) -> list[str]:
    """The content words of `text`, stemmed, in order, repeats kept.

    Lower case, without accents, apostrophes straight; `U.S.`, `US` and `USA` are one word, and so is `1,500`; a
    hyphenated compound gives its parts and itself (`cease-fire`: ceas, fire, ceasefir). Stems are those of the English
    Snowball stemmer. Words have only ASCII letters and digits, so that SQLite's `unicode61` tokenizer leaves them
    whole: other scripts are written as hexadecimal code points.
    """
    return list(chain.from_iterable(words_by_piece(text)))


def stem(word: str) -> str:
    """The analysed word that a word of small letters is found under; of plain ones, others are returned as they are."""
    stemmed: str = _english.stemmer.stemWord(word) if word.isascii() else word
    return stemmed


def words_by_piece(text: str) -> list[tuple[str, ...]]:
    """The words of `analyse` for each piece between white space; a piece may have none."""
    return [_words(piece) if len(piece) <= _LONGEST_CACHED else _analyse_piece(piece) for piece in text.split()]


def piece_starts(text: str) -> list[int]:
    """The offset of each piece between white space."""
    return [piece.start() for piece in _PIECE.finditer(text)]


def without_end_marks(word: str) -> str:
    """A word up to its last letter, digit or underscore."""
    match = _UP_TO_LAST_LETTER.match(word)
    return match.group() if match else ""


def _analyse_piece(piece: str) -> tuple[str, ...]:
    """The words of a text without white space; no rule of `analyse` looks beyond one."""
    stemmed = _english.stemmer.stemWord
    bare = piece.strip(_AROUND)
    if bare.isascii() and bare.isalpha() and bare not in _COUNTRIES:  # a short cut with the same result
        word = bare.lower()
        return () if word in FUNCTION_WORDS else (stemmed(word),)
    stems = [stemmed(word) for word in _plain(piece) if word not in FUNCTION_WORDS]
    return tuple(_ascii(stem) for stem in stems if stem)


_words = lru_cache(_CACHED_PIECES)(_analyse_piece)


class _English(threading.local):
    """A stemmer for each thread, since an instance must not be shared. It has no cache of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.stemmer: Any = Stemmer.Stemmer("english", 0)


_english = _English()


def _plain(text: str) -> Iterator[str]:
    """Lower-case words before stemming."""
    for word in _WORD.findall(_fold(text)):
        if word.isalnum():
            yield word
            continue
        parts = [part for piece in word.split("-") if (part := _POSSESSIVE.sub("", piece).replace("'", ""))]
        yield from parts
        if len(parts) > 1:
            yield "".join(parts)


def _fold(text: str) -> str:
    """Lower case without accents, with acronyms and groups of digits joined."""
    marked = _COUNTRY.sub(" usa ", _DIGIT_GROUP.sub("", text))
    joined = _DOTTED.sub(lambda match: match.group().replace(".", ""), marked)
    lower = joined.casefold().translate(_TRANSLATION)
    if lower.isascii():
        return lower
    return _MARKS.sub("", decomposed(lower)).casefold()


def decomposed(text: str) -> str:
    """The text in normal form NFKD, made in parts: sorting n marks on one letter takes time n²."""
    parts = (text[start : start + _NORMALISED_AT_ONCE] for start in range(0, len(text), _NORMALISED_AT_ONCE))
    return "".join(unicodedata.normalize("NFKD", part) for part in parts)


def _ascii(word: str) -> str:
    """`word`, or its code points: `unicode61` knows Unicode 6.1 only and may split newer letters."""
    return word if word.isascii() else "x" + "x".join(f"{ord(char):x}" for char in word)
