"""Features of evidence: a question's words and names, and how sentences match them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.articles.storing import stored_tokens
from retrieval.text.questions.evidence import PassageEvidence, measure_passage
from retrieval.text.questions.question import Question, understand, with_names
from retrieval.text.token_vectors import compare
from tests.support.fakes import HashingEmbedder

EMBEDDER = HashingEmbedder(dimension=256)


def read(question: str, *printed: str) -> Question:
    return with_names(understand(question, EMBEDDER.embed_query(question)), printed)


def measure(question: str, text: str, title: str = "News", *, tokens: bool = True) -> PassageEvidence:
    (embedding,) = EMBEDDER.embed_tokens([f"{title}. {text}"])
    packed = stored_tokens(title, text, embedding) if tokens else None
    asked = read(question, text)
    (compared,) = compare([packed], asked.rotated_queries)
    return measure_passage(asked, title, text, compared)


def test_a_question_is_its_content_words_once_each_in_order() -> None:
    assert list(read("Why was the vote, the vote on Rafah, delayed?").rarity) == ["vote", "rafah", "delay"]


def test_names_are_what_a_question_writes_with_a_capital() -> None:
    assert read("Why did Ada Roe leave?").names == {"ada", "roe"}


def test_passages_give_names_to_a_question_in_lower_case() -> None:
    assert read("why did roe leave the bank", "On Monday, Roe left the bank. A bank is a bank.").names == {"roe"}


def test_the_same_words_are_fully_similar() -> None:
    (sentence,) = measure("bridge closed", "The bridge was closed.").sentences
    assert sentence.idf_coverage == 1.0
    assert sentence.token_similarity > 0.9


def test_without_token_vectors_shared_words_stand_in() -> None:
    (sentence,) = measure("bridge closed", "The bridge fell.", tokens=False).sentences
    assert sentence.token_similarity == sentence.idf_coverage == 0.5


def test_similarity_is_measured_for_each_sentence() -> None:
    first, second = measure("bridge closed", "A ferry sailed. The bridge was closed.").sentences
    assert second.token_similarity > 0.9
    assert first.token_similarity < 0.5


def test_a_name_matches_where_a_neighbour_or_the_headline_says_it() -> None:
    beside = measure("Why did Dahl leave?", "Dahl is a captain. She left. It rained. Fog came.").sentences
    assert [sentence.name_match == 1.0 for sentence in beside] == [True, True, False, False]
    headed = measure("Why did Dahl leave?", "She left.", "Dahl leaves").sentences
    assert headed[0].name_match == 1.0


def test_a_sentence_that_only_repeats_the_question_adds_no_information() -> None:
    same, more = measure("Was the bridge closed?", "The bridge was closed. Cracks were found in its piers.").sentences
    assert (same.adds_information, more.adds_information) == (0.0, 1.0)


def test_the_words_in_question_do_not_answer_what_they_refer_to() -> None:
    question = 'What does "the closed bridge" refer to?'
    same, more = measure(question, "It is the closed bridge. Mill Street ends at the river.").sentences
    assert same.echoes_term == same.idf_coverage > 0.6
    assert more.echoes_term == 0.0
    assert measure("Why was the bridge closed?", "The bridge was closed.").sentences[0].echoes_term == 0.0


def test_the_focus_is_not_found_in_the_questions_own_words() -> None:
    question = read("Which bridge was closed?")
    assert len(question.focus_vectors) == 1
    (same,) = measure("Which bridge was closed?", "The bridge closed.").sentences
    (other,) = measure("Which bridge was closed?", "Bridges: the Eastgate.").sentences
    assert same.focus_similarity == 0.0
    assert abs(other.focus_similarity) < 0.5


def test_the_question_word_has_its_token() -> None:
    assert len(read("why was the bridge closed").wh_vectors) == 1
    assert len(read("was the bridge closed").wh_vectors) == 0


def test_an_abbreviation_and_its_name_are_one() -> None:
    (sentence,) = measure("Why did the U.N. vote?", "The United Nations voted.", tokens=False).sentences
    assert sentence.idf_coverage == sentence.name_match == 1.0


def test_words_that_are_blanks_count_for_nothing() -> None:
    text = "why was the bridge closed according to CNN"
    question = understand(text.replace("according to CNN", " " * 16), EMBEDDER.embed_query(text))
    assert list(question.rarity) == ["bridg", "close"]
    assert question.token_words == ("bridg", "close")


@given(st.text(max_size=60), st.text(min_size=1, max_size=200).filter(str.strip), st.booleans())
def test_every_feature_lies_between_0_and_1(question: str, text: str, tokens: bool) -> None:  # noqa: FBT001
    evidence = measure(question, text, tokens=tokens)
    assert evidence.sentences
    for sentence in evidence.sentences:
        counted = (
            sentence.idf_coverage,
            sentence.predicate_coverage,
            sentence.context_coverage,
            sentence.has_answer_type,
            sentence.adds_information,
        )
        for value in (*counted, sentence.echoes_term):
            assert 0.0 <= value <= 1.0 + 1e-9
        assert max(sentence.focus_similarity, sentence.wh_similarity) <= 1.0
        assert -1.0 <= sentence.token_similarity <= 1.0 + 1e-6
        assert sentence.name_match <= 1.0
