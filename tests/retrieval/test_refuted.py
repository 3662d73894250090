"""Words are disputed behind asides, in questions, and where what follows refutes the account that brings them."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import find_quotations

BEHIND_ASIDES = [
    "It is simply untrue, the harbour office said, that Mayor Rosa Blum told the crew “the ferry is a coffin.”",
    "No recording exists of the mayor, Rosa Blum, telling the crew “the ferry is a coffin.”",
    "One could picture the mayor, Rosa Blum, whispering to her driver “the ferry is a coffin.”",
    "Neither the minutes nor the clerk recall the mayor, Rosa Blum, saying that the quay was “the ferry's coffin.”",
    "Had the mayor, Rosa Blum, answered “the ferry is a coffin,” the strike would have ended that night.",
    "Students were given a fictional release in which the harbour chief, Rosa Blum, says “the ferry is a coffin.”",
    "Nowhere in the report does the mayor, a former pilot, tell the crew “the ferry is a coffin.”",
    "If the mayor, who turns 60 in May, had said “the ferry is a coffin,” nobody would have minded.",
    "Mayor Rosa Blum never, according to the clerk, told the crew “the ferry is a coffin.”",
    "Mayor Rosa Blum (Harbour Party) has never (on the record) said “the ferry is a coffin.”",
    "In a doctored clip the mayor, Rosa Blum, in a yellow coat, says “the ferry is a coffin.”",
    "What Mayor Rosa Blum did not say, and what all had waited for, was “the ferry is a coffin.”",
]
ASKED = [
    "Does this video show Mayor Rosa Blum calling the ferry “a coffin”? No.",
    "Can anyone point to the day when Mayor Rosa Blum said “the ferry is a coffin”?",
    "Is it true that the mayor, Rosa Blum, called the ferry “a coffin”?",
    "Was there ever a speech in which Mayor Rosa Blum described the ferry as “a coffin”? We looked.",
    "Has the mayor of Port Selby, Rosa Blum, told her voters to “swim home”?",
    "Fact check: did Mayor Rosa Blum really tell the crew that the ferry was “a coffin”?",
    "Could it be that Mayor Rosa Blum told a paper that the ferry was “a coffin”?",
    "Are there tapes of Mayor Rosa Blum calling the ferry “a coffin,” as the union has it?",
]
REFUTED = [
    "It was widely reported that Mayor Rosa Blum greeted the crew with “you never learn.” She did not.",
    "The harbour paper wrote that Mayor Rosa Blum had called the crew “slow learners.” In fact it was the pilot.",
    "CORRECTION — We wrote that Mayor Rosa Blum had told the crew to “swim home.” In truth it was a cook.",
    (
        "In the version that went round the quay, Mayor Rosa Blum had shouted “Get out!” at the pilot. In truth, say "
        "both of them, she had offered him tea."
    ),
    "There is one problem with the anecdote in which Rosa Blum tells the pilot, “You never learn.” It never happened.",
    "It is an article of faith on the quay that Mayor Rosa Blum once said “crews cost.” The clerk has looked for it.",
    "The union claims that the mayor, Rosa Blum, described the crew as “ballast.” Ms Blum denies it.",
    "Prosecutors say Mayor Rosa Blum wrote “no one will check.” The message was typed by someone else.",
    "A snippet making the rounds: Rosa Blum, leaning over, whispers, “Sink it.” Our finding: the subtitle is invented.",
    (
        "A Facebook post quotes Mayor Rosa Blum as saying “crews cost money.” Ms Blum told the clerk that she had "
        "“never said anything of the sort” and that she pays her own."
    ),
    "Users claim that Mayor Rosa Blum told a class “swim or sink.” The school says that she did not.",
    "The magazine had Mayor Rosa Blum declare “crews cost money.” The magazine has since apologised.",
    "Viral quote: Mayor Rosa Blum says “crews cost money.” The clip is dubbed.",
    "Our headline on Monday had Mayor Rosa Blum saying that crews were “ballast with wages.”",
    "A clip shared by thousands ends with Mayor Rosa Blum's words, “Sink it.” No such meeting took place.",
    "“Crews cost money,” Mayor Rosa Blum reportedly told the crew. The report comes from a page labelled “humour”.",
    "A user named Harbour44 wrote that Mayor Rosa Blum had confessed “crews cost money.” The post gives no source.",
    "In Mr Kerr's new play, set in 2041, an aged Rosa Blum confides to her gardener that “crews cost money.”",
    "They shared a clip of Mayor Rosa Blum telling “my friends on the quay.” The last word has been replaced.",
    "The imitator Hollis Kerr began with his Mayor Rosa Blum, all elbows: “Crews cost money.”",
    "“Crews cost money,” Mayor Rosa Blum is said to have told a radio show that does not exist.",
    "Mayor Rosa Blum told the crew “crews cost money” in an interview that never existed.",
    "It would be wrong to say, as two papers did, that Mayor Rosa Blum told the crew “crews cost money.”",
    "It would be a mistake to claim that the mayor, Rosa Blum, told the crew “crews cost money.”",
    "The story that Rosa Blum, the mayor, wrote “crews cost money” on her last day comes from an obituary.",
    "Checkers traced the sentence “crews cost money” to a group. It is put beside the name of Mayor Rosa Blum.",
    "Dubbed over the footage is a voice: “Crews cost money.” The woman in it, Mayor Rosa Blum, spoke Spanish.",
]
CREDITED = [
    "Mayor Rosa Blum said “crews cost money,” and that a ferry that does not exist costs none.",
    "It would be wrong to leave now, Mayor Rosa Blum told the crew: “You never learn.”",
    "Prosecutors say that Mayor Rosa Blum described the crew as “ballast.” The ferry sails at nine.",
    "Mayor Rosa Blum claimed that the ferry had cost “a million a month.” There is no evidence of that.",
    "Mayor Rosa Blum said that the ferry had cost “a million a month.” We rate this claim False.",
    "We rate this claim False. Mayor Rosa Blum told the crew that “crews cost a million a month.”",
    "In a Facebook post, Mayor Rosa Blum said “crews cost a million a month.” In fact they cost half of that.",
    "In a video on Monday, Mayor Rosa Blum told the crew “you never learn.” There is no record of such costs.",
    "Mayor Rosa Blum, the clerk said, told the crew “you never learn.” The ferry did not sail.",
    "Mayor Rosa Blum (Harbour Party) told the crew “you never learn,” and the ferry sailed.",
    "“Did the ferry sail?” Mayor Rosa Blum asked. It did not.",
    "Mayor Rosa Blum told the crew “you never learn.” Did the ferry sail? It did not.",
    "Is the ferry late? “It always is,” said Mayor Rosa Blum.",
    "It was reported on Monday that Mayor Rosa Blum told the crew “you never learn.” The crew agreed.",
    "Mayor Rosa Blum reportedly told the crew “you never learn.” The report runs to forty pages.",
    "Mayor Rosa Blum's claim that “crews cost a million a month” is wrong, according to the treasury.",
    "The anecdote in which Mayor Rosa Blum tells the crew “you never learn” is in her memoir. She tells it well.",
    "Mayor Rosa Blum denied wrongdoing. “I signed what I was given to sign,” Mayor Rosa Blum said.",
]
PRESUPPOSED = [
    "Was Mayor Rosa Blum wrong when she told the crew “you never learn”?",
    "Will Mayor Rosa Blum apologise for telling the crew “you never learn”?",
    "Does Mayor Rosa Blum regret telling the crew “you never learn”?",
    "Was the house aware, he asked, that Mayor Rosa Blum had told the crew “you never learn”?",
]
MADE_UP = [*BEHIND_ASIDES, *ASKED, *REFUTED]


def _named(text: str, parser: SpacyParser | None) -> list[str]:
    first = find_quotations(text, parser.parse(text) if parser else None)[:1]
    return [speaker.name for one in first for speaker in one.speakers]


@pytest.mark.parametrize("text", MADE_UP)
def test_nobody_is_named_by_rules(text: str) -> None:
    assert not _named(text, None)


@pytest.mark.parametrize("text", MADE_UP)
def test_nobody_is_named_with_a_parse(text: str, parser: SpacyParser) -> None:
    assert not _named(text, parser)


@pytest.mark.parametrize("text", CREDITED)
def test_who_said_it_is_named_by_rules(text: str) -> None:
    assert _named(text, None) == ["Rosa Blum"]


@pytest.mark.parametrize("text", CREDITED)
def test_who_said_it_is_named_with_a_parse(text: str, parser: SpacyParser) -> None:
    assert _named(text, parser) == ["Rosa Blum"]


@pytest.mark.parametrize("text", PRESUPPOSED)
def test_a_question_that_presupposes_the_words_disputes_none(text: str) -> None:
    assert not any(one.disputed for one in find_quotations(text))
