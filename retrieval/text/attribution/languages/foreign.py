"""Attribution in texts that are not English, only where it is sure.

A quotation is credited where a plain verb of speech in the text's own language stands beside it, with its subject: « …
», a dit Ana Costa; Ana Costa sagte: „…“; Según Ana Costa, …. Everything else stays without a speaker.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.languages import eastern
from retrieval.text.attribution.languages.antecedents import Antecedents
from retrieval.text.attribution.languages.foreign_names import Subject, SubjectFinder, full_names
from retrieval.text.attribution.languages.languages import EASTERN, Language
from retrieval.text.attribution.marks.marks import Segment, paragraphs, segments
from retrieval.text.words import word_list

_TOUCHING = 0.9
_NEAR = 0.8
_WINDOW = 300
_FEWEST_WORDS = 6
_LONGEST_NOT = 20
_NEVER = "(?!)"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_GERMANIC = frozenset({"de", "nl", "sv", "da", "no"})
_ABBREVIATED = r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\bMme)(?<!\bProf)(?<!\bDott)"
_PHRASE_END = re.compile(rf"[;:!?(“”—–\n]|{_ABBREVIATED}\.(?!\w)")
_SENTENCE_START = re.compile(rf"(?:{_ABBREVIATED}\.|[!?;…])[”)]*+\s+|”\s+(?=[^\W\d_a-z])")
_REPORTS = re.compile(r"[^.:;!?“”]{0,160}[:,]?\s*+")
_NOT = word_list(
    "ne pas jamais no nunca jamás não nem non mai nicht nie niemals niet nooit inte ikke aldri aldrig nu не ні"
)
_INVERTED = r"(?:(?:-t)?-(?P<inverted>il|elle|ils|elles|on))?"
_CLITIC = r"(?:(?:-t)?-(?P<clitic>il|elle|ils|elles|on)\b)?"


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What is looked for in one language, each with its `cue`.

    A verb; a verb behind a quotation, behind a comma inside one, behind words between dashes; "according to" behind a
    quotation and at the start of a sentence.
    """

    verb: re.Pattern[str]
    after: re.Pattern[str]
    inside: re.Pattern[str]
    dashes: re.Pattern[str]
    according: re.Pattern[str]
    opening: re.Pattern[str]


@cache
def _patterns(language: Language) -> _Patterns:
    def any_of(*kinds: str) -> str:
        words = sorted({word for kind in kinds for word in language.of(kind)}, key=lambda word: (-len(word), word))
        return f"(?:{'|'.join(words).replace(chr(39), '[’' + chr(39) + ']')})" if words else _NEVER

    who = _CAPITAL if language.code in _GERMANIC else rf"{_CAPITAL}|[^,]*+,"
    verb = rf"(?<![\w’'-])(?:(?:{any_of('auxiliaries')}|s['’]est){_INVERTED}\s)?{any_of('verbs')}(?!\w)"
    return _Patterns(
        verb=re.compile(f"(?P<cue>{verb})", re.IGNORECASE),
        after=re.compile(
            rf"\s*+[,.]?\s*+(?:[—–-]\s*+)?(?P<cue>{verb}|{any_of('after')}(?!\w)){_CLITIC}", re.IGNORECASE
        ),
        inside=re.compile(rf",\s(?P<cue>{verb}){_CLITIC}"),
        dashes=re.compile(
            rf"(?:^|(?<=[.!?”]\s))[—–]\s?(?P<words>[^—–\n“”]{{2,600}}+)[—–]\s?(?P<cue>{verb}){_CLITIC}", re.MULTILINE
        ),
        according=re.compile(rf"\s*+,?\s*+(?P<cue>{any_of('according')})\s", re.IGNORECASE),
        opening=re.compile(rf"(?P<cue>(?i:{any_of('according', 'opening')}))\s(?={who})"),
    )


def attribute(text: str, language: Language) -> list[AttributedSegment]:
    """Return the quotations of a text in order, with the mentions of their speakers where these are sure."""
    marked = segments(text)
    if language.code == EASTERN:
        found = [eastern.attribute(text, segment) for segment in marked]
    else:
        found = _Reader(text, language, marked).attribute()
    return [one for one in found if one.mention is not None or _is_long(text, one.segment)]


def _is_long(text: str, segment: Segment) -> bool:
    """Whether nobody's words are enough to be no title and no word in doubt."""
    content = text[segment.start : segment.end]
    words = len(content) // 2 if eastern.is_eastern(content) else len(content.split())
    return words >= _FEWEST_WORDS or (words * 2 >= _FEWEST_WORDS and content.endswith((".", "!", "?", "…", "。")))


class _Reader:
    """Attributes the segments of one text, one after the other."""

    def __init__(self, text: str, language: Language, marked: list[Segment]) -> None:
        self._text = text
        self._plain = without_quoted(text, marked)
        self._patterns = _patterns(language)
        self._spans = paragraphs(text)
        self._marked = marked
        self._find = SubjectFinder(text, language, full_names(text, language))
        self._antecedents = Antecedents(self._plain, language, self._find.known)
        self._done: list[AttributedSegment] = []

    def attribute(self) -> list[AttributedSegment]:
        spoken = dict(self._between_dashes())
        for segment in sorted([*self._marked, *spoken], key=lambda segment: segment.start):
            cue = spoken.get(segment)
            own = (
                self._credited(segment, cue, self._behind(cue, self._spans[segment.paragraph][1]), _TOUCHING)
                if cue
                else self._own(segment)
            )
            self._done.append(own or self._continued(segment) or _nobody(segment))
        return self._done

    def _own(self, segment: Segment) -> AttributedSegment | None:
        """The attribution beside a segment or inside it."""
        start, end = self._spans[segment.paragraph]
        after = self._patterns.after.match(self._plain, segment.end + 1, end)
        if after:
            subject = self._behind(after, end)
            return (
                self._credited(segment, after, subject, _TOUCHING)
                if subject
                else self._again(segment, end, after.end())
            )
        according = self._patterns.according.match(self._plain, segment.end + 1, end)
        if according:
            subject = self._find.behind(according.end(), self._phrase_end(according.end(), end))
            return self._credited(segment, according, subject, _NEAR)
        inside = self._patterns.inside.search(self._text, segment.start, segment.end)
        if inside:
            subject = self._behind(inside, segment.end)
            return (
                self._credited(segment, inside, subject, _NEAR)
                if subject and (subject.name or subject.pronoun)
                else None
            )
        return self._before(segment, self._sentence_start(start, segment.start - 1))

    def _before(self, segment: Segment, start: int) -> AttributedSegment | None:
        """The subject of the last verb before a segment in its sentence, or who it is according to."""
        end = segment.start - 1
        opening = self._patterns.opening.match(self._plain, start, end)
        if opening:
            subject = self._find.behind(opening.end(), end)
            sure = subject is not None and (subject.name or not self._is_opening(opening))
            return self._credited(segment, opening, subject, _NEAR) if sure else None
        verb = next(iter(reversed(list(self._patterns.verb.finditer(self._plain, start, end)))), None)
        if verb is None or not _REPORTS.fullmatch(self._plain, verb.end(), end) or self._is_denied(start, verb):
            return None
        subject = self._find.before(start, verb.start())
        if subject is None:
            subject = self._find.behind(verb.end(), self._phrase_end(verb.end(), end))
            subject = subject if subject and subject.name else None
        return self._credited(segment, verb, subject, _NEAR)

    def _is_opening(self, opening: re.Match[str]) -> bool:
        return opening.group().strip().casefold() in self._find.language.of("opening")

    def _is_denied(self, start: int, verb: re.Match[str]) -> bool:
        near = [*self._plain[start : verb.start()].split()[-3:], *self._plain[verb.end() : verb.end() + 40].split()[:2]]
        return any(word.casefold().strip(",'’") in _NOT or word.casefold().startswith(("n'", "n’")) for word in near)

    def _behind(self, verb: re.Match[str], end: int) -> Subject | None:
        """The subject behind a verb: the pronoun joined to it, or the phrase up to the end of the clause."""
        for joined in ("clitic", "inverted"):
            if verb[joined]:
                return Subject(Span(*verb.span(joined)), pronoun=True)
        if self._plain.startswith(",", verb.end()):
            return None
        subject = self._find.behind(verb.end(), self._phrase_end(verb.end(), end))
        following = self._plain[subject.mention.end : subject.mention.end + _LONGEST_NOT].split()[:2] if subject else ()
        return subject if _NOT.isdisjoint(word.strip(".,!?") for word in following) else None

    def _phrase_end(self, start: int, end: int) -> int:
        stop = _PHRASE_END.search(self._text, start, min(end, start + _WINDOW))
        return stop.start() if stop else min(end, start + _WINDOW)

    def _sentence_start(self, start: int, end: int) -> int:
        first = max(start, end - _WINDOW)
        return max([first, *(stop.end() for stop in _SENTENCE_START.finditer(self._plain, first, end))])

    def _again(self, segment: Segment, end: int, at: int) -> AttributedSegment | None:
        """The speaker before, where a verb without a subject follows: «…», añadió."""
        if self._phrase_end(at, end) - at > 1:
            return None
        return self._continued(segment, anywhere=True)

    def _continued(self, segment: Segment, *, anywhere: bool = False) -> AttributedSegment | None:
        """The speaker of the segment before, in the same paragraph, if only its attribution stands between them."""
        last = self._done[-1] if self._done else None
        if last is None or last.mention is None or last.segment.paragraph != segment.paragraph:
            return None
        between = self._plain[last.segment.end + 1 : segment.start - 1].strip()
        if not anywhere and (not between.endswith((".", "!", "?")) or len(_SENTENCE_START.findall(f"{between} ")) > 1):
            return None
        attribution = Attribution.CONTINUATION if last.person else last.attribution
        return replace(last, segment=segment, cue=None, attribution=attribution, probability=last.probability * 0.95)

    def _credited(
        self, segment: Segment, said: re.Match[str], subject: Subject | None, sure: float
    ) -> AttributedSegment | None:
        if subject is None:
            return None
        cue = Span(*said.span("cue"))
        if not subject.pronoun:
            kind = Attribution.NAMED if subject.name else Attribution.ROLE
            return AttributedSegment(segment, subject.mention, cue, kind, sure, subject.name)
        person = self._antecedent(segment, subject.mention, cue.of(self._text).casefold())
        return AttributedSegment(segment, subject.mention, cue, Attribution.PRONOUN, sure, person)

    def _antecedent(self, segment: Segment, pronoun: Span, verb: str) -> str | None:
        """Who spoke last in the paragraph, if a pronoun may mean them; else the one person of its gender so far."""
        gender = self._antecedents.gender_of(pronoun.of(self._text), verb)
        alone = self._antecedents.before(pronoun.start, gender)
        last = self._done[-1] if self._done else None
        if last is not None and last.person and last.segment.paragraph == segment.paragraph:
            return last.person if self._antecedents.may_be(last.person, gender) else alone
        return alone

    def _between_dashes(self) -> Iterator[tuple[Segment, re.Match[str]]]:
        """Words between dashes that a verb follows: —Llueve —dijo Ana Costa."""
        for number, (start, end) in enumerate(self._spans):
            for spoken in self._patterns.dashes.finditer(self._plain, start, end):
                first, words = spoken.start("words"), spoken["words"].rstrip(" ,")
                if words and "_" not in words:
                    yield Segment(first, first + len(words), number), spoken


def _nobody(segment: Segment) -> AttributedSegment:
    return AttributedSegment(segment, None, None, Attribution.UNKNOWN, 0.0)


def without_quoted(text: str, marked: list[Segment]) -> str:
    """The text with underscores for quoted words."""
    pieces, at = [], 0
    for segment in marked:
        pieces += [text[at : segment.start], "_" * (segment.end - segment.start)]
        at = segment.end
    return "".join([*pieces, text[at:]])
