"""Rank told from office: "Pentagon press secretary Maj. Gen." is an office and the rank of whoever holds it.

A rank is one of the forces, the police, the church, learning or nobility, as it stands right before a name, with the
branch of service where nothing else stands before it. "Attorney General" and "chief executive officer" are offices.
"""

from retrieval.text.words import word_list

TITLES = word_list(
    """
    maj major gen general lt lieutenant col colonel capt cpt captain adm admiral sgt sergeant cpl corporal pvt cmdr
    commander brig commodore officer detective det trooper constable inspector superintendent dr prof rev reverend
    fr father sister rabbi imam sheikh msgr monsignor sir dame lord lady brigadier marshal ensign insp supt
    """
)
"""Ranks that part a role from a name by themselves."""

_RANKS = TITLES | {"private"}  # which parts nothing by itself: "Private Eye" is a paper
_BEFORE_RANKS = word_list(
    "rear vice staff master first second 1st 2nd petty warrant chief wing squadron most right field"
)
_MADE_OFFICES = word_list(
    """
    attorney attorneys atty secretary solicitor surgeon inspector postmaster adjutant director consul governor
    comptroller auditor executive operating financial medical information technology security legal marketing
    administrative science compliance press returning probation fire
    """
)
_OFFICE_ENDINGS = frozenset({"general", "officer", "marshal", "commander"})
_SERVICES = word_list(
    """
    army navy marine marines corps air force coast guard national police retired ret u.s us royal former then the
    """
)


def part_rank(printed: str) -> tuple[str | None, str | None]:
    """Part what is printed before a name into (office, rank); each None where nothing of it is there."""
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
    """Whether words[at] is a rank, and not the end of an office: "Attorney General", "executive officer"."""
    bare, before = _bare(words[at]), _bare(words[at - 1]) if at else ""
    if not words[at][0].isupper() or bare not in _RANKS:
        return False
    return not (before in _MADE_OFFICES and (bare in _OFFICE_ENDINGS or (bare == "gen" and before.startswith("att"))))


def _leads(word: str) -> bool:
    """Whether a word belongs to the rank behind it: "Rear" of "Rear Adm."."""
    return word[0].isupper() and _bare(word) in _BEFORE_RANKS


def _bare(word: str) -> str:
    return word.casefold().strip(".,")
