"""Writes names that are printed in capitals as they are printed elsewhere."""

import re

_LETTERS = re.compile(r"[^\W\d_]+")
_NUMERALS = frozenset({"II", "III", "IV"})
_PARTICLES = re.compile(r"(?<= )(?:Von(?: De[rnm])?|(?:Van|De) (?:De[rn]|La|Las|Los|Het))(?= )")
_SHORTEST_MC = 5


def natural(name: str) -> str:
    """A name in capitals as it is printed elsewhere: "ANA VON DER O’BRIEN" as "Ana von der O’Brien"."""
    written = " ".join(map(_natural, name.split()))
    return _PARTICLES.sub(lambda small: small.group().lower(), written) if name.isupper() else written


def _natural(word: str) -> str:
    capitals = _LETTERS.findall(word)
    if word != word.upper() or max(map(len, capitals), default=0) < 2 or word in _NUMERALS:  # noqa: PLR2004
        return _after_prefix(word)
    if word.startswith("MC") and len(word) >= _SHORTEST_MC:
        return "Mc" + word[2:].capitalize()
    return _LETTERS.sub(lambda part: part.group().capitalize(), word)


def _after_prefix(word: str) -> str:
    """A word with a prefix in mixed case before capitals ("McDONALD")."""
    prefix = next((part for part in ("Mac", "Mc", "De", "Van", "La", "Le") if word.startswith(part)), "")
    rest = word[len(prefix) :]
    return prefix + rest.capitalize() if prefix and len(rest) > 1 and rest.isupper() else word
