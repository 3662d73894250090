"""Where a name begins and ends among the words of a mention."""

import pytest

from retrieval.text.names.names import is_named, split_title

TITLES = [
    ("Secretary of State Ana Costa", "Ana Costa", "Secretary of State"),
    ("Former Secretary of State Costa", "Costa", "Former Secretary of State"),
    ("Secretary of Homeland Security Ana Costa", "Ana Costa", "Secretary of Homeland Security"),
    ("Minister for the Environment and Water Ana Costa", "Ana Costa", "Minister for the Environment and Water"),
    ("Water Ana Costa", "Ana Costa", "Water"),
    ("Harbour Union Ana Costa", "Ana Costa", "Harbour Union"),
    ("Bank of Selby governor Ana Costa", "Ana Costa", "Bank of Selby governor"),
    ("co-founder Ana Costa", "Ana Costa", "co-founder"),
    ("Mayor-elect Ana Costa", "Ana Costa", "Mayor-elect"),
    ("Trainer Sal Nuño", "Sal Nuño", "Trainer"),
    ("EastLine’s Ana Costa", "Ana Costa", "EastLine’s"),
    (",” coach Ana Costa", "Ana Costa", "coach"),
    ("― Ana Costa", "Ana Costa", None),
    ("“It is late,” Ana Costa", "Ana Costa", None),
    ("Earvin “Magic” Costa", "Earvin “Magic” Costa", None),
    ("Maria do Carmo da Silva", "Maria do Carmo da Silva", None),
]

OPENED = [
    ("But Costa", "Costa"),
    ("And Donald", "Donald"),
    ("Meanwhile Rihanna", "Rihanna"),
    ("The Costa", "Costa"),
    ("Did Mayor Costa", "Costa"),
    ("When Costa", "Costa"),
    ("On Monday Costa", "Costa"),
    ("Even Ana Costa", "Ana Costa"),
    ("Even Solberg", "Even Solberg"),
    ("Do Thi Hoa", "Do Thi Hoa"),
    ("To Lam", "To Lam"),
    ("Said Benali", "Said Benali"),
    ("Will Darrow", "Will Darrow"),
]


@pytest.mark.parametrize(("mention", "name", "role"), TITLES)
def test_what_stands_before_a_name_is_no_part_of_it(mention: str, name: str, role: str | None) -> None:
    printed = split_title(mention)
    assert (printed.name, printed.role) == (name, role)


@pytest.mark.parametrize(("mention", "name"), OPENED)
def test_what_opens_a_sentence_is_no_part_of_a_name(mention: str, name: str) -> None:
    assert split_title(mention).name == name


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Ana Costa of Breitbart", "Ana Costa"),
        ("Gov. Ana Costa of Ohio", "Ana Costa"),
        ("Ana Costa at UBS", "Ana Costa"),
    ],
)
def test_what_somebody_is_of_is_not_the_name(mention: str, name: str) -> None:
    assert split_title(mention).name == name


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("the lawyer for Costa", False),
        ("the foreign minister of France", False),
        ("the Minister of Health", False),
        ("Officials at Homeland Security", False),
        ("most residents of Selby", False),
        ("the Ministry of Health", True),
        ("University of Selby", True),
        ("Minister of Health Ana Costa", True),
        ("Ana Costa of Ohio", True),
    ],
)
def test_whom_somebody_works_for_is_not_named_as_the_speaker(mention: str, expected: bool) -> None:  # noqa: FBT001
    assert is_named(mention) is expected
