"""Measures how the time of each function that reads a text grows with the text.

    python -m tests.benchmarks.linear_time 400000

Functions are found by walking packages. One that takes a text alone is called with it; how another is called stands in
`CALLS`, or what calls it in `PARTS`, or whose time it spends in `LIBRARIES`. One that is nowhere is a fault.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import json
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import retrieval.adapters.extraction
import retrieval.adapters.feeds
import retrieval.text
from retrieval.adapters.extraction import (
    block_quotations,
    body,
    bylines,
    canonical_url,
    captions,
    headlines,
    html,
    html_tree,
    linked_data,
    mail,
    mail_endings,
    mail_heads,
    page_data,
    pdf_paragraphs,
    prose,
    rejection,
    rich_text,
)
from retrieval.adapters.feeds import json_feed, markup
from retrieval.domain.articles import Draft, Span
from retrieval.domain.feeds import WordFilter
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article
from retrieval.text import (
    boilerplate,
    claims,
    dates,
    feed_document,
    moments,
    notices,
    page_lines,
    passages,
    quotations,
    sentences,
    slips,
    telling,
    token_vectors,
    word_filters,
    words,
)
from retrieval.text.attribution import rules
from retrieval.text.attribution.fitted import masking
from retrieval.text.attribution.languages import antecedents, eastern, foreign, foreign_names, languages
from retrieval.text.attribution.marks import marks, singles
from retrieval.text.attribution.people import (
    mention_bounds,
    name_lists,
    named_organisations,
    offices,
    outlets,
    people,
    speakers,
)
from retrieval.text.attribution.revisions import label_kinds, label_names, repeated
from retrieval.text.attribution.transcripts import (
    accepted_labels,
    letters,
    mails,
    quoted_in_turns,
    shouted,
    speeches,
    transcript_lines,
    transcripts,
    turn_labels,
    turn_speakers,
    turns,
)
from retrieval.text.names import entity_matching, name_bounds, names, organisations, roles
from retrieval.text.questions import (
    abbreviations,
    amounts,
    answer_names,
    answer_spans,
    answer_types,
    evidence,
    follow_ups,
    hints,
    question,
    relations,
    spelling,
    spoken,
    word_index,
)
from tests.support.fakes import HashingEmbedder
from tests.support.hostile import FRAMES, UNITS, row
from tests.support.parses import SHAPES, parse_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from retrieval.domain.embeddings import PassageEmbedding

Prepared: TypeAlias = Callable[[str], Callable[[], object]]
"""Takes a text and gives the call that is timed; what it does before costs nothing."""

PACKAGES: Final = (retrieval.text, retrieval.adapters.extraction, retrieval.adapters.feeds)
_CARRIES_TEXT: Final = re.compile(
    r"\b(?:str|bytes|Parse|Grammar|DocumentContext|Fetched|Draft|HtmlElement|Line|KnownAs|PrintedRole|Question|WordIndex)\b"
)
_NO_TEXT: Final = frozenset(
    {
        "text.words.read_lines",
        "text.words.read_words",
        "text.attribution.revisions.pattern_lists.named_patterns",
        "text.attribution.revisions.pattern_lists.any_of",
    }
)
"""What takes the name of a file."""

_TEXT_ALONE: Final = re.compile(r"(?:[\w.]*\[)?str\]?(?: \| None)?")
_FLOOR_SECONDS: Final = 0.001
_PROBED: Final = 200
_FEWEST: Final = 600
_MOST: Final = 30_000
_SUSPICIOUS: Final = 6.0
_TWICE: Final = 2.8
"""Twice the text takes a linear function twice the time, a quadratic one four times."""

_SENTENCE: Final = "The harbour bridge was closed on Tuesday after an inspector found cracks."
"""Without one, a text of odd lines is refused before much of it is read."""

_DAY: Final = date(2024, 3, 25)
_WORDS: Final = WordFilter(("night ferry", "harbour*"), ("strike", "a a"))
_NOON: Final = datetime(2024, 3, 25, 12, tzinfo=UTC)
_FRENCH: Final = languages.Language("fr", languages._table()["fr"])
_EMBEDDER: Final = HashingEmbedder(dimension=4)


def _question(text: str) -> question.Question:
    return question.understand(text, _EMBEDDER.embed_query(text))


def _embedding(text: str) -> PassageEmbedding:
    (found,) = _EMBEDDER.embed_tokens([text])
    return found


def _packed(text: str) -> Callable[[], object]:
    rotated_queries = _EMBEDDER.embed_query("a question").token_vectors
    return partial(token_vectors.compare, [token_vectors.pack_passage(_embedding(text), text, 0)], rotated_queries)


def _parsed(shape: str, text: str) -> Callable[[], object]:
    return partial(quotations.find_quotations, text, parse_of(text, shape))


def _restored(text: str) -> Callable[[], object]:
    masked = masking.mask(text)
    return partial(masked.restore, parse_of(masked.text, "star"))


def _asides(text: str) -> Callable[[], object]:
    found, spans = marks.segments(text), marks.paragraphs(text)
    return lambda: [marks.is_aside(text, segment, spans[segment.paragraph]) for segment in found]


def _known(question: str, text: str) -> Callable[[], object]:
    return partial(getattr(label_names.Known(""), question), text)


def _accepted_labels(text: str) -> Callable[[], object]:
    lines = list(transcript_lines.read_lines(text, caption=False))
    return partial(accepted_labels.accepted_labels, text, lines, caption=False)


def _turned(find: Callable[[str, list[transcript_lines.Line]], object], head: str, text: str) -> Callable[[], object]:
    whole = head + text
    return partial(find, whole, list(transcript_lines.read_lines(whole, caption=False)))


def _around_marks(text: str) -> Callable[[], object]:
    attributed = rules.attribute(text)
    return lambda: list(quoted_in_turns.around_marks(text, Span(0, len(text)), attributed))


def _turn_speakers(text: str) -> Callable[[], object]:
    found = transcripts.find_turns(text)
    return partial(turn_speakers.turn_speakers, text, found, people.gather_people(text))


def _bounds(function: str, text: str) -> Callable[[], object]:
    return partial(getattr(mention_bounds, function), text, 0, len(text))


def _words_bounds(function: str, text: str) -> Callable[[], object]:
    return partial(getattr(name_bounds, function), text.split())


_MAYOR: Final = spoken.AskedSpeaker(frozenset({"mayor"}), named=True)
_ASKED: Final = ("Who", "Where", "When", "How many", "How much", "How long", "How old")
_ANSWER_FINDERS: Final = (
    *((amounts, name) for name in ("times", "numbers", "sums", "lengths", "ages")),
    *((answer_names, name) for name in ("people", "places")),
)


def _answers_in(find: Callable[[str, str], object], text: str) -> Callable[[], object]:
    return partial(find, "How many did it?", text)


def _without(text: str) -> Callable[[], object]:
    every_other = tuple((place, place + 1) for place in range(0, len(text), 2))
    return partial(hints.Hints(aside=every_other).without, text)


def _linked(text: str) -> Callable[[], object]:
    script = json.dumps({"@type": "NewsArticle", "headline": text, "articleBody": text})
    return partial(linked_data.read_linked_data, [script])


def _printed_lines(text: str) -> list[pdf_paragraphs.Line]:
    return [pdf_paragraphs.Line(line, 0.0, -float(place)) for place, line in enumerate(text.split("\n"))]


def _page(markup: str) -> Callable[[], object]:
    with contextlib.suppress(ArticleRejected):
        return partial(html_tree.prepare, html_tree.parse(f"<html><body><p>{markup}<br><br>{markup}"))
    return tuple


def _page_in_parts(markup: str) -> Callable[[], object]:
    with contextlib.suppress(ArticleRejected):
        tree = html_tree.parse(f"<html><body><div><p>{_SENTENCE}</p></div><div><p>{markup}</p><p>{_SENTENCE}</p></div>")
        return lambda: (story := body._story(prose.containers(tree), [_SENTENCE])) and body._page_of(story)
    return tuple


def _quoting_page(markup: str) -> Callable[[], object]:
    with contextlib.suppress(ArticleRejected):
        tree = html_tree.parse(f"<html><body><p>She said:<blockquote>{markup}<br>- {markup}</blockquote><q>{markup}")
        return partial(block_quotations.mark_quotations, tree)
    return tuple


CALLS: Final[Mapping[str, Prepared]] = {
    "reading.read_article": lambda text: partial(read_article, Draft(f"{_SENTENCE}\n\n{text}")),
    "text.questions.abbreviations.with_abbreviations": lambda text: partial(
        abbreviations.with_abbreviations, frozenset(text.split()), ()
    ),
    "text.attribution.people.named_organisations.NamedOrganisations.__init__": lambda text: partial(
        named_organisations.NamedOrganisations, text, people.gather_people("Ana Costa.")
    ),
    "text.attribution.people.name_lists.list_around": lambda text: partial(
        name_lists.list_around, text, Span(len(text) // 2, len(text)), people.gather_people("Ana Costa.")
    ),
    "text.attribution.people.people.People.only_misfits": lambda text: partial(
        people.gather_people("Ana Costa.").only_misfits, text
    ),
    "text.attribution.people.people.People.is_nobody": lambda text: partial(
        people.gather_people("Ana Costa.").is_nobody, text
    ),
    "text.attribution.revisions.label_names.Known.__init__": lambda text: partial(label_names.Known, text),
    **{
        f"text.attribution.revisions.label_names.Known.{name}": partial(_known, name)
        for name in ("names", "is_person", "is_surname", "may_be_name", "is_place")
    },
    "text.attribution.revisions.repeated.DisputedWords.__init__": lambda text: partial(repeated.DisputedWords, [text]),
    "text.attribution.revisions.repeated.DisputedWords.are_in": lambda text: partial(
        repeated.DisputedWords([text]).are_in, text
    ),
    "text.attribution.revisions.label_names.names_thing": lambda text: partial(
        label_names.names_thing, text, 0, len(text)
    ),
    "text.attribution.revisions.label_names.read_speaker_label": lambda text: partial(
        label_names.read_speaker_label, text, 0, len(text), label_names.Known(text)
    ),
    "text.attribution.languages.eastern.attribute": lambda text: (
        lambda: [eastern.attribute(text, segment) for segment in marks.segments(text)]
    ),
    "text.attribution.languages.foreign.attribute": lambda text: partial(foreign.attribute, text, _FRENCH),
    "text.attribution.languages.foreign.without_quoted": lambda text: partial(
        foreign.without_quoted, text, marks.segments(text)
    ),
    "text.attribution.languages.foreign_names.printed_names": lambda text: (
        lambda: list(foreign_names.printed_names(text, _FRENCH))
    ),
    "text.attribution.languages.antecedents.Antecedents.__init__": lambda text: partial(
        antecedents.Antecedents, text, _FRENCH, {}
    ),
    "text.attribution.languages.antecedents.Antecedents.gender_of": lambda text: partial(
        antecedents.Antecedents("", _FRENCH, {}).gender_of, text, text
    ),
    "text.attribution.languages.antecedents.Antecedents.may_be": lambda text: partial(
        antecedents.Antecedents("", _FRENCH, {}).may_be, text, "f"
    ),
    "text.attribution.languages.antecedents.Antecedents.before": lambda text: (
        lambda: antecedents.Antecedents(text, _FRENCH, {}).before(len(text), "f")
    ),
    "text.attribution.languages.foreign_names.full_names": lambda text: partial(
        foreign_names.full_names, text, _FRENCH
    ),
    "text.attribution.languages.languages.Language.of": lambda text: partial(_FRENCH.of, text),
    "text.attribution.languages.languages.language_of": lambda text: partial(languages.language_of, text, text),
    "text.attribution.marks.marks.is_aside": _asides,
    "text.attribution.fitted.masking.MaskedText.restore": _restored,
    **{
        f"text.attribution.people.mention_bounds.{name}": partial(_bounds, name)
        for name in ("trimmed", "extended", "whole_name")
    },
    "text.attribution.people.speakers.Speakers.named": lambda text: partial(
        speakers.Speakers(text, people.gather_people(text)).named, Span(0, len(text)), None
    ),
    "text.attribution.people.speakers.Speakers.__init__": lambda text: partial(
        speakers.Speakers, text, people.gather_people(text)
    ),
    **{
        f"text.names.name_bounds.{name}": partial(_words_bounds, name)
        for name in ("name_start", "name_stop", "is_complement")
    },
    "text.attribution.people.offices.Offices.__init__": lambda text: partial(
        offices.Offices, text, people.gather_people(text)
    ),
    "text.attribution.people.outlets.Outlets.__init__": lambda text: partial(outlets.Outlets, text),
    "text.attribution.people.people.People.find": lambda text: partial(
        people.gather_people("Ana Costa. Bo Kim.").find, text
    ),
    "text.attribution.people.people.titles_before": lambda text: partial(people.titles_before, text, len(text)),
    "text.attribution.marks.singles.pairs": lambda text: lambda: list(singles.pairs(text, 0, len(text))),
    "text.attribution.marks.singles.uses_singles": lambda text: partial(
        singles.uses_singles, text, marks.paragraphs(text)
    ),
    "text.questions.answer_types.contains_answer_type": lambda text: (
        lambda: [answer_types.contains_answer_type(text, kind, frozenset()) for kind in answer_types.AnswerType]
    ),
    "text.questions.answer_spans.find_answer": lambda text: (
        lambda: [answer_spans.find_answer(f"{asked} did it?", text) for asked in _ASKED]
    ),
    **{
        f"text.questions.{module.__name__.rpartition('.')[2]}.{name}": partial(_answers_in, getattr(module, name))
        for module, name in _ANSWER_FINDERS
    },
    "text.dates.find_days": lambda text: lambda: list(dates.find_days(text, _DAY)),
    "text.questions.evidence.measure_passage": lambda text: partial(
        evidence.measure_passage, _question("Why did Ana Costa go?"), "A", f"A{text}", None
    ),
    "text.feed_document.digest": lambda text: partial(feed_document.digest, text),
    "text.questions.hints.Hints.from_publisher": lambda text: partial(hints.NO_HINTS.from_publisher, text),
    "text.questions.hints.Hints.without": _without,
    "text.questions.hints.Hints.doubt": lambda text: partial(
        hints.hints("who won in 2019", (), _NOON).doubt, _NOON, text
    ),
    "text.questions.hints.hints": lambda text: partial(
        hints.hints, text, ("CNN", "The New York Times", "Reuters"), _NOON
    ),
    "text.questions.spelling.doubtful_words": lambda text: partial(
        spelling.doubtful_words, text, _EMBEDDER.embed_query(text)
    ),
    "text.questions.spelling.likeliest": lambda text: partial(
        spelling.likeliest,
        spelling.TypedWord("Cotsa", 0, is_name=True),
        slips.near_words("cotsa"),
        [spelling.WordUse("costa", 1, 1, (text,))],
    ),
    "text.slips.near_words": lambda text: partial(slips.near_words, text),
    "text.questions.spelling.reread": lambda text: partial(
        spelling.reread, text, [(spelling.TypedWord(text[:1], 0, is_name=True), "Costa")]
    ),
    "text.questions.spelling.stems": lambda text: partial(spelling.stems, [text]),
    "text.questions.spelling.spellings": lambda text: partial(
        spelling.spellings, [spelling.WordUse("costa", 1, 1, (text,))]
    ),
    "text.slips.twice_near": lambda text: partial(slips.twice_near, "costa", text.split()[:9]),
    "text.words.stem": lambda text: partial(words.stem, text),
    "text.questions.word_index.sentences_with": lambda text: partial(
        word_index.sentences_with, word_index.index_words(text), answer_types.AnswerType.TIME
    ),
    "text.names.names.FullNames.__init__": lambda text: partial(names.FullNames, text.split("\n")),
    "text.names.names.FullNames.fits": lambda text: partial(names.FullNames(["Ana Costa"]).fits, text, "m"),
    "text.names.names.FullNames.only_misfits": lambda text: partial(names.FullNames(["Ana Costa"]).only_misfits, text),
    "text.names.names.may_have_gender": lambda text: partial(names.may_have_gender, text, "m"),
    "text.names.names.FullNames.find": lambda text: partial(names.FullNames(["Ana Costa", text]).find, text),
    "text.names.names.matches": lambda text: partial(names.matches, text, text),
    "text.names.names.near_names": lambda text: partial(names.near_names, "ana costa", [text]),
    "text.names.entity_matching.resolve_surname": lambda text: partial(
        entity_matching.resolve_surname, [text], {"a": [text], "b": ["mayor"]}
    ),
    "text.names.entity_matching.same_person": lambda text: partial(
        entity_matching.same_person, [entity_matching.KnownAs(names.name_key(text), frozenset({text}))] * 2
    ),
    "text.notices.find_notice": lambda text: partial(notices.find_notice, text, text),
    "text.claims.claims": lambda text: partial(claims.claims, text),
    "text.claims.covers": lambda text: partial(claims.covers, text, text),
    "text.passages.passages": lambda text: partial(
        passages.passages, text, [Span(*span) for span in marks.paragraphs(text)]
    ),
    "text.passages.with_continuation": lambda text: partial(
        passages.with_continuation, f"A.\n{text}", Span(0, 2), Span(0, len(text) + 3), Span(0, 2)
    ),
    "text.questions.question.Question.word_mask": lambda text: partial(_question(text).word_mask, frozenset({"mayor"})),
    "text.questions.question.Question.is_telling": lambda text: partial(_question(text).is_telling, text),
    "text.questions.question.Question.is_subject_of": lambda text: partial(
        _question(text).is_subject_of, frozenset({"mayor"})
    ),
    "text.questions.follow_ups.dependence": lambda text: partial(follow_ups.dependence, f"and why {text}", text),
    "text.questions.relations.lacks_relation": lambda text: partial(
        relations.lacks_relation, f"who killed {text}", text
    ),
    "text.questions.relations.tells_opposite": lambda text: partial(
        relations.tells_opposite, relations.opposites_asked(f"who allowed {text}"), text
    ),
    "text.telling.tells": lambda text: partial(telling.tells, text, Span(0, len(text))),
    "text.questions.spoken.asked_speaker": lambda text: partial(
        spoken.asked_speaker, f"what did {text} say", frozenset({"mayor"})
    ),
    "text.questions.spoken.AskedSpeaker.is_said_by": lambda text: partial(_MAYOR.is_said_by, text, text),
    "text.questions.spoken.AskedSpeaker.speaks_in": lambda text: partial(_MAYOR.speaks_in, text),
    "text.questions.question.understand": lambda text: partial(question.understand, text, _EMBEDDER.embed_query(text)),
    "text.questions.question.with_names": lambda text: partial(question.with_names, _question("why"), [text]),
    "text.quotations.find_quotations": lambda text: partial(quotations.find_quotations, text),
    **{f"text.quotations.find_quotations with a parse {shape}": partial(_parsed, shape) for shape in SHAPES},
    "text.names.organisations.is_organisation": lambda text: partial(organisations.is_organisation, text.split()),
    "text.names.roles.fits_office": lambda text: partial(roles.fits_office, text, text),
    "text.names.roles.same_office": lambda text: partial(roles.same_office, text, f"{text} mayor"),
    "text.names.roles.role_history": lambda text: partial(roles.role_history, [roles.PrintedRole(text, 1, None)]),
    "text.boilerplate.begins_alike": lambda text: partial(boilerplate.begins_alike, text, text),
    "text.sentences.iter_sentences": lambda text: lambda: list(sentences.iter_sentences(text)),
    "text.sentences.trim": lambda text: partial(sentences.trim, text, Span(0, len(text))),
    "text.attribution.transcripts.accepted_labels.accepted_labels": _accepted_labels,
    "text.attribution.revisions.label_kinds.is_office": lambda text: partial(
        label_kinds.is_office, text.split() or ["a"]
    ),
    "text.attribution.transcripts.shouted.is_shouted": lambda text: partial(shouted.is_shouted, text),
    "text.attribution.transcripts.shouted.names_somebody": lambda text: partial(
        shouted.names_somebody, text, frozenset()
    ),
    "text.attribution.transcripts.shouted.surnames_told": lambda text: partial(shouted.surnames_told, [text]),
    "text.attribution.transcripts.letters.find_letters": partial(_turned, letters.find_letters, "Dear Ana,\n"),
    "text.attribution.transcripts.mails.find_mails": partial(
        _turned, mails.find_mails, "From: Ana Costa\nTo: Bo Kim\n"
    ),
    "text.attribution.transcripts.speeches.find_speech": partial(
        _turned, speeches.find_speech, "Remarks by Ana Costa, as delivered\n"
    ),
    "text.attribution.transcripts.turns.Turn.add": lambda text: partial(
        turns.Turn(None, 0, 0).add, text, Span(0, len(text))
    ),
    "text.attribution.transcripts.transcript_lines.read_lines": lambda text: (
        lambda: list(transcript_lines.read_lines(text, caption=True))
    ),
    "text.attribution.transcripts.quoted_in_turns.around_marks": _around_marks,
    "text.attribution.transcripts.turn_labels.read_label": lambda text: partial(
        turn_labels.read_label, text, Span(0, len(text))
    ),
    "text.attribution.transcripts.turn_labels.read_name_line": lambda text: partial(
        turn_labels.read_name_line, text, Span(0, len(text))
    ),
    "text.attribution.transcripts.turn_labels.read_noted_line": lambda text: partial(
        turn_labels.read_noted_line, text, Span(0, len(text) // 2), Span(len(text) // 2, len(text))
    ),
    "text.attribution.transcripts.turn_speakers.turn_speakers": _turn_speakers,
    "text.page_lines.page_lines": lambda text: partial(page_lines.page_lines, text, [text] * 3),
    "text.token_vectors.compare": _packed,
    "text.token_vectors.is_content_token": lambda text: partial(token_vectors.is_content_token, text, 0, len(text)),
    "text.token_vectors.pack_passage": lambda text: partial(token_vectors.pack_passage, _embedding(text), text, 0),
    "adapters.extraction.captions.read_captions": lambda text: partial(
        captions.read_captions, f"00:01.000 --> 00:02.000\nYes.\n{text}"
    ),
    "adapters.extraction.rich_text.read_rtf": lambda text: partial(
        rich_text.read_rtf, b"{\\rtf1 " + b"word " * 200 + text.encode("cp1252", "replace")
    ),
    "adapters.extraction.canonical_url.canonical_url": lambda text: partial(
        canonical_url.canonical_url, "https://x.org/a", text
    ),
    "adapters.extraction.block_quotations.in_plain_text": lambda text: partial(
        block_quotations.in_plain_text, text.split("\n"), text, ""
    ),
    "adapters.extraction.block_quotations.mark_quotations": _quoting_page,
    "adapters.extraction.body._lines": lambda text: partial(body._lines, text),
    "adapters.extraction.body._without_page_lines": lambda text: partial(
        body._without_page_lines, text.split("\n"), text[:300]
    ),
    "adapters.extraction.pdf_paragraphs.headline": lambda text: partial(pdf_paragraphs.headline, _printed_lines(text)),
    "adapters.extraction.pdf_paragraphs.paragraphs": lambda text: partial(
        pdf_paragraphs.paragraphs, [_printed_lines(text)], "A title"
    ),
    "adapters.extraction.body._page_of": _page_in_parts,
    "adapters.extraction.body._divided": lambda text: partial(body._divided, text),
    "adapters.extraction.page_data.text_in_data": lambda text: partial(
        page_data.text_in_data, [json.dumps({"parts": text.split("\n"), "whole": text})], text
    ),
    "adapters.extraction.linked_data.read_linked_data": _linked,
    "adapters.extraction.mail_endings.without_ending": lambda text: partial(mail_endings.without_ending, text),
    "adapters.extraction.bylines.author_names": lambda text: partial(bylines.author_names, [text], text[:300]),
    "adapters.extraction.bylines.shown_names": lambda text: partial(bylines.shown_names, text),
    "adapters.extraction.headlines.is_site": lambda text: partial(headlines.is_site, text, text.split("\n")[:40]),
    "adapters.extraction.headlines.split_page_title": lambda text: partial(
        headlines.split_page_title, text, text.split("\n")[:40]
    ),
    "adapters.extraction.headlines.site_behind": lambda text: partial(headlines.site_behind, text, text[:300]),
    "adapters.extraction.headlines.without_site": lambda text: partial(headlines.without_site, text, text[:300]),
    "adapters.extraction.headlines.equal_heading": lambda text: partial(
        headlines.equal_heading, [text], text.split("\n")[:40], text[:300]
    ),
    "adapters.extraction.headlines.heading_within": lambda text: partial(
        headlines.heading_within, text, text.split("\n")[:40]
    ),
    "adapters.extraction.headlines.front_in_heading": lambda text: partial(
        headlines.front_in_heading, text, text.split("\n")[:40]
    ),
    "adapters.extraction.headlines.part_in_headings": lambda text: partial(
        headlines.part_in_headings, text, text.split("\n")[:40], text[:300]
    ),
    "adapters.extraction.rejection.breaks_off": lambda text: partial(
        rejection.breaks_off, linked_data.LinkedData(None, frozenset()), text, text, 100
    ),
    "adapters.extraction.html.begins_as_html": lambda text: partial(html.begins_as_html, text.encode(errors="replace")),
    "adapters.extraction.mail._tidy": lambda text: partial(mail._tidy, f"[1] https://a.example/\n{text}"),
    "adapters.extraction.mail._unflowed": lambda text: partial(mail._unflowed, text),
    "adapters.extraction.mail_heads.original_message": lambda text: partial(
        mail_heads.original_message, text.split("\n")
    ),
    "adapters.extraction.html_tree.prepare": _page,
    "adapters.extraction.mail_heads.printed_date": lambda text: partial(mail_heads.printed_date, text, None),
    "adapters.feeds.json_feed.read": lambda text: partial(json_feed.read, text.encode(errors="replace")),
    "adapters.feeds.markup.line": lambda text: partial(markup.line, text, len(text)),
    "text.word_filters.lets_through": lambda text: partial(word_filters.lets_through, _WORDS, text, text),
    "text.word_filters.forbids": lambda text: partial(word_filters.forbids, _WORDS, text),
    "text.moments.read_moment": lambda text: partial(moments.read_moment, text),
}
"""How functions are called that want more than a text. Private ones are here for what libraries would hide."""

AT_MOST: Final[Mapping[str, int]] = dict.fromkeys(
    (
        "text.passages.with_continuation",
        "text.questions.evidence.measure_passage",
        "text.questions.answer_spans.find_answer",
        *(f"text.questions.amounts.{name}" for name in ("times", "numbers", "sums", "lengths", "ages")),
        *("text.questions.answer_names.people", "text.questions.answer_names.places"),
        "text.questions.word_index.index_words",
        "text.questions.question.Question.word_mask",
        "text.questions.word_index.sentences_with",
        "text.token_vectors.compare",
        "text.token_vectors.pack_passage",
    ),
    passages.LONGEST,
)
"""Characters of the longest text that a function is ever given, where that is a passage."""

PARTS: Final = frozenset(
    f"text.attribution.{name}"
    for name in (
        *(
            "fitted.person_entities.find_entities",
            "fitted.segment_features.certainty_features",
            "fitted.segment_features.same_name",
        ),
        *("fitted.grammar.Grammar.__init__", "fitted.mentions.candidates", "fitted.pair_features.nearby_mentions"),
        *(
            "fitted.pair_features.pair_features",
            "fitted.pair_features.segment_features",
            "fitted.ranking.source_probabilities",
            "fitted.ranking.predict",
            "fitted.ranking.pair_rows",
        ),
        *(
            "fitted.ranking.attribute",
            "fitted.ranking.same_name_counts",
            "fitted.pronouns.gender_of",
            "fitted.pronouns.PronounResolver.__init__",
            "fitted.pronouns.PronounResolver.features",
        ),
        *(
            "fitted.document_context.build_context",
            "fitted.source_features.source_features",
            "fitted.source_features.following",
            "fitted.source_features.WordOdds.verb",
            "fitted.source_features.WordOdds.head",
        ),
        *("fitted.segment_features.quotation_features", "fitted.segment_features.quotation_rows"),
        *(
            "clauses.surroundings",
            "clauses.touching_clauses",
            "clauses.last_of",
            "fitted.masking.underscored",
            "subjects.words_of",
        ),
        *("revisions.denials.is_doubted", "revisions.denials.is_disowned", "revisions.denials.is_refuted"),
        *("revisions.disputed.masked_quotations", "revisions.disputed.words_around"),
    )
) | frozenset(
    f"adapters.extraction.{name}"
    for name in (
        *("asides.drop_asides", "prose.common_ancestor", "prose.containers", "prose.is_alone"),
        *("prose.is_card", "prose.link_share", "prose.prose_words", "prose.unwrapped", "prose.Container.words_in"),
    )
)
"""What `find_quotations` or `_page_of` calls with what was made of a text, or few words: it is timed there."""

MEASURED: Final = frozenset({"text.questions.evidence.token_similarity"})
"""What takes a question but never looks at its text."""

LIBRARIES: Final = frozenset(
    f"adapters.{name}"
    for name in (
        *("extraction.body.article_text", "extraction.charsets.decode", "extraction.dispatch.read_content"),
        *("extraction.metadata.read_metadata", "extraction.html.read_html", "extraction.mail.read_mail"),
        *("extraction.dates.read_dates", "extraction.pdf.read_pdf", "extraction.headlines.shown_title"),
        *("extraction.headlines.shown_headings", "extraction.headlines.logos"),
        *(
            "extraction.rejection.reject_short",
            "extraction.word_document.read_docx",
        ),
        *("extraction.plain_text.read_markdown",),
        *("extraction.answers.WorkerAnswer.to_article", "extraction.client.ArticleWorker.__init__"),
        *("extraction.client.ArticleWorker.extract", "extraction.client.ArticleWorker.read"),
        *(
            "extraction.rejection.reject_non_article",
            "extraction.prose.all_words",
            "extraction.prose.may_be_headline",
            "feeds.parser.parse_feed",
        ),
        *("feeds.client.FeedWorker.__init__", "feeds.client.FeedWorker.read"),
    )
)
"""Whose time is trafilatura's, htmldate's, lxml's, pypdf's and the like, or that of the process which runs them."""


def public() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function and method of the packages that takes a text, or something that was made of one."""
    for module in _modules():
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            for path, function in _functions(name, value):
                full = f"{module.__name__.removeprefix('retrieval.')}.{path}"
                if full not in _NO_TEXT and any(_CARRIES_TEXT.search(kind) for kind in _annotations(function)):
                    yield full, function


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(".worker"):
                yield importlib.import_module(found.name)


def _functions(name: str, value: object) -> Iterator[tuple[str, Callable[..., object]]]:
    """A function itself, or the methods of a class that somebody wrote and others may call."""
    if not inspect.isclass(value):
        if callable(value):
            yield name, value
        return
    for method, function in vars(value).items():
        written = inspect.isfunction(function) and function.__code__.co_filename == inspect.getsourcefile(value)
        if written and (not method.startswith("_") or method == "__init__"):
            yield f"{name}.{method}", function


def _annotations(function: Callable[..., object]) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [inspect.formatannotation(one.annotation).strip("'") for one in parameters if one.name != "self"]


def prepared() -> tuple[dict[str, Prepared], list[str]]:
    """How each function is timed, by its name; and the names of those of which nobody has said how they are called."""
    known: dict[str, Prepared] = dict(CALLS)
    unknown: list[str] = []
    for name, function in public():
        if name in known or name in PARTS | LIBRARIES | MEASURED:
            continue
        if _takes_text_alone(function):
            known[name] = partial(_bound, inspect.unwrap(function))
        else:
            unknown.append(name)
    return known, unknown


def _takes_text_alone(function: Callable[..., object]) -> bool:
    required = [one for one in inspect.signature(function).parameters.values() if one.default is one.empty]
    return len(required) == 1 and bool(_TEXT_ALONE.fullmatch(_annotations(function)[0]))


def _bound(function: Callable[..., object], text: str) -> Callable[[], object]:
    several = "[" in _annotations(function)[0]
    return partial(function, frozenset(text.split()) if several else text)


def slower_than_linear(prepare: Prepared, text_of: Callable[[int], str], size: int, longest: int) -> float | None:
    """How many times longer a text of twice the size takes, where that is more than a linear function can explain.

    A first look compares a quarter of the size with the whole. What looks suspicious is measured again, and with
    ever more text: what grew by chance alone does not grow twice.
    """
    whole = seconds(prepare, text_of(size))
    if whole < _FLOOR_SECONDS or whole < _SUSPICIOUS * seconds(prepare, text_of(size // 4)):
        return None
    times = 0.0
    for larger in (size, min(2 * size, longest)):
        times = seconds(prepare, text_of(larger), 2) / seconds(prepare, text_of(larger // 2), 2)
        if times < _TWICE:
            return None
    return times


def seconds(prepare: Prepared, text: str, times: int = 1) -> float:
    """The processor's seconds of one call, the least of some; what earlier calls left in memory is forgotten."""
    return min(_once(prepare(text)) for _ in range(times))


def _once(call: Callable[[], object]) -> float:
    for remembered in _caches():
        remembered.cache_clear()
    gc.disable()
    try:
        start = time.thread_time()
        with contextlib.suppress(ArticleRejected):
            call()
        return time.thread_time() - start
    finally:
        gc.enable()


@cache
def _caches() -> list[Any]:
    """What the modules remember of texts; models and tables are kept."""
    every = (value for module in _modules() for value in vars(module).values() if hasattr(value, "cache_parameters"))
    return [value for value in every if (value.cache_parameters()["maxsize"] or 0) > len(SHAPES)]


def superlinear(
    prepare: Prepared,
    size: int,
    longest: int,
    *,
    units: Sequence[str] = UNITS,
    frames: Sequence[tuple[str, str]] = FRAMES,
) -> Iterator[str]:
    """Every row of units that takes a function more than linear time, in words."""
    for unit in units:
        for frame in frames:
            times = slower_than_linear(prepare, partial(row, unit, frame), min(size, longest), longest)
            if times is not None:
                yield f"{unit!r} in {frame}: {times:.1f} times the seconds for twice the text"


def affordable(prepare: Prepared, budget: float, units: Sequence[str]) -> int:
    """The characters of rows on which a function spends about so many seconds when it is asked about all units."""
    spent = sum(seconds(prepare, row(unit, FRAMES[-1], _PROBED)) for unit in units) * len(FRAMES) / _PROBED
    return min(max(int(budget / (spent * (1 + 1 / 4))), _FEWEST), _MOST)


def main(size: int) -> None:
    """Print the slowest row of each function at a size, and every row that grows faster than its text."""
    for name, prepare in sorted(prepared()[0].items()):
        longest = min(size, AT_MOST.get(name, size))
        slowest = max((seconds(prepare, row(unit, FRAMES[-1], longest)), repr(unit)) for unit in UNITS)
        found = [f"{name}: at most {slowest[0]:.3f} s of {longest:,} characters, {slowest[1]}"]
        found += [f"  {fault}" for fault in superlinear(prepare, longest // 2, longest)]
        print(*found, sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
