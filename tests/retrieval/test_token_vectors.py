"""Packed token vectors: small, the same everywhere, and near enough to what was packed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.embeddings import PassageEmbedding
from retrieval.text.token_vectors import ComparedTokens, compare, pack, pack_passage, rotate


def random_vectors(count: int, dimension: int, seed: int = 5) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)


def compared(packed: bytes, dimension: int) -> ComparedTokens:
    """Compare with the unit vectors: the packed vectors come back."""
    (found,) = compare([packed], np.eye(dimension, dtype=np.float32))
    assert found is not None
    return found


def test_a_token_of_384_dimensions_takes_52_bytes() -> None:
    assert len(pack(random_vectors(100, 384), range(100))) == 100 * 52 + 5


def test_cosines_survive_packing() -> None:
    stored, asked = random_vectors(200, 384), random_vectors(50, 384, seed=6)
    asked += stored[:50]
    exact = rotate(asked) @ rotate(stored).T
    (found,) = compare([pack(stored, range(200))], rotate(asked))
    assert found is not None
    assert np.abs(found.cosines.T - exact).mean() < 0.04
    assert np.array_equal(found.cosines.argmax(axis=0), np.arange(50))


@given(st.lists(st.one_of(st.none(), st.integers(1, 30)), max_size=20), st.integers(2, 33))
def test_texts_compared_together_come_back_each_by_itself(counts: list[int | None], dimension: int) -> None:
    packed = [None if n is None else pack(random_vectors(n, dimension, seed=n), range(n)) for n in counts]
    asked = rotate(random_vectors(4, dimension))
    for alone, together in zip((compare([one], asked)[0] for one in packed), compare(packed, asked), strict=True):
        assert (alone is None) == (together is None)
        if alone is not None and together is not None:
            assert np.allclose(alone.cosines, together.cosines, atol=1e-5)
            assert alone.starts.tolist() == together.starts.tolist()
            assert np.array_equal(together.closest, together.cosines.max(axis=0))


def test_a_text_of_another_dimension_is_not_compared() -> None:
    packed = [pack(random_vectors(2, 8), [0, 3]), pack(random_vectors(2, 16), [0, 3])]
    assert [found is None for found in compare(packed, rotate(random_vectors(1, 16)))] == [True, False]


def test_rotation_keeps_cosines() -> None:
    vectors = random_vectors(20, 48)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert np.allclose(rotate(vectors) @ rotate(vectors).T, unit @ unit.T, atol=1e-5)


def test_the_same_vectors_give_the_same_bytes() -> None:
    vectors = random_vectors(3, 16)
    assert pack(vectors, [0, 4, 9]) == pack(vectors * 2, [0, 4, 9])


@given(st.integers(1, 40), st.integers(2, 33), st.integers(0, 2**16))
def test_any_count_and_dimension_comes_back_in_shape(count: int, dimension: int, seed: int) -> None:
    kept = compared(pack(random_vectors(count, dimension, seed), range(count)), dimension)
    assert kept.cosines.shape == (count, dimension)
    assert kept.starts.tolist() == list(range(count))
    assert np.isfinite(kept.cosines).all()


@pytest.mark.parametrize("packed", [b"", b"\x01", b"\x07" * 40, pack(random_vectors(2, 8), [0, 3])[:-1]])
def test_other_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="token"):
        compare([packed], rotate(random_vectors(1, 8)))


def test_of_a_passage_only_its_own_content_tokens_are_kept() -> None:
    places = ((0, 0), (0, 5), (7, 10), (11, 15), (15, 16))  # added, headline, "The", "vote", "."
    embedding = PassageEmbedding(random_vectors(1, 8)[0], random_vectors(5, 8), places)
    packed = pack_passage(embedding, "The vote.", lead=7)
    assert packed is not None
    assert compared(packed, 8).starts.tolist() == [4]


def test_of_a_passage_without_a_content_word_nothing_is_kept() -> None:
    embedding = PassageEmbedding(random_vectors(1, 8)[0], random_vectors(1, 8), ((0, 3),))
    assert pack_passage(embedding, "the", lead=0) is None
