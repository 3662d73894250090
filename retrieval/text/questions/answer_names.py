"""Finds whom or what place a sentence names that may answer "who" or "where".

`NamedSpans` tells names that may be chosen from rivals: what may be the answer as well, but cannot be told well enough
to be chosen, such as "the police", a single capitalised word, or "a hospital".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.domain.articles import Span
from retrieval.text.names.name_bounds import name_start
from retrieval.text.names.names import find_names
from retrieval.text.names.organisations import is_organisation
from retrieval.text.names.vocabulary import INSTITUTIONS, OPENERS, fold, given_gender, is_role_word
from retrieval.text.words import analyse, read_words, word_list

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class NamedSpans:
    """Names that may be chosen as the answer, and `rivals` that may only keep another from being chosen."""

    names: tuple[Span, ...]
    rivals: tuple[Span, ...]


_DATELINE = re.compile(r"[^()]{0,60}\([A-Z][\w. ]{1,30}\) {0,3}(?:--|[—–-])")
_SAYING = r"(?:said|says|told|added|announced|reported|explained|noted|wrote|tweeted|confirmed|recalled|testified)"
_SPEAKER_AFTER = re.compile(rf"(?:\b{_SAYING}|\baccording to)(?: (?:[a-z]{{1,20}}|[A-Z][\w.’'-]{{0,20}})){{0,3}} $")
_SPEAKER_BEFORE = re.compile(rf"(?:,[^,]{{1,80}},)? (?:later )?{_SAYING}\b")
_LETTER = re.compile(r"[^\W_]")
_LONGEST_LEAD = 100
_ASKS_WHO_SPOKE = frozenset(
    analyse("say says said tell told claim announce report explain write tweet believe think confirm testify call")
)
_PREPOSITION = re.compile(
    r"\b((?i:in|at|near|from|to|outside|across|off|into|around|on|through|throughout|inside|via|towards?)) (?:the )?"
    r"(?:(?:[a-z]{1,10}ern|central|downtown|nearby|neighbou?ring|capital"
    r"|(?:city|town|village|state|island|province|region|port|suburb)(?: of)?) ){0,3}(?=[A-Z])"
)
_PLACE = re.compile(
    r"[A-Z][\w’'.-]*(?: (?:(?:of|de|la|del|al) (?:the )?)?[A-Z][\w’'.-]*){0,4}"
    r"(?:, [A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,2}(?=[,.;:)]|$| [(–—-]))?"
)
_COMMON_PLACE = re.compile(
    r"\b(?:in|at|inside|near|outside|on|into|to) (?:the |an? |his |her |their |its )(?:[a-z-]{1,20} ){0,2}"
    r"(?:home|house|school|college|university|campus|hospital|court|church|mosque|temple|street|road|park|building|hotel"
    r"|restaurant|shop|store|market|station|airport|plane|ship|boat|car|bus|train|prison|jail|office|room|bedroom|club|bar"
    r"|gym|garden|farm|field|forest|river|lake|sea|beach|coast|border|city|town|village|capital|country|head|ravine|bank"
    r"|area|region|district|north|south|east|west|world|stadium|theat(?:er|re)|museum|library)s?\b"
)
_COMMON_PERSON = re.compile(
    r"\b(?:police|officials?|authorities|(?:an?|the|his|her|their|two|three|four|some|many) (?:[\w-]{1,20} ){0,2}"
    r"(?:man|men|woman|women|boy|girl|child|children|people|student|soldier|gunm[ae]n|officer|worker|fan|resident|parent"
    r"|mother|father|wife|husband|son|daughter|brother|sister|family|friend|militant|rebel|troop|victim)s?)\b",
    re.IGNORECASE,
)
_NO_NAMES = read_words("demonyms") | read_words("clock_names") | word_list("i cnn ap reuters afp us uk eu the a an")
_NOBODY = _NO_NAMES | OPENERS | INSTITUTIONS
_ORIGIN = re.compile(r"(?:ian|ean|ese|ish|can)s?$")
_END = re.compile(r"[’']s?$|(?<![A-Z])(?<!Jr)(?<!Sr)\.$|,$")
_ADJECTIVE_OF = re.compile(
    r" (?!(?:said|told|won|beat|got|made|took|met|left|led|gave|went|came|ran|held|lost|shot)\b)([a-z]+)(?<!ed)(?<!s)\b"
)
_BESIDE = re.compile(r",? |,? who (?:is|was) ")
_FUNCTION_WORDS = read_words("function_words")
_NOT_BEFORE_PEOPLE = ('"', "“", "the ", " an ", " a ")
_DIRECTIONS: Final = (
    (re.compile(r"\bfrom\b", re.IGNORECASE), frozenset({"from"})),
    (
        re.compile(r"\b(?:go|going|went|head\w*|fly|flying|flew|travel\w*|mov\w+|sent|send|sail\w*|flee|fled)\b"),
        frozenset({"to", "into", "toward", "towards", "in", "at"}),
    ),
)
"""What the question's words tell of the preposition before the place."""
_ASKS_FOR_TOWN = re.compile(r"\b(?:country|nation|city|state|town|village|county|province)\b", re.IGNORECASE)
_ASKS_FOR_AIRPORT = re.compile(r"\b(?:what|which) airport\b", re.IGNORECASE)
_NO_TOWN = word_list(
    """
    sea ocean gulf river lake mountain mountains valley coast island islands street road avenue square park tower bridge
    building museum church cathedral temple mosque airport station college school university hospital prison hall house
    stadium arena centre center court bank league cup games championship championships open olympics summit festival
    awards act
    """
)
"""Last words of names of what is no country, state or town."""


def people(question: str, sentence: str) -> NamedSpans:
    """Names of people in a sentence. Who only says it is left out, unless the question asks for that."""
    spoke = not _ASKS_WHO_SPOKE.isdisjoint(analyse(question))
    line = _DATELINE.match(sentence)
    begin = line.end() if line else 0
    behind_preposition = {match.end() for match in _PREPOSITION.finditer(sentence)}
    letter = _LETTER.search(sentence, begin)
    opening = letter.start() if letter else 0
    names: list[Span] = []
    rivals = [Span(*match.span()) for match in _COMMON_PERSON.finditer(sentence)]
    for before, span in _capitalised(sentence, begin):
        if span.start in behind_preposition or not _may_act(sentence, span, opens=span.start == opening):
            continue
        if spoke or not _speaks(sentence, span):
            (names if _is_person(sentence, span, before) else rivals).append(_trimmed(sentence, span))
    beside = {place for name in names for place in _description_edges(sentence, name)}
    return NamedSpans(tuple(names), tuple(rival for rival in rivals if beside.isdisjoint((rival.start, rival.end))))


def places(question: str, sentence: str) -> NamedSpans:
    """Names behind prepositions of place; those of the direction that the question asks for."""
    found = list(_behind_prepositions(sentence))
    wanted = next((prepositions for words, prepositions in _DIRECTIONS if words.search(question)), None)
    town, airport = (asks.search(question) is not None for asks in (_ASKS_FOR_TOWN, _ASKS_FOR_AIRPORT))
    return NamedSpans(
        tuple(
            span
            for preposition, span in found
            if (wanted is None or preposition in wanted)
            and not (town and _last_word(span.of(sentence)) in _NO_TOWN)
            and (not airport or _last_word(span.of(sentence)) == "airport")
        ),
        tuple(Span(*match.span()) for match in _COMMON_PLACE.finditer(sentence)),
    )


def _capitalised(sentence: str, begin: int) -> Iterator[tuple[str, Span]]:
    """Yield each capitalised run from `begin` on as the word before the name, and the name without titles before it."""
    for start, end in find_names(sentence):
        if start >= begin:
            words = sentence[start:end].split(" ")
            first = name_start(words) if len(words) > 1 else 0
            yield words[first - 1] if first else "", Span(start + sum(len(word) + 1 for word in words[:first]), end)


def _may_act(sentence: str, span: Span, *, opens: bool) -> bool:
    """Whether capitalised words may name somebody: no opener, nationality or adjective of a noun."""
    name = span.of(sentence).split()
    bare = [fold(_END.sub("", word)) for word in name]
    if all(word in _NOBODY or is_role_word(word) for word in bare):
        return False
    if given_gender(name[0]):
        return True
    if _ORIGIN.search(bare[-1]) or "." in bare[0] or (opens and len(name) == 1):
        return False
    noun = _ADJECTIVE_OF.match(sentence, span.end)
    return noun is None or noun[1] in _FUNCTION_WORDS


def _description_edges(sentence: str, name: Span) -> Iterator[int]:
    """Yield where a description of a person beside the name may begin or end: "Ada Roe, a mother of two"."""
    beside = _BESIDE.match(sentence, name.end)
    if beside:
        yield beside.end()
    yield from (name.start - 1, name.start - len(", "))


def _speaks(sentence: str, span: Span) -> bool:
    lead = sentence[max(0, span.start - _LONGEST_LEAD) : span.start]
    return bool(_SPEAKER_AFTER.search(lead) or _SPEAKER_BEFORE.match(sentence, span.end))


def _is_person(sentence: str, span: Span, before: str) -> bool:
    """Whether a name is surely a person's: by a given name, a role before it, or as a full name like others."""
    words = span.of(sentence).split()
    if is_organisation(words):
        return False
    if given_gender(words[0]) or (before and is_role_word(before)):
        return True
    lead = sentence[max(0, span.start - _LONGEST_LEAD) : span.start].lower()
    return len(words) > 1 and not is_role_word(words[-1]) and not lead.endswith(_NOT_BEFORE_PEOPLE)


def _behind_prepositions(sentence: str) -> Iterator[tuple[str, Span]]:
    for cue in _PREPOSITION.finditer(sentence):
        run = _PLACE.match(sentence, cue.end())
        if (
            run is not None
            and not sentence.endswith(("according ", "According "), 0, cue.start())
            and _is_place(run.group())
        ):
            yield cue[1].lower(), _trimmed(sentence, Span(*run.span()))


def _last_word(name: str) -> str:
    words = name.partition(",")[0].split()
    return fold(words[-1]) if words else ""


def _is_place(name: str) -> bool:
    words = [fold(_END.sub("", word)) for word in name.split()]
    if words[0] in _NO_NAMES or words[0] in OPENERS or is_role_word(words[0]) or _ORIGIN.search(words[-1]):
        return False
    return "," in name or not given_gender(words[0])


def _trimmed(sentence: str, span: Span) -> Span:
    """The span without a genitive's ending or the sentence's own mark."""
    return Span(span.start, span.start + len(_END.sub("", span.of(sentence))))
