"""Given names that are borne mostly by men or mostly by women in English-language news: a hint, never a certainty."""

from retrieval.text.names.names import fold
from retrieval.text.words import read_words

MEN = read_words("given_names_men")
WOMEN = read_words("given_names_women")


def given_gender(name: str) -> str:
    """The gender that the first word of a name suggests, "m" or "f"; "" for none."""
    first = fold(name.split(maxsplit=1)[0]) if name.split() else ""
    return "m" if first in MEN else "f" if first in WOMEN else ""
