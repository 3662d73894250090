"""Words that somebody passed on belong to who said them, with a parse and without one."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.quotations import FoundQuotation, find_quotations

_BEFORE = (
    "The inquest into the hotel fire at Port Selby opened on Monday. "
    "Ruth Adler, a clerk, and Tomas Weil, the owner, attended.\n\n"
)

RELAYED = [
    ("Ruth Adler said she would not soon forget the words of Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler recounts a call from Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler wrote that she lives by the advice of Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
    ("Tomas Weil told the guests that “nobody leaves this room,” the agency Nordline reported.", "the agency Nordline"),
    ("Tomas Weil said “nobody leaves this room,” the Port Herald reports.", "the Port Herald"),
    ("Ruth Adler told the court she had heard Tomas Weil shout, “Nobody leaves this room.”", "Ruth Adler"),
    (
        ("The clerk, Ruth Adler, told the jury on Monday that she heard Tomas Weil yell, “Nobody leaves this room.”"),
        "Ruth Adler",
    ),
    ("Ruth Adler said Tomas Weil had told her: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler said that Tomas Weil told her, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler testified that Tomas Weil shouted, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler testified on Tuesday that Tomas Weil warned staff: “Nobody leaves this room.”", "Ruth Adler"),
    (
        ("Ruth Adler alleged that Tomas Weil had whispered “nobody leaves this room” before the lights went out."),
        "Ruth Adler",
    ),
    ("Ruth Adler claims Tomas Weil told her, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler quoted Tomas Weil as saying, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler quoted Tomas Weil as telling the guests: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler recalled Tomas Weil yelling, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler remembers Tomas Weil saying: “Nobody leaves this room.”", "Ruth Adler"),
    ("According to Ruth Adler, Tomas Weil said, “Nobody leaves this room.”", "Ruth Adler"),
    ("In Ruth Adler’s telling, Tomas Weil said: “Nobody leaves this room.”", "Ruth Adler"),
    ("By Ruth Adler’s account, Tomas Weil shouted “Nobody leaves this room” from the stairs.", "Ruth Adler"),
    ("Tomas Weil, Ruth Adler said, had promised, “Nobody leaves this room.”", "Ruth Adler"),
    ("Tomas Weil, Ruth Adler recalled, shouted: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler read aloud from Tomas Weil’s email: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler read out a letter from Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler read a text message sent by Tomas Weil, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler showed reporters a text from Tomas Weil that read, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler retweeted Tomas Weil’s post, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler shared a message from Tomas Weil saying “nobody leaves this room.”", "Ruth Adler"),
    ("Quoting Tomas Weil, Ruth Adler said, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler, quoting Tomas Weil, said: “Nobody leaves this room.”", "Ruth Adler"),
    ("Citing Tomas Weil, The Port Herald reported: “Nobody leaves this room.”", "Port Herald"),
    ("Ruth Adler said she was told by Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler told police Tomas Weil had threatened her, saying “nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler described how Tomas Weil shouted, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler recalled what Tomas Weil told her next: “Nobody leaves this room.”", "Ruth Adler"),
    ("Tomas Weil was quoted by Ruth Adler as saying, “Nobody leaves this room.”", "Ruth Adler"),
    ("Tomas Weil was heard shouting, “Nobody leaves this room.”", ""),
    ("Tomas Weil was overheard telling a guard, “Nobody leaves this room.”", ""),
    ("“Nobody leaves this room,” Tomas Weil had told her, Ruth Adler said.", "Ruth Adler"),
    ("“Nobody leaves this room,” Tomas Weil shouted, Ruth Adler testified.", "Ruth Adler"),
    ("“Nobody leaves this room,” Tomas Weil said, according to Ruth Adler.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler recalled Tomas Weil saying.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler quoted Tomas Weil as saying.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler said Tomas Weil told her.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler testified that Tomas Weil had said.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler heard Tomas Weil shout.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler said, quoting Tomas Weil.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler read from Tomas Weil’s letter.", "Ruth Adler"),
    ("“Nobody leaves this room,” said Tomas Weil, according to Ruth Adler.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler said she was told by Tomas Weil.", "Ruth Adler"),
    ("“Nobody leaves this room,” the witness, Ruth Adler, remembered Tomas Weil telling her.", "Ruth Adler"),
    (
        (
            "Ruth Adler writes in her diary that the porter Tomas Weil once ran back to tell her, "
            "“Nobody leaves this room.”"
        ),
        "Ruth Adler",
    ),
    (
        ("Ruth Adler recounted how the owner, Tomas Weil, had greeted the firemen with “nobody leaves this room.”"),
        "Ruth Adler",
    ),
    (
        ("Ruth Adler told the inquest that Tomas Weil had closed the evening by saying, “Nobody leaves this room.”"),
        "Ruth Adler",
    ),
    (
        (
            "Ruth Adler told the inquest what Tomas Weil had said to her on the telephone the night "
            "before: “Nobody leaves this room.”"
        ),
        "Ruth Adler",
    ),
    ("Reading a note from Tomas Weil, Ruth Adler said: “Nobody leaves this room.”", "Ruth Adler"),
    ("“Nobody leaves this room” were the last words Tomas Weil said to her, Ruth Adler recalled.", ""),
    (
        ("The Port Herald reports the owner Tomas Weil as having told the firemen, “Nobody leaves this room.”"),
        "Port Herald",
    ),
    ("Guests say the owner, Tomas Weil, closed the evening with the words “nobody leaves this room.”", ""),
    ("Ruth Adler cited Tomas Weil’s memo of 3 March: “Nobody leaves this room.”", "Ruth Adler"),
    ("It was Tomas Weil, according to Ruth Adler, who shouted “Nobody leaves this room!”", "Ruth Adler"),
    ("“Never leave a room first,” Tomas Weil taught her, says Ruth Adler.", "Ruth Adler"),
    ("Ruth Adler said her employer, Tomas Weil, had told her that night: “Nobody leaves this room.”", "Ruth Adler"),
    (
        ("Ruth Adler told Channel 5 that the owner, Tomas Weil, had written on the door, “Nobody leaves this room.”"),
        "Ruth Adler",
    ),
    ("Ruth Adler told reporters that Tomas Weil later confessed, saying: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler said Tomas Weil then apologized, adding, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler told the inquiry Tomas Weil laughed at her, telling her: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler testified that Tomas Weil turned on her, shouting, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler claimed that Tomas Weil refused, replying: “Nobody leaves this room.”", "Ruth Adler"),
    ("According to Ruth Adler, Tomas Weil slammed the door, yelling: “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Ruth Adler told police that the owner, Tomas Weil, grabbed her arm, whispering, “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("“It is over,” Ruth Adler said, adding that Tomas Weil had called out “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Ruth Adler spoke for an hour, noting that Tomas Weil had told the staff “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    (
        "“It is over,” Ruth Adler said, adding that her employer, Tomas Weil, answered with “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("Ruth Adler told the jury that Tomas Weil looked at her and said, “Nobody leaves this room.”", "Ruth Adler"),
    (
        "It was then, Ruth Adler told the inquest, that Tomas Weil leaned in and said, “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("At that point, Ruth Adler told the inquest, Tomas Weil said: “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Ruth Adler told the jury that when she opened the door Tomas Weil said: “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("Firemen say that on the night of the fire Tomas Weil texted his brother: “Nobody leaves this room.”", "Firemen"),
    ("Ruth Adler said that, before leaving, Tomas Weil told her: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler said that in 2019 Tomas Weil told her, “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Investigators wrote in a report that the owner, Tomas Weil, had radioed the tower: “Nobody leaves this room.”",
        "Investigators",
    ),
    (
        "Ruth Adler told the jury the owner, known as Tomas Weil, told the guests: “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("Ruth Adler described a meeting at which Tomas Weil said: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler played a recording in which Tomas Weil says: “Nobody leaves this room.”", "Ruth Adler"),
    ("“Nobody leaves this room,” Tomas Weil told her, according to testimony by Ruth Adler.", "Ruth Adler"),
    ("“Nobody leaves this room,” Tomas Weil said, Ruth Adler told the court on Tuesday.", "Ruth Adler"),
    ("“Nobody leaves this room,” Tomas Weil said, as quoted by Ruth Adler.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler, 42, says the owner, Tomas Weil, told her.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler remembers her employer, Tomas Weil, saying.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler recalled being told by Tomas Weil.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler was told by Tomas Weil.", ""),
    ("“Nobody leaves this room” was what Tomas Weil told her, Ruth Adler testified.", "Ruth Adler"),
    ("“Nobody leaves this room” were the words Tomas Weil used, Ruth Adler recalled.", "Ruth Adler"),
    (
        "As her employer, Tomas Weil, used to say, “Nobody leaves this room,” Ruth Adler recalls with a grin.",
        "Ruth Adler",
    ),
    ("Tomas Weil told her “Nobody leaves this room,” Ruth Adler said in an interview.", "Ruth Adler"),
    ("Tomas Weil had told her, “Nobody leaves this room,” Ruth Adler said.", "Ruth Adler"),
    ("Tomas Weil said “Nobody leaves this room,” according to Ruth Adler.", "Ruth Adler"),
    ("Ruth Adler read aloud an e-mail from the hotel’s owner, Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler shared a post by the retired owner Tomas Weil that read: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler played a message from a guest, Mr Tomas Weil of Port Selby: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler read a letter that Tomas Weil had sent her: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler recalled Tomas Weil’s last words to her: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler repeated Tomas Weil’s motto: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler held up a sign that quoted Tomas Weil: “Nobody leaves this room.”", ""),
    ("The letter, signed by Tomas Weil and passed on by the clerk Ruth Adler, said: “Nobody leaves this room.”", ""),
    ("A letter written by Tomas Weil and read by Ruth Adler said: “Nobody leaves this room.”", ""),
    ("Ruth Adler recalled how Tomas Weil stood up and left, saying, “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Ruth Adler claims the answer she got from the owner, Mr Tomas Weil, was “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("Tomas Weil’s advice to her, Ruth Adler says, was “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Ruth Adler said that Tomas Weil’s words, “Nobody leaves this room,” had been heard by every guest.",
        "Ruth Adler",
    ),
    ("Ruth Adler wrote that Tomas Weil’s favourite phrase was “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler spoke of Tomas Weil, whose last message to her read “Nobody leaves this room.”", ""),
    ("Tomas Weil sat up and said, “Nobody leaves this room,” Ruth Adler recalled.", "Ruth Adler"),
    ("In Tomas Weil’s words, as Ruth Adler recalls them, “Nobody leaves this room.”", "Ruth Adler"),
    ("As Ruth Adler tells it, Tomas Weil stood up and said: “Nobody leaves this room.”", "Ruth Adler"),
    ("To hear Ruth Adler tell it, Tomas Weil said, “Nobody leaves this room.”", "Ruth Adler"),
    ("To quote Tomas Weil, “Nobody leaves this room,” Ruth Adler said.", "Ruth Adler"),
    ("Ruth Adler, translating for Tomas Weil, said: “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler, reading a statement on behalf of Tomas Weil, said: “Nobody leaves this room.”", "Ruth Adler"),
    ("Tomas Weil, as cited by the agency Nordline, told the guests: “Nobody leaves this room.”", "Nordline"),
    ("Tomas Weil, quoted by the Port Herald, said: “Nobody leaves this room.”", "Port Herald"),
    ("Tomas Weil, according to Ruth Adler, said: “Nobody leaves this room.”", "Ruth Adler"),
    ("Tomas Weil told a friend, Ruth Adler said, that “Nobody leaves this room.”", "Ruth Adler"),
    ("Police quoted the owner, Tomas Weil, as saying: “Nobody leaves this room.”", "Police"),
    ("Police said the owner, identified as Tomas Weil, told officers: “Nobody leaves this room.”", "Police"),
    ("Ruth Adler describes a call in which Tomas Weil told her, “Nobody leaves this room.”", "Ruth Adler"),
    (
        "Investigators wrote that the owner, Tomas Weil, had radioed the tower at 6:14: “Nobody leaves this room.”",
        "Investigators",
    ),
    ("“Nobody leaves this room,” Ruth Adler recalls Tomas Weil having told her once.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler said that Tomas Weil, her employer, told her.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler said Tomas Weil used to say.", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler told the court, repeating what Tomas Weil had said.", "Ruth Adler"),
    ("“‘Nobody leaves this room,’” the clerk Ruth Adler said the owner Tomas Weil had told them.", "Ruth Adler"),
    ("Ruth Adler insisted it was Tomas Weil who shouted: “Nobody leaves this room.”", "Ruth Adler"),
    ("It was Tomas Weil, Ruth Adler testified, who said, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler asked jurors to remember Tomas Weil’s own words: “Nobody leaves this room.”", ""),
    ("Ruth Adler read Tomas Weil’s confession to the jury: “Nobody leaves this room.”", "Ruth Adler"),
    ("“Nobody leaves this room,” Ruth Adler remembers hearing Tomas Weil say.", "Ruth Adler"),
    ("“Nobody leaves this room,” according to Ruth Adler, was what Tomas Weil said.", "Ruth Adler"),
    (
        "Ruth Adler told the court that Tomas Weil, who ran the hotel until May, told her, “Nobody leaves this room.”",
        "Ruth Adler",
    ),
    ("Ruth Adler said the report by Tomas Weil called it “a great job.”", "Ruth Adler"),
    ("Ruth Adler said Tomas Weil’s claim that it was “only a number” was wicked.", ""),
    ("Ruth Adler noted Tomas Weil’s comment that it was “only a number.”", ""),
    ("Ruth Adler told the story of how Tomas Weil walked in and said, “Nobody leaves this room.”", "Ruth Adler"),
    ("Ruth Adler passed on a message from Tomas Weil: “Nobody leaves this room.”", "Ruth Adler"),
]

NOT_NAMED = [
    "Ruth Adler said guards had told the guests: “Nobody leaves this room.”",
    "Ruth Adler says that people often ask her, “Why did nobody leave that room?”",
    "Ruth Adler said she was told: “Nobody leaves this room.”",
    "Ruth Adler told police that a caller, who gave no name, said: “Nobody leaves this room.”",
    "Ruth Adler was told, “Nobody leaves this room.”",
    "Ruth Adler told the court that the defendant had shouted, “Nobody leaves this room.”",
    "Ruth Adler said he had told her: “Nobody leaves this room.”",
    "Ruth Adler recalled her brother yelling, “Nobody leaves this room.”",
    "Ruth Adler said a man in a grey coat had told her: “Nobody leaves this room.”",
    "“Nobody leaves this room,” Ruth Adler recalled the guard saying.",
    "“Nobody leaves this room,” he had told her, Ruth Adler said.",
    "Ruth Adler read out an anonymous letter: “Nobody leaves this room.”",
    "Ruth Adler quoted the poem “Nobody leaves this room.”",
    "Ruth Adler quoted a verse of the poem: “Nobody leaves this room and nobody comes in.”",
    "Her mother told her “nobody leaves this room,” Ruth Adler said in an interview.",
    "“Nobody leaves this room,” Ruth Adler was told.",
    "“Nobody leaves this room,” Ruth Adler recalled being told.",
    "Ruth Adler described a call in which a man told her, “Nobody leaves this room.”",
    "Ruth Adler repeated her father’s motto: “Nobody leaves this room.”",
    "Ruth Adler said someone in the crowd shouted, “Nobody leaves this room.”",
    "Ruth Adler said one of the guards told her, “Nobody leaves this room.”",
    "Ruth Adler says that whenever she asks guards would reply, “Nobody leaves this room.”",
    "Ruth Adler read from the Book of Weil: “Nobody leaves this room.”",
    "“Nobody leaves this room,” Ruth Adler said Tomas Weil’s father used to say.",
    "The Port Herald, citing a source close to Tomas Weil, reported: “Nobody leaves this room.”",
]

THEIR_OWN = [
    "Ruth Adler said Tomas Weil was “the best mayor we ever had.”",
    "Ruth Adler told Tomas Weil: “Nobody leaves this room.”",
    "Ruth Adler said that after Tomas Weil spoke the crowd was “quiet as a church.”",
    "Asked what Tomas Weil had said, Ruth Adler answered, “Nobody leaves this room.”",
    "Ruth Adler called Tomas Weil “a bully with a budget.”",
    "Ruth Adler said Tomas Weil wrote a bill that was “a gift to landlords.”",
    "Ruth Adler said of Tomas Weil: “Nobody leaves this room.”",
    "“Nobody leaves this room,” Ruth Adler told Tomas Weil.",
    "“Nobody leaves this room,” Ruth Adler said after Tomas Weil told reporters he would resign.",
    "Ruth Adler read from a prepared statement: “Nobody leaves this room.”",
    "Ruth Adler said in a letter to Tomas Weil, “Nobody leaves this room.”",
    "“He told me, ‘Nobody leaves this room,’ and I froze,” Ruth Adler said.",
    ("Ruth Adler, whose employer, the owner Tomas Weil, died in the fire, said: “He never locked a door.”"),
    "Ruth Adler said Tomas Weil was right to urge the guests “to stay where they were.”",
    "Ruth Adler, who once worked for Tomas Weil, said, “Nobody leaves this room.”",
    "When Tomas Weil asked why, Ruth Adler replied: “Nobody leaves this room.”",
    "Tomas Weil objected. “Nobody leaves this room,” Ruth Adler told him.",
    "Ruth Adler said Tomas Weil’s plan would leave the town “poorer and colder.”",
    "Ruth Adler told reporters that Tomas Weil’s claim was “a fairy tale.”",
    "Ruth Adler told reporters that the search had ended, saying: “We did all we could.”",
    "Ruth Adler said the house had burned, adding, “We never had a chance.”",
    "Ruth Adler said that the committee had met, saying: “It was quick.”",
    "Ruth Adler said prices had fallen, saying, “Nobody leaves this room.”",
    "Ruth Adler told reporters that Tomas Weil had been arrested, saying: “We got him.”",
    "Ruth Adler said Tomas Weil was a friend, adding: “We grew up together.”",
    "Ruth Adler confirmed that Tomas Weil had been fired, saying: “We wish him well.”",
    "Ruth Adler said the owner’s plan had failed and told voters: “Nobody leaves this room.”",
    "Ruth Adler told the court that she had told Tomas Weil: “Nobody leaves this room.”",
    "Ruth Adler said that on Friday she wrote to Tomas Weil: “Nobody leaves this room.”",
    "Ruth Adler says she tells every visitor: “Nobody leaves this room.”",
    "Asked at a briefing about Tomas Weil, Ruth Adler said: “Nobody leaves this room.”",
    "When Tomas Weil left, “nobody leaves this room,” Ruth Adler said.",
    "As Tomas Weil looked on, Ruth Adler said: “Nobody leaves this room.”",
    "Ruth Adler, who was told by Tomas Weil to leave, said: “Nobody leaves this room.”",
    "Ruth Adler said after reading a letter from Tomas Weil: “Nobody leaves this room.”",
    "Ruth Adler said Tomas Weil’s answer was “vague.”",
    "“Nobody leaves this room,” said another leading clerk, Ruth Adler.",
    "Ruth Adler said she called Tomas Weil, telling him: “Nobody leaves this room.”",
    "Tomas Weil had lied, Ruth Adler told the court, saying: “Nobody leaves this room.”",
    "“Nobody leaves this room,” Ruth Adler said, repeating a claim that Tomas Weil denied.",
    "Ruth Adler accused Tomas Weil of asking “questions that nobody can answer.”",
    "Ruth Adler, asked whether Tomas Weil had told her, said: “Nobody leaves this room.”",
    "Ruth Adler said reading Tomas Weil’s letter was “a shock.”",
    "Ruth Adler said that Tomas Weil’s claim that the hotel is full is “simply not true.”",
    "Ruth Adler dismissed Tomas Weil’s statement that he had left as “a fairy tale.”",
]


BROKEN_OFF = [
    "“Nobody leaves this room” — those were",
    "“Nobody leaves this room” — those is",
    "said it room” that “nobody leaves,” remembers . “Nobody.”",
    "“Nobody leaves,” as",
    "“Nobody leaves,” according to",
    "A letter by “nobody.”",
    "Adler accused Weil of “nobody.”",
    "It was who said “nobody.”",
    "Weil, as cited by “nobody.”",
    "was “nobody” by",
]


def _last(text: str, parser: SpacyParser | None) -> FoundQuotation | None:
    text = f"{_BEFORE}{text}"
    found = find_quotations(text, parser.parse(text) if parser else None)
    return found[-1] if found else None


def _names(quotation: FoundQuotation | None) -> list[str]:
    said_by = (*quotation.speakers, *quotation.alleged) if quotation else ()
    return [speaker.name for speaker in said_by if speaker.named]


def _check_relayed(text: str, via: str, parser: SpacyParser | None) -> None:
    quotation = _last(text, parser)
    assert quotation is not None
    assert _names(quotation) == ["Tomas Weil"]
    assert via in (quotation.via.of(f"{_BEFORE}{text}") if quotation.via else "")


@pytest.mark.parametrize("text", BROKEN_OFF)
def test_a_clause_that_is_broken_off_is_read(text: str) -> None:
    assert len(find_quotations(text)) <= text.count("“")


@pytest.mark.parametrize(("text", "via"), RELAYED)
def test_the_inner_speaker_is_the_speaker_and_who_passed_it_on_is_said(text: str, via: str) -> None:
    _check_relayed(text, via, None)


@pytest.mark.parametrize(("text", "via"), RELAYED)
def test_the_inner_speaker_is_the_speaker_with_a_parse(parser: SpacyParser, text: str, via: str) -> None:
    _check_relayed(text, via, parser)


@pytest.mark.parametrize("text", NOT_NAMED)
def test_who_passes_on_words_of_somebody_not_named_is_not_their_speaker(text: str) -> None:
    assert _names(_last(text, None)) == []


@pytest.mark.parametrize("text", NOT_NAMED)
def test_who_passes_on_words_is_not_their_speaker_with_a_parse(parser: SpacyParser, text: str) -> None:
    assert _names(_last(text, parser)) == []


@pytest.mark.parametrize("text", THEIR_OWN)
def test_who_speaks_about_another_is_the_speaker(text: str) -> None:
    assert _names(_last(text, None)) == ["Ruth Adler"]


@pytest.mark.parametrize("text", THEIR_OWN)
def test_who_speaks_about_another_is_the_speaker_with_a_parse(parser: SpacyParser, text: str) -> None:
    assert _names(_last(text, parser)) == ["Ruth Adler"]
