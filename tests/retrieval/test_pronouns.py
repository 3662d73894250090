"""A pronoun behind a quotation stands for the subject of the sentence before it, not for the last speaker."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import find_quotations

_BEFORE = (
    "The council of Port Selby met on Monday to talk about the pool.\n\n"
    "“We cannot pay for it,” said Martin Keele, the treasurer. “We could never pay for it.”\n\n"
)

SUBJECTS = [
    "David Lowe disagreed. “Four hundred children learn to swim there,” he told the council.",
    "David Lowe was not convinced. “Four hundred children learn to swim there,” he said.",
    ("But David Lowe, a swimming teacher, shook his head. “Four hundred children learn to swim there,” he replied."),
    (
        "David Lowe stood up. He had brought his own figures. “Four hundred children learn to swim "
        "there. Who will teach them? Not you,” he said."
    ),
    (
        "David Lowe, who teaches there, called the figures wrong. “Four hundred children learn to "
        "swim there,” he said, pointing at Keele."
    ),
    "“Nonsense,” David Lowe answered. “Four hundred children learn to swim there,” he added.",
    ("David Lowe listened to Keele and then rose. “Four hundred children learn to swim there,” he said."),
    "David Lowe laughed. He said the treasurer had “never been in the water.”",
    "Then came David Lowe. “Four hundred children learn to swim there,” he began.",
    (
        "Among the parents was David Lowe, whose daughter swims for the county. “Four hundred "
        "children learn to swim there,” he said."
    ),
    ("Keele sat down and David Lowe took the microphone. “Four hundred children learn to swim there,” he said."),
    (
        "Asked about the pool, David Lowe waved a hand. “Four hundred children learn to swim "
        "there,” he sighed. “Go and count them.”"
    ),
    "David Lowe interrupted Keele. “Four hundred children learn to swim there,” he said.",
    "Keele finished. David Lowe did not clap. “Four hundred children learn to swim there,” he said.",
]

OTHERWISE_NAMED = [
    "Next to speak was David Lowe. “Four hundred children learn to swim there,” he said.",
    "For David Lowe it was too much. “Four hundred children learn to swim there,” he said.",
    "David Lowe’s voice shook. “Four hundred children learn to swim there,” he said.",
]


def _names(text: str, parser: SpacyParser) -> list[str]:
    text = f"{_BEFORE}{text}"
    return [speaker.name for speaker in find_quotations(text, parser.parse(text))[-1].speakers if speaker.named]


@pytest.mark.parametrize("text", SUBJECTS)
def test_the_subject_before_is_the_antecedent(parser: SpacyParser, text: str) -> None:
    assert _names(text, parser) == ["David Lowe"]


@pytest.mark.parametrize("text", OTHERWISE_NAMED)
def test_where_another_is_named_before_the_last_speaker_is_not(parser: SpacyParser, text: str) -> None:
    assert _names(text, parser) in ([], ["David Lowe"])
