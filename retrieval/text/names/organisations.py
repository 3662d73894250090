"""Names of organisations as articles print them: “the Vale River Alliance”, “Ministry of Waterways”, “Orrin & Sons”.

An organisation is told by its kind ("Alliance", "Ministry of"), its legal form ("Ltd.") or capitals inside a word. What
may as well be a person is none.
"""

import re
from itertools import pairwise

from retrieval.text.names.vocabulary import MEN, WOMEN, fold, given_gender, is_role_word
from retrieval.text.words import read_words, word_list

KINDS = read_words("institutions") | read_words("organisation_kinds")
_PAPERS = read_words("newspaper_words")
_LEGAL_FORMS = word_list("inc ltd llc plc corp co gmbh ag sa bv nv oy ab llp")
CONNECTORS = word_list("of the for and & against without de la du le des do da e y und für")
"""Small words inside the names of organisations."""

_WHOLE = word_list("congress parliament pentagon senate treasury")
"""Kinds of organisations that are names by themselves."""

_OF = frozenset({"of", "for", "against", "without"})
_CAMEL = re.compile(r"[A-Z]\w*[a-z][A-Z]")
_PERSONAL = re.compile(r"(?:Mc|Mac|Fitz|De|Di|Du|La|Le|Van|O[’'])[A-Z]")
_SPOKEN_FOR = re.compile(
    r"(?:an?|the|one|another|two|some)?\s?\b(?:(?P<before>.{2,60}?)(?:[’']s?)?\s)?spokes(?:man|woman|person|people|men|women)"
    r"(?:\s(?:for|of|at|from|with)\s(?P<behind>.{2,60}))?",
    re.IGNORECASE,
)


def organisation(mention: str) -> str | None:
    """The name of the organisation that a mention names, without an article in front; None for anything else."""
    words = mention.removeprefix("the ").removeprefix("The ").split()
    if not words or not _in_capitals(words) or fold(words[0]) in MEN | WOMEN or not is_organisation(words):
        return None
    is_paper = mention.startswith("The ") and words[-1].casefold() in _PAPERS
    return mention if is_paper else " ".join(words)


def kinds(name: str) -> set[str]:
    """The words, in small letters, that tell of what kind an organisation is: "alliance", "department" and "state"."""
    words = [_bare(word).casefold() for word in name.split()]
    of = next((place for place, word in enumerate(words) if word in _OF), 0)
    return {word for word in (*words[-1:], *words[of - 1 : of]) if word in KINDS}


def is_organisation(words: list[str]) -> bool:
    """Whether capitalised words name an organisation by their kind, their legal form or capitals inside a word."""
    folded = [_bare(word).casefold() for word in words]
    if not folded:
        return False
    of = next((place for place, word in enumerate(folded) if word in _OF), 0)
    if (
        of
        and folded[of - 1] not in KINDS
        and (is_role_word(folded[of - 1]) or (of > 1 and folded[of + 1 :][:1] == ["the"]))
    ):
        return False
    if any(is_role_word(word) and given_gender(name) for word, name in pairwise(folded[1:])):
        return False
    if len(words) == 1:
        camel = _CAMEL.match(words[0]) is not None and not _PERSONAL.match(words[0])
        return camel or folded[0] in _WHOLE
    return bool(kinds(" ".join(words))) or folded[-1] in _LEGAL_FORMS or "&" in folded[1:-1]


def spoken_for(mention: str) -> str | None:
    """Whom an unnamed spokesperson speaks for, as printed: EastLine of "a spokesperson for EastLine", else None."""
    match = _SPOKEN_FOR.fullmatch(mention)
    whom = (match.group("behind") or match.group("before")) if match else None
    return organisation(whom) or _capitals(whom) if whom else None


def _capitals(phrase: str) -> str | None:
    """A capitalised phrase without an article, unless a title or a given name shows that it names a person."""
    words = phrase.removeprefix("the ").split()
    if not words or not _in_capitals(words) or fold(words[0]) in MEN | WOMEN or any(map(is_role_word, words)):
        return None
    return " ".join(words)


def _in_capitals(words: list[str]) -> bool:
    """Whether a phrase is a name: capitalised words, with small ones only between them."""
    if not (words[0][0].isupper() and (words[-1][0].isupper() or words[-1][0].isdigit())):
        return False
    return all(not word[0].islower() or word.casefold() in CONNECTORS for word in words)


def _bare(word: str) -> str:
    return word.strip(".,()")
