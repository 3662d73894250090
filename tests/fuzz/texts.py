"""Targets that read an article's text and what people type: spans of it, in order, and nothing lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from retrieval.adapters.extraction.answers import WorkerAnswer
from retrieval.adapters.sandbox.worker_protocol import write_answer
from retrieval.articles.files import parse_moment
from retrieval.domain.articles import Draft, Span
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article
from retrieval.text.attribution.fitted.masking import mask
from retrieval.text.attribution.marks.marks import segments
from retrieval.text.boilerplate import layout
from retrieval.text.cleaning import normalise
from retrieval.text.dates import find_days, period
from retrieval.text.names import names
from retrieval.text.parse import Parse, Token
from retrieval.text.passages import LONGEST, passages
from retrieval.text.questions.answer_types import AnswerType, answer_type, contains_answer_type
from retrieval.text.questions.hints import hints
from retrieval.text.questions.question import understand, with_names
from retrieval.text.quotations import FoundQuotation, find_quotations
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse
from tests.fuzz.target import Target, check_in_order, check_quiet, check_sentence, joined, number_of, parts, text_of
from tests.support.articles import BAKERY, BRIDGE
from tests.support.fakes import HashingEmbedder
from tests.support.paths import SEED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.archive.records import NewQuotation

_SEED: Final = SEED.read_text(encoding="utf-8")
_BLANK: Final = re.compile(r"\s")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_EMBEDDER: Final = HashingEmbedder(dimension=8)
_PUBLISHERS: Final = ("Reuters", "The New York Times", "cnn.com", "BBC News - World", "U.S. News | A", "’s", "The The")
_TAGS: Final = (
    ("NOUN", "NN"), ("PROPN", "NNP"), ("VERB", "VBD"), ("PRON", "PRP"), ("PUNCT", ","), ("ADP", "IN"), ("AUX", "VBZ"),
    ("SCONJ", "IN"), ("DET", "DT"), ("ADJ", "JJ"),
)  # fmt: skip
_DEPENDENCIES: Final = (
    "nsubj", "ROOT", "ccomp", "conj", "appos", "prep", "pobj", "relcl", "agent", "dobj", "advcl", "punct", "compound",
    "parataxis", "poss", "nsubjpass", "cc", "attr",
)  # fmt: skip
_ENTITIES: Final = ("", "PERSON", "ORG", "GPE", "NORP", "DATE")


def _quotations(data: bytes) -> None:
    """What is found between marks by rules lies in the text as it should."""
    text = text_of(data)
    _check_quotations(text, find_quotations(text))
    for segment in segments(text):
        assert text[segment.start : segment.end].strip()


def _parsed(data: bytes) -> None:
    """The same with a parse as wrong as can be: a worker's, which is not believed."""
    choices, raw = parts(data, 2)
    text = text_of(raw)
    parse = _any_parse(text, choices)
    _check_quotations(text, find_quotations(text, parse))
    masked = mask(text)
    restored = masked.restore(_any_parse(masked.text, choices)).tokens
    assert all(0 <= token.start <= token.end <= len(text) for token in restored)
    assert [token.start for token in restored] == sorted(token.start for token in restored)


def _any_parse(text: str, choices: bytes) -> Parse:
    """Every word with labels and a head in its sentence, told by some bytes."""
    found = list(_WORD.finditer(text))
    told = [choices[number % len(choices)] if choices else number for number in range(len(found))]
    starts = [number == 0 or told[number] % 11 == 0 for number in range(len(found))]
    tokens: list[Token] = []
    first = 0
    for number, word in enumerate(found):
        first = number if starts[number] else first
        last = next((later for later in range(number + 1, len(found)) if starts[later]), len(found))
        pos, tag = _TAGS[told[number] % len(_TAGS)]
        entity = _ENTITIES[told[number] % len(_ENTITIES)]
        head = first + told[number] * 7 % (last - first)
        dep = _DEPENDENCIES[told[number] % len(_DEPENDENCIES)]
        tokens.append(
            Token(
                *word.span(),
                word[0].lower(),
                pos,
                tag,
                dep,
                head,
                entity,
                bool(entity and told[number] % 2),
                starts[number],
            )
        )
    return Parse(tuple(tokens))


def _check_quotations(text: str, found: Iterable[FoundQuotation]) -> None:
    quotations = list(found)
    check_in_order([quotation.content for quotation in quotations], len(text))
    for quotation in quotations:
        assert quotation.content.of(text).strip()
        assert quotation.sentence.covers(quotation.content)
        assert 0 <= quotation.confidence <= 1
        for place in (quotation.sentence, quotation.cue, quotation.via, *(who.mention for who in quotation.speakers)):
            assert place is None or place.of(text)
        for who in quotation.speakers:
            assert who.name.strip()
            assert who.role is None or who.role.strip()


def _sentences(data: bytes) -> None:
    """Sentences cover every character that shows, once."""
    text = text_of(data)
    found = sentences(text)
    check_in_order(found, len(text))
    assert all(span.of(text) == span.of(text).strip() for span in found)
    assert _BLANK.sub("", text) == _BLANK.sub("", "".join(span.of(text) for span in found))


def _body(data: bytes) -> None:
    """A text becomes a body of which each character is known, and paragraphs and passages that lose none."""
    title, raw_bytes = parts(data, 2)
    raw = text_of(raw_bytes)
    made = normalise(raw)
    body = made.text
    check_quiet(body)
    assert body == body.strip()
    assert normalise(body).text == body
    for offset in range(0, len(body), max(len(body) // 50, 1)):
        where = made.raw_offset(offset)
        assert body[offset] in {raw[where], " ", "\n", "\ufffd"}, offset
    told = layout(body, text_of(title) or None)
    every = sorted([*told.text, *(item.span for item in told.boilerplate)])
    check_in_order(every, len(body))
    assert _BLANK.sub("", body) == _BLANK.sub("", "".join(span.of(body) for span in every))
    cut = passages(body, told.text)
    check_in_order(cut, len(body))
    assert all(len(span) <= LONGEST for span in cut)
    kept = "".join(span.of(body) for span in told.text)
    assert _BLANK.sub("", kept) == _BLANK.sub("", "".join(span.of(body) for span in cut))


def _article(data: bytes) -> None:
    """Whatever a worker hands over becomes an article of clean lines, or is refused in a sentence."""
    title, publisher, author, url, text = (text_of(part) for part in parts(data, 5))
    draft = Draft(text, title, publisher, (author, author[::-1]), url)
    try:
        read = read_article(draft)
    except ArticleRejected as refused:
        check_sentence(str(refused))
        return
    source = read.source
    for line in (source.title, source.publisher, *source.authors):
        assert line is None or (line and line == " ".join(line.split()))
        check_quiet(line or "")
    assert source.title
    assert source.url is None or source.url.startswith(("http://", "https://"))
    assert read.passages
    assert read.identity.hash_with_source
    check_in_order([passage.span for passage in read.passages], len(read.body))
    for quotation in read.quotations:
        _check_new_quotation(read.body, quotation)
    stream = BytesIO()
    write_answer(stream, {"article": read})
    assert WorkerAnswer.model_validate_json(stream.getvalue()).to_article(draft) == read


def _check_new_quotation(body: str, quotation: NewQuotation) -> None:
    assert quotation.context.covers(quotation.content)
    for place in (quotation.content, quotation.context, quotation.cue, quotation.mention):
        assert place is None or place.of(body)
    for speaker in quotation.speakers:
        check_quiet(speaker.name)


def _question(data: bytes) -> None:
    """A question of any letters, asked on any day, points to what is there, and is as long as before."""
    when, raw = parts(data, 2)
    text = text_of(raw)
    today = date.fromordinal(1 + number_of(when, date.max.toordinal() - 1))
    now = datetime(today.year, today.month, today.day, tzinfo=UTC)
    meant = hints(text, _PUBLISHERS, now)
    assert meant.publishers <= set(_PUBLISHERS)
    left = meant.without(text)
    assert len(left) == len(text)
    assert all(0 <= start < end <= len(text) for start, end in meant.aside)
    assert 0 <= meant.of_days(now) <= 1
    for days, place in find_days(text, today):
        assert days.first <= days.last
        assert place is None or text[slice(*place)].strip()
    span = period(text)
    assert span is None or span[0] < span[1]
    _understood(left)
    try:
        assert parse_moment(text).tzinfo is not None
    except ArticleRejected as refused:
        check_sentence(str(refused))


def _understood(text: str) -> None:
    kind = answer_type(text)
    words = frozenset(analyse(text))
    assert all(contains_answer_type(text, each, words) in {True, False} for each in AnswerType)
    understood = with_names(understand(text, _EMBEDDER.embed_query(text)), [text])
    assert understood.answer_type is kind
    assert abs(float(understood.weights.sum()) - bool(len(understood.weights))) < 0.001


def _names(data: bytes) -> None:
    """A name as printed, and another as typed."""
    one, other = (text_of(part) for part in parts(data, 2))
    printed = names.split_title(one)
    assert printed.name in one
    names.is_named(one)
    names.name_beside(one)
    names.gender_of_title(one)
    found = names.find_names(one)
    check_in_order([Span(*span) for span in found], len(one))
    full = names.FullNames([other, printed.name]).find(one)
    assert full is None or full in {other, printed.name, names.split_title(one).name}
    assert names.matches(one, other) in {True, False}
    assert set(names.near_names(one, [other, printed.name])) <= {other, printed.name}
    check_quiet(names.name_key(one))


def _story_seeds() -> Iterator[bytes]:
    for text in (BRIDGE.text, BAKERY.text, _SEED[:3_000], _SEED[3_000:6_000], *_SAID):
        yield text.encode()


def _question_seeds() -> Iterator[bytes]:
    for text in _QUESTIONS:
        yield joined(b"\0\0\0\0\0\x0b\x46\x7c", text)


def _article_seeds() -> Iterator[bytes]:
    for seed in _story_seeds():
        yield joined("A\u202e title", "The\nWire", "Ann", "https://a.example/b?utm_x=1", seed)


def _name_seeds() -> Iterator[bytes]:
    yield joined("Maj. Gen. Ana Costa Jr.’s", "costa")
    yield joined("the mayor, José Al-Amin", "José")


_SAID: Final = (
    "‘It fits, I think,’ said Ana Costa.",
    "Both Ana Costa, the mayor, and Sen. Roe (D-Ohio) said it was “late” and “a joke.”",
    "``No,'' she said.",
)
_QUESTIONS: Final = (
    "Why did Hamas cancel the talks last week, according to Reuters?",
    "who said no on Monday 3 March 2024",
    "What did the New York Times report in May?",
    "how many people live in U.S. cities",
    "2024-03-25",
    "2024-03-25T14:05+02:00",
    "0001-01-01T00:00+14:00",
)
_MARKS: Final = (
    "“", "”", "‘", "’", '"', "'", "``", "''", "«", "»", "„", "\n\n", "\n", " said ", " according to ", "Mr. ",
    "U.S. ", "Ana Costa", ", the mayor,", " he said.", "…", "—", "\u2028", "\u00a0", "\u202e", "\ud800", "6'2\"",
    "(D-Ohio)", "By ", "told Reuters", " and ", "Both ", "Jr.", "editor’s note: ", "İ", "ﬁ", "\u0301",
)  # fmt: skip
_ASKED: Final = (
    "last week", "yesterday", "in March 2024", "on Monday", "0 days ago", "999 months ago", "this year",
    "according to ", "from ", "Reuters", "NYT", " and ", "why ", "how many ", "who ", "which ", "did ",
    "29 February 2023", "9999-12-31", "the ", "'s", "of ", "\u0660", "\u00b2", "+14:00", "0001-01-01",
)  # fmt: skip

TARGETS: Final = {
    "quotations": Target(_quotations, _story_seeds, _MARKS),
    "attribution": Target(
        _parsed, lambda: (joined(bytes(range(32, 90)), seed) for seed in _story_seeds()), _MARKS, longest=2_500
    ),
    "sentences": Target(_sentences, _story_seeds, _MARKS),
    "passages": Target(_body, lambda: (joined("A title", seed) for seed in _story_seeds()), _MARKS, longest=8_000),
    "articles": Target(_article, _article_seeds, _MARKS),
    "questions": Target(_question, _question_seeds, _ASKED, longest=600),
    "names": Target(_names, _name_seeds, _MARKS, longest=400),
}
