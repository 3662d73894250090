"""Leaves out what stands between marks but nobody says: titles of works, names, words as words, signs and links.

A title is known by its capitals beside what announces a work; other labels by the words around them. A few words that
no verb of speech governs are a writer's scare quotes.
"""

import re
from dataclasses import replace
from operator import or_

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.cues import SPEECH_FORMS
from retrieval.text.attribution.marks.marks import is_in_title
from retrieval.text.attribution.revisions.pattern_lists import any_of, named_patterns
from retrieval.text.attribution.split_text import SplitText
from retrieval.text.words import FUNCTION_WORDS, word_list

_PARTS = named_patterns("title_parts")


def _list(name: str) -> re.Pattern[str]:
    return re.compile(any_of(name, _PARTS), re.IGNORECASE)


_TITLE_BEFORE, _TITLE_AFTER = _list("titles_before"), _list("titles_after")
_LABEL_BEFORE, _LABEL_AFTER = _list("labels_before"), _list("labels_after")
_KIND_AFTER = re.compile(rf" {_PARTS['KIND']}\b", re.IGNORECASE)
_LINKS = re.compile(rf"[\W_]{{0,4}}(?:{any_of('links', _PARTS)})\s?[:|»>]", re.IGNORECASE)
_LINKS_HEADING = re.compile(rf"[\W_]{{0,4}}(?:{any_of('links', _PARTS)})[\W_]*+", re.IGNORECASE)
_BARE = re.compile(r"[\W\d]{0,6}[“\"‘'«„][^“”\"«»„]++[”\"’'»“]")
_IN_BRACKETS = re.compile(r"(?:\s\([^()]{1,60}\))*+\s*+")
_JOINS_MAKERS = word_list("featuring feat ft with and x vs the of at a in by from y")
_BARS = re.compile(r"\s[|•·»›]\s")
_LISTED = re.compile(
    rf"[,;]? ?(?:(?:and|or|&|then|plus|including|the|an?|his|her|their|its|as|later|also|{_PARTS['WORK']}),? ){{0,5}}$",
    re.IGNORECASE,
)
_CHANTS = re.compile(r"\b(?:chants?|cries|shouts|jeers|boos|choruses|roars|screams) of $", re.IGNORECASE)
_DETERMINERS = r"\b(?:an?|the|his|her|its|their|whose|this|that|these|those|[\w.]+[’']s)"
_DETERMINER = re.compile(rf"{_DETERMINERS}(?: [\w-]+){{0,2}} $", re.IGNORECASE)
_ALLEGED = re.compile(rf"{_DETERMINERS} (?:alleged|supposed|purported) $", re.IGNORECASE)
_MEANT = re.compile(
    r"\b[Bb]y (?:the (?:word|term|phrase) )?Q,? (?:[\w.’'-]+ ){1,7}(?:means?|meant|understands?|understood)\b"
)
_WRITTEN = re.compile(
    rf"\b(?:wrot|writ|spel|print|paint|chalk|scrawl|carv|typ)\w+ (?:out )?the {_PARTS['TERM']} $", re.IGNORECASE
)
_OPENS = re.compile(r"(?:^|[.!?] )(?:The|Those|These|His|Her|Their|Its) $")
_RELATIVE = re.compile(r" [a-z]+ (?:(?:that|which|whom) )?(?:[A-Z][\w’.-]+|he|she|they)\b")
_WRITES = re.compile(r"\b(?:wrote|writes|written|writing|read|reads|reading)(?: (?:the|his|her|their))? $")
_TERM_BEFORE = re.compile(
    rf"(?<!use )(?<!used )(?<!using )(?<!uses )\b(?:an?|the) (?:[\w-]+ )?{_PARTS['TERM']} $", re.IGNORECASE
)
_PREDICATE_AFTER = re.compile(
    r" (?:has|had|have|was|were|is|are|means?|meant|should|can|could|may|might|comes?|came|does|did)\b"
)
_BEFORE_NOUN = re.compile(
    rf"(?:{_DETERMINERS}(?: [\w-]+)?|\b(?:of|and|with|in|for|as|among|between|such as)) $", re.IGNORECASE
)
_NOUN_AFTER = re.compile(rf" (?:whom?\b|(?!(?:{'|'.join(sorted(FUNCTION_WORDS))})\b)[a-z]+\b(?<!ed)(?<!ing))")
_FOLLOWS = re.compile(r" ([a-z]+)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*+")
_JUDGED = re.compile(
    r"\b(?:is|was|are|were|been|being|gets?|got)(?: (?:[a-z]+ly|also|once|often|still|now|long|since))* "
    r"(?:hailed|branded|label+ed|dubbed|called|described|regarded|accused|criticised|criticized|praised|blamed|denounced|"
    r"mocked|condemned|ridiculed|nicknamed|touted|billed|cast|seen|portrayed|treated|charged|convicted|credited|derided|"
    r"attacked|revered|known|rated|ranked|deemed|judged|likened|compared|hounded|reviled|celebrated|"
    r"listed|recorded|registered|classified|categori[sz]ed|logged|filed|marked|tagged|entered|booked)\b([^.;:?!]*)$"
)
"""A passive verb before a quotation, whose subject is whom the words are about, and what follows it."""

_BEFORE_PASSIVE = re.compile(r"(?:,[^,]++,|,)?(?: (?:has|have|had|who|also|since|later|[a-z]+ly))* ?")
"""What stands between that subject and the verb."""

_NICKNAME_BEFORE = re.compile(r"(?<![.!?:,] )(?<!^)\b[A-Z][\w’'.-]+ $")
_NICKNAME_AFTER = re.compile(r" (?:[A-Z][\w’'-]+|de|van|von|al|bin)\b")
_BORNE = word_list("read reads reading say says said saying call called calls dub dubbed")
"""What signs and manuals do to their words."""

_SPEECH = SPEECH_FORMS - {"alleged"}
_WINDOW = 100
_LONGEST_TITLE = 12
_NEAR = 3
_ENDS = frozenset(".,!?")
_INTRODUCE = frozenset({"", *",:.?!—–-“”\"‘’'…"})
_LONGEST_LABEL = 8
_LONGEST_NICKNAME = 3
_LONGEST_LINKS = 400
_BEFORE_WORK = frozenset(",–—-")
_MOST_MAKERS = 14
_LONGEST_HEADING = 60
_MOST_LINKS = 12
_MOST_WRITTEN = 2
_MOST_SCARE = 3


def without_titles(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """Return the segments without links and titles in speech, and without speakers of what else nobody says."""
    kept: list[AttributedSegment] = []
    title = label = None
    for one in attributed:
        around = _Around(article, one)
        if around.is_title or around.is_link or (around.is_titled and around.is_listed_after(title)):
            title = one
            if not (around.is_link or _is_spoken_beside(article.text, one)):
                kept.append(replace(_by_nobody(one), is_label=True))
        elif around.is_label or (around.is_short and around.is_listed_after(label)):
            label = one
            kept.append(one if _is_unnamed_source(article.text, one) else around.label())
        elif around.is_scare or around.is_of_subject or (around.is_chant and one.attribution is Attribution.NAMED):
            kept.append(_by_nobody(one))
        else:
            kept.append(one)
    return kept


def _is_spoken_beside(text: str, one: AttributedSegment) -> bool:
    """Whether a title stands among what somebody says: it is no quotation of theirs."""
    return one.mention is not None and one.cue is not None and one.cue.of(text).casefold() in SPEECH_FORMS


def _is_unnamed_source(text: str, one: AttributedSegment) -> bool:
    """Whether no person but some source speaks: it may well be that a sign, or a critic, is quoted."""
    if one.attribution is not Attribution.ROLE or one.cue is None:
        return False
    return one.cue.of(text).casefold() in SPEECH_FORMS - _BORNE


def _is_bare(line: str) -> bool:
    """Whether a line is nothing but one quotation, with the number or the point of a list."""
    return _BARE.fullmatch(line) is not None


def _by_nobody(one: AttributedSegment) -> AttributedSegment:
    return AttributedSegment(one.segment, None, None, Attribution.UNKNOWN, 0.0)


class _Around:
    """A segment with the words around its marks, inside its paragraph."""

    def __init__(self, article: SplitText, one: AttributedSegment) -> None:
        segment = one.segment
        self._article = article
        self._one = one
        self._paragraph = paragraph = article.paragraphs[segment.paragraph]
        self._lead = article.text[paragraph.start : segment.start - 1]
        self._rest = article.text[segment.end + 1 : paragraph.end]
        self._before = self._lead[-_WINDOW:]
        after = self._rest[:_WINDOW]
        content = article.text[segment.start : segment.end]
        self._after = f",{after}" if content.endswith(",") else after
        self._words = content.split()
        self.is_short = len(self._words) <= _LONGEST_LABEL
        self.is_titled = len(self._words) <= _LONGEST_TITLE and (self._words[0][0].isupper() or content[0].isdigit())
        self.is_titled = self.is_titled and all(map(is_in_title, self._words))

    @property
    def is_title(self) -> bool:
        """Whether it has a title's capitals and is announced as one, or is a nickname inside a name."""
        if not self.is_titled:
            return False
        nickname = len(self._words) <= _LONGEST_NICKNAME and self._words[-1][-1].isalnum()
        if nickname and _NICKNAME_BEFORE.search(self._before) and _NICKNAME_AFTER.match(self._after):
            return True
        if len(self._words) > 1 and self._words[-1][-1].isalnum() and _WRITES.search(self._before):
            return True
        return bool(_TITLE_BEFORE.search(self._before) or _TITLE_AFTER.match(self._after) or self._is_credit())

    def _is_credit(self) -> bool:
        """Whether the line is one of a list of works, without a verb: “Ana Costa featuring Bo Kim, “Tern Street””."""
        if self._words[-1][-1] in _ENDS or _IN_BRACKETS.fullmatch(self._rest) is None:
            return False
        makers = self._lead.split()
        if not makers:
            return bool(self._rest.strip())
        named = (maker[0].isupper() or not maker[0].isalpha() for maker in makers)
        joins = (maker.strip(".").casefold() in _JOINS_MAKERS for maker in makers)
        return makers[-1][-1] in _BEFORE_WORK and len(makers) <= _MOST_MAKERS and all(map(or_, named, joins))

    @property
    def is_label(self) -> bool:
        """Whether it is a name that is given, words as words, or words that something bears."""
        if not self.is_short:
            return False
        if _LABEL_BEFORE.search(self._before) or _LABEL_AFTER.match(self._after):
            return True
        if _TERM_BEFORE.search(self._before) and _PREDICATE_AFTER.match(self._after):
            return True
        if len(self._words) <= _MOST_WRITTEN and _WRITTEN.search(self._before):
            return True
        if _MEANT.search(f"{self._before}Q{self._after}"):
            return True
        return bool(_DETERMINER.search(self._before) and _KIND_AFTER.match(self._after))

    def label(self) -> AttributedSegment:
        """The segment without a speaker; a label, where what stands before it makes it one."""
        return replace(_by_nobody(self._one), is_label=_LABEL_BEFORE.search(self._before) is not None)

    @property
    def is_chant(self) -> bool:
        return _CHANTS.search(self._before) is not None

    @property
    def is_link(self) -> bool:
        """Whether it stands in a line of links."""
        if len(self._paragraph) > _LONGEST_LINKS:
            return False
        line = self._paragraph.of(self._article.text)
        return _LINKS.match(line) is not None or len(_BARS.findall(line)) > 1 or self._is_below_links()

    def _is_below_links(self) -> bool:
        """Whether it fills one of the lines below a heading of links, without the full stop of a statement."""
        text, paragraphs = self._article.text, self._article.paragraphs
        if self._words[-1][-1] in _ENDS or not _is_bare(self._paragraph.of(text)):
            return False
        above = paragraphs[max(0, self._one.segment.paragraph - _MOST_LINKS) : self._one.segment.paragraph]
        heading = next((line for span in reversed(above) if not _is_bare(line := span.of(text))), "")
        return len(heading) <= _LONGEST_HEADING and _LINKS_HEADING.fullmatch(heading) is not None

    @property
    def is_scare(self) -> bool:
        """Whether no verb of speech has to do with a title, or with a few words before a noun."""
        mention, text = self._one.mention, self._article.text
        if mention is None:
            return False
        if self.is_titled and len(self._words) > 1:
            return not self._is_spoken()
        if _ALLEGED.search(self._before):
            return not self._has_speech_beside()
        if len(self._words) > _MOST_SCARE or not self._words[0][0].islower():
            return False
        touches = mention.end < self._one.segment.start and not text[mention.end : self._one.segment.start - 1].strip()
        if touches or (_OPENS.search(self._before) and _RELATIVE.match(self._after)):
            return True
        return self._is_before_noun() and not self._has_speech_beside()

    @property
    def is_of_subject(self) -> bool:
        """Whether others say it of the mention: "she was hailed as “…”"."""
        mention, segment = self._one.mention, self._one.segment
        if mention is None or not mention.end < segment.start <= mention.end + _WINDOW:
            return False
        clause = self._article.text[mention.start : segment.start - 1]
        judged = _JUDGED.search(clause)
        if judged is None or not _BEFORE_PASSIVE.fullmatch(clause[len(mention) : judged.start()]):
            return False
        return SPEECH_FORMS.isdisjoint(_WORD.findall(judged[1].casefold()))

    def _is_before_noun(self) -> bool:
        return bool(_BEFORE_NOUN.search(self._before) and _NOUN_AFTER.match(self._after))

    def _has_speech_beside(self) -> bool:
        """Whether the sentence has a verb of speech outside of the marks."""
        segment = self._one.segment
        sentence = self._article.sentences_around(Span(segment.start, segment.end), segment.paragraph)
        beside = self._article.text[sentence.start : segment.start], self._article.text[segment.end : sentence.end]
        return not _SPEECH.isdisjoint(_WORD.findall(" ".join(beside).casefold()))

    def _is_spoken(self) -> bool:
        """Whether a verb of speech, or a mark that introduces speech, stands before or behind."""
        follows = _FOLLOWS.match(self._after)
        if follows and not self._before.strip() and self._words[-1][-1].isalnum():
            return follows[1] in SPEECH_FORMS
        near = _WORD.findall(self._before.casefold())[-_NEAR:]
        if self._before.rstrip()[-1:] in _INTRODUCE or not SPEECH_FORMS.isdisjoint(near):
            return True
        cue = self._one.cue
        return cue is not None and cue.of(self._article.text).casefold() in SPEECH_FORMS

    def is_listed_after(self, title: AttributedSegment | None) -> bool:
        """Whether it is the next of a list that a title or a label begins."""
        if title is None:
            return False
        between = self._article.text[title.segment.end + 1 : self._one.segment.start - 1]
        return len(between) <= _WINDOW and _LISTED.match(between) is not None
