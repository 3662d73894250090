"""Roles as articles print them: which tell of one office, and which were held when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.names.entity_matching import KnownAs, resolve_surname, same_person
from retrieval.text.names.roles import PrintedRole, is_role, latest_role, role_history, same_office
from tests.support.prepared import day

if TYPE_CHECKING:
    from datetime import datetime


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sen.", "Republican senator from Ohio", True),
        ("White House spokesman", "White House spokeswoman", True),
        ("House Speaker", "speaker of the House", True),
        ("Obama’s deputy national security adviser", "the president’s deputy national security advisor", True),
        ("President", "former president", True),
        ("mayor of London", "mayor of Port Selby", False),
        ("president", "vice president", False),
        ("president", "president-elect", True),
        ("Republican nominee", "Republican senator", False),
        ("son of the president", "president", False),
        ("police chief", "striker", False),
        ("", "president", False),
    ],
)
def test_roles_agree_where_they_may_well_be_one_office(one: str, other: str, *, same: bool) -> None:
    assert same_office(one, other) is same_office(other, one) is same


def test_a_role_is_told_once_in_its_fullest_form_and_former_is_another() -> None:
    printed = [
        PrintedRole("president", 1, day(0)),
        PrintedRole("U.S. President", 2, day(5)),
        PrintedRole("president-elect of Selby", 6, day(-70)),
        PrintedRole("former president", 3, day(900)),
        PrintedRole("who won", 4, day(900)),
        PrintedRole("president of Selby", 5, None),
    ]
    told = role_history(printed)
    assert [(one.role, one.since, one.until, one.articles) for one in told] == [
        ("president-elect of Selby", day(-70), day(-70), 1),
        ("president of Selby", day(0), day(5), 3),
        ("former president", day(900), day(900), 1),
    ]
    assert latest_role(told) == "former president"


def test_the_latest_role_is_the_one_printed_most_of_late() -> None:
    printed = [PrintedRole("nominee", number, day(400 + number)) for number in range(3)]
    told = role_history(
        [
            *printed,
            PrintedRole("rival", 9, day(410)),
            PrintedRole("mogul", 10, day(1)),
            PrintedRole("mogul", 11, day(2)),
        ]
    )
    assert latest_role(told) == "nominee"
    assert latest_role(role_history([PrintedRole("nominee", 1, None)])) is None


@pytest.mark.parametrize("role", ["who say the senator lacks experience", "of Sen.", "all", "the", "and Mr"])
def test_a_piece_of_a_clause_is_no_role(role: str) -> None:
    assert not is_role(role)


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 5), st.none() | st.datetimes()), max_size=8))
def test_any_text_may_be_printed_as_a_role(printed: list[tuple[str, int, datetime | None]]) -> None:
    told = role_history(PrintedRole(role, article, moment) for role, article, moment in printed)
    assert {one.role for one in told} <= {role for role, _, _ in printed}
    assert all(1 <= one.articles <= len(printed) for one in told)


@given(st.lists(st.text(alphabet="abj sr-.'", min_size=1, max_size=12).filter(str.strip), unique=True, max_size=8))
def test_any_names_may_be_compared_in_any_order(keys: list[str]) -> None:
    names = [KnownAs(" ".join(key.split()), frozenset()) for key in keys]
    known = {name.key for name in names}

    def groups(some: list[KnownAs]) -> set[frozenset[str]]:
        joined = {key: {key} for key in known}
        for one, other in same_person(some):
            whole = joined[one] | joined[other]
            joined.update(dict.fromkeys(whole, whole))
        return {frozenset(group) for group in joined.values()}

    assert groups(names) == groups(names[::-1])


def test_a_surname_alone_is_nobody_s_where_two_would_do() -> None:
    people = {"ann lee": ["mayor"], "bo lee": ["mayor"], "cid lee": []}
    assert resolve_surname(["mayor"], people) is None
    assert resolve_surname([], people) is None
    assert resolve_surname(["mayor"], {"ann lee": ["mayor of Selby"], "cid lee": []}) == "ann lee"
