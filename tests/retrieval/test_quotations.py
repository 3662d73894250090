"""Which words are quotations, and who said them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.articles import Draft
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.reading import read_article
from retrieval.text.parse import Parse
from retrieval.text.quotations import MOST_RANKED, FoundQuotation, find_quotations
from tests.support.paths import SEED

Row = tuple[str, str, str | None, str | None]
"""A text, the words of one quotation in it, its speaker's name, its cue."""

TABLE: list[Row] = [
    ("“The bridge is closed,” Ana Costa said.", "The bridge is closed,", "Ana Costa", "said"),
    ('"The bridge is closed," Ana Costa said.', "The bridge is closed,", "Ana Costa", "said"),
    ("“The bridge is closed,” said Ana Costa, the mayor.", "The bridge is closed,", "Ana Costa", "said"),
    ("Ana Costa said: “The bridge is closed.”", "The bridge is closed.", "Ana Costa", "said"),
    ("Ana Costa, the mayor of Porto, said the bridge was “beyond repair.”", "beyond repair.", "Ana Costa", "said"),
    ("“Who pays?” asked Ana Costa. “We do.”", "We do.", "Ana Costa", None),
    ("“We pay,” said Ana Costa, the mayor, “when it rains.”", "when it rains.", "Ana Costa", None),
    ("“We pay,” Ana Costa said, “when it rains.”", "when it rains.", "Ana Costa", "said"),
    ("“We pay,” Ana Costa said.\n\n“We always did.”", "We always did.", "Ana Costa", None),
    ("The plan is “a gift to the banks,” according to Ana Costa.", "a gift to the banks,", "Ana Costa", "according to"),
    ("Mayor Ana Costa told reporters that the plan is “a gift.” She left.", "a gift.", "Ana Costa", "told"),
    ("Mayor Ana Costa spoke first. “It is late,” Costa said.", "It is late,", "Ana Costa", "said"),
    ("Sen. Ana Costa (I-Vt.) tweeted that the plan was “a joke.”", "a joke.", "Ana Costa", "tweeted"),
    (
        "Costa’s office released a statement calling the vote “a clear loss” for the city.",
        "a clear loss",
        "Costa’s office",
        "calling",
    ),
    (
        "“It was never signed,” a Treasury official told the paper.",
        "It was never signed,",
        "a Treasury official",
        "told",
    ),
    ("“It was never signed,” she said.", "It was never signed,", "she", "said"),
    ("Ana Costa announced it this way:\n\n“The bridge is closed.”", "The bridge is closed.", "Ana Costa", "announced"),
    ("“He told me ‘never again’ and left,” Ana Costa said.", "He told me ‘never again’ and left,", "Ana Costa", "said"),
    ("“It goes on.\n\n“It ends here,” Ana Costa said.", "It ends here,", "Ana Costa", "said"),
    ("The board is 6'2\" wide. “It fits,” Ana Costa said.", "It fits,", "Ana Costa", "said"),
    ("The dogs’ owner left. “It fits,” Ana Costa said.", "It fits,", "Ana Costa", "said"),
    ("‘It fits, I think,’ said Ana Costa.", "It fits, I think,", "Ana Costa", "said"),
    ("The lights went out. “Nobody move.”", "Nobody move.", None, None),
    ("“It fits,” said Dr. Ana Costa.", "It fits,", "Ana Costa", "said"),
    ("“It fits,” said Dr. Ana Costa, who knows. It rained.", "It fits,", "Ana Costa", "said"),
    ("“It fits,” said Maj. Gen. Ana Costa. It rained.", "It fits,", "Ana Costa", "said"),
    ("“It fits,” said U.S. Rep. Ana Costa in a note.", "It fits,", "Ana Costa", "said"),
    ("“It fits,” according to Prof. Ana Costa. It rained.", "It fits,", "Ana Costa", "according to"),
    ("“It fits,” said J. D. Costa. It rained.", "It fits,", "J. D. Costa", "said"),
    ("“It fits,” said Ana Costa Jr. on Monday.", "It fits,", "Ana Costa Jr.", "said"),
    ("The board met. Its chair, Ana Costa, said: “It fits.”", "It fits.", "Ana Costa", "said"),
    ("“It fits,” its chair, Ana Costa, said.", "It fits,", "Ana Costa", "said"),
]

NOBODY = ["“It fits,” said Dr", "“It fits,” said Its.", "Its chair said: “It fits.”", "The said: “It fits.”"]

NOTHING = [
    "Ana Costa said that the bridge was closed, and that nobody would pay.",
    "He starred in the film “Night Train” last year.",
    "The so-called “dream team” lost.",
    "Worth reading: “Rain at Last,” by Ana Costa: a fine piece.",
    'The screen measures 27" and the desk 60" or so.',
    "“It was never closed, Ana Costa said.",
    "",
    "”",
]


def only(text: str, words: str) -> FoundQuotation:
    found = [quotation for quotation in find_quotations(text) if quotation.content.of(text) == words]
    assert len(found) == 1, [quotation.content.of(text) for quotation in find_quotations(text)]
    return found[0]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0][:50])
def test_the_speaker_and_the_cue_are_found(row: Row) -> None:
    text, words, speaker, cue = row
    quotation = only(text, words)
    assert [who.name for who in quotation.speakers] == ([speaker] if speaker else [])
    assert (quotation.cue.of(text) if quotation.cue else None) == cue


@pytest.mark.parametrize("text", NOBODY)
def test_a_title_or_a_description_alone_names_nobody(text: str) -> None:
    (quotation,) = find_quotations(text)
    assert not any(who.named for who in quotation.speakers)
    assert quotation.attribution is not Attribution.NAMED


def test_an_office_beside_a_name_is_its_role_and_a_rank_its_rank() -> None:
    (chair,) = only("The board met. Its chair, Ana Costa, said: “It fits.”", "It fits.").speakers
    assert (chair.role, chair.rank) == ("chair", None)
    (general,) = only("“It fits,” said Maj. Gen. Ana Costa.", "It fits,").speakers
    assert (general.role, general.rank) == (None, "Maj. Gen.")


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_quotation_is_not_returned(text: str) -> None:
    assert find_quotations(text) == []


def test_a_byline_behind_a_title_is_told_as_quickly_in_capitals() -> None:
    """Could names touch, this one would be parted in more ways than there is time."""
    assert only("“Rain at Last,” by " + "N" * 5_000 + "!", "Rain at Last,").speakers == ()


def test_two_speakers_of_one_quotation_are_both_found() -> None:
    text = "Ana Costa and Ben Dray were there. Both Costa and Dray told reporters that the vote is “not binding.”"
    assert [who.name for who in only(text, "not binding.").speakers] == ["Ana Costa", "Ben Dray"]


def test_role_and_rank_are_kept_apart_from_the_name_and_found_again_later() -> None:
    text = "“We wait,” Port Authority press secretary Lt. Cmdr. Ana Costa said.\n\n“We hope,” Costa added."
    for words in ("We wait,", "We hope,"):
        (who,) = only(text, words).speakers
        assert (who.name, who.role, who.rank) == ("Ana Costa", "Port Authority press secretary", "Lt. Cmdr.")


def test_an_unnamed_official_stays_unnamed() -> None:
    quotation = only("“It was late,” a U.S. official told the outlet.", "It was late,")
    assert (quotation.speakers[0].named, quotation.attribution) == (False, Attribution.ROLE)


def test_a_surname_that_two_people_share_stays_a_surname() -> None:
    text = "Ana Costa met Rui Costa. “It rains,” Costa said."
    assert only(text, "It rains,").speakers[0].name == "Costa"


def test_a_pronoun_is_not_a_name() -> None:
    quotation = only("“It rains,” he said.", "It rains,")
    assert (quotation.speakers[0].named, quotation.attribution) == (False, Attribution.PRONOUN)


def test_a_fragment_keeps_the_sentence_it_stands_in() -> None:
    text = "It rained. Ana Costa said she was “glad” and “tired” of it. She left."
    for words in ("glad", "tired"):
        quotation = only(text, words)
        assert quotation.kind is QuotationKind.MIXED
        assert quotation.sentence.of(text) == "Ana Costa said she was “glad” and “tired” of it."


def test_a_mark_that_is_never_closed_costs_only_its_own_quotation() -> None:
    text = "“It rains, she said.\n\n“It snows,” Ana Costa said."
    assert "It snows," in [quotation.content.of(text) for quotation in find_quotations(text)]


SEED_SPEAKERS = [
    ("disappointed", ["John Kirby"]),
    ("perplexed", ["John Kirby"]),
    ("These are two leaders", ["John Kirby"]),
    ("We think that a ground invasion", ["Pat Ryder"]),
    ("There are ways", ["Pat Ryder"]),
    ("a clear retreat", ["Netanyahu’s office"]),
    ("proof that President Biden", ["Itamar Ben-Gvir"]),
    ("The prime minister’s office seems", ["John Kirby"]),
    ("And we get to decide", ["John Kirby"]),
    ("surprising and unfortunate,", ["Matthew Miller"]),
    ("non-binding.", ["John Kirby", "Matthew Miller"]),
    ("All of that is self-defeating.", ["a U.S. official"]),
    ("not so upset", ["Bernie Sanders"]),
]


def test_every_quotation_of_the_seed_article_has_its_speaker() -> None:
    text = SEED.read_text(encoding="utf-8")
    found = find_quotations(text)
    assert [[who.name for who in quotation.speakers] for quotation in found] == [who for _, who in SEED_SPEAKERS]
    assert all(
        quotation.content.of(text).startswith(words) for quotation, (words, _) in zip(found, SEED_SPEAKERS, strict=True)
    )


prose = st.text() | st.lists(
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "‘",
            "’",
            "'",
            "''",
            " said ",
            " Ana Costa",
            " she ",
            "told",
            ", ",
            ". ",
            "\n\n",
            "\n",
            "6'2\"",
            "It rains",
            ":",
        ]
    )
).map("".join)


@given(prose)
def test_any_text_at_all_is_read_without_an_error_and_in_order(text: str) -> None:
    found = find_quotations(text)
    assert found == find_quotations(text)
    at = 0
    for quotation in found:
        assert at <= quotation.content.start
        assert quotation.sentence.covers(quotation.content)
        assert quotation.sentence.end <= len(text)
        assert not set("“”") & set(quotation.content.of(text)[:1])
        at = quotation.content.end
        for who in quotation.speakers:
            assert who.mention.of(text)


def test_a_mention_of_marks_alone_names_nobody() -> None:
    text = "“We,” said the mayor. ‘((a)"
    assert all(speaker.mention.of(text).strip() for found in find_quotations(text) for speaker in found.speakers)


@pytest.mark.parametrize(
    ("text", "parses"),
    [
        ("“The bridge is closed,” Ana Costa said.", 1),
        ("ANA COSTA: Why was the bridge closed?\n\nBO FAY: It was old.\n\nANA COSTA: Who says so?", 1),
        ("The bridge was closed in the morning. It was old, as the town knew.", 0),
        ("„Die Brücke ist gesperrt“, sagte Ana Costa am Montag. Sie war schon lange alt.", 0),
        ("“It is closed,” she said.\n\n" * (MOST_RANKED + 1), 0),
    ],
    ids=["a quotation", "turns", "none", "another language", "too many"],
)
def test_a_text_is_parsed_only_where_its_quotations_may_change(text: str, parses: int) -> None:
    parsed: list[str] = []

    def parse(body: str) -> Parse:
        parsed.append(body)
        return Parse(())

    read_article(Draft(text), parse)

    assert len(parsed) == parses
