"""Tells from the words around a quotation, in `notation`, that nobody is known to have said it.

It may be denied ("she never said “…”"), invented ("a fake post in which he says “…”"), hypothetical ("if he had said
“…”"), asked ("Did he say “…”?") or alleged by what the text does not vouch for.
"""

import re

from retrieval.text.attribution.pattern_lists import any_of, named_patterns

_PARTS = named_patterns("denial_parts")
_BEFORE = re.compile(any_of("denials_before", _PARTS))
_AFTER = re.compile(any_of("denials_after", _PARTS))
_LATER = re.compile(
    r"(?:^|[.!?] |, but |; |, though |— )(?:but |and |yet |however, |in fact,? |actually,? |in reality,? |except )?"
    rf"(?:{any_of('denials_later', _PARTS)})"
)
_STOPS = re.compile(_PARTS["STOP"])


def is_doubted_before(words: str) -> bool:
    """Whether the words of the sentence before a quotation say so."""
    return _BEFORE.search(words) is not None


def is_doubted_after(words: str, *, ended: bool) -> bool:
    """Whether the words behind a quotation say so; `ended`: they may begin a sentence of their own."""
    plain = words.lstrip(" ,—–-)]")
    beside = _AFTER.match(plain)
    if beside is not None and (not ended or _STOPS.match(plain, beside.end())):
        return True
    return _LATER.search(plain) is not None
