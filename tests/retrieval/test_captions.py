"""What is read of captions: who says what, and when."""

from __future__ import annotations

import time
from itertools import islice, product
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.extraction.captions import is_captions, read_captions
from retrieval.adapters.extraction.dispatch import read_content
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article

if TYPE_CHECKING:
    from retrieval.domain.articles import Draft

VOICES: Final = """WEBVTT - The map of Varden

NOTE written by hand

STYLE
::cue { color: red }

first
00:00:01.000 --> 00:00:04.000 align:start
<v.loud Tova Berg>We lost the map
on the <i>first</i> day.

00:00:04.500 --> 00:00:06.000
<v Reporter>And then?

00:00:06.200 --> 00:00:09.000
<v Tova Berg>Then we found the sea &amp; the shore.</v>

00:01:04.000 --> 00:01:09.000
[waves]
"""
CHEVRONS: Final = """1
00:00:01,000 --> 00:00:04,000
>> ANCHOR: We go to the harbor.

2
00:00:04,500 --> 00:00:06,000
>> TOVA BERG: The crane is down,
and nobody is hurt.

3
00:00:06,200 --> 00:00:09,000
We are all still here.

4
00:00:09,500 --> 00:00:11,000
>> TOVA BERG: {\\an8}And we thank you.

5
01:01:12,000 --> 01:01:13,000
>> ANCHOR: Good night.
"""
DASHES: Final = """1
00:00:01,000 --> 00:00:04,000
- MAYOR ADEY: The plan is in the drawer.
- Which drawer?

2
00:00:04,500 --> 00:00:06,000
- MAYOR ADEY: I have only one drawer,
my friends.
"""
ROLLING: Final = """WEBVTT
Kind: captions
Language: en-GB

00:00:00.000 --> 00:00:02.000 align:start position:0%
\x20
the<00:00:00.500><c> council</c> met

00:00:02.000 --> 00:00:02.010
the council met

00:00:02.010 --> 00:00:04.000
the council met
and<00:00:03.000><c> left</c>

00:00:04.000 --> 00:00:04.010
and left

00:00:04.010 --> 00:00:06.000
and left
it was late
"""


def read(text: str, kind: str = "text/vtt") -> Draft:
    return read_content(Fetched("", text.encode(), kind))


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (
            VOICES,
            [
                "[0:00:01] Tova Berg: We lost the map on the first day.",
                "[0:00:04] Reporter: And then?",
                "[0:00:06] Tova Berg: Then we found the sea & the shore.",
                "[0:01:04] [waves]",
            ],
        ),
        (
            CHEVRONS,
            [
                "[0:00:01] ANCHOR: We go to the harbor.",
                "[0:00:04] TOVA BERG: The crane is down, and nobody is hurt. We are all still here.",
                "[0:00:09] TOVA BERG: And we thank you.",
                "[1:01:12] ANCHOR: Good night.",
            ],
        ),
        (
            DASHES,
            [
                "[0:00:01] MAYOR ADEY: The plan is in the drawer.",
                "[0:00:01] >> Which drawer?",
                "[0:00:04] MAYOR ADEY: I have only one drawer, my friends.",
            ],
        ),
        (ROLLING, ["[0:00:00] the council met and left it was late"]),
        (
            "00:01.000 --> 00:02.000\nNo.\n\n00:02.000 --> 00:03.000\nNo.\n\n00:09.000 --> 00:10.000\nYes.\n",
            ["[0:00:01] No. No.", "[0:00:09] Yes."],
        ),
        (
            "1\n00:00:01,5 --> 00:00:02,5\nTonight: rain.\n\n2\n00:00:02,5 --> 00:00:04,0\nAnd wind.\n",
            ["[0:00:01] Tonight: rain. And wind."],
        ),
    ],
    ids=["voices", "chevrons", "dashes", "rolling", "a pause and no", "no speaker"],
)
def test_each_paragraph_is_one_speaker_s_with_its_time(text: str, paragraphs: list[str]) -> None:
    assert read(text).text.split("\n\n") == paragraphs
    assert read(text.replace("\n", "\r\n"), "application/x-subrip").text.split("\n\n") == paragraphs


def test_headers_say_title_and_language() -> None:
    assert read(VOICES).title == "The map of Varden"
    assert (read(ROLLING).title, read(ROLLING).language) == ("the council met and left it was late", "en-GB")


def test_captions_that_are_called_plain_text_are_read_as_captions() -> None:
    assert read(CHEVRONS, "text/plain").text == read(CHEVRONS).text
    assert is_captions("\ufeffWEBVTT\n")
    assert not is_captions("1\n00:00 is midnight.")


@pytest.mark.parametrize("text", [VOICES, CHEVRONS])
def test_quotations_have_their_speakers(text: str) -> None:
    article = read_article(read(text))
    said = {(q.speakers[0].name, q.content.of(article.body)) for q in article.quotations if q.speakers}
    assert {name for name, _ in said} == {"Tova Berg"}
    assert all("[" not in words for _, words in said)
    assert len(said) == 2


@pytest.mark.parametrize(
    ("others", "paragraph"),
    [
        (">> Thank you. We had no choice.", ">> Thank you. We had no choice."),
        ("- We had no choice.", ">> We had no choice."),
        ("And you? >> We had no choice.", ">> We had no choice."),
        ("\u266a We had no choice \u266a", ">> \u266a We had no choice \u266a"),
        ("[Runa Vik] We had no choice.", ">> [Runa Vik] We had no choice."),
        ("(man) We had no choice.", ">> (man) We had no choice."),
        ("[Man]: We had no choice.", ">> [Man]: We had no choice."),
    ],
)
def test_who_is_not_named_is_not_the_one_before(others: str, paragraph: str) -> None:
    named = ["TOVA BERG: We lost the map.", others, "IDO LUND: Who had it?", "TOVA BERG: I had.", "IDO LUND: Oh."]
    cues = (f"{at}\n00:00:0{at},0 --> 00:00:0{at + 1},0\n{line}\n" for at, line in enumerate(named, 1))
    draft = read("\n".join(cues), "application/x-subrip")
    assert any(one.endswith(f"] {paragraph}") for one in draft.text.split("\n\n"))
    said = [(q.speakers[0].name, q.content.of(draft.text)) for q in read_article(draft).quotations if q.speakers]
    assert said
    assert not any("no choice" in words for _, words in said)


def test_voices_of_one_line_and_surnames_first_are_told_apart() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Berg, Tova (Town Hall)>Why?</v> <v Ido Lund>Because.</v>\n\n"
        "00:02.000 --> 00:03.000\nNobody asked.\n"
    )
    assert read(text).text.split("\n\n") == [
        *("[0:00:01] Tova Berg: Why?", "[0:00:01] Ido Lund: Because.", "[0:00:02] >> Nobody asked.")
    ]


def test_a_long_turn_is_several_paragraphs_of_the_same_speaker() -> None:
    cues = "".join(
        f"00:{minute:02}:00.000 --> 00:{minute:02}:59.000\n<v Tova Berg>{'We sailed on and on. ' * 8}\n\n"
        for minute in range(30)
    )
    paragraphs = read(f"WEBVTT\n\n{cues}").text.split("\n\n")
    assert 5 < len(paragraphs) < 30
    assert all(paragraph.partition("] ")[2].startswith("Tova Berg: We sailed") for paragraph in paragraphs)


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n", "WEBVTT\n\nno timing"])
def test_captions_without_words_are_refused(text: str) -> None:
    with pytest.raises(ArticleRejected, match="no words"):
        read(text)


def test_time_grows_with_captions_that_roll() -> None:
    def seconds(lines: int) -> float:
        first = "\n".join(f"line {number} stays" for number in range(lines))
        second = "\n".join(f"line {number} goes" for number in range(lines))
        cues = (f"00:01.000 --> 00:02.000\n{first}", f"00:02.000 --> 00:03.000\nline {lines - 1} stays\n{second}")
        start = time.process_time()
        read("WEBVTT\n\n" + "\n\n".join(cues))
        return time.process_time() - start

    assert seconds(12_000) < 6 * seconds(3_000) + 0.2


def test_time_grows_with_the_speakers_of_captions() -> None:
    def seconds(speakers: int) -> float:
        letters = "ABCDEFGHIJKLMNOPRSTUVWXYZ"
        names = ["".join(name) for name in islice(product(letters, repeat=4), speakers)]
        said = "\n\n".join(f"00:01.000 --> 00:02.000\nMARIA {name}: HELLO." for name in names)
        start = time.process_time()
        read_captions(f"WEBVTT\n\n{said}\n\n{said}")
        return time.process_time() - start

    assert seconds(12_000) < 6 * seconds(3_000) + 0.2


PIECES: Final = [
    "WEBVTT",
    "\n\n",
    "\n",
    "00:01.000 --> 00:02.000",
    "99:99:99,9 --> 0:0,0",
    "<v A B>",
    ">> ",
    "- ",
    "A: ",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30))
def test_any_text_is_captions_or_refused(pieces: list[str]) -> None:
    try:
        assert read_captions("".join(pieces)).text
    except ArticleRejected:
        return


SHOUTED: Final = (
    "HARLOW: THE COUNCIL MET ON TUESDAY TO VOTE ON THE POOL.",
    "VERA LUND: WE CANNOT PAY FOR THE POOL ANY MORE.",
    "THE MAYOR SAID: THERE IS NO MONEY LEFT IN THE TOWN.",
    "MAYOR OYELARAN: I PROMISED YOU BUSES AND YOU WILL GET THEM.",
    "LONDON: THE GOVERNMENT SAYS THAT IT WILL NOT HELP.",
    "LUND: YOU NEVER ASKED THE GOVERNMENT FOR A PENNY.",
    "DOWNING STREET: NO COMMENT WAS GIVEN TO US TODAY.",
    "REPORTER: WILL THE POOL EVER OPEN AGAIN?",
)


def shouted(*lines: str, twice: bool = True) -> str:
    cues = lines * (1 + twice)
    return "\n".join(
        f"{n}\n00:00:{4 * n:02},000 --> 00:00:{4 * n + 1:02},000\n{line}\n" for n, line in enumerate(cues, 1)
    )


def speakers(captions: str) -> set[str]:
    article = read_article(read_captions(captions), None)
    return {speaker.name for quotation in article.quotations for speaker in quotation.speakers}


def test_a_place_in_captions_in_capitals_is_nobody() -> None:
    assert speakers(shouted(*SHOUTED)) == {"Vera Lund", "Oyelaran"}
    text = read_captions(shouted(*SHOUTED)).text
    assert "] VERA LUND: WE CANNOT" in text
    assert "] LUND: YOU NEVER" in text
    said = " ".join(each.content.of(text) for each in read_article(read_captions(shouted(*SHOUTED)), None).quotations)
    assert "PROMISED YOU BUSES" in said
    assert not any(words in said for words in ("COUNCIL MET", "NO MONEY", "GOVERNMENT SAYS", "NO COMMENT"))


@pytest.mark.parametrize("head", ["HARLOW", "PORT SELBY", "THE MAYOR SAID", "BREAKING NEWS", "PETER LUND SAYS"])
def test_captions_in_capitals_without_a_speaker_have_none(head: str) -> None:
    lines = (f"{head}: THE COUNCIL MET ON TUESDAY.", f"{head}: THE POOL WILL CLOSE.", f"{head}: NOBODY WAS ASKED.")
    assert speakers(shouted(*lines)) == set()


def test_behind_a_mark_a_single_name_in_capitals_is_somebody_s() -> None:
    lines = (">> TANNER: WE WERE NEVER ASKED.", ">> HOLT: YOU WERE, IN MAY.", ">> TANNER: BY WHOM?", ">> HOLT: BY ME.")
    assert speakers(shouted(*lines)) == {"TANNER", "HOLT"}
    assert "[0:00:04] >> TANNER: WE WERE" in read_captions(shouted(*lines)).text


def test_a_name_in_capitals_before_other_words_is_somebody_s() -> None:
    lines = ("TANNER: We were never asked.", "HOLT: You were, in May.")
    assert speakers(shouted(*lines)) == {"TANNER", "HOLT"}


def test_times_without_parts_of_seconds_are_times() -> None:
    lines = (
        "1\n00:00:01 --> 00:00:04\nWe lost the map on the first day.\n\n2\n00:00:05 --> 00:00:09\nThen we found it.\n"
    )
    assert is_captions(lines)
    assert read_captions(lines).text == "[0:00:01] We lost the map on the first day. Then we found it."
