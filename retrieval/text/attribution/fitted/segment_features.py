"""Features of a quoted segment, for two models.

One tells a quotation from a title, a nickname or a scare quote; the other, how far the ranker's choice can be trusted.
"""

import re
from dataclasses import dataclass

from retrieval.text.attribution.cues import TITLE_INTRODUCERS
from retrieval.text.attribution.fitted.document_context import DocumentContext, SegmentContext
from retrieval.text.attribution.fitted.mentions import Mention
from retrieval.text.attribution.fitted.pair_features import PAIR_FEATURES, segment_features
from retrieval.text.attribution.fitted.source_features import TYPE_CODES, WordOdds
from retrieval.text.names.vocabulary import fold
from retrieval.text.words import read_words, word_list

_BYLINE = re.compile(r"(?:\s*+,)?\s++by [A-Z]")
_SMALL_WORD = 3
_SHORT_TEXT = 40
_WORD = re.compile(r"[\w’'-]+")
_WORK = read_words("works")
_SCARE = word_list(
    "so-called self-described self-proclaimed supposed nickname nicknamed dubbed known titled entitled term word"
)
_SIGNS = word_list("sign signs banner shirt t-shirt hat button slogan reading chant chants chanting hashtag headline")

QUOTATION_FEATURES = (
    "best", "second", "best same sentence", "quote words", "opens upper", "ends with", "mark before",
    "mark after", "fills paragraph", "quotes in paragraph", "quote order", "same sentence before",
    "same sentence after", "top dep", "title case", "first pos", "last pos", "word before pos",
    "word after pos", "introduced as work", "introduced as name", "on a sign", "determiner before",
    "verb odds above", "pronoun inside", "verb inside", "previous best", "inside name", "possessive before",
    "letters", "digits", "printed elsewhere", "all caps", "byline after",
)  # fmt: skip

_TAGS = (
    *("", "DET", "ADJ", "NOUN", "PROPN", "VERB", "AUX", "ADP"),
    *("PRON", "ADV", "CCONJ", "SCONJ", "PART", "PUNCT", "NUM", "INTJ"),
)
_POS = {name: float(code) for code, name in enumerate(_TAGS)}


def quotation_features(
    document: DocumentContext,
    context: SegmentContext,
    best: list[float],
    words: WordOdds,
    *,
    same_sentence: float,
    previous: float,
) -> list[float]:
    """One row of `QUOTATION_FEATURES`; `best` are the ranker's probabilities for its mentions, highest first."""
    grammar, segment = document.grammar, context.segment
    content = document.text[segment.start : segment.end]
    inner = _WORD.findall(content)
    lead = [
        word.casefold() for word in _WORD.findall(document.text[max(0, segment.start - 80) : segment.start - 1])[-6:]
    ]
    before = grammar.between(0, segment.start - 1).stop - 1
    after = grammar.between(0, segment.end + 1).stop
    inside = [grammar.tokens[n] for n in grammar.between(segment.start, segment.end)]
    above = [grammar.tokens[n] for n in context.chain if grammar.tokens[n].pos == "VERB"]
    long_words = [word for word in inner if len(word) > _SMALL_WORD]
    return [
        best[0] if best else 0.0,
        best[1] if len(best) > 1 else 0.0,
        same_sentence,
        *segment_features(document, context),
        sum(1 for word in long_words if word[0].isupper()) / max(1, len(long_words)),
        _POS.get(inside[0].pos if inside else "", 16.0),
        _POS.get(next((token.pos for token in reversed(inside) if token.pos != "PUNCT"), ""), 16.0),
        _POS.get(grammar.tokens[before].pos, 16.0) if before >= 0 else 0.0,
        _POS.get(grammar.tokens[after].pos, 16.0) if after < len(grammar.tokens) else 0.0,
        float(any(word in _WORK for word in lead[-4:])),
        float(any(word in _SCARE or word in TITLE_INTRODUCERS for word in lead[-3:])),
        float(any(word in _SIGNS for word in lead)),
        {"a": 1.0, "an": 1.0, "the": 2.0, "his": 3.0, "her": 3.0, "their": 3.0, "its": 3.0}.get(lead[-1], 0.0)
        if lead
        else 0.0,
        words.verb(above[0].lemma) if above else -7.0,
        float(any(token.tag == "PRP" for token in inside)),
        float(any(token.tag in {"VBD", "VBZ", "VBP", "MD"} for token in inside)),
        previous,
        float(any(token.entity in {"PERSON", "WORK_OF_ART", "ORG"} for token in inside)),
        float(bool(lead) and lead[-1].endswith(("'s", "’s"))),
        float(len(content)),
        float(sum(char.isdigit() for char in content)),
        float(document.text.count(content) - 1 if len(content) < _SHORT_TEXT else 0),
        float(content.isupper()),
        float(bool(_BYLINE.match(document.text, segment.end + 1))),
    ]


def quotation_rows(
    document: DocumentContext, chosen: list[list[int]], probabilities: list[list[float]], words: WordOdds
) -> list[list[float]]:
    """Return (segments, len(QUOTATION_FEATURES)) rows; `probabilities[k][j]` belongs to mention `chosen[k][j]`."""
    rows = []
    previous = 0.0
    for context, numbers, values in zip(document.segment_contexts, chosen, probabilities, strict=True):
        ordered = sorted(values, reverse=True)
        inside = [
            value
            for number, value in zip(numbers, values, strict=True)
            if context.sentence_first <= document.mention_sentence[number] <= context.sentence_last
        ]
        rows.append(
            quotation_features(
                document, context, ordered, words, same_sentence=max(inside, default=0.0), previous=previous
            )
        )
        previous = ordered[0] if ordered else 0.0
    return rows


_FROM_PAIR = (
    *("source", "type", "entity", "dep", "pronoun", "namesakes", "words apart", "same sentence", "verb odds"),
    *("verb to quote", "chain rank", "chain share", "rule agrees", "rule found", "source rank", "source gap"),
    *("likely sources", "quotes in paragraph", "after"),
)
_FROM_QUOTATION = ("quote words", "opens upper", "ends with", "mark before")
_PAIR_AT = [PAIR_FEATURES.index(name) for name in _FROM_PAIR]
_DASH_AT = PAIR_FEATURES.index("dash between")
_RULE_AT = PAIR_FEATURES.index("rule agrees")
_QUOTATION_AT = [QUOTATION_FEATURES.index(name) for name in _FROM_QUOTATION]

CERTAINTY_FEATURES = (
    *("first", "second", "lead", "sum", "second has the same name", "type of second"),
    *_FROM_PAIR,
    *_FROM_QUOTATION,
)


@dataclass(frozen=True, slots=True)
class RankedMentions:
    """The mentions of a segment with the ranker's probabilities and feature rows."""

    mentions: list[int]
    probabilities: list[float]
    rows: list[list[float]]

    @property
    def order(self) -> list[int]:
        """Positions by falling probability; ties keep their order."""
        return sorted(range(len(self.mentions)), key=lambda j: (-self.probabilities[j], j))

    @property
    def signature(self) -> int | None:
        """The mention that signs the segment, as in a list of letters: a dash, a name, the end of the line."""
        signing = (n for n, row in zip(self.mentions, self.rows, strict=True) if row[_DASH_AT] and row[_RULE_AT])
        return next(signing, None)


def certainty_features(document: DocumentContext, ranked: RankedMentions, quotation_row: list[float]) -> list[float]:
    """One row of `CERTAINTY_FEATURES` for the first choice; `quotation_row` is the segment's."""
    first, *others = ranked.order
    second = others[0] if others else first
    beaten = ranked.probabilities[second] if others else 0.0
    mention, rival = (document.mentions[ranked.mentions[j]] for j in (first, second))
    return [
        ranked.probabilities[first],
        beaten,
        ranked.probabilities[first] - beaten,
        sum(ranked.probabilities),
        float(same_name(document, mention, rival)),
        TYPE_CODES[rival.type],
        *(ranked.rows[first][at] for at in _PAIR_AT),
        *(quotation_row[at] for at in _QUOTATION_AT),
    ]


def same_name(document: DocumentContext, one: Mention, other: Mention) -> bool:
    """Whether two mentions end in the same word."""
    return _last_word(document, one) == _last_word(document, other)


def _last_word(document: DocumentContext, mention: Mention) -> str:
    token = document.grammar.tokens[mention.name_head]
    return fold(document.text[token.start : token.end])
