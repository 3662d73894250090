"""Tells from the words around a quotation, in `notation`, that nobody is known to have said it.

It may be denied ("she never said “…”"), invented ("a fake post in which he says “…”"), hypothetical ("if he had said
“…”"), asked ("Did he say “…”?") or alleged by what the text does not vouch for.
"""

import re

from retrieval.text.attribution.revisions.pattern_lists import any_of, named_patterns

_PARTS = named_patterns("denial_parts")
_BEFORE = re.compile(any_of("denials_before", _PARTS))
_AFTER = re.compile(any_of("denials_after", _PARTS))
_LATER = re.compile(
    r"(?:^|[.!?] |, but |; |, though |— )"
    r"(?:but |and |yet |no, |however, |in fact,? |actually,? |in reality,? |except )?"
    rf"(?:{any_of('denials_later', _PARTS)})"
)
_AROUND = re.compile(any_of("denials_around", _PARTS))
_OWN = re.compile(
    r"(?:^ ?|[.!?] |[,;] |— )(?:but |and |though |although |while |yet )?"
    rf"(?:(?P<relative>(?:an?|the) {_PARTS['ACCOUNT']} (?:that |which )?)|)"
    rf"(?P<denier>(?:[^\s,;:.A-Z?!]+ ){{1,6}}?)"
    rf"(?:(?(relative){_PARTS['LATELY']}(?:disput|den(?:y|ies|ied)|contest|challeng|reject)\w*(?= ?(?:[.,;!—–]|$))|"
    rf"(?:{any_of('denials_own', _PARTS)})))"
)
_HEARSAY = re.compile(_PARTS["HEARSAY"])
_ACCOUNT = re.compile(any_of("accounts", _PARTS))
_REPORTEDLY = re.compile(r"[^.?!]{0,80}\b(?:reportedly|supposedly|purportedly)\b")
_REFUTED = re.compile(rf"(?:^ ?|[.!?:,;—] )(?:{any_of('refutations', _PARTS)})")
_THEY = frozenset({"he", "she", "they", "his", "her", "their"})
_STOPS = re.compile(_PARTS["STOP"])


def is_doubted(before: str, after: str, *, ended: bool) -> bool:
    """Whether the words before a quotation in its sentence, or those behind it, say so.

    `ended`: the words behind it may begin a sentence of their own.
    """
    if _BEFORE.search(before) or _AROUND.search(f"{before.rstrip()} Q{after}"):
        return True
    plain = after.lstrip(" ,—–-()]")
    beside = _AFTER.match(plain)
    if beside is not None and (not ended or _STOPS.match(plain, beside.end())):
        return True
    return _LATER.search(plain) is not None


def is_refuted(before: str, after: str) -> bool:
    """Whether somebody else's account brings a quotation, and what follows tells that the account is wrong."""
    account = _ACCOUNT.search(before) or _REPORTEDLY.match(after)
    return account is not None and _REFUTED.search(after) is not None


def is_disowned(before: str, after: str, name: str | None) -> bool:
    """Whether the speaker of a quotation, or somebody for them, denies behind it what is credited to them.

    `name`: the last word by which the text calls them. That a pronoun means them is believed of words that others
    report: "“He lied,” she said. He denies it."
    """
    for denial in _OWN.finditer(after):
        deniers = {word.removesuffix("'s") for word in denial["denier"].split()}
        is_own = name in deniers
        if is_own and denial["itself"]:
            return True
        if (is_own or not _THEY.isdisjoint(deniers)) and _HEARSAY.search(f"{before}Q {after[: denial.start()]}"):
            return True
    return False
