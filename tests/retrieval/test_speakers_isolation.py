"""Whatever one server adds, removes or decides about speakers, nobody else sees any effect; and decisions last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.retrieval.worlds import ACTS, ANYONE, HERE, THERE, world
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.scope import Scope


@given(st.lists(ACTS, max_size=25))
@settings(max_examples=sized(12, 40))
@example([("add", HERE, 0, 0), ("add", THERE, 1, 0), ("add", HERE, 5, 0), ("merge", HERE, 0, 1), ("alias", HERE, 0, 0)])
@example([("add", ANYONE, 0, 0), ("add", ANYONE, 1, 0), ("split", HERE, 0, 0), ("remove", ANYONE, 0, 0)])
def test_no_server_sees_any_effect_of_what_another_does(acts: Sequence[tuple[str, Scope, int, int]]) -> None:
    for w in world():
        for what, scope, one, other in acts:
            others = [each for each in (ANYONE, HERE, THERE) if scope not in {ANYONE, each}]
            before = [w.view(each) for each in others]
            w.act(what, scope, one, other)
            assert [w.view(each) for each in others] == before
        for without in world():
            for act in acts:
                if act[1] != HERE:
                    without.act(*act)
            for each in (ANYONE, THERE):
                assert without.view(each, ids=False) == w.view(each, ids=False)


@given(st.lists(ACTS, max_size=20))
@settings(max_examples=sized(12, 40))
@example([("add", HERE, 0, 0), ("add", HERE, 1, 0), ("split", HERE, 0, 2), ("alias", HERE, 0, 0)])
def test_decisions_hold_when_every_article_is_removed_and_added_again(
    acts: Sequence[tuple[str, Scope, int, int]],
) -> None:
    for w in world():
        for act in acts:
            w.act(*act)
        before = w.view(HERE, ids=False)
        present = [
            (each, int(entry.source.title.removeprefix("News ")))
            for each in (ANYONE, HERE)
            for entry in w.archive.articles.entries(each)
        ]
        own = [(scope, number) for scope, number in present if scope == ANYONE or (ANYONE, number) not in present]
        for scope, number in own:
            w.act("remove", scope, number, 0)
        for scope, number in own:
            w.act("add", scope, number, 0)
        assert w.view(HERE, ids=False) == before
