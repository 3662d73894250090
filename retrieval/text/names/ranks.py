"""Separates rank from office: "Pentagon press secretary Maj. Gen." is an office and its holder's rank.

A rank is one of the forces, the police, the church, learning or nobility, right before a name; a branch of service
alone before it belongs to it. "Attorney General" and "chief executive officer" are offices.
"""

from retrieval.text.words import read_words, word_list

TITLES = read_words("ranks")
"""Ranks that separate a role from a name by themselves."""

_RANKS = TITLES | {"private"}  # not by itself, since "Private Eye" is a paper
_BEFORE_RANKS = word_list(
    "rear vice staff master first second 1st 2nd petty warrant chief wing squadron most right field"
)
OFFICE_MODIFIERS = read_words("office_modifiers")
_OFFICE_ENDINGS = frozenset({"general", "officer", "marshal", "commander"})
_SERVICES = word_list(
    """
    army navy marine marines corps air force coast guard national police retired ret u.s us royal former then the
    """
)


def part_rank(printed: str) -> tuple[str | None, str | None]:
    """Split what is printed before a name into (office, rank); None for a part that is missing."""
    words = printed.split()
    at = len(words)
    while at and (_is_rank(words, at - 1) or (at < len(words) and _leads(words[at - 1]))):
        at -= 1
    if at == len(words):
        return printed or None, None
    if all(_bare(word) in _SERVICES for word in words[:at]):
        at = 0
    rank = " ".join(words[at:])
    return " ".join(words[:at]).rstrip(",") or None, rank.removeprefix("The ").removeprefix("the ")


def _is_rank(words: list[str], at: int) -> bool:
    """Whether words[at] is a rank and not the end of an office ("Attorney General", "executive officer")."""
    bare, before = _bare(words[at]), _bare(words[at - 1]) if at else ""
    if not words[at][0].isupper() or bare not in _RANKS:
        return False
    return not (
        before in OFFICE_MODIFIERS and (bare in _OFFICE_ENDINGS or (bare == "gen" and before.startswith("att")))
    )


def _leads(word: str) -> bool:
    """Whether a word belongs to the rank behind it ("Rear" of "Rear Adm.")."""
    return word[0].isupper() and _bare(word) in _BEFORE_RANKS


def _bare(word: str) -> str:
    return word.casefold().strip(".,")
