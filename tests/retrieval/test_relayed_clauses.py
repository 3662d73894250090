"""Relayed words in clauses with appositions, documents, verbs without a subject and titles: never the teller's."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import FoundQuotation, find_quotations

_ROOM = "“Nobody leaves this room tonight”"
_BEFORE = (
    "The inquest into the hotel fire at Port Selby opened on Monday. "
    "Ruth Adler, a clerk, and Tomas Weil, the owner, attended.\n\n"
)
INNER = [
    f"The minutes, taken by Ruth Adler, record Tomas Weil as saying {_ROOM}.",
    f"Ruth Adler's notes list the owner, Tomas Weil, as saying {_ROOM}.",
    f"Ruth Adler likes to cite her first employer, Tomas Weil: {_ROOM}.",
    f"Ruth Adler testified that it was the owner, Tomas Weil, who gave the order to shout {_ROOM}.",
    f"Ruth Adler told the inquest it was Tomas Weil who wrote on the wall {_ROOM}.",
    f"Ruth Adler said what she saw when the doors opened: the owner, Tomas Weil, muttering {_ROOM}.",
    f"Ruth Adler described how the owner, Tomas Weil, had taken her hand and said {_ROOM}.",
    f"Ruth Adler said that Tomas Weil's actual words, in German, were {_ROOM}.",
    f"Ruth Adler said the last telephone message from Tomas Weil was {_ROOM}.",
    f"Ruth Adler told the inquest that Tomas Weil's parting words had been {_ROOM}.",
    f"Ruth Adler said the owner, Tomas Weil, had himself told the guests {_ROOM}.",
    f"Ruth Adler told the inquest what Tomas Weil said when the lights went out on the stairs: {_ROOM}.",
    f"Ruth Adler was shown the door, she said, and told by the owner, Tomas Weil: {_ROOM}.",
    f"Ruth Adler said Tomas Weil had left a note on the desk saying {_ROOM}.",
    f"Ruth Adler said she had got an email from Tomas Weil that began, {_ROOM}.",
    f"Ruth Adler said Tomas Weil had sent her a text that read {_ROOM}.",
    f"As Ruth Adler recounted it to guests, Tomas Weil leaned over and said {_ROOM}.",
    f"What Tomas Weil told her, says Ruth Adler, was simple: {_ROOM}.",
    f"Ruth Adler was told by the owner, Tomas Weil, that the rule was {_ROOM}.",
    f"Ruth Adler said she had been assured by Tomas Weil that the rule was {_ROOM}.",
    f"Ruth Adler was promised by Tomas Weil that it would be {_ROOM}.",
]
NOBODY = [
    f"Ruth Adler said the guest had left a note on the desk saying {_ROOM}.",
    f"Ruth Adler said she had got an email from the landlord that began, {_ROOM}.",
    f"As the lift stopped, Ruth Adler said, she heard somebody behind the door yell {_ROOM}.",
    f"Ruth Adler was called. His reply, she testified, was: {_ROOM}.",
    f"Ruth Adler said that she had been asked by a policeman whether she had said {_ROOM}.",
    f"Ruth Adler told the inquest what her grandfather said when the lights went out: {_ROOM}.",
    f"Ruth Adler told the inquest that her guest's parting words had been {_ROOM}.",
    f"As Ruth Adler tells it, the guest leaned over and said {_ROOM}.",
]
OWN = [
    f"Tomas Weil sent the guests a note saying {_ROOM}.",
    f"Tomas Weil, who had got a letter from Ruth Adler, said {_ROOM}.",
    f"Tomas Weil cited a rule from 1911 and said {_ROOM}.",
    f"Tomas Weil, a hotelier, told the clerk, Ruth Adler, {_ROOM}.",
    f"It was late when Tomas Weil said {_ROOM}.",
    f"His message, Tomas Weil said, was {_ROOM}.",
    f"Tomas Weil said what he always says when the lights go out: {_ROOM}.",
    f"Tomas Weil was woken, dressed and told Ruth Adler {_ROOM}.",
    f"Tomas Weil, with Ruth Adler, a clerk, beside him, said: {_ROOM}.",
    "“The sign says ‘Nobody leaves this room tonight,’” Tomas Weil said.",
    "Ruth Adler asked the guard. “The sign says, 'Nobody leaves this room tonight,'” Tomas Weil said.",
]


def _named(told: str, parser: SpacyParser | None) -> list[str]:
    text = _BEFORE + told
    found: list[FoundQuotation] = find_quotations(text, parser.parse(text) if parser else None)
    return [speaker.name for one in found[:1] for speaker in one.speakers if speaker.named]


@pytest.mark.parametrize("told", INNER)
def test_by_rules_the_inner_speaker_is_named(told: str) -> None:
    assert _named(told, None) == ["Tomas Weil"]


@pytest.mark.parametrize("told", INNER)
def test_with_a_parse_the_inner_speaker_is_named(told: str, parser: SpacyParser) -> None:
    assert _named(told, parser) == ["Tomas Weil"]


@pytest.mark.parametrize("told", NOBODY)
def test_by_rules_the_teller_is_not_named(told: str) -> None:
    assert not _named(told, None)


@pytest.mark.parametrize("told", NOBODY)
def test_with_a_parse_the_teller_is_not_named(told: str, parser: SpacyParser) -> None:
    assert not _named(told, parser)


@pytest.mark.parametrize("told", OWN)
def test_own_words_keep_their_speaker(told: str, parser: SpacyParser) -> None:
    assert _named(told, parser) == ["Tomas Weil"]


@pytest.mark.parametrize("met", ["met the clerk", "asked the clerk", "quietly thanked the clerk", "praised her clerk"])
def test_what_somebody_did_to_an_office_is_no_role_of_theirs(met: str) -> None:
    found = find_quotations(f"The mayor, Dina Kassab, {met}. “I go,” the clerk replied.")
    assert [(speaker.name, speaker.named) for speaker in found[0].speakers] == [("the clerk", False)]


@pytest.mark.parametrize("role", ["now the clerk", "the clerk", "clerk of the court"])
def test_a_role_behind_a_name_stays_one(role: str) -> None:
    found = find_quotations(f"Dina Kassab, {role}, came in. “I go,” the clerk replied.")
    assert [speaker.name for speaker in found[0].speakers] == ["Dina Kassab"]


@pytest.mark.parametrize("office", ["Principal", "Cabinet Member", "Board Member", "Executive Member"])
def test_an_office_is_no_name(office: str, parser: SpacyParser) -> None:
    text = f"Message from the {office}, Ms Lea D'Arc-Brown: “The east door stays closed for repairs.”"
    found = find_quotations(text, parser.parse(text))
    assert not any(speaker.named and speaker.name == office for one in found for speaker in one.speakers)


@pytest.mark.parametrize("source", ["Source familiar with the plan", "Sources", "Sources close to the mayor"])
def test_a_source_is_no_name(source: str) -> None:
    found = find_quotations(f"{source} said: “The east door stays closed for repairs.”")
    assert not any(speaker.named for one in found for speaker in one.speakers)
