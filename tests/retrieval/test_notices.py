"""A text that says of itself that it was wrong is marked; one that speaks of others is not."""

from __future__ import annotations

import pytest

from retrieval.domain.articles import Notice
from retrieval.text.notices import find_notice

BODY = "The mine closed in 1986.\n\nIts water is warm.\n\n{}"


@pytest.mark.parametrize(
    "note",
    [
        "Correction: The mine closed in 1986, not in 1988.",
        "Correction, May 5, 2024: The mine closed in 1986.",
        "CORRECTION (14 March): The mine closed in 1986.",
        "Corrections and clarifications: the mine closed in 1986.",
        "An earlier version of this article misstated the year in which the mine closed.",
        "*An earlier version of this story gave a wrong year.*",
        "(A previous version of this report misspelled the name of Joan Prosser.)",
        "Editor’s note: An earlier version of this post incorrectly said that the mine was open.",
        "This article was amended on 5 May 2024 to correct the year.",
        "This story has been corrected to say that the mine closed in 1986.",
        "This article has been updated to correct the spelling of a name.",
        "Editor's note: This piece originally misidentified the speaker.",
        "Clarification: This article has been edited and corrected after a complaint.",
        "Korrektur: Das Bergwerk wurde 1986 geschlossen.",
        "In einer früheren Version dieses Artikels hieß es, das Bergwerk sei offen.",
        "Une version précédente de cet article indiquait une autre date.",
        "Fe de errores: la mina cerró en 1986.",
    ],
)
def test_a_correction_is_seen(note: str) -> None:
    assert find_notice("Flooded mine may heat 900 homes", BODY.format(note)) is Notice.CORRECTED


@pytest.mark.parametrize(
    "note",
    [
        "This article has been retracted.",
        "This story has been withdrawn because its source could not be verified.",
        "Editor’s note: This article has been retracted. The mine never existed.",
        "Editor's note: After a review we found that a quotation was invented, and this report was withdrawn.",
        "The Northern Ledger has retracted this article.",
        "We are withdrawing this story.",
        "Retraction: The figures in this article were made up.",
        "RETRACTED – see the note of 5 May.",
    ],
)
def test_a_retraction_is_seen(note: str) -> None:
    assert find_notice("Flooded mine may heat 900 homes", BODY.format(note)) is Notice.RETRACTED
    assert find_notice("Flooded mine may heat 900 homes", f"{note}\n\nThe mine closed in 1986.") is Notice.RETRACTED


@pytest.mark.parametrize(
    "text",
    [
        "The journal retracted the study on Monday after its data turned out to be invented.",
        "“This article has been retracted,” the journal’s notice reads.",
        "The newspaper said that an earlier version of its article was wrong.",
        "Retraction of the landing gear took four seconds.",
        "The candidate has withdrawn from the race.",
        "This report was withdrawn by the ministry in 2019 and published again a year later.",
        "Corrections officers found the tunnel on Tuesday.",
        "A correction in the stock market is overdue, analysts say.",
        "An earlier version of this story, about a talking bear, appeared in a magazine in 1951.",
        "An earlier version of the bill failed in the senate.",
        "This article is part of a series on mines.",
        "This article was updated at 14:05 with a comment of the council.",
        "Update: the road is open again.",
        "Editor’s note: the study on which this article reports was later disputed.",
        "Editor’s note: Joan Prosser is a cousin of this article’s author.",
        "Editor’s note: The Times has retracted the report that we quoted.",
        "He asked the paper to correct this article, and was refused.",
        "Authors whose articles were retracted lose their grants.",
    ],
)
def test_what_is_told_of_others_is_no_notice(text: str) -> None:
    assert find_notice("Flooded mine may heat 900 homes", BODY.format(text)) is None


@pytest.mark.parametrize(
    ("title", "notice"),
    [
        ("RETRACTED: Flooded mine may heat 900 homes", Notice.RETRACTED),
        ("[Retracted] Flooded mine may heat 900 homes", Notice.RETRACTED),
        ("CORRECTED-Flooded mine may heat 900 homes", Notice.CORRECTED),
        ("Correction: Flooded mine may heat 900 homes", Notice.CORRECTED),
        ("Flooded mine may heat 900 homes (corrected)", Notice.CORRECTED),
        ("Retracted study still cited, survey finds", None),
        ("Retraction: how science mends itself", None),
        ("Withdrawn: the law that nobody wanted", None),
        ("Corrected course saves satellite", None),
    ],
)
def test_a_headline_may_say_it(title: str, notice: Notice | None) -> None:
    assert find_notice(title, BODY.format("")) is notice


def test_a_retraction_goes_before_a_correction() -> None:
    body = BODY.format("Correction: the mine closed in 1986.\n\nThis article has been retracted.")
    assert find_notice("Mine", body) is Notice.RETRACTED


def test_a_note_in_mid_text_is_none() -> None:
    paragraphs = ["The mine is deep."] * 10
    assert find_notice("Mine", "\n".join([*paragraphs, "Correction: a word.", *paragraphs])) is None
