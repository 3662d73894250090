"""A plain clause that touches a quotation tells its speaker, with a parse and without one."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import find_quotations

_BEFORE = (
    "Petter Dahl, the mayor of Vik, opened the meeting. “We are full tonight,” Dahl said.\n\n"
    "Ingrid Solheim, the harbour master, followed him to the stand.\n\n"
)

CLAUSES = [
    "“The ferry is late again,” Solheim notes.",
    "Solheim boasted, “We fixed the ferry.”",
    "“The ferry is late again,” Solheim said, adding “and nobody knows why.”",
    "Solheim said the ferry was late, noting that “nobody knows why.”",
    "Calling the timetable “a work of fiction,” Solheim said she would write to the board.",
    "Calling the timetable “a work of fiction,” Solheim urged the board to act.",
    "Solheim Says “The Ferry Is Late Again”",
    "Harbour Chief Solheim Warns: “The Ferry Is Late Again”",
    "“The ferry is late again,” recalled Solheim.",
    "“The ferry is late again,” recalled the harbour master, Ingrid Solheim.",
    "“The ferry is late again,” recalled her oldest colleague, the pilot Ingrid Solheim.",
    "“The ferry is late again,” Solheim shot back.",
    "Solheim fired back: “The ferry is late again.”",
    "“The ferry is late again,” quipped Solheim.",
    "“The ferry is late again,” Solheim deadpanned.",
    "Solheim snapped: “The ferry is late again.”",
    "“The ferry is late again,” Solheim chimed in.",
    "Solheim weighed in: “The ferry is late again.”",
    "Solheim wrote on her blog, “The ferry is late again.”",
    "Solheim tweeted: “The ferry is late again.”",
    "“The ferry is late again,” Solheim posted on Facebook.",
    "“The ferry is late again,” Solheim grumbled.",
    "“The ferry is late again,” sighed Solheim.",
    "“The ferry is late again,” Solheim growled, slamming the door.",
    "“The ferry is late again!” Solheim thundered.",
    "“Is the ferry late again?” Solheim wondered.",
    "“Late again” was the verdict of Ingrid Solheim.",
    "“A museum with an engine” is how Solheim described the ferry.",
    "“A museum with an engine” was how Solheim summed up the ferry.",
    "“Late again” was Solheim’s verdict.",
    "“Not tonight” was the answer from Solheim.",
    "The board was greeted by Solheim with “late again, gentlemen?”",
    "The ferry was called “a museum with an engine” by Solheim.",
    "The ferry was described by Solheim as “a museum with an engine.”",
    ("The ferry was described as “a museum with an engine” by Ingrid Solheim, who has run the harbour for years."),
    "The timetable was dismissed as “a work of fiction” by Solheim.",
    "In Solheim’s words, the ferry is “a museum with an engine.”",
    "The ferry is, in the words of Ingrid Solheim, “a museum with an engine.”",
    "As Solheim put it, “the ferry is late again.”",
    "The ferry is “a museum with an engine,” as Solheim put it.",
    "The ferry is “a museum with an engine,” in Solheim’s words.",
    "Solheim’s reply: “The ferry is late again.”",
    "Solheim’s answer was short: “The ferry is late again.”",
    "“The ferry is late again,” Solheim, 58, told the local radio.",
    "“The ferry is late again,” Solheim, wearing a yellow coat, said as she unlocked the office.",
    "“The ferry is late again,” Solheim, of the Harbour Board, of which she is a founder, said.",
    "“The ferry is late again,” a weary Solheim said.",
    "“The ferry is late again,” harbour director Ingrid Solheim told the council.",
    "Solheim went on: “The ferry is late again.”",
    "“The ferry,” Solheim said, “is late again.”",
    "Solheim, in a letter to the council, said: “The ferry is late again.”",
    "Reached by phone, Solheim said, “The ferry is late again.”",
    "“The ferry is late again,” according to Solheim.",
    "“The ferry is late again,” Solheim would later tell the inquiry.",
    "“The ferry is late again,” Solheim was quick to say.",
    "“The ferry is late again,” Solheim likes to say.",
    "The timetable, which Solheim called “a work of fiction,” was printed in May.",
    "The board, whose members Solheim branded “landlubbers,” met on Monday.",
    "The captain, whom Solheim described as “a gentleman,” retires today.",
    "The harbour needs what Solheim calls “a ship that floats.”",
    "“The ferry is late again!” exclaimed Solheim.",
    "Asked about the ferry, Solheim replied, “It is late again.”",
    "“The ferry is late again,” Solheim told reporters, “and it smells.”",
    "“The ferry is late again,” said Solheim, the harbour master.",
    "Solheim denounced the timetable as “a work of fiction.”",
    "Solheim accused the board of “sleeping at the wheel.”",
    "Solheim criticized the plan, saying: “The ferry is late again.”",
    "Boasted Ingrid Solheim, “I could sail it blind.”",
    "Said Ingrid Solheim on Tuesday: “The ferry is late again.”",
    "Nonsense, counters Ingrid Solheim: “The ferry is late again.”",
    "“THE FERRY IS LATE AGAIN,” THUNDERED INGRID SOLHEIM FROM THE PIER.",
    "“The ferry is a third rust,” estimates Solheim.",
    "“Sit down,” Solheim commands the passengers.",
    "Solheim spoke of “a ship that floats.”",
]


def _names(text: str, parser: SpacyParser | None) -> list[str]:
    text = f"{_BEFORE}{text}"
    found = find_quotations(text, parser.parse(text) if parser else None)
    return [speaker.name for speaker in found[-1].speakers if speaker.named]


@pytest.mark.parametrize("text", CLAUSES)
def test_the_clause_tells_the_speaker(text: str) -> None:
    assert _names(text, None) == ["Ingrid Solheim"]


@pytest.mark.parametrize("text", CLAUSES)
def test_the_clause_tells_the_speaker_with_a_parse(parser: SpacyParser, text: str) -> None:
    assert _names(text, parser) == ["Ingrid Solheim"]
