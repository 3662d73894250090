"""Words as every part of retrieval compares them: folded, stemmed, without function words.

One analyser serves full-text search, its oracle and re-ranking alike, so that a word which matches in one of them
matches in all. It keeps no offsets and knows nothing of meaning: synonyms and paraphrase are the embedder's work.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Iterator


def word_list(words: str) -> frozenset[str]:
    """The words of a blank-separated list."""
    return frozenset(words.split())


QUESTION_WORDS = word_list("who whom whose what which when where why how")
"""Words that ask; they say what kind of answer is wanted, never which one."""

FUNCTION_WORDS = QUESTION_WORDS | word_list(
    """a an the and or but nor if then than as at by for from in into of off on onto out over to up with about after
    before between during under above below against through because while until i me my mine you your yours he him his
    she her hers it its we our ours they them their theirs this that these those there here is am are was were be been
    being do does did doing done has have had having can could shall should would must might not no so too very just
    also only own same such both each few more most some any all other
    im ive id youre theyre theyve hes shes thats theres whos whats wheres whens cant dont didnt doesnt isnt wasnt
    werent arent wont wouldnt couldnt shouldnt hasnt havent hadnt"""
)
"""Words too common to tell one passage from another; `may` and `will` stay, being a month and a name."""

PLAIN_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
"""What stands for letters that no accent parts from a plain one."""

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
"""Marks that say nothing about the word between them."""

_GENERATION: Final = 15_000
"""Pieces of text in a generation of those whose words are remembered; two are most of what news is made of."""

_LONGEST_REMEMBERED: Final = 60
_NORMALISED_AT_ONCE: Final = 100


def analyse(text: str) -> list[str]:
    """The content words of `text`, stemmed, in their order, repeats kept.

    Lower-cased, accents folded, curly apostrophes straightened; `U.S.`, `US` and `USA` are one word, `1,500` another; a
    hyphened compound gives its parts and itself (`cease-fire`: ceas, fire, ceasefir). Stems are those of the English
    Snowball stemmer. Every word is ASCII letters and digits only, so that the `unicode61` tokenizer of SQLite takes the
    words, joined by blanks, as they are: what is written in another script is spelled as hexadecimal code points.
    """
    return list(chain.from_iterable(words_by_piece(text)))


def words_by_piece(text: str) -> list[tuple[str, ...]]:
    """The words of `analyse` by pieces between white space, of a piece perhaps none."""
    return list(map(_words_of, text.split()))


def piece_starts(text: str) -> list[int]:
    """Where each piece between white space begins."""
    return [found.start() for found in _PIECE.finditer(text)]


def without_end_marks(word: str) -> str:
    """A word up to its last letter, digit or underscore."""
    found = _UP_TO_LAST_LETTER.match(word)
    return found.group() if found else ""


def _words(piece: str) -> tuple[str, ...]:
    """The words of a text without white space; nothing in `analyse` looks beyond one."""
    stemmed = _english.stemmer.stemWord
    bare = piece.strip(_AROUND)
    if bare.isascii() and bare.isalpha() and bare not in _COUNTRIES:  # as what follows would have it, but cheap
        word = bare.lower()
        return () if word in FUNCTION_WORDS else (stemmed(word),)
    stems = [stemmed(word) for word in _plain(piece) if word not in FUNCTION_WORDS]
    return tuple(_ascii(stem) for stem in stems if stem)


class _English(threading.local):
    """A stemmer for each thread: an instance must not be shared. It remembers nothing: its caller does."""

    def __init__(self) -> None:
        super().__init__()
        self.stemmer: Any = Stemmer.Stemmer("english", 0)


_english = _English()


class _Remembered(dict[str, tuple[str, ...]]):
    """The words of pieces by generations: what nobody asked for throughout a whole one is forgotten.

    Of the two hundred look-ups that a passage takes, each touches half the memory that one in an `lru_cache` does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[str, tuple[str, ...]] = {}

    def __missing__(self, piece: str) -> tuple[str, ...]:
        words = self._before.get(piece)
        if words is None:
            words = _words(piece)
        if len(piece) <= _LONGEST_REMEMBERED:
            if len(self) >= _GENERATION:
                self._before = self.copy()
                self.clear()
            self[piece] = words
        return words


_words_of = _Remembered().__getitem__


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
    """Lower case without accents; acronyms and groups of digits are joined."""
    marked = _COUNTRY.sub(" usa ", _DIGIT_GROUP.sub("", text))
    joined = _DOTTED.sub(lambda match: match.group().replace(".", ""), marked)
    lower = joined.casefold().translate(_TRANSLATION)
    if lower.isascii():
        return lower
    return _MARKS.sub("", decomposed(lower)).casefold()


def decomposed(text: str) -> str:
    """The text in the normal form NFKD, a part at a time: sorting the marks on a letter takes the square of them."""
    parts = (text[start : start + _NORMALISED_AT_ONCE] for start in range(0, len(text), _NORMALISED_AT_ONCE))
    return "".join(unicodedata.normalize("NFKD", part) for part in parts)


def _ascii(word: str) -> str:
    """`word`, or a spelling of it in ASCII: the tables of `unicode61` end at Unicode 6.1, it may split others."""
    return word if word.isascii() else "x" + "x".join(f"{ord(char):x}" for char in word)
