"""The words that names are made of, and those that stand before them: given names, particles, titles, openers."""

import re
import unicodedata

from retrieval.text.names.ranks import TITLES
from retrieval.text.words import decomposed, read_words, word_list

CAPITALS = "".join(char for char in map(chr, range(0x530)) if char.isupper())
"""Capital letters of Latin, Greek and Cyrillic, for use in a class of a pattern."""

MEN = read_words("given_names_men")
WOMEN = read_words("given_names_women")
PARTICLES = word_list("de da di do del della der den das van von bin ibn al el la le dos du ten ter zu af av y e")
OPENERS = read_words("openers")
"""Words that open a sentence or a clause before a name, and belong to no name."""

INSTITUTIONS = read_words("institutions")
"""Last words of names of institutions and places, not of people."""

BODIES = read_words("bodies")
"""Nouns behind a name for what belongs to somebody, and is not that person ("the Costa campaign")."""

PARTIES = word_list("democrat democrats republican republicans libertarian independent conservative liberal")
_DEMONYMS = read_words("demonyms")
_ORIGIN = re.compile(r"[A-Z].*(?:ian|ean|ese|ish|can)s?")
_NATIONAL = re.compile(r"(?:English|French|Irish|Dutch|Welsh|Scots|Cornish)(?:wo)?m[ae]n")
_NO_ORIGIN = word_list("republican vatican guardian civilian parish ocean caribbean christian")

_FAMILY_NAMES = read_words("family_names_first")
_SHORTENED = read_words("abbreviated_titles") | read_words("abbreviations")
_INITIALS = re.compile(rf"\.\w|^[{CAPITALS}]\.$")
_ROLES = TITLES | read_words("roles")
_BEFORE_ROLES = word_list("co ex vice then deputy sub under former")
_BEHIND_ROLES = word_list("elect designate general")


def fold(text: str) -> str:
    """Lower case without accents and with straight apostrophes."""
    if text.isascii():
        return text.casefold()
    return "".join(char for char in decomposed(text.replace("’", "'")) if not unicodedata.combining(char)).casefold()


def given_gender(name: str) -> str:
    """The gender that the first word of a name suggests, "m" or "f"; "" for none. A hint, never a certainty."""
    first = fold(name.split(maxsplit=1)[0]) if name.split() else ""
    return "m" if first in MEN else "f" if first in WOMEN else ""


def is_origin(word: str) -> bool:
    """Whether a capitalised word says where somebody is from ("Briton", "Americans", "Irishman"), or may say so."""
    bare = fold(word).strip(".,")
    return is_demonym(word) or bool(_ORIGIN.fullmatch(word) and bare.removesuffix("s") not in _NO_ORIGIN)


def is_demonym(word: str) -> bool:
    """Whether a capitalised word is in the list of peoples' names, and no surname that only ends so ("Gregorian")."""
    bare = fold(word).strip(".,")
    return word[:1].isupper() and bool({bare, bare.removesuffix("s")} & _DEMONYMS or _NATIONAL.fullmatch(word))


def is_family_name(word: str) -> bool:
    """Whether a word is a family name that is mostly printed before the given name ("Nguyen")."""
    return fold(word) in _FAMILY_NAMES


def ends_sentence(word: str) -> bool:
    """Whether the mark at the end of a word is no part of an abbreviation ("Rep.", "U.S.")."""
    if word.endswith("."):
        return word.casefold().rstrip(".") not in _SHORTENED and not _INITIALS.search(word)
    return word.endswith(("!", "?"))


def is_role_word(word: str) -> bool:
    """Whether a word is a rank or an office ("senator", "Gen.", "ex-mayor"), in any case, singular or plural."""
    bare = word.casefold().rstrip(".").removesuffix("-in-chief")
    if bare in _ROLES or (bare.endswith("s") and bare[:-1] in _ROLES):
        return True
    first, hyphen, last = bare.partition("-")
    return bool(hyphen) and ((first in _BEFORE_ROLES and last in _ROLES) or (first in _ROLES and last in _BEHIND_ROLES))
