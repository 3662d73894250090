"""Where the model alone chose a speaker, words of invention around the quotation leave nobody named."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import find_quotations

FAKES = [
    "One can picture Mayor Rosa Blum opening the meeting with “Who sold my ferry?” but no.",
    "One can almost imagine Mayor Rosa Blum opening the door with “Who sold my ferry?” and a smile.",
    "We can picture Captain Hollis Kerr greeting the crew with “Who sold my ferry?” before breakfast.",
    "One can imagine Mayor Rosa Blum closing the session with “Who sold my ferry?” one day.",
    "Fake quote: Mayor Rosa Blum — “The ferry is a coffin.” The council has asked for its removal.",
    "Fabricated quote: Mayor Rosa Blum — “The ferry is a coffin.” The council has asked for its removal.",
    "Invented quotation: Captain Hollis Kerr — “The ferry is a coffin.” The harbour has asked for its removal.",
    (
        "We counted fabricated quotations. The most shared, “The ferry is a coffin,” was pinned on the mayor, "
        "Rosa Blum. “People forward what they believe,” said its director, Hollis Kerr."
    ),
    (
        "The library lists invented remarks. The oldest, “The ferry is a coffin,” was foisted on the mayor, "
        "Rosa Blum. “We add one a week,” said the librarian, Hollis Kerr."
    ),
    (
        "The club has an old line. The line, “The ferry is a coffin,” was wrongly credited to Mayor Rosa Blum. "
        "“We looked it up,” said the secretary, Hollis Kerr."
    ),
    "The mayor Rosa Blum's face was pasted onto a speech in which she says “a tax on gulls.”",
    "The mayor Rosa Blum's face was superimposed on a speech in which she says “a tax on gulls.”",
    "Mayor Rosa Blum has never once got as far as “goodbye for today.”",
    "Nobody at the quay dared to greet Mayor Rosa Blum with “good morning, captain.”",
    "Nothing that Mayor Rosa Blum did amounts to “a plan for the quay.”",
    "If Mayor Rosa Blum opened the next meeting with “dear friends of mine,” half the room would leave.",
    "Were Mayor Rosa Blum to open the next meeting with “dear friends of mine,” half the room would leave.",
    "Mayor Rosa Blum arrived in a van with “Clean Hands, Clean Harbour” painted across its roof.",
    "Mayor Rosa Blum came in a jacket with “Sink or Swim Together” stitched on the back.",
    "Mayor Rosa Blum posed beneath a banner with the words “Never Again Herring.”",
    "Mayor Rosa Blum held a sign with “No Ferry, No Vote” and smiled.",
    "The painting by Rosa Blum in the hall, “Low Tide at Selby,” sold for nine pounds.",
    "A mural by Rosa Blum on the quay, “The Long Interest,” took a year.",
    "Mayor Rosa Blum's ringtone is “the long blast of a horn”.",
    "Mayor Rosa Blum's new red licence plate reads “ROW 4 ME”.",
    "Mayor Rosa Blum can't deduct so-called “idle” boats.",
]
TRUE = [
    "Mayor Rosa Blum's answer was “a long night and a short rope”.",
    "Mayor Rosa Blum said her van is “borrowed”.",
    "Mayor Rosa Blum not only praised the crew but spoke of “a night for the books.”",
    "Mayor Rosa Blum, who never shouts, spoke of “a night for the books.”",
    "Mayor Rosa Blum wore a cap and spoke of “a night for the books.”",
    "Mayor Rosa Blum spoke of “a night for the books” and did not smile.",
    "Mayor Rosa Blum opened the meeting with “Who sold my ferry?” and nobody laughed.",
    "“The ferry is a coffin,” said Mayor Rosa Blum, who was shown a fake post.",
    "Mayor Rosa Blum said of the fake post: “The ferry is a coffin.”",
    "Mayor Rosa Blum adopted a fake accent and joked, “The ferry is a coffin.”",
    "Mayor Rosa Blum did not deny saying “The ferry is a coffin” at a private dinner.",
    "“I can picture the ferry in a museum,” Mayor Rosa Blum said.",
    "Asked about fabricated quotations, Mayor Rosa Blum said: “The ferry is a coffin.”",
    "Mayor Rosa Blum, who imagines the town without cars, said: “The ferry is a coffin.”",
]


def _names(text: str, parser: SpacyParser | None) -> set[str]:
    first = find_quotations(text, parser.parse(text) if parser else None)[:1]
    return {speaker.name for one in first for speaker in one.speakers}


@pytest.mark.parametrize("text", FAKES)
def test_nobody_is_named_by_rules(text: str) -> None:
    assert not _names(text, None)


@pytest.mark.parametrize("text", FAKES)
def test_nobody_is_named_with_a_parse(text: str, parser: SpacyParser) -> None:
    assert not _names(text, parser)


@pytest.mark.parametrize("text", TRUE)
def test_who_said_it_is_named_with_a_parse(text: str, parser: SpacyParser) -> None:
    assert _names(text, parser) == {"Rosa Blum"}
