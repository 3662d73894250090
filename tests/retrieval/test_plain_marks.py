"""Quotations are found in every paper's marks, over hard line ends, and not where a mark is none."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.domain.articles import Draft
from retrieval.reading import read_article
from retrieval.text.attribution.marks.marks import segments
from retrieval.text.attribution.marks.plain_marks import plain_text
from retrieval.text.line_ends import join_lines
from retrieval.text.quotations import find_quotations

MARKED = [
    ("«Il pleut», dit Ana Costa.", ["Il pleut"]),
    ("« Il pleut », dit Ana Costa.", ["Il pleut"]),
    ("«\u00a0Il pleut\u00a0», dit Ana Costa.", ["Il pleut"]),
    ("« Il pleut, dit-elle. Il a dit “non” hier. »", ["Il pleut, dit-elle. Il a dit “non” hier."]),
    ("« Il pleut « fort » ce soir », dit-elle.", ["Il pleut « fort » ce soir"]),
    ("« Il pleut.\n\n« Il neige », dit-elle.", ["Il pleut.", "Il neige"]),
    ("»Es regnet«, sagte Ana Costa.", ["Es regnet"]),
    ("»Es regnet ›sehr‹«, sagte Ana Costa.", ["Es regnet ›sehr‹"]),
    ("»Sataa», sanoi Ana Costa.", ["Sataa"]),
    ("”Det regnar”, sade Ana Costa.", ["Det regnar"]),
    ("Ana Costa sade: ”Det regnar.”", ["Det regnar."]),
    ("„Es regnet“, sagte Ana Costa. „Sehr.“", ["Es regnet", "Sehr."]),
    ("„Er sagte ‚nein‘ dazu“, sagte Ana Costa.", ["Er sagte ‚nein‘ dazu"]),
    ("„Pada deszcz”, powiedziała Ana Costa.", ["Pada deszcz"]),
    ('„Pada deszcz", powiedziała Ana Costa.', ["Pada deszcz"]),
    (",,Pada deszcz'', powiedziała Ana Costa.", ["Pada deszcz"]),
    (",,Pada deszcz”, powiedziała Ana Costa.", ["Pada deszcz"]),
    ("‚Es regnet‘, sagte Ana Costa.", ["Es regnet"]),
    ("‚Das ist’s‘, sagte Ana Costa.", ["Das ist’s"]),
    ("‹Es regnet›, sagte Ana Costa.", ["Es regnet"]),
    ("›Es regnet‹, sagte Ana Costa.", ["Es regnet"]),
    ("«Piove», ha detto Ana Costa. «Molto».", ["Piove", "Molto"]),
    ("«Llueve “mucho” hoy», dijo Ana Costa.", ["Llueve “mucho” hoy"]),
    ("“Llueve «mucho» hoy”, dijo Ana Costa.", ["Llueve «mucho» hoy"]),
    ("「雨が降る」と花子は述べた。", ["雨が降る"]),
    ("花子は「『雨』が降る」と述べた。", ["『雨』が降る"]),
    ("『雨が降る』と花子は述べた。", ["雨が降る"]),
    ("花子说:“下雨了。”", ["下雨了。"]),
    ("花子說:「下雨了。」", ["下雨了。"]),
    ("<< Il pleut >>, dit Ana Costa.", ["Il pleut"]),
    ("''It rains,'' Ana Costa said.", ["It rains,"]),
    ("``It rains,'' Ana Costa said.", ["It rains,"]),
    ("‘‘It rains,’’ Ana Costa said.", ["It rains,"]),
    ("''It rains,'' she said. \"It snows,\" he said.", ["It rains,", "It snows,"]),
    ("“It was ''odd'' to me,” she said. ''It rains.''", ["It was ''odd'' to me,", "It rains."]),
    ("''He said 'no' to me,'' Ana Costa said.", ["He said 'no' to me,"]),
    ("“ It rains, ” Ana Costa said.", ["It rains,"]),
    ("“It rains in «Le Monde» and „Die Zeit“,” she said.", ["It rains in «Le Monde» and „Die Zeit“,"]),
    ("“He said “no” to me,” she said. “Twice.”", ["He said “no” to me,", "Twice."]),
    ("“It was “odd.”” She left. “One.”", ["It was “odd.”", "One."]),
    ("“Never closed, he said. “One,” he said. “Two.”", ["One,", "Two."]),
    ("‘We share voters’ fears and hopes,’ she said.", ["We share voters’ fears and hopes,"]),
    ("The council ‘knows residents’ worries’ and will act. ‘One,’ he said.", ["knows residents’ worries", "One,"]),
    ("It is ‘a matter of principles’ for them. ‘One,’ he said.", ["a matter of principles", "One,"]),
    ("‘Rock ’n’ roll is back,’ she said.", ["Rock ’n’ roll is back,"]),
    ("'Fish 'n' chips for all the lads' mums,' she said.", ["Fish 'n' chips for all the lads' mums,"]),
    ("'I was born in '78 and I'm stayin' here,' she said.", ["I was born in '78 and I'm stayin' here,"]),
    ("'We said \"no\" twice,' she said. 'Three times.'", ['We said "no" twice,', "Three times."]),
]

UNMARKED = [
    "He is 6''2 tall and the pipe is 5'' wide.",
    "The file holds x >> 1 and y << 2.",
    "A list,, with a slip of the hand, and a '' b.",
    "A page » Another page » A third page",
    "„Niemand schließt das, sagte sie.",
    "« Personne ne ferme, dit-elle.",
    "The dogs' owner and the cats' owner met in '78 at St Brendan's.",
    "— Nous partons, dit-elle.",
]


@pytest.mark.parametrize(("text", "inside"), MARKED)
def test_what_any_papers_marks_enclose(text: str, inside: list[str]) -> None:
    plain = plain_text(text)
    assert len(plain) == len(text)
    assert [text[segment.start : segment.end] for segment in segments(plain)] == inside


@pytest.mark.parametrize("text", UNMARKED)
def test_what_is_no_pair_of_marks_encloses_nothing(text: str) -> None:
    assert segments(plain_text(text)) == []


@given(st.text() | st.lists(st.sampled_from([*"“”\"«»„‚‘’‹›「」『』'`,<> \nas", "''", "\n\n", "word "])).map("".join))
def test_the_plain_text_is_as_long_and_stays_as_it_is(text: str) -> None:
    plain = plain_text(text)
    assert len(plain) == len(text)
    assert [at for at, (one, other) in enumerate(zip(text, plain, strict=True)) if one != other and one.isalnum()] == []


MASTER = (
    "“We have looked at every valve. The men who look after them were there. There is none that I would trust. So she "
    "stays,” Ana Costa said."
)
CHAIR = (
    "The council’s chair asked how long it would take, and she said that none could know. “A week. Or the rest of the "
    "year. The valves come from abroad,” Costa said. He said he would write to the yard, and he did."
)
PARAGRAPHS = ["The ferry will not sail on Sunday, the harbour master told the council.", MASTER, CHAIR]


@pytest.mark.parametrize("width", [36, 48, 60, 66, 72, 78, 96])
@pytest.mark.parametrize("marker", ["", "> "])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_quotation_goes_over_hard_line_ends(width: int, marker: str, gap: str) -> None:
    lines = gap.join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS).split("\n")
    text = "\n".join(marker + line for line in lines)
    found = [(quotation.content.of(text), quotation.speakers) for quotation in find_quotations(text)]
    assert [" ".join(words.replace(">", "").split()).rpartition(" ")[2] for words, _ in found] == ["stays,", "abroad,"]
    assert [who.name for _, speakers in found for who in speakers] == ["Ana Costa", "Ana Costa"]


def test_lines_that_are_wrapped_by_hand_are_joined() -> None:
    text = (
        "The harbour master told the council on Sunday\nthat “nothing in the yard\nis as it was” in her letter to them."
    )
    assert "\n" not in join_lines(text)
    text = "“I have mended boats\nsince before there was a road, and\nI never saw one swim uphill,” said Ana Costa."
    assert "\n" not in join_lines(text)


@pytest.mark.parametrize(
    "text",
    [
        "Key lines of the day\n• Costa on tax: “No.”\n• Lind on tax: “Yes.”",
        "Q: Will the ferry sail on Sunday?\nA: It will not.\nQ: Why will it not sail on Sunday?\nA: Valves.",
        "The ferry will not sail.\nThe council met on Monday.\nNobody had anything to say.",
        "Ferry stays in port after inspector finds cracks\nBy Ada Okafor\nUpdated 3 p.m.",
        "One long line of an article that ends with a stop, as most lines of its kind do.\n" * 3,
    ],
)
def test_lines_of_their_own_are_not_joined(text: str) -> None:
    assert join_lines(text) == text


def test_lines_quoted_in_a_mail_are_read_without_their_markers() -> None:
    text = "She wrote:\n\n> “We have looked at each of the valves and men\n> who look after them,” Ana Costa said.\n"
    (quotation,) = find_quotations(text)
    assert quotation.content.of(text).split()[-1] == "them,"
    assert quotation.speakers[0].name == "Ana Costa"


@pytest.mark.parametrize(
    "text", ["''It rains,'' said Ana Costa.", "« It rains, » said Ana Costa.", "“ It rains, ” said Ana."]
)
def test_the_sentence_around_a_quotation_has_its_marks_whole(text: str) -> None:
    (quotation,) = find_quotations(text)
    assert quotation.sentence.of(text) == text


FORGOTTEN = [
    ("Ana Costa said: “We will go. We will not come back.", ["We will go. We will not come back."]),
    ("Ana Costa added, “We have no boats left.", ["We have no boats left."]),
    ("Ana Costa: “We have no boats left!", ["We have no boats left!"]),
    ("“We will go,” Costa said. “And we will not come back.", ["We will go,", "And we will not come back."]),
    ("“It rains.\n\n“It always rains here.\n\nThe council met.", ["It rains.", "It always rains here."]),
    ("“We will go,” Costa said. “And we stay. Costa left the hall at nine.", ["We will go,"]),
    (
        "Ana Costa had a warning. “The bridge goes, and I mean to go with it.",
        ["The bridge goes, and I mean to go with it."],
    ),
    ("Ana Costa had a warning. “The bridge goes. The council met.", []),
    ("“It was never closed, Ana Costa said.", []),
    ("“It was never closed.\n\nThe council met.", []),
    ("He said the river was “high.\n\nThe rain went on.", []),
    ("Costa said: “We have boats, she said.", []),
    (
        "Ana Costa said:\n\n“The town will go. The town has no boats.\n\nThe council met.",
        ["The town will go. The town has no boats."],
    ),
    ("Costa said: “We have boats\n\nThe council met.", []),
]


@pytest.mark.parametrize(("text", "inside"), FORGOTTEN)
def test_a_closing_mark_may_be_forgotten_where_the_rest_is_plainly_speech(text: str, inside: list[str]) -> None:
    assert [text[segment.start : segment.end] for segment in segments(text)] == inside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Bo Kim is Bo Kim,” coach Ana Costa said on Monday.", ["Bo Kim is Bo Kim,"]),
        ("“Herons Win,” said coach Ana Costa on Monday.", ["Herons Win,"]),
        ("“Lind! Lind!” cried Ana Costa at the gate.", ["Lind! Lind!"]),
        ("“Herons Win,” was the headline. “I cut it out,” Ana Costa said.", ["I cut it out,"]),
        ("“Porto first” is her party’s slogan. “I hate it,” Ana Costa said.", ["I hate it,"]),
        ("The film “Night Train,” said Ana Costa, won a prize.", []),
        ("Clarification: Ana Costa told the paper later, “I never asked for a tent.”", ["I never asked for a tent."]),
        ("Correction: An earlier version said “We go.” Ana Costa told the paper: “We stay.”", ["We stay."]),
        ("On the show “Face of Porto,” Ana Costa said the bridge was closed.", []),
        ("Editor’s note: A report said that she had “talked openly on the radio” about it.", []),
        ("Correction: A report misquoted Ana Costa. She said “the bridge is shut,” no more.", ["the bridge is shut,"]),
        ("Editor’s note: The headline “Herons Win” was wrong.", []),
    ],
)
def test_a_few_words_are_kept_where_they_are_said(parser: SpacyParser, text: str, words: list[str]) -> None:
    for found in (find_quotations(text), find_quotations(text, parser.parse(text))):
        assert [quotation.content.of(text) for quotation in found] == words


LEDE = "\n\nThe harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("“We have no boats left for you,” said Ana Costa" + LEDE, True),
        ("“We have no boats left,” said Ana Costa" + LEDE + " “We have no boats left,” Ana Costa said.", True),
        ("Ferry closed ‘until further notice’" + LEDE, False),
        ("Ferry “closed for good”" + LEDE, False),
    ],
)
def test_what_is_said_in_the_first_line_alone_is_kept(text: str, kept: bool) -> None:  # noqa: FBT001
    read = read_article(Draft(text))
    assert len(read.quotations) == kept
    assert len(read_article(Draft(text, title=text.partition("\n")[0])).quotations) == kept - ("boats left for" in text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana Costa said:\n> We will go.", ["We will go."]),
        (
            "Ana Costa wrote to them:\n\n> We go. The town has none.\n>\n> We stay.\n\nThey met.",
            ["We go. The town has none.", "We stay."],
        ),
        ("Ana Costa said:\n>We will go.\nThe council met.", ["We will go."]),
        ("Ana Costa said:\n> “We will go.”", ["We will go."]),
        ("> We will go.\n\nThe council met.", []),
    ],
)
def test_quoted_lines_that_a_colon_announces_are_a_quotation(text: str, words: list[str]) -> None:
    found = find_quotations(text)
    assert [one.content.of(text) for one in found] == words
    assert [who.name for one in found for who in one.speakers] == ["Ana Costa"] * len(found)
