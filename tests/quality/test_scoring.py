from __future__ import annotations

import pytest

from retrieval.asking import ranking
from retrieval.domain.readings import PassageText
from tests.quality.evaluate_answers import ABLATIONS, RememberingReader, without
from tests.quality.quotation_scoring import Extracted, Segment, extracted_of, last_word, quotation_figures
from tests.quality.scoring import (
    AnswerType,
    Place,
    Refusals,
    Said,
    answer_figures,
    auroc,
    first_hit,
    interval,
    marked_right,
    refusals,
)
from tests.quality.tables import table
from tests.retrieval.test_reader import Chooser

EVIDENCE = Place("a", 100, 200)
ASKED = AnswerType("q", answerable=True, evidence=(EVIDENCE,))


@pytest.mark.parametrize(
    ("passage", "rank"),
    [
        (Place("a", 0, 180), 1),  # exactly four fifths
        (Place("a", 0, 179), 0),
        (Place("a", 120, 900), 1),
        (Place("b", 100, 200), 0),
        (Place("a", 300, 400), 0),
    ],
)
def test_a_passage_hits_when_it_covers_four_fifths_of_the_evidence(passage: Place, rank: int) -> None:
    assert first_hit(ASKED, Said((passage,))) == rank


def test_what_stands_beyond_1500_characters_of_a_passage_does_not_count() -> None:
    asked = AnswerType("q", answerable=True, evidence=(Place("a", 1450, 1550),))

    assert first_hit(asked, Said((Place("a", 0, 2000),))) == 0
    assert first_hit(asked, Said((Place("a", 30, 2000),))) == 1


def test_only_ten_passages_count() -> None:
    other = Place("b", 0, 10)

    assert first_hit(ASKED, Said((*[other] * 9, EVIDENCE))) == 10
    assert first_hit(ASKED, Said((*[other] * 10, EVIDENCE))) == 0


def test_evidence_known_by_its_article_is_hit_by_any_passage_of_it() -> None:
    asked = AnswerType("q", answerable=True, evidence=(EVIDENCE,), by_article=True)

    assert first_hit(asked, Said((Place("b", 0, 10), Place("a", 5000, 5010)))) == 2


def test_a_mark_counts_inside_the_first_passage_and_at_a_sentence_s_length() -> None:
    assert marked_right(ASKED, Said((Place("a", 0, 600),), Place("a", 90, 210)))
    assert not marked_right(ASKED, Said((Place("a", 0, 600),), Place("a", 0, 451)))
    assert not marked_right(ASKED, Said((Place("a", 100, 600),), Place("a", 90, 210)))
    assert not marked_right(ASKED, Said((Place("a", 0, 600),)))


def test_auroc_counts_equals_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert auroc([1.0], [0.0]) == 1.0
    assert auroc([0.0], [1.0]) == 0.0


def test_an_interval_lies_around_its_mean_and_is_the_same_each_time() -> None:
    found = interval([0.0, 1.0] * 50)

    assert found == interval([0.0, 1.0] * 50)
    assert found.low < found.mean == 0.5 < found.high
    assert found.high - found.low == pytest.approx(4 * 0.05, abs=0.03)  # four standard errors


def test_refusals_are_counted_against_both_kinds_of_question() -> None:
    answerable = [Said(abstained=True), Said(), Said(), Said()]
    beyond = [Said(abstained=True), Said(abstained=True), Said(abstained=True), Said()]

    assert refusals(answerable, beyond) == Refusals(0.75, 0.75, 0.75, 0.25)


def test_figures_of_a_set_are_shares_of_its_answerable_questions() -> None:
    right, wrong = Place("a", 0, 300), Place("b", 0, 300)
    questions = [AnswerType(name, answerable=True, evidence=(EVIDENCE,)) for name in "xyz"]
    questions.append(AnswerType("n", answerable=False, evidence=()))
    figures = answer_figures(
        questions,
        {
            "x": Said((right,), Place("a", 100, 200), 0.9),
            "y": Said((wrong, right), Place("b", 0, 10), 0.4),
            "n": Said((wrong,), None, 0.4, abstained=True),
        },
    )

    assert (figures.answerable, figures.unanswerable) == (3, 1)
    assert figures.hits_at_1.mean == pytest.approx(1 / 3)
    assert figures.hits_at_4 == figures.hits_at_10 == pytest.approx(2 / 3)
    assert figures.mrr_at_10.mean == pytest.approx((1 + 1 / 2) / 3)
    assert figures.marked == pytest.approx(1 / 3)
    assert figures.auroc == pytest.approx((1 + 0.5 + 0) / 3)  # the question without a prediction is not sure at all
    assert figures.refusals == Refusals(1.0, 1.0, 1.0, 0.0)


def test_without_unanswerable_questions_there_is_nothing_to_tell_apart() -> None:
    figures = answer_figures([ASKED], {})

    assert figures.auroc is None
    assert figures.refusals is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Ann B. Lee", "lee"),
        ("Ann Lee’s", "lee"),
        ("Martin King, Jr.", "king"),
        ("Jean-Luc O’Hara", "o’hara"),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_known_by_its_last_word(name: str | None, word: str | None) -> None:
    assert last_word(name) == word


def test_quotations_are_counted_one_to_one_and_their_speakers_with_them() -> None:
    lee, she = Place("a", 40, 47), Place("a", 140, 143)
    segments = [
        Segment(
            Place("a", 0, 30),
            6,
            is_quotation=True,
            speaker="Ann Lee",
            mentions=(lee,),
            mentioned=True,
            person="Ann Lee",
        ),
        Segment(
            Place("a", 100, 130), 6, is_quotation=True, speaker="she", mentions=(she,), mentioned=True, person="Ann Lee"
        ),
        Segment(
            Place("a", 200, 230),
            6,
            is_quotation=True,
            speaker="Bo Ray",
            mentions=(Place("a", 240, 246),),
            mentioned=True,
            person="Bo Ray",
        ),
        Segment(Place("a", 300, 330), 6, is_quotation=True),
        Segment(Place("a", 400, 410), 2, is_quotation=False),
        Segment(Place("a", 500, 550), 9, is_quotation=False),
    ]
    extracted = [
        Extracted(Place("a", 0, 30), "Lee", Place("a", 900, 903), "Ann Lee"),  # another mention of her
        Extracted(Place("a", 101, 130), "she", she, "Cy Moe"),  # the mention right, the person not
        Extracted(Place("a", 200, 230), "Ann Lee", lee, None),  # a wrong name
        Extracted(Place("a", 400, 410)),  # known to be none
        Extracted(Place("a", 500, 550)),  # doubtful
        Extracted(Place("a", 600, 610)),  # no marked segment
        Extracted(Place("b", 0, 10)),  # no article of the data
    ]
    figures = quotation_figures(segments, extracted)

    assert figures.precision == pytest.approx(3 / 4)
    assert figures.recall == pytest.approx(3 / 4)
    assert figures.named_speaker_precision == pytest.approx(2 / 3)
    assert figures.quotation_and_speaker_recall == pytest.approx(2 / 3)
    assert figures.resolved_recall == pytest.approx(1 / 3)


def test_two_extracted_for_one_quotation_are_one_right_and_one_wrong() -> None:
    figures = quotation_figures(
        [Segment(Place("a", 0, 100), 9, is_quotation=True)],
        [Extracted(Place("a", 0, 85)), Extracted(Place("a", 0, 99))],
    )

    assert (figures.precision, figures.recall) == (0.5, 1.0)


def test_what_is_too_long_for_a_mention_or_a_name_counts_as_none() -> None:
    record = {"article_id": "a", "start": 0, "end": 9, "speaker": "x" * 151, "speaker_start": 20, "speaker_end": 171}

    assert extracted_of(record) == Extracted(Place("a", 0, 9))
    assert extracted_of({**record, "speaker": "x", "speaker_end": 21, "speaker_name": "n " * 9}) == Extracted(
        Place("a", 0, 9), "x", Place("a", 20, 21)
    )


@pytest.mark.parametrize("name", ABLATIONS)
def test_what_is_left_out_is_a_weight_and_comes_back(name: str) -> None:
    before = ranking.weights()
    with without(ABLATIONS[name]):
        changed = ranking.weights()
        assert changed["thresholds"]["answer"] == changed["thresholds_read"]["answer"] == 0.0
        for table, key in (each.split(".") for each in ABLATIONS[name]):
            assert changed[table][key] == changed[f"{table}_read"][key] == 0.0
    assert ranking.weights() is before


def test_a_weight_that_does_not_exist_cannot_be_left_out() -> None:
    with pytest.raises(KeyError, match=r"passage\.luck"), without(["passage.luck"]):
        pass


def test_a_table_is_aligned_markdown() -> None:
    assert table(("", "n"), [("ours", "1")]) == "|      | n   |\n| ---- | --- |\n| ours | 1   |\n"


def test_a_passage_is_read_once_for_a_question() -> None:
    chooser = Chooser("storm")
    remembering = RememberingReader(chooser)
    storm, fair = PassageText("", ["A storm came."]), PassageText("", ["A fair came."])

    first = remembering.read("What came?", [storm])
    again = remembering.read("What came?", [fair, storm])
    remembering.read("What went?", [storm])

    assert chooser.read_of == ["A storm came.", "A fair came.", "A storm came."]
    assert again == [*chooser.read("What came?", [fair]), *first]
