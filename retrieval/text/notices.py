"""Finds an article's notice about itself: that it was corrected or withdrawn.

Only set phrases count, at the start of one of the first or last paragraphs or in the headline, so that reports about
other retractions do not match. In doubt there is no notice: a false one would discredit a sound article.
"""

from __future__ import annotations

import re

from retrieval.domain.articles import Notice

_DASH = r"\s*(?::|[–—]| - )\s*"
_LABEL = (
    rf"(?:editor(?:s|['’]s|s['’])? note|editorial note|(?:a )?note to (?:our )?readers|update|clarification){_DASH}"
)
_THIS = r"this (?:news )?(?:article|story|post|column|blog post)"
_THIS_LABELLED = r"this (?:news )?(?:article|story|post|column|report|piece|page|item|dispatch|interview|video)"
_WITHDRAWN = r"(?:fully |formally |officially |temporarily )?(?:retracted|withdrawn|taken down|unpublished)\b"
_WRONG = (
    r"(?:misstated|misspell?ed|misspelt|misidentified|misattributed|misquoted|mischaracteri[sz]ed|incorrect(?:ly)?"
    r"|wrong(?:ly)?|erroneous(?:ly)?|mistaken(?:ly)?|in error|an error|errors|inaccurate(?:ly)?|said|stated|gave"
    r"|omitted|referred|described|identified|attributed|reported|named|contained|included|failed|used|quoted|called|listed)\b"
)
_EARLIER = (
    r"(?:an? |the )?(?:earlier|previous|original|initial|prior)"
    r"(?: headline (?:on|of) an? (?:earlier|previous))? versions? of"
)


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.IGNORECASE) for text in texts)


_RETRACTED = _patterns(
    rf"^(?:retraction|retracted|withdrawn|(?:mandatory )?kill)(?: notice)?{_DASH}\S",
    rf"^(?:(?:because|at the request) of [^.]{{1,80}}, )?{_THIS}"
    rf" (?:has been|has now been|is hereby|is being) {_WITHDRAWN}",
    rf"^{_LABEL}.{{0,200}}\b{_THIS_LABELLED} (?:has been|has now been|was|is|is hereby|is being) {_WITHDRAWN}",
    rf"^(?:{_LABEL})?(?:[\w’'.]+ ){{1,5}}(?:has|have|is|are)"
    rf" (?:retracted|retracting|withdrawn|withdrawing) {_THIS}\b",
)
_CORRECTED = _patterns(
    r"^(?:corrections?(?: and clarifications?)?|corrected|erratum|errata)"
    rf"(?: \([^)]{{1,40}}\)|,? (?:on )?\w+\.? \d{{1,2}}(?:, \d{{4}})?|,? \d{{1,2}} \w+(?: \d{{4}})?)?{_DASH}\S",
    rf"^(?:{_LABEL})?{_EARLIER} {_THIS_LABELLED}\b.{{0,300}}\b{_WRONG}",
    rf"^{_THIS} (?:has been|was)"
    r" (?:(?:updated|amended|changed|edited|revised) (?:on [^.]{1,40} )?to (?:correct|fix)\b"
    r"|(?:updated and |amended and )?corrected\b|amended (?:on|after|because))",
    rf"^{_LABEL}.{{0,200}}\b{_THIS_LABELLED} (?:has been|was) .{{0,60}}\b(?:corrected|to correct|to fix)\b",
    rf"^{_LABEL}.{{0,40}}\b{_THIS_LABELLED} (?:originally |previously |initially |first )?{_WRONG}",
    rf"^(?:korrektur|richtigstellung|berichtigung|rectificatif|erratum|corrección|fe de erratas|fe de errores"
    rf"|rettifica|correção|errata|sprostowanie|исправление|поправка){_DASH}\S",
    r"^(?:(?:anmerkung|hinweis) der redaktion: )?in einer (?:früheren|ersten|vorherigen) (?:version|fassung) dieses"
    r" (?:artikels|textes|beitrags) ",
    r"^une (?:première )?version (?:précédente|antérieure|initiale) de cet article ",
    r"^(?:en )?una versión (?:anterior|previa) de este (?:artículo|texto) ",
)
_TITLE_RETRACTED = re.compile(r"^(?:\[?(?i:retracted)(?:\]|:| –| —)|(?i:retraction notice)\b|WITHDRAWN[-:–—])")
_TITLE_CORRECTED = re.compile(
    r"^(?:\[?(?i:corrected)(?:\]|:| –| —)|(?i:correction):|CORRECTED[-–—])|\((?i:corrected)\)$"
)
_ENDS = 6
_LONGEST = 700


def find_notice(title: str, body: str) -> Notice | None:
    """The notice of a text, or None; a retraction takes precedence over a correction."""
    paragraphs = [line.strip(" *_[]()•") for line in body.split("\n") if line.strip()]
    read = [line for line in (*paragraphs[:_ENDS], *paragraphs[_ENDS:][-_ENDS:]) if len(line) <= _LONGEST]
    if _TITLE_RETRACTED.search(title) or _any(_RETRACTED, read):
        return Notice.RETRACTED
    if _TITLE_CORRECTED.search(title) or _any(_CORRECTED, read):
        return Notice.CORRECTED
    return None


def _any(patterns: tuple[re.Pattern[str], ...], lines: list[str]) -> bool:
    return any(pattern.search(line) for pattern in patterns for line in lines)
