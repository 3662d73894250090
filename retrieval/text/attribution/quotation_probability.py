"""What a model is told of a marked segment, to tell a quotation from a title, a nickname or a scare quote."""

import re

from retrieval.text.attribution.cues import TITLE_INTRODUCERS
from retrieval.text.attribution.document_context import Scene, Setting
from retrieval.text.attribution.pairs import segment_numbers
from retrieval.text.attribution.sources import Words
from retrieval.text.words import word_list

_BYLINE = re.compile(r"(?:\s*+,)?\s++by [A-Z]")
_SMALL_WORD = 3
_SHORT_TEXT = 40
_WORD = re.compile(r"[\w’'-]+")
_WORK = word_list(
    """
    film movie book novel song show series podcast album magazine episode documentary musical play sitcom memoir
    host author anchor nbc cbs abc fox cnn msnbc on edition
    """
)
_SCARE = word_list(
    "so-called self-described self-proclaimed supposed nickname nicknamed dubbed known titled entitled term word"
)
_SIGNS = word_list("sign signs banner shirt t-shirt hat button slogan reading chant chants chanting hashtag headline")

WORTH_FEATURES = (
    "best", "second", "best same sentence", "quote words", "opens upper", "ends with", "mark before",
    "mark after", "fills paragraph", "quotes in paragraph", "quote order", "same sentence before",
    "same sentence after", "top dep", "title case", "first pos", "last pos", "word before pos",
    "word after pos", "introduced as work", "introduced as name", "on a sign", "determiner before",
    "verb odds above", "pronoun inside", "verb inside", "previous best", "inside name", "possessive before",
    "letters", "digits", "printed elsewhere", "all caps", "byline after",
)  # fmt: skip

_TAGS = (
    "",
    "DET",
    "ADJ",
    "NOUN",
    "PROPN",
    "VERB",
    "AUX",
    "ADP",
    "PRON",
    "ADV",
    "CCONJ",
    "SCONJ",
    "PART",
    "PUNCT",
    "NUM",
    "INTJ",
)
_POS = {name: float(code) for code, name in enumerate(_TAGS)}


def worth_features(
    scene: Scene, setting: Setting, best: list[float], words: Words, *, same_sentence: float, previous: float
) -> list[float]:
    """Describe one segment. `best` are the ranker's probabilities for its mentions, highest first."""
    grammar, segment = scene.grammar, setting.segment
    content = scene.text[segment.start : segment.end]
    inner = _WORD.findall(content)
    lead = [word.casefold() for word in _WORD.findall(scene.text[max(0, segment.start - 80) : segment.start - 1])[-6:]]
    before = grammar.between(0, segment.start - 1).stop - 1
    after = grammar.between(0, segment.end + 1).stop
    inside = [grammar.token(n) for n in grammar.between(segment.start, segment.end)]
    above = [grammar.token(n) for n in setting.chain if grammar.token(n).pos == "VERB"]
    long_words = [word for word in inner if len(word) > _SMALL_WORD]
    return [
        best[0] if best else 0.0,
        best[1] if len(best) > 1 else 0.0,
        same_sentence,
        *segment_numbers(scene, setting),
        sum(1 for word in long_words if word[0].isupper()) / max(1, len(long_words)),
        _POS.get(inside[0].pos if inside else "", 16.0),
        _POS.get(next((token.pos for token in reversed(inside) if token.pos != "PUNCT"), ""), 16.0),
        _POS.get(grammar.token(before).pos, 16.0) if before >= 0 else 0.0,
        _POS.get(grammar.token(after).pos, 16.0) if after < len(grammar.tokens) else 0.0,
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
        float(scene.text.count(content) - 1 if len(content) < _SHORT_TEXT else 0),
        float(content.isupper()),
        float(bool(_BYLINE.match(scene.text, segment.end + 1))),
    ]


def worth_rows(
    scene: Scene, chosen: list[list[int]], probabilities: list[list[float]], words: Words
) -> list[list[float]]:
    """One row of `WORTH_FEATURES` a segment; `probabilities[k][j]` is the ranker's for its mention `chosen[k][j]`."""
    rows = []
    previous = 0.0
    for setting, numbers, values in zip(scene.settings, chosen, probabilities, strict=True):
        ordered = sorted(values, reverse=True)
        inside = [
            value
            for number, value in zip(numbers, values, strict=True)
            if setting.sentence_first <= scene.mention_sentence[number] <= setting.sentence_last
        ]
        rows.append(
            worth_features(scene, setting, ordered, words, same_sentence=max(inside, default=0.0), previous=previous)
        )
        previous = ordered[0] if ordered else 0.0
    return rows
