"""Names as printed: titles split off, surnames joined to full names, names matched and compared."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.names.names import (
    FullNames,
    gender_of_title,
    is_named,
    matches,
    name_beside,
    name_key,
    near_names,
    split_title,
    surname,
)
from retrieval.text.names.ranks import part_rank
from retrieval.text.names.vocabulary import is_role_word


@pytest.mark.parametrize(
    ("mention", "name", "role"),
    [
        ("Ana Costa", "Ana Costa", None),
        ("Costa", "Costa", None),
        ("Mayor Ana Costa", "Ana Costa", "Mayor"),
        ("Pentagon press secretary Maj. Gen. Pat Ryder", "Pat Ryder", "Pentagon press secretary"),
        ("Rear Adm. Ana Costa", "Ana Costa", None),
        ("White House spokesperson John Kirby", "John Kirby", "White House spokesperson"),
        ("Porto Harbour Minister Rui Ben-Dray", "Rui Ben-Dray", "Porto Harbour Minister"),
        ("Sen. Ana Costa (I-Vt.)", "Ana Costa", "Sen."),
        ("Sen. Ana Costa, the chair of the committee", "Ana Costa", "Sen."),
        ("the mayor Ana Costa", "Ana Costa", "mayor"),
        ("Mr. Costa", "Costa", None),
        ("the younger Mr. Costa", "Costa", None),
        ("Costa’s", "Costa", None),
        ("Ana Costa Jr.", "Ana Costa Jr.", None),
        ("Ludwig van Beethoven", "Ludwig van Beethoven", None),
        ("Crown Prince Omar bin Said", "Omar bin Said", "Crown Prince"),
        ("Brigadier Ana Costa", "Ana Costa", None),
        ("Marshal Ana Costa", "Ana Costa", None),
        ("Ensign Ana Costa", "Ana Costa", None),
        ("Det Insp Ana Costa", "Ana Costa", None),
        ("Chief Supt Ana Costa", "Ana Costa", None),
        ("Monsignor Rui Ben-Dray", "Rui Ben-Dray", None),
        ("Fire Marshal Ana Costa", "Ana Costa", "Fire Marshal"),
        ("John Ensign", "John Ensign", None),
        ("Private Eye", "Private Eye", None),
        ("J. D. Salinger", "J. D. Salinger", None),
    ],
)
def test_titles_and_ranks_are_split_off_as_they_are_printed(mention: str, name: str, role: str | None) -> None:
    printed = split_title(mention)
    assert (printed.name, printed.role) == (name, role)
    assert mention[printed.start : printed.end] == name


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("Costa", True),
        ("the Pentagon", True),
        ("Mayor Ana Costa", True),
        ("his lawyer, Ana Costa", True),
        ("a spokeswoman, Ana Costa", True),
        ("Dr", False),
        ("Its", False),
        ("Sen. Ana Costa (I-Vt.)", True),
        ("the senator", False),
        ("a U.S. official", False),
        ("an American", False),
        ("Costa’s lawyer", False),
        ("Costa’s office", True),
        ("the Costa campaign", True),
        ("the campaign", False),
        ("His office", False),
        ("Multiple news reports", False),
        ("the mayor, who was tired", False),
        ("", False),
    ],
)
def test_a_name_is_told_from_a_description(mention: str, expected: bool) -> None:  # noqa: FBT001
    assert is_named(mention) is expected


@pytest.mark.parametrize(
    ("printed", "role", "rank"),
    [
        ("Pentagon press secretary Maj. Gen.", "Pentagon press secretary", "Maj. Gen."),
        ("retired Army Lt. Gen.", None, "retired Army Lt. Gen."),
        ("Air Force Staff Sgt.", None, "Air Force Staff Sgt."),
        ("Metropolitan Police Detective Chief Inspector", "Metropolitan Police", "Detective Chief Inspector"),
        ("Rear Adm.", None, "Rear Adm."),
        ("Field Marshal", None, "Field Marshal"),
        ("Fire Marshal", "Fire Marshal", None),
        ("Chief Medical Officer Dr.", "Chief Medical Officer", "Dr."),
        ("The Rev.", None, "Rev."),
        ("Attorney General", "Attorney General", None),
        ("Atty. Gen.", "Atty. Gen.", None),
        ("Inspector General", "Inspector General", None),
        ("Chief Executive Officer", "Chief Executive Officer", None),
        ("Houston Police Chief", "Houston Police Chief", None),
        ("England captain", "England captain", None),
        ("Sen.", "Sen.", None),
        ("", None, None),
    ],
)
def test_a_rank_is_told_from_an_office(printed: str, role: str | None, rank: str | None) -> None:
    assert part_rank(printed) == (role, rank)


@given(st.text())
def test_office_and_rank_keep_every_word_but_an_article(printed: str) -> None:
    words = " ".join(part or "" for part in part_rank(printed)).split()
    assert [word.rstrip(",") for word in printed.split() if word.casefold() != "the"] == [
        word.rstrip(",") for word in words if word.casefold() != "the"
    ]


def test_keys_ignore_case_accents_titles_and_possessives() -> None:
    assert name_key("Dr. Béla Kún’s") == name_key("bela KUN") == "bela kun"


@pytest.mark.parametrize(
    ("name", "last"), [("Ana Costa", "costa"), ("Ana Costa Jr.", "costa"), ("Rui Ben-Dray", "ben-dray"), ("", "")]
)
def test_the_surname_is_the_last_word_that_is_no_suffix(name: str, last: str) -> None:
    assert surname(name) == last


@pytest.mark.parametrize(
    ("mention", "known", "expected"),
    [
        ("Costa", ["Ana Costa", "Ben Dray"], "Ana Costa"),
        ("Ana", ["Ana Costa", "Ben Dray"], "Ana Costa"),
        ("Mayor Costa", ["Ana Costa", "Ben Dray"], "Ana Costa"),
        ("Ana Costa", ["Ana M. Costa"], "Ana M. Costa"),
        ("Costa", ["Ana Costa", "Rui Costa"], None),
        ("Costa", ["Ana Costa", "Ana M. Costa"], "Ana M. Costa"),
        ("Ivo Lund", ["Ana Costa"], "Ivo Lund"),
        ("Lund", ["Ana Costa"], None),
        ("Ana Costa", ["Ana Costa", "Ana Costa Jr."], "Ana Costa"),
        ("Ana Costa Jr.", ["Ana Costa", "Ana Costa Jr."], "Ana Costa Jr."),
        ("Ana Costa Jr.", ["Ana Costa"], "Ana Costa Jr."),
        ("Ana Costa", ["Ana M. Costa Jr."], "Ana M. Costa Jr."),
        ("Ana Costa", ["Ana M. Costa", "Ana Maria Costa III"], "Ana M. Costa"),
        ("Costa", ["Ana Costa", "Ana Costa Jr."], None),
    ],
)
def test_a_mention_finds_its_full_name_or_nothing(mention: str, known: list[str], expected: str | None) -> None:
    assert FullNames(known).find(mention) == expected


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Its chair, Ana Costa,", "Ana Costa"),
        ("the mayor, Ana Costa", "Ana Costa"),
        ("the mayor, New York’s first", None),
        ("the mayor, Costa", None),
        ("Ben Dray, Ana Costa", None),
        ("the mayor", None),
        ("", None),
    ],
)
def test_the_name_beside_a_description_is_whose_it_is(mention: str, name: str | None) -> None:
    assert name_beside(mention) == name


@pytest.mark.parametrize(
    ("query", "expected"),
    [("costa", True), ("ana c", True), ("COSTÁ", True), ("cos", True), ("osta", False), ("c ana", False), ("", False)],
)
def test_what_is_typed_begins_the_words_of_a_name_in_order(query: str, expected: bool) -> None:  # noqa: FBT001
    assert matches(query, "Ana Costa") is expected


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("sorensen", "Ida Sørensen"),
        ("Sørensen", "Ida Sorensen"),
        ("lukasz walesa", "Łukasz Wałęsa"),
        ("dordevic", "Ana Đorđević"),
        ("strasse", "Ida Straße"),
        ("aero", "Bo Ærø"),
    ],
)
def test_letters_that_no_accent_parts_from_a_plain_one_are_found_by_the_plain_one(query: str, name: str) -> None:
    assert matches(query, name)
    assert near_names(f"{query}x", [name]) == [name]


def test_misspelt_names_offer_the_nearest_first() -> None:
    known = ["John Kirby", "Pat Ryder", "Ana Costa", "Jon Kerby"]
    assert near_names("Kirbey", known) == ["John Kirby", "Jon Kerby"]
    assert near_names("Xqzw", known) == []


@given(st.text("abc ", max_size=12), st.lists(st.text("abc ", max_size=12), max_size=6))
def test_near_names_are_those_that_are_alike_by_difflib(query: str, known: list[str]) -> None:
    def alike(name: str) -> float:
        wanted, whole = " ".join(query.split()), " ".join(name.split())
        return max(SequenceMatcher(None, wanted, other).ratio() for other in (whole, surname(name)))

    close = sorted((-alike(name), name) for name in known if alike(name) >= 0.6)
    assert near_names(query, known, 9) == [name for _, name in close]


def test_gender_and_rank_are_read_from_titles() -> None:
    assert (gender_of_title("Mrs. Costa"), gender_of_title("Mr. Dray"), gender_of_title("Dr. Lund")) == ("f", "m", None)
    assert is_role_word("Senators")
    assert not is_role_word("Porto")


@given(st.text())
def test_any_text_at_all_can_be_taken_for_a_name(text: str) -> None:
    printed = split_title(text)
    assert text[printed.start : printed.end].strip() == printed.name or printed.name == text.strip()
    name_key(text)
    surname(text)
    is_named(text)
    FullNames(["Ana Costa", text]).find(text)
    assert near_names(text, ["Ana Costa"]) in ([], ["Ana Costa"])
