"""Whom offices, outlets and descriptions stand for in a parsed text, and what is no part of its story."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.domain.quotations import Attribution
from retrieval.text.quotations import FoundQuotation, find_quotations


def read(parser: SpacyParser, text: str) -> list[FoundQuotation]:
    return find_quotations(text, parser.parse(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sen. Ana Costa spoke. “It rains,” the senator said.", "Ana Costa"),
        ("Prime Minister Ana Costa spoke. “It rains,” the prime minister said.", "Ana Costa"),
        ("Ana Costa, the mayor of Porto, spoke. “It rains,” the mayor said.", "Ana Costa"),
        ("The spokeswoman, Ana Costa, spoke. “It rains,” the spokeswoman said.", "Ana Costa"),
        ("White House press secretary Ana Costa spoke. “It rains,” the spokeswoman said.", "Ana Costa"),
        ("Gen. Ana Costa met Ben Dray. “It rains,” the general said.", "Ana Costa"),
        ("Former Mayor Ana Costa spoke. “It rains,” the former mayor said.", "Ana Costa"),
        ("Texas Sen. Ana Costa met Sen. Ben Dray. “It rains,” the Texas senator said.", "Ana Costa"),
        ("Sen. Ana Costa (R-Fla.) met Sen. Ben Dray. “It rains,” the Florida senator said.", "Ana Costa"),
        ("Sen. Ana Costa met Sen. Ben Dray. “It rains,” the senator said.", None),
        ("Sen. Ana Costa spoke. “It rains,” the Texas senator said.", None),
        ("Former Mayor Ana Costa spoke. “It rains,” the mayor said.", None),
        ("Vice President Ana Costa spoke. “It rains,” the president said.", None),
        ("The spokesman, Ana Costa, spoke. A spokesman wept. “It rains,” the spokesman said.", None),
        ("Chairwoman Ana Costa spoke. “It rains,” the chairman said.", None),
        ("Sen. Ana Costa spoke. “It rains,” a senator said.", None),
        ("Sen. Ana Costa spoke. “It rains,” the senators said.", None),
        ("Sen. Ana Costa spoke." + " It rained on and on." * 100 + " “It rains,” the senator said.", None),
    ],
)
def test_an_office_stands_for_whoever_alone_bears_it(parser: SpacyParser, text: str, name: str | None) -> None:
    (quotation,) = read(parser, text)
    assert quotation.attribution is Attribution.ROLE
    assert [who.name for who in quotation.speakers if who.named] == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("“It rains,” Ana Costa told Axios.", "Axios"),
        ("“It rains,” Ana Costa told the New York Times on Monday.", "New York Times"),
        ("“It rains,” Ana Costa told The Vale Post.", "The Vale Post"),
        ("“It rains,” Ana Costa told CNN’s Ben Dray.", "CNN"),
        ("“It rains,” Ana Costa told Ben Dray of Fox News.", "Fox News"),
        ("“It rains,” a U.S. official told Reuters.", "Reuters"),
        ("“It rains,” Ana Costa said in an interview with CNN on Sunday.", "CNN"),
        ("“It rains,” Ana Costa said in a statement to the Guardian.", "Guardian"),
        ("“It rains,” Ana Costa said on NBC’s “Meet the Press.”", "NBC"),
        ("“It rains,” Ana Costa said, as reported by The New York Times.", "The New York Times"),
        ("“It rains,” Ana Costa said, according to The Washington Post.", "The Washington Post"),
        ("Politico reported that Ana Costa said “it rains.”", "Politico"),
        ("“It rains,” Ana Costa told KTLA.", "KTLA"),
        ("“It rains,” Ana Costa told Axios. “It snows.”", "Axios"),
        ("Axios was first. “It rains,” Ana Costa told the outlet.", "Axios"),
        ("Axios and Reuters were first. “It rains,” Ana Costa told the outlet.", None),
        ("“It rains,” Ana Costa told the outlet.", None),
        ("“It rains,” Ana Costa told reporters.", None),
        ("“It rains,” Ana Costa told Ben Dray.", None),
        ("“It rains,” Ana Costa told Congress.", None),
        ("“It rains,” Ana Costa told the Senate Judiciary Committee.", None),
        ("“It rains,” Ana Costa told Emily Post.", None),
        ("“It rains,” Ana Costa said. Ben Dray told Axios that it snowed.", None),
        ("“It rains,” Ana Costa said of Ben Dray’s interview with CNN.", None),
        ("“I told Axios that it rains,” Ana Costa said.", None),
    ],
)
def test_the_outlet_that_passed_the_words_on_is_kept(parser: SpacyParser, text: str, outlet: str | None) -> None:
    for quotation in read(parser, text):
        assert (quotation.via and quotation.via.of(text)) == outlet
        assert all(who.mention.of(text) != outlet for who in quotation.speakers)


SHOWN = [
    "says Bill Nyman, who became famous with his programme “Nyman the Guy,” which aired on PBS in the 1990s.",
    "says Bill Nyman, whose series aired on PBS.",
    "says Bill Nyman, whose film was broadcast on CNN in May.",
    "said Bill Nyman, host of a show that airs on NBC.",
    "said Bill Nyman, who appeared in a series on CBS.",
    "said Bill Nyman, whose documentary was released on PBS.",
    "said Bill Nyman, whose book was published by Time.",
    "said Bill Nyman of the special that aired Sunday on Fox News.",
    "said Bill Nyman, whose new drama aired on ABC.",
    "said Bill Nyman, star of “The Vale,” which was first broadcast on the BBC.",
    "said Bill Nyman, whose concert was carried by NPR.",
    "said Bill Nyman, whose “Vale Nights” ran for ten years and aired on CBS.",
    "said Bill Nyman, star of “The Vale” (aired on NBC).",
    "said Bill Nyman, whose game was broadcast by ESPN.",
    "said Bill Nyman after the debate that aired on CNN.",
]
PASSED_ON = [
    ("said Bill Nyman in an interview that aired on CNN.", "CNN"),
    ("said Bill Nyman in an interview, which aired on CNN on Friday.", "CNN"),
    ("said Bill Nyman in an interview broadcast by CNN.", "CNN"),
    ("Bill Nyman told CNN.", "CNN"),
    ("Bill Nyman said in remarks carried by CNN.", "CNN"),
    ("Bill Nyman said in comments aired by CNN.", "CNN"),
    ("Bill Nyman said on CNN.", "CNN"),
    ("Bill Nyman said in a conversation recorded by PBS.", "PBS"),
    ("Bill Nyman said in a letter seen by Reuters.", "Reuters"),
    ("Bill Nyman said in a statement released to Reuters.", "Reuters"),
    ("Bill Nyman wrote in an e-mail obtained by Reuters.", "Reuters"),
    ("Bill Nyman wrote in an essay published by Time.", "Time"),
]


@pytest.mark.parametrize(("said", "outlet"), [*((said, None) for said in SHOWN), *PASSED_ON])
def test_where_a_programme_or_a_book_came_out_passes_no_words_on(said: str, outlet: str | None) -> None:
    text = f"“You can watch this show,” {said}"
    (quotation,) = find_quotations(text)[:1]
    assert (quotation.via and quotation.via.of(text)) == outlet


def test_an_outlet_that_speaks_for_itself_passes_nothing_on(parser: SpacyParser) -> None:
    (quotation,) = read(parser, "The New York Times said it had “no comment.”")
    assert quotation.via is None


@pytest.mark.parametrize(
    "text",
    [
        "Ana Costa said so. She hosts the podcast “So, It Rains.”",
        "In her new memoir, “Drains I Have Known,” she tells all.",
        "—\"'Rain' star said to leave,\" by the Vale Post's Ana Costa http://x",
        "[<a href=”x”>Ana Costa: “It rains” (with pictures)</a>.]\n\nAna Costa said so.",
        "Correction: this story said that Ana Costa was “late.”",
    ],
)
def test_what_is_no_part_of_the_story_is_not_returned(parser: SpacyParser, text: str) -> None:
    assert read(parser, text) == []
    assert find_quotations(text) == []


def test_a_quotation_that_goes_on_keeps_its_speaker(parser: SpacyParser) -> None:
    text = "“It rains,” said Ana Costa.\n\n“It rains.\n\n“It pours far too much.\n\n“I stay in.”"
    assert [who.name for quotation in read(parser, text) for who in quotation.speakers] == ["Ana Costa"] * 4


def test_a_name_behind_a_description_is_whom_it_describes(parser: SpacyParser) -> None:
    text = "According to his lawyer, Nina Castell, “it was always meant to come home.”"
    (quotation,) = read(parser, text)
    assert [who.name for who in quotation.speakers] == ["Nina Castell"]


@pytest.mark.parametrize(("pronoun", "name"), [("she", "Chris Lund"), ("he", "Robin Costa")])
def test_a_noun_beside_a_name_tells_whom_a_pronoun_may_mean(parser: SpacyParser, pronoun: str, name: str) -> None:
    text = f"Robin Costa, the spokesman, met Chris Lund, an actress, on Monday. “It rains a lot here,” {pronoun} said."
    (quotation,) = read(parser, text)
    assert [who.name for who in quotation.speakers] == [name]


@pytest.mark.xfail(strict=True, reason="that a sign does not speak is for the model to say, and it has seen few signs")
def test_words_on_a_sign_are_not_a_quotation(parser: SpacyParser) -> None:
    assert read(parser, "Many people carried signs. One read “No rails, no votes.” It rained on them.") == []


@pytest.mark.xfail(strict=True, reason="the parse hangs the phrase on the nearest name, not on who describes")
def test_who_describes_is_told_from_who_reports_it(parser: SpacyParser) -> None:
    text = "The object, described by one colleague as “a dirty snowball,” lost a tenth of it, said Prof. Mei-Lin Zhao."
    assert [who.name for quotation in read(parser, text) for who in quotation.speakers] == ["one colleague"]
