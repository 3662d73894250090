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
