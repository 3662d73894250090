"""The machinery behind attribution: marks, masking, trees, and what the fitted model adds where there is a parser."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.domain.articles import Draft
from retrieval.domain.quotations import Attribution
from retrieval.errors import Stopping
from retrieval.reading import read_article
from retrieval.text.attribution.fitted.masking import mask
from retrieval.text.attribution.fitted.model import ForestRecord, Scale, fitted, read_forest
from retrieval.text.attribution.fitted.pair_features import PAIR_FEATURES
from retrieval.text.attribution.fitted.person_entities import Named, _NameResolver
from retrieval.text.attribution.fitted.pronouns import PRONOUN_FEATURES
from retrieval.text.attribution.fitted.segment_features import CERTAINTY_FEATURES, QUOTATION_FEATURES
from retrieval.text.attribution.fitted.source_features import SOURCE_FEATURES
from retrieval.text.attribution.marks.marks import segments
from retrieval.text.attribution.marks.plain_marks import plain_text
from retrieval.text.parse import Parse, Token
from retrieval.text.quotations import FoundQuotation, find_quotations
from tests.retrieval.test_quotations import SEED_SPEAKERS, TABLE, Row
from tests.support.paths import SEED

RAIN = Draft("“It rains,” Ana Costa said.\n\nShe left the harbour of Port Selby in the rain.")

marked = st.lists(
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "‘",
            "’",
            "'",
            "''",
            " ",
            "a",
            "s",
            ",",
            "A word or two ",
            "seven more words of it here, ",
            "\n\n",
            "6'2\"",
        ]
    )
).map("".join)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“One” and “two”", ["One", "two"]),
        ('"One" and "two"', ["One", "two"]),
        ("“One\n\n“Two”", ["One", "Two"]),
        ("“One\n\nTwo “three”", ["three"]),
        ('He is 6\'2" and says "no"', ["no"]),
        ('"I am 6\'2" tall," he said', ["I am 6'2\" tall,"]),
        ('"It was “odd” to me," he said', ["It was “odd” to me,"]),
        ("“One“ he said", ["One"]),
        ("''One,'' he said", ["One,"]),
        ("‘One,’ he said of the dogs’ tails", ["One,"]),
        ("‘It’s the dogs’ fault,’ she said. ‘Two.’", ["It’s the dogs’ fault,", "Two."]),
        ("He called it ‘a mess of lies’ and left. ‘One,’ he said.", ["a mess of lies", "One,"]),
        ("‘I said “never” twice,’ he said. ‘One.’", ["I said “never” twice,", "One."]),
        ("The ‘boys’ club’ is over. ‘One,’ he said.", ["boys’ club", "One,"]),
        (
            "'It's late,' she said. 'We're goin' home, the boys' bus is here.'",
            ["It's late,", "We're goin' home, the boys' bus is here."],
        ),
        ("Rock 'n' roll in the '90s. 'Get 'em out,' he said.", ["Get 'em out,"]),
        ("‘One long thing\n\n‘and another,’ he said.", ["One long thing", "and another,"]),
        ("‘Never closed, he said. ‘One,’ he said.", ["One,"]),
        ("‘One,’ he said of “Two” and of ‘three.’", ["One,", "Two", "three."]),
        ("“One,” he said, and ‘two,’ and ‘three.’ “Four.” “Five.”", ["One,", "Four.", "Five."]),
        ("The ‘so-called’ club and the dogs’ tails", []),
        ('<a href="x">One</a>', []),
        ("“ ”", []),
    ],
)
def test_what_stands_between_marks(text: str, inside: list[str]) -> None:
    assert [text[segment.start : segment.end] for segment in segments(plain_text(text))] == inside


@given(st.text() | marked)
def test_segments_lie_in_order_and_never_overlap(text: str) -> None:
    at = 0
    for segment in segments(plain_text(text)):
        assert at < segment.start < segment.end <= len(text)
        at = segment.end


def _words(text: str) -> Parse:
    """A parse of nothing but words, for offsets."""
    tokens: list[Token] = []
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        tokens.append(Token(start, at, word, "X", "", "", len(tokens), "", entity_starts=False, sentence_starts=False))
    return Parse(tuple(tokens))


def test_quotations_of_seven_words_and_more_are_masked_and_shorter_ones_are_read_in_their_sentence() -> None:
    six, seven = "“It rains in the old east,” she said.", "“It rains in the very old east,” she said."
    assert mask(six).text == six
    assert mask(seven).text == "“That is it,” she said."


@given(marked)
def test_what_is_not_masked_keeps_its_offsets(text: str) -> None:
    masked = mask(text)
    for before, after in zip(_words(masked.text).tokens, masked.restore(_words(masked.text)).tokens, strict=True):
        assert 0 <= after.start < after.end <= len(text)
        if not any(b.masked_start - 1 <= before.end and before.start <= b.masked_end for b in masked.replacements):
            assert plain_text(text)[after.start : after.end] == masked.text[before.start : before.end]


def test_a_forest_adds_up_its_trees() -> None:
    record: ForestRecord = {
        "features": ["x", "y"],
        "base": 0.5,
        "trees": [[[0, 1.0, 1, 2], [-1.0], [1, 2.0, 3, 4], [0.25], [2.0]], [[0.5]]],
    }
    forest = read_forest(record)
    log_odds = {0.0: 0.5 - 1.0 + 0.5, 2.0: 0.5 + 0.25 + 0.5}
    expected = [1 / (1 + 2.718281828459045**-value) for value in log_odds.values()]
    assert forest.probabilities([[x, 0.0] for x in log_odds]) == pytest.approx(expected)
    assert forest.probabilities([]) == []
    with pytest.raises(ValueError, match="3 features"):
        forest.probabilities([[0.0, 0.0, 0.0]])


def test_the_model_was_fitted_on_the_features_that_are_computed() -> None:
    model = fitted()
    assert model.source.features == SOURCE_FEATURES
    assert model.pair.features == PAIR_FEATURES
    assert model.quotation.features == QUOTATION_FEATURES
    assert model.certainty.features == CERTAINTY_FEATURES
    assert model.pronoun.features == PRONOUN_FEATURES


def read(parser: SpacyParser, text: str) -> list[FoundQuotation]:
    return find_quotations(text, parser.parse(text))


PARSED = [
    ("Ana Costa spoke first. “It is far too late for this,” she said.", "It is far too late for this,", "Ana Costa"),
    ("Ana Costa, who chairs the board, called the plan “a gift to the banks.”", "a gift to the banks.", "Ana Costa"),
    ("“The bridge is closed for good,” said Mayor Ana Costa on Monday.", "The bridge is closed for good,", "Ana Costa"),
    ("The report is wrong, Ana Costa told reporters, calling it “a sad joke.”", "a sad joke.", "Ana Costa"),
    ("While Ben Dray agreed with it, Ana Costa described the plan as “reckless.”", "reckless.", "Ana Costa"),
    (
        "“We will not pay for it,” Ana Costa said. “We never did and never will.”",
        "We never did and never will.",
        "Ana Costa",
    ),
    ("“We are done with it now.” — Ana Costa", "We are done with it now.", "Ana Costa"),
]


@pytest.mark.parametrize(("text", "words", "name"), PARSED)
def test_with_a_parse_the_speaker_is_found(parser: SpacyParser, text: str, words: str, name: str) -> None:
    found = {quotation.content.of(text): quotation for quotation in read(parser, text)}
    assert [who.name for who in found[words].speakers] == [name]


def test_a_pronoun_is_given_its_person_and_says_so(parser: SpacyParser) -> None:
    text = "Mrs. Ana Costa arrived late on Monday. “It rains far too much here,” she said."
    (quotation,) = read(parser, text)
    assert quotation.attribution is Attribution.PRONOUN
    assert quotation.speakers[0].name == "Ana Costa"
    assert quotation.speakers[0].mention.of(text) == "she"


def test_a_title_of_a_work_is_no_quotation(parser: SpacyParser) -> None:
    assert read(parser, "Ana Costa starred in the film “Night Train” last year and won a prize for it.") == []


def test_indirect_speech_is_never_returned(parser: SpacyParser) -> None:
    text = "As a consequence, the delegation would not travel, she added. Ana Costa said that it was “over.”"
    assert [quotation.content.of(text) for quotation in read(parser, text)] == ["over."]


def test_every_prediction_lies_between_marks(parser: SpacyParser) -> None:
    text = "“One thing is sure,” Ana Costa said.\n\nShe called it “odd” and “new.” Ben Dray said it was fine."
    inside = {(segment.start, segment.end) for segment in segments(text)}
    assert {(quotation.content.start, quotation.content.end) for quotation in read(parser, text)} <= inside


def test_two_people_of_one_surname_cost_a_long_article_no_more_than_its_length() -> None:
    names = [("Costa", "Ana Costa", "Rui Costa", f"Bo Ek{number}")[number % 4] for number in range(2_000)]
    printed = [Named(place, place * 10, place * 10 + 5, name) for place, name in enumerate(names)]
    began = time.process_time()
    known = _NameResolver("", ["Ana Costa", "Rui Costa"], printed)
    whose = [known.resolve(mention) for mention in printed]
    assert time.process_time() - began < 5
    assert whose[:5] == ["Costa", "Ana Costa", "Rui Costa", "Bo Ek3", "Costa"]


@given(marked)
def test_the_masked_parse_never_breaks_extraction(text: str) -> None:
    find_quotations(text, mask(text).restore(_words(mask(text).text)))


@pytest.fixture(scope="module")
def worker() -> Iterator[ArticleWorker]:
    if not installed():
        pytest.skip("spaCy or its model is not installed")
    with ArticleWorker(parses=True) as opened:
        yield opened


def test_an_article_read_in_the_worker_is_the_same(parser: SpacyParser, worker: ArticleWorker) -> None:
    draft = Draft(SEED.read_text(encoding="utf-8"))
    assert worker.read(draft) == read_article(draft, parser.parse)
    assert worker.read(draft, by_rules=True) == read_article(draft)


def test_a_worker_that_died_costs_one_parse_and_is_replaced(
    parser: SpacyParser, worker: ArticleWorker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.read(RAIN)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.read(RAIN) == read_article(RAIN)
    assert "by rules" in caplog.text
    assert worker.read(RAIN) == read_article(RAIN, parser.parse)


def test_an_idle_worker_ends_and_another_starts_when_needed() -> None:
    with ArticleWorker(idle_seconds=0.01) as short:
        assert short.read(RAIN) == read_article(RAIN)
        given_up = time.monotonic() + 10
        while short.pid is not None:
            assert time.monotonic() < given_up
            time.sleep(0.01)
        assert short.read(RAIN) == read_article(RAIN)


def test_closing_does_not_wait_for_a_long_text_nor_leave_it_to_the_rules() -> None:
    if not installed():
        pytest.skip("spaCy or its model is not installed")
    stopped: list[Stopping] = []
    with ArticleWorker(parses=True) as worker:
        worker.read(RAIN)

        def parse() -> None:
            with pytest.raises(Stopping) as told:
                worker.read(Draft("“It rains in the east,” Ana Costa said. " * 4_000))
            stopped.append(told.value)

        thread = threading.Thread(target=parse)
        thread.start()
        time.sleep(0.3)
        began = time.monotonic()
    thread.join()
    assert time.monotonic() - began < 5
    assert stopped


@pytest.mark.parametrize("text", ["", "\n\n", "“", "a\x00b “c,” she said."])
def test_odd_texts_are_parsed(parser: SpacyParser, text: str) -> None:
    find_quotations(text, parser.parse(text))


def test_every_quotation_of_the_seed_article_has_its_speaker_with_a_parse(parser: SpacyParser) -> None:
    text = SEED.read_text(encoding="utf-8")
    found = read(parser, text)
    assert [
        quotation.content.of(text).startswith(words) for quotation, (words, _) in zip(found, SEED_SPEAKERS, strict=True)
    ]
    assert [[who.name for who in quotation.speakers] for quotation in found] == [who for _, who in SEED_SPEAKERS]


def test_the_seed_article_tells_rank_from_role_and_who_passed_words_on(parser: SpacyParser) -> None:
    text = SEED.read_text(encoding="utf-8")
    found = read(parser, text)
    ranks = {(who.role, who.rank) for quotation in found for who in quotation.speakers if who.name == "Pat Ryder"}
    assert ranks == {("Pentagon press secretary", "Maj. Gen.")}
    assert [quotation.via.of(text) for quotation in found if quotation.via] == ["The New York Times", "Axios"]


def test_what_with_introduces_is_the_subject_of_its_participle(parser: SpacyParser) -> None:
    text = (
        "Several members walked out on Monday, with Sen. Ana Costa (I-Vt.) tweeting that it was “a sad day for us all.”"
    )
    (quotation,) = read(parser, text)
    assert [(who.name, who.role) for who in quotation.speakers] == [("Ana Costa", "Sen.")]


def test_in_a_list_of_letters_each_is_signed_behind(parser: SpacyParser) -> None:
    text = (
        "“The bridge was never meant to last so long.” ― Ana Costa\n“He should have paid for it himself.” ― Ben Dray\n"
        "“We always knew that this would happen.” ― Rosa Lund."
    )
    assert [who.name for quotation in read(parser, text) for who in quotation.speakers] == [
        "Ana Costa",
        "Ben Dray",
        "Rosa Lund",
    ]


@pytest.mark.parametrize("row", [row for row in TABLE if row[2]], ids=lambda row: row[0][:50])
def test_the_speaker_that_rules_find_is_found_with_a_parse(parser: SpacyParser, row: Row) -> None:
    text, words, speaker, _ = row
    found = {quotation.content.of(text): quotation for quotation in read(parser, text)}
    assert [who.name for who in found[words].speakers] == [speaker]


@pytest.mark.xfail(strict=True, reason="fitted on news, where nearly every quotation has its speaker beside it")
def test_a_quotation_without_a_speaker_is_given_none(parser: SpacyParser) -> None:
    assert read(parser, "The lights went out. “Nobody move.”")[0].speakers == ()


def test_a_scale_reads_between_its_points_and_never_beyond() -> None:
    scale = Scale((0.5, 0.9), (0.7, 0.95))
    assert [scale.probability(given) for given in (0.1, 0.5, 0.7, 1.0)] == pytest.approx([0.7, 0.7, 0.825, 0.95])


def test_scales_never_fall() -> None:
    for scale in (fitted().speaker_scale, fitted().person_scale):
        assert list(scale.certainty) == sorted(scale.certainty)
        assert list(scale.share_right) == sorted(scale.share_right)
        assert 0.0 <= scale.share_right[0] <= scale.share_right[-1] <= 1.0
