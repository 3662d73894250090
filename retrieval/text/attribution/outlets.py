"""Which outlet passed a quotation on: “told Axios”, “in an interview with CNN”, “as reported by The New York Times”.

Only what is known to be an outlet, by its name or by how such names end, in one of a few phrases of the sentence of the
quotation or of its speaker. The speaker stays who they are; whom a text quotes at first hand has no outlet.
"""

import re
from collections.abc import Iterator, Sequence

from retrieval.domain.articles import Span
from retrieval.text.attribution.genders import MEN, WOMEN
from retrieval.text.words import word_list

_KNOWN = word_list(
    """
    axios politico reuters ap afp bbc cnn nbc cbs abc pbs npr msnbc cnbc c-span bloomberg buzzfeed breitbart newsmax
    huffpost vox slate time newsweek forbes fortune variety vogue wired esquire univision telemundo itv cbc tmz kyodo
    xinhua tass interfax ynet propublica people semafor haaretz ansa dpa espn deadline techcrunch bellingcat unherd
    people's deutschlandfunk rtl rte aljazeera tagesspiegel
    """
)
_KNOWN_NAMES = frozenset(
    {
        "al jazeera", "associated press", "business insider", "daily beast", "daily caller", "der spiegel", "die zeit",
        "deutsche welle", "el país", "fox business", "fox news", "huffington post", "le monde", "le figaro",
        "npr news", "rolling stone", "the atlantic", "the athletic", "the blaze", "the economist", "the guardian",
        "the hill", "the independent", "the intercept", "the new yorker", "the spectator", "the verge",
        "usa today", "vanity fair", "voice of america", "weekly standard", "la repubblica", "radio free europe",
        "corriere della sera", "new yorker", "the week", "sky", "punchbowl news", "national review",
    }
)  # fmt: skip
_PAPERS = word_list(
    """
    times post journal herald tribune gazette chronicle telegraph guardian observer mail star sun mirror globe dispatch
    courier inquirer examiner register sentinel standard bee monitor bulletin ledger argus echo advertiser
    """
)
"""Words that a name ends with, and that are one alone behind "the"."""

_ENDINGS = _PAPERS | word_list("news radio tv television magazine beacon wire messenger mercury daily online weekly")
_PAIRS = frozenset(
    {
        "free press", "news agency", "news network", "business network", "broadcasting network",
        "broadcasting corporation", "times magazine", "press association", "press agency", "news service",
        "public radio",
    }
)  # fmt: skip
_STATION = re.compile(r"[WK][A-Z]{2,3}(?:-(?:TV|FM|AM))?")
_NAME = r"(?P<name>(?:[Tt]he )?[A-Z][\w&-]*(?:[ .](?:of |della |for )?[A-Z][\w&-]*){0,5})(?P<owns>[’']s?(?=\s))?"
_SPOKEN = (
    r"interview|interviews|statement|statements|e-?mail|comments?|remarks|message|conversation|call|appearance|letter|"
    r"column|op-ed|essay|article|podcast|episode|segment|text|briefing"
)
_SAID = "said|says|spoke|speaking|confirmed|wrote|appearing|appeared|interviewed"
_REPORTED = (
    "reported|quoted|cited|obtained|published|reviewed|seen|aired|broadcast|recorded|released|carried|provided|leaked"
)
_TOLD = re.compile(rf"\b(?P<verb>told|tells|telling|tell)\s+{_NAME}")
_TOLD_IT = re.compile(
    r"\b(?P<verb>told|tells|telling)\s+(?:the|that)\s+(?:news\s)?"
    r"(?:outlet|newspaper|paper|magazine|broadcaster|network|channel|station|site|website|publication|agency|service)\b"
)
_RUN = re.compile(rf"(?<![\w’'-]){_NAME}")
_BEFORE = 700
_OTHERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_SPOKEN})\s+(?:\w+\s+)?(?:with|on|to|for|in|by|from)\s+{_NAME}",
        rf"\b(?:{_SAID})\s+(?:\w+day\s+)?(?:to|on|in|by|with)\s+{_NAME}",
        rf"\b(?:{_REPORTED})\s+(?:\w+\s+)?(?:by|to|on|in)\s+{_NAME}",
        rf"\b[Aa]ccording to\s+(?:a report (?:in|by|from)\s+)?{_NAME}",
        rf"(?<![\w’'] ){_NAME}\s+(?:first\s+|also\s+|later\s+)?(?:reported|reports|quoted|quotes)\b",
        rf"\b(?:As|as)\s+{_NAME}\s+(?:first\s+|has\s+)?(?:reported|reports|put it)\b",
    )
)
_OF_ANOTHER = re.compile(r"[’']s?\s+(?:[\w-]+\s+){0,4}$")
_FAR = 120
_WINDOW = 500
_STOPS = re.compile(r"[.!?;]\s|\b(?:said|told|added|wrote|asked)\b")


def relayed_by(text: str, sentences: Sequence[Span], mention: Span, cue: Span | None, inside: Span) -> Span | None:
    """Where the text names the outlet that a quotation came through, or None.

    `sentences` are those of the quotation and of its speaker's `mention`; `inside` is the quotation itself, where
    nothing counts. "Told" counts only where it is the speaker who told.
    """
    near = [part for sentence in sentences for place in (inside, mention) if (part := _around(sentence, place))]
    for outlet in (*_told(text, near, mention, cue), *_named(text, near), *_meant(text, near, mention, cue)):
        if not outlet.overlaps(mention) and not outlet.overlaps(inside):
            return outlet
    return None


def _around(sentence: Span, place: Span) -> Span | None:
    """The part of a sentence that lies about a place, or None where it lies elsewhere; a sentence may be endless."""
    if not sentence.overlaps(place):
        return None
    return Span(max(sentence.start, place.start - _WINDOW), min(sentence.end, place.end + _WINDOW))


def _told(text: str, sentences: list[Span], mention: Span, cue: Span | None) -> Iterator[Span]:
    for sentence in sentences:
        for found in _TOLD.finditer(text, sentence.start, sentence.end):
            outlet = _outlet(found) if _told_by(text, mention, found, cue) else None
            if outlet is not None:
                yield outlet


def _named(text: str, sentences: list[Span]) -> Iterator[Span]:
    for sentence in sentences:
        for pattern in _OTHERS:
            for found in pattern.finditer(text, sentence.start, sentence.end):
                outlet = _outlet(found)
                if outlet is not None and not _OF_ANOTHER.search(
                    text, max(sentence.start, found.start() - _FAR), found.start()
                ):
                    yield outlet


def _meant(text: str, sentences: list[Span], mention: Span, cue: Span | None) -> Iterator[Span]:
    """The outlet that "told the outlet" means: the only one named shortly before."""
    for sentence in sentences:
        for found in _TOLD_IT.finditer(text, sentence.start, sentence.end):
            if _told_by(text, mention, found, cue):
                start = max(0, found.start() - _BEFORE)
                named = [_outlet(run) for run in _RUN.finditer(text, start, found.start())]
                before = [outlet for outlet in named if outlet is not None]
                if len({outlet.of(text) for outlet in before}) == 1:
                    yield before[-1]


def _told_by(text: str, mention: Span, found: re.Match[str], cue: Span | None) -> bool:
    """Whether the verb of telling is the speaker's: their cue, or what follows their mention with no verb between."""
    if cue is not None and cue.start == found.start("verb"):
        return True
    between = found.start() - mention.end
    return 0 <= between <= _FAR and _STOPS.search(text, mention.end, found.start()) is None


def _outlet(found: re.Match[str]) -> Span | None:
    """The longest beginning of a capitalised run that is an outlet's name, without a small "the"."""
    words = list(re.finditer(r"\S+", found.group("name")))
    for last in range(len(words), 0, -1):
        name = found.group("name")[: words[last - 1].end()].rstrip(".")
        person, of, outlet = name.rpartition(" of ")
        employed = bool(of) and _is_outlet(outlet)
        if employed or _is_outlet(name):
            skipped = len(person + of) if employed else 4 * name.startswith("the ")
            return Span(found.start("name") + skipped, found.start("name") + len(name))
    return None


def _is_outlet(name: str) -> bool:
    words = name.casefold().split()
    bare = words[1:] if words[0] == "the" else words
    if not bare:
        return False
    whole = " ".join(bare)
    if " ".join(words) in _KNOWN_NAMES or whole in _KNOWN_NAMES or whole in _KNOWN:
        return True
    if len(bare) == 1:
        return (words[0] == "the" and bare[0] in _PAPERS) or bool(_STATION.fullmatch(name.rpartition(" ")[2]))
    if bare[0] in MEN or bare[0] in WOMEN:
        return False
    return bare[-1] in _ENDINGS or " ".join(bare[-2:]) in _PAIRS or "times of" in " ".join(bare[:-1])
