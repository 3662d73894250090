"""What the ranker is told of a marked segment and a mention that may have said it.

Numbers with names, in groups: the mention, its place, its verb, what the segment hangs on in the parse, the segment.
"""

import heapq
import math
import re
from bisect import bisect_left, bisect_right

from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.clauses import CLAUSE_FEATURES, above_segment, clause_numbers
from retrieval.text.attribution.cues import SPEECH_FORMS, SPEECH_LEMMAS
from retrieval.text.attribution.document_context import Scene, Setting
from retrieval.text.attribution.finding import Finding
from retrieval.text.attribution.mentions import NAME, NOMINAL, PRONOUN, Mention
from retrieval.text.attribution.sources import DEP_CODES, ENTITY_CODES, PRONOUN_CODES, Words, tense

_WORD = re.compile(r"\s+([a-z]+)\b")
_DASHES = "—–―-"
_HOW = {
    Attribution.NAMED: 2.0,
    Attribution.PRONOUN: 3.0,
    Attribution.ROLE: 4.0,
    Attribution.CONTINUATION: 5.0,
    Attribution.UNKNOWN: 1.0,
}
_NO_VERB = 99.0
_LIKELY = 0.5
_MOST = 60
_BESIDE = 200

_MENTION = (
    "source",
    "type",
    "entity",
    "dep",
    "pronoun",
    "namesakes",
    "best odds",
    "verbs",
    "head odds",
    "according to",
    "letters",
    "speech after",
    "speech before",
)
_PLACE = (
    "paragraphs up", "after", "words apart", "sentences up", "same sentence", "quotes between", "sources between",
    "stops between", "commas between", "marks between", "right beside", "starts paragraph", "mention sentence",
)  # fmt: skip
_VERB = (
    "verb odds",
    "verb speaks",
    "verb to quote",
    "verb after quote",
    "verb tense",
    "verb beyond mention",
    "subjects between",
)
_CHAIN = ("chain rank", "chain depth", "chain odds", "chain size", "chain share")
_RULE = ("rule agrees", "rule found", "rule word apart", "dash before mention", "dash between")
_RANK = ("source rank", "source gap", "likely sources", "likely before", "likely after")
_SEGMENT = (
    "quote words", "opens upper", "ends with", "mark before", "mark after", "fills paragraph", "quotes in paragraph",
    "quote order", "same sentence before", "same sentence after", "top dep",
)  # fmt: skip

PAIR_FEATURES = (*_MENTION, *_PLACE, *_VERB, *_CHAIN, *CLAUSE_FEATURES, *_RULE, *_RANK, *_SEGMENT)


def near(scene: Scene, setting: Setting) -> list[int]:
    """The mentions that may have said a segment: its paragraph's, those of the one before, the next one's first.

    Of a paragraph without end, the nearest ones.
    """
    here, place = setting.segment.paragraph, setting.segment.start
    first = bisect_left(scene.mentions, here - 1, key=lambda mention: mention.paragraph)
    next_one = bisect_left(scene.mentions, here + 1, key=lambda mention: mention.paragraph)
    last = bisect_left(scene.mentions, here + 2, key=lambda mention: mention.paragraph)
    beside = bisect_left(scene.mentions, place, first, next_one, key=lambda mention: mention.start)
    close = range(max(first, beside - 2 * _MOST), min(next_one, beside + 2 * _MOST))
    upper = heapq.nsmallest(_MOST, close, key=lambda i: abs(scene.mentions[i].start - place))
    return [*sorted(upper), *range(next_one, last)[:2]]


def pair_features(
    scene: Scene, setting: Setting, chosen: list[int], *, source: list[float], words: Words, counts: list[int]
) -> list[list[float]]:
    """Describe a segment with each mention numbered in `chosen`: one row of `PAIR_FEATURES` a mention.

    `source[i]` is the probability that mention i is the source of anything, `counts[i]` how often its name is printed.
    """
    subjects = _chain_subjects(scene, setting)
    above = above_segment(scene, setting)
    here = [i for i in chosen if scene.mentions[i].paragraph == setting.segment.paragraph]
    shared = segment_numbers(scene, setting)
    rule = scene.by_rule[bisect_left(scene.segment_starts, setting.segment.start)]
    return [
        [
            *_of_mention(scene, i, source, words, counts),
            *_of_place(scene, setting, i, here, source),
            *_of_verb(scene, setting, i, words),
            *_of_chain(scene, i, subjects, words),
            *clause_numbers(scene, i, above),
            *_of_rule(scene, setting, i, rule),
            *_of_rank(scene, setting, i, here, source),
            *shared,
        ]
        for i in chosen
    ]


def _of_mention(scene: Scene, i: int, source: list[float], words: Words, counts: list[int]) -> list[float]:
    grammar, mention = scene.grammar, scene.mentions[i]
    token = grammar.token(mention.head)
    head = grammar.token(token.head)
    named = grammar.token(mention.name if mention.name is not None else mention.head)
    return [
        source[i],
        {NAME: 0.0, PRONOUN: 1.0, NOMINAL: 2.0}[mention.type],
        ENTITY_CODES.get(named.entity, 5.0),
        DEP_CODES.get(token.dep, 10.0),
        PRONOUN_CODES.get(token.lemma, 10.0) if mention.type == PRONOUN else 0.0,
        math.log1p(counts[i]),
        max((words.verb(grammar.token(verb).lemma) for verb in scene.verbs[i]), default=-6.0),
        float(len(scene.verbs[i])),
        words.head(token.lemma) if mention.type == NOMINAL else 0.0,
        float(token.dep == "pobj" and head.lemma == "to" and grammar.token(head.head).lemma in {"accord", "according"}),
        float(mention.end - mention.start),
        float(_next_word(scene, mention.end) in SPEECH_FORMS),
        float(_last_word(scene, mention.start) in SPEECH_FORMS),
    ]


def _next_word(scene: Scene, end: int) -> str:
    found = _WORD.match(scene.text, end)
    return found.group(1) if found else ""


def _last_word(scene: Scene, start: int) -> str:
    words = scene.text[max(0, start - 20) : start].split()
    return words[-1] if words else ""


def _of_place(scene: Scene, setting: Setting, i: int, here: list[int], source: list[float]) -> list[float]:
    mention, segment, grammar = scene.mentions[i], setting.segment, scene.grammar
    after = mention.start >= segment.end
    start, end = (segment.end + 1, mention.start) if after else (mention.end, segment.start - 1)
    words = grammar.words_between(mention.head, setting.last if after else setting.first)
    sentence = scene.mention_sentence[i]
    apart = sentence - setting.sentence_last if after else setting.sentence_first - sentence
    low, high = sorted((mention.start, segment.start))
    starts = scene.segment_starts
    others = bisect_left(starts, high) - bisect_right(starts, low)
    rivals = sum(1 for j in here if j != i and low < scene.mentions[j].start < high and source[j] > _LIKELY)
    return [
        float(segment.paragraph - mention.paragraph),
        float(after),
        min(float(words), 80.0),
        min(float(apart), 9.0),
        float(setting.sentence_first <= sentence <= setting.sentence_last),
        float(others),
        float(rivals),
        float(sum(_count(scene, mark, start, end) for mark in ".!?")),
        float(_count(scene, ",", start, end)),
        float(_count(scene, ":", start, end) + 2 * _count(scene, ";", start, end)),
        float(not scene.text[start : min(end, start + _BESIDE)].strip(" ,—–―-\n")),
        float(not _lead(scene, mention)),
        float(mention.start - scene.sentence_starts[sentence]) if sentence >= 0 else 0.0,
    ]


def _count(scene: Scene, mark: str, start: int, end: int) -> int:
    """How many marks of punctuation stand between two offsets."""
    places = scene.marks[mark]
    return max(0, bisect_left(places, end) - bisect_left(places, start))


def _of_verb(scene: Scene, setting: Setting, i: int, words: Words) -> list[float]:
    """The verb nearest to the segment among those the mention is the subject of."""
    verbs, grammar = scene.verbs[i], scene.grammar
    if not verbs:
        return [-7.0, 0.0, _NO_VERB, 0.0, -1.0, 0.0, 0.0]
    verb = min(verbs, key=lambda v: _distance(scene, setting, v))
    token, head = grammar.token(verb), scene.mentions[i].head
    after = token.start >= setting.segment.end
    low, high = sorted((verb, setting.last if after else setting.first))
    return [
        words.verb(token.lemma),
        float(token.lemma in SPEECH_LEMMAS),
        min(float(_distance(scene, setting, verb)), 60.0),
        float(after),
        tense(token.tag),
        float(verb > head),
        float(max(0, bisect_left(grammar.subjects, high) - bisect_left(grammar.subjects, low + 1))),
    ]


def _distance(scene: Scene, setting: Setting, verb: int) -> int:
    edge = setting.last if scene.grammar.token(verb).start >= setting.segment.end else setting.first
    return scene.grammar.words_between(verb, edge)


def _chain_subjects(scene: Scene, setting: Setting) -> list[tuple[int, int]]:
    """(subject, verb) pairs met on the way up from the segment, nearest first, each subject once."""
    found: list[tuple[int, int]] = []
    for token in setting.chain:
        if scene.grammar.quoted[token] or scene.grammar.token(token).pos not in {"VERB", "AUX"}:
            continue
        subject = scene.grammar.subject_of(token)
        if subject is not None and all(subject != known for known, _ in found):
            found.append((subject, token))
    return found


def _of_chain(scene: Scene, i: int, subjects: list[tuple[int, int]], words: Words) -> list[float]:
    odds = [words.verb(scene.grammar.token(verb).lemma) for _, verb in subjects]
    for rank, (subject, _) in enumerate(subjects):
        if subject == scene.mentions[i].head:
            beaten = sum(1 for value in odds if value > odds[rank])
            return [float(rank), float(beaten), odds[rank], float(len(subjects)), odds[rank] - max(odds)]
    return [9.0, 9.0, -7.0, float(len(subjects)), -7.0]


def _of_rule(scene: Scene, setting: Setting, i: int, rule: Finding | None) -> list[float]:
    """Whether the rules chose this mention, and whether a dash joins it to the segment ("... ” — Ana Costa")."""
    mention = scene.mentions[i]
    lead = _lead(scene, mention)
    dash = lead[-1:] in _DASHES and bool(lead)
    apart = scene.text[setting.segment.end + 1 : min(mention.start, setting.segment.end + 20)].strip()
    joined = setting.segment.end < mention.start <= setting.segment.end + 20 and bool(apart) and apart in _DASHES
    if rule is None or rule.mention is None:
        return [0.0, float(rule is not None), -1.0, float(dash), float(joined)]
    how = _HOW[rule.how]
    agrees = rule.mention.start < mention.end and mention.start < rule.mention.end
    head = scene.grammar.token(mention.head)
    last = head.end >= rule.mention.end or mention.end >= rule.mention.end
    return [
        agrees * (2.0 if last else 1.0),
        how,
        float(abs(rule.mention.start - mention.start)),
        float(dash),
        float(joined),
    ]


def _lead(scene: Scene, mention: Mention) -> str:
    """The end of what stands before a mention in its paragraph, without white space at the end."""
    return scene.text[max(scene.spans[mention.paragraph][0], mention.start - 40) : mention.start].rstrip()


def _of_rank(scene: Scene, setting: Setting, i: int, here: list[int], source: list[float]) -> list[float]:
    others = [source[j] for j in here if j != i]
    before = sum(1 for j in here if source[j] > _LIKELY and scene.mentions[j].start < setting.segment.start)
    likely = sum(1 for j in here if source[j] > _LIKELY)
    return [
        float(sum(1 for value in others if value > source[i])),
        source[i] - max(others, default=0.0),
        float(likely),
        float(before),
        float(likely - before),
    ]


def segment_numbers(scene: Scene, setting: Setting) -> list[float]:
    """The segment alone: its length, its first and last characters, its place in the paragraph."""
    segment = setting.segment
    words = scene.text[segment.start : segment.end].strip()
    top = scene.grammar.token(setting.top).dep if setting.top is not None else ""
    return [
        float(min(setting.words, 40)),
        float(words[:1].isupper()),
        float(" ,.?!—…".find(words[-1:]) if words[-1:] in ",.?!—…" else 0),
        float(' ,:.?!—”"'.find(setting.before) if setting.before else -2),
        float(' ,:.?!—“"'.find(setting.after) if setting.after else -2),
        float(setting.fills_paragraph),
        float(setting.in_paragraph),
        float(setting.order),
        float(setting.same_sentence_before),
        float(setting.same_sentence_after),
        {
            "ccomp": 1.0,
            "ROOT": 2.0,
            "dobj": 3.0,
            "pobj": 4.0,
            "oprd": 5.0,
            "attr": 6.0,
            "amod": 7.0,
            "acomp": 8.0,
            "compound": 9.0,
            "nmod": 9.0,
            "": 10.0,
        }.get(top, 0.0),
    ]
