"""Names a speaker whom the text only describes at the verb: by the name beside the description, or as an author.

“The operator, EastLine, said” and “consumer group CleanPlate tweeted” name an organisation as “its chair, Ana Costa,
said” names a person. Of “a memo by Ana Costa” and “the Vale Council’s letter” the author speaks, since a
document is nobody.
"""

import re
from dataclasses import replace

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment, attribution_of
from retrieval.text.attribution.cues import PLAIN_FORMS
from retrieval.text.attribution.people.named_organisations import NAME
from retrieval.text.attribution.revisions.label_names import Known, read_speaker_label
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.names.names import split_title
from retrieval.text.names.organisations import organisation
from retrieval.text.words import read_words, word_list

_FAR = 160
_VERB = "|".join(sorted(PLAIN_FORMS, key=len, reverse=True))
_ENDS = rf"(?=\s*+(?:[,:;)”\"]|$)|\s(?:{_VERB}|has|had|have|also|later|is|was|would|will)\b|(?<=\.)\s)"
_WHOLE = re.compile(NAME)
_BESIDE = re.compile(rf",?\s(?:an?\s(?:[\w-]+\s){{1,3}}?)?(?P<name>{NAME}){_ENDS}")
_CALLED = re.compile(
    rf",?\s(?:an?\s(?:[\w-]+\s){{1,3}}?)?(?:called|named)\s(?P<name>{NAME})(?!\s*+[“\"])(?!\s(?:an?|the|as|his|her|its|their)\s)"
)
_DOCUMENT = "|".join(sorted(read_words("documents"), key=len, reverse=True))
_AUTHORED = re.compile(
    rf"(?:[\w’'-]+\s){{0,4}}?(?P<kind>{_DOCUMENT})s?,?\s(?:which\swas\s)?"
    r"(?:(?:written|issued|published|released|sent|signed|posted|prepared|led)\s)?"
    rf"(?:by|from)\s(?P<author>[^,;:“”\"]{{2,90}}?)(?=\s*+(?:[,;:.“”\"]|$)"
    rf"|\s(?:{_VERB}|has|had|which|that|in|on|to|and\s(?:\w+ed|read|sent)|reads?|seen|obtained)\b)"
)
_OWNED = re.compile(
    rf"(?P<author>.{{2,80}}?)(?:[’']s|(?<=s)[’'])\s(?:[\w-]+\s){{0,4}}?(?:{_DOCUMENT})s?\b", re.IGNORECASE
)
_MEMBER = re.compile(r"\s(?:for|of|at|from|with|in|on)\s")
_PART_OF_NAME = re.compile(r"\s(?:for|of)\s")
_DETERMINERS = word_list("the a an one another its his her their this")
_TIMES = word_list("monday tuesday wednesday thursday friday saturday sunday today yesterday")
_COMPOUND = re.compile(r"\w-[a-z]")


def name_described(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """The segments, those of a described speaker with the name that the text gives beside the description."""
    if not attributed:
        return attributed
    known = Known(article.text)
    return [_revised(article.text, one, known) if one.mention and not one.person else one for one in attributed]


def _revised(text: str, one: AttributedSegment, known: Known) -> AttributedSegment:
    """The segment with the author of a document, or the name beside a description, for a mention that has no name."""
    mention = one.mention
    if mention is None or one.attribution is Attribution.PRONOUN:
        return one
    whole = _whole(text, mention)
    if whole is not None:
        return replace(one, mention=whole, attribution=Attribution.NAMED)
    author = _author(text, mention, known)
    if author is not None:
        return replace(one, mention=author, attribution=attribution_of(author.of(text)))
    beside = _beside(text, mention, one.cue, known)
    if beside is None:
        return one
    name = beside.of(text)
    person = organisation(name) or (name if _PART_OF_NAME.search(name) else split_title(name).name)
    return replace(one, mention=Span(mention.start, beside.end), attribution=Attribution.NAMED, person=person)


def _whole(text: str, mention: Span) -> Span | None:
    """The whole name of an organisation that a mention breaks off: "the Office" of "the Office of Fair Markets"."""
    match = _WHOLE.match(text, mention.start, min(len(text), mention.start + _FAR))
    name = match.group().rstrip(".,") if match and match.end() > mention.end + 1 else ""
    broken = text[mention.end : mention.end + 4] in {" of ", " for"}
    return Span(mention.start, mention.start + len(name)) if broken and organisation(name) else None


def _author(text: str, mention: Span, known: Known) -> Span | None:
    """The author of the document that a mention names, where the text names them."""
    authored = _AUTHORED.match(text, mention.start, min(len(text), mention.start + _FAR))
    owned = _OWNED.fullmatch(text, mention.start, mention.end)
    found = authored if authored and authored.end("kind") <= mention.end + 1 else owned
    label = read_speaker_label(text, *found.span("author"), known) if found else None
    return label.mention if label and attribution_of(label.mention.of(text)) is Attribution.NAMED else None


def _beside(text: str, mention: Span, cue: Span | None, known: Known) -> Span | None:
    """The name behind a description: behind a comma, behind "called", or right after it in small letters.

    Behind the verb of speech stands whom it is about: “one resident called Costa “a wall of paper””.
    """
    head = mention.of(text).partition(",")[0].rstrip()
    if not head or not head.rpartition(" ")[2][0].islower() or attribution_of(head) is not Attribution.ROLE:
        return None
    start = mention.start + len(head)
    described = head.partition(" ")[0].casefold() in _DETERMINERS
    forms = (_CALLED, _BESIDE) if described else (_BESIDE,)
    match = next(filter(None, (one.match(text, start, start + _FAR) for one in forms)), None)
    name = match.group("name") if match else "I"
    if match and cue and start <= cue.start < match.start("name"):
        return None
    if match is None or name == "I" or match.end("name") + 1 < mention.end or not _names_whom(head, name, text[start]):
        return None
    if name.partition(" ")[0].casefold() in _TIMES or known.is_place(name):
        return None
    return Span(match.start("name"), match.end("name") - (name.endswith(".") and not organisation(name)))


def _names_whom(head: str, name: str, between: str) -> bool:
    """Whether a name behind a description names whom it describes, and not what they belong to, or several."""
    if (
        name.endswith(("’s", "'s"))
        or (" and " in name and not organisation(name))
        or (" " not in name and _COMPOUND.search(name))
    ):
        return False
    return _MEMBER.search(head) is None or (between == "," and (" " in name or "spokes" in head))
