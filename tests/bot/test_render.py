"""Answers and quotations as pure functions: the stored words, unbroken, within every limit of Discord."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command_kinds import help_lines, is_for_moderators
from bot.registry import COMMANDS
from bot.render import answers, dates, limits, notices, people, quotations, sources, theme
from bot.render.cards import card
from bot.render.custom_ids import DisputedId, FragmentsId
from bot.render.escape import showable
from bot.render.excerpt_controls import SEVERAL
from bot.render.passages import Quoted, emphasised, quoted
from bot.render.reply import Reply
from retrieval.domain.answers import (
    Abstention,
    AbstentionReason,
    Answer,
    Citation,
    Confidence,
    Example,
    Searched,
    TimeDoubt,
)
from retrieval.domain.articles import Notice, Source, Span
from retrieval.domain.ids import ArticleId, PassageId, QuotationId, SpeakerId
from retrieval.domain.quotations import (
    Attribution,
    CitedQuotation,
    NotQuotedAbout,
    Quotation,
    QuotationKind,
    QuotationsFound,
    Speaker,
    SpeakerAmbiguous,
    SpeakerEntry,
    SpeakerUnknown,
    UnnamedSources,
)
from retrieval.domain.scope import Filters
from retrieval.domain.upkeep import About, ModelChange, Rereading
from retrieval.domain.wording import doubted_time
from tests.bot.discord_rules import broken
from tests.bot.fakes import KIRBY, PUBLISHED, SOURCE, FakeNewsroom
from tests.bot.test_escape import TEXTS, displayed

LONG = st.one_of(TEXTS, st.text(min_size=900, max_size=4000), st.lists(TEXTS, max_size=20).map("".join))
SOURCES = st.builds(
    Source,
    title=LONG,
    publisher=st.one_of(st.none(), LONG),
    url=st.one_of(st.none(), st.sampled_from(["https://example.org/a", "javascript:alert(1)", "http://[", "x y"])),
    published_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
    updated_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
    notice=st.none() | st.sampled_from(Notice),
)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    excerpt = draw(LONG.filter(bool))
    start = draw(st.integers(0, len(excerpt) - 1))
    marked = draw(st.one_of(st.none(), st.integers(start + 1, len(excerpt)).map(lambda end: Span(start, end))))
    shift = draw(st.integers(0, 500))
    moved = Span(marked.start + shift, marked.end + shift) if marked else None
    span = Span(shift, shift + len(excerpt))
    first = draw(st.integers(moved.start, moved.end - 1)) if moved else 0
    answer = Span(first, draw(st.integers(first + 1, moved.end))) if moved and draw(st.booleans()) else None
    return Citation(
        ArticleId(draw(st.integers(1, 3))), PassageId(1), draw(SOURCES), span, excerpt, moved, answer=answer
    )


def words_shown(markdown: str) -> str:
    """The stored words in a block quotation: without ellipses around it, marks of the quote, bold and escapes."""
    lines = [line[2:] for line in markdown.split("\n") if line.startswith("> ")]
    unmarked = re.sub(r"(?<!\\)((?:\\\\)*)(?:\*\*|__)", r"\1", "\n".join(lines))
    return displayed(unmarked)


@given(citations(), st.sampled_from([200, 700, 1500]))
def test_a_quoted_passage_is_one_unbroken_run_of_the_stored_text(citation: Citation, limit: int) -> None:
    passage = quoted(citation, limit)
    words = words_shown(passage.markdown)
    assert words in showable(citation.excerpt)
    assert len(passage.markdown) <= limit
    assert not passage.is_cut or words.strip() != showable(citation.excerpt).strip()


@given(citations())
def test_the_marked_sentence_stays_in_view_in_bold(citation: Citation) -> None:
    if citation.marked is None:
        return
    offset = citation.span.start
    marked = citation.excerpt[citation.marked.start - offset : citation.marked.end - offset]
    if marked.strip() and len(marked) < 300:
        assert showable(marked).strip() in words_shown(quoted(citation, 1500).markdown)


@given(st.lists(citations(), min_size=1, max_size=10), LONG, st.integers(0, 3))
def test_an_answer_and_each_of_its_pages_fit_into_a_message(cited: list[Citation], question: str, page: int) -> None:
    answer = Answer(question, tuple(cited), Confidence.FAIR, 0.5, Searched(1))
    first = answers.answer(answer, asker=2**64 - 1, token=2**64 - 1)
    assert broken(first) == []
    later = answers.further(
        cited, page=min(page, answers.further_pages(len(cited))), asker=1, token=1, under=first.embeds[0]
    )
    assert broken(later) == []
    assert all(len(control.custom_id) <= limits.CUSTOM_ID for control in (*first.controls, *later.controls))


@given(LONG, st.lists(citations(), max_size=2))
def test_an_abstention_fits_and_says_what_was_searched(question: str, nearest: list[Citation]) -> None:
    result = Abstention(
        question, AbstentionReason.NOT_GOOD_ENOUGH, 0.1, Searched(12, PUBLISHED, PUBLISHED), tuple(nearest)
    )
    reply = answers.abstention(result, asker=1)
    assert broken(reply) == []
    assert "Searched 12 articles of <t:" in str(reply.embeds[0].description)
    assert len(reply.embeds) == 1 + bool(nearest)
    assert {embed.colour for embed in reply.embeds} == {theme.ABSTENTION}


@given(st.lists(st.tuples(LONG.filter(bool), st.sampled_from(QuotationKind), SOURCES), max_size=12), LONG, LONG)
def test_every_page_of_quotations_fits(rows: list[tuple[str, QuotationKind, Source]], name: str, role: str) -> None:
    speaker = Speaker(SpeakerId(1), name, role)
    others = tuple(Speaker(SpeakerId(n), name) for n in range(1, 6))
    cited = [
        CitedQuotation(
            Quotation(
                QuotationId(n),
                ArticleId(n % 4),
                Span(0, len(text)),
                Span(0, len(text)),
                kind,
                Attribution.ROLE,
                0.4,
                others,
            ),
            source,
            text,
            text,
            also=(source,) * 9,
        )
        for n, (text, kind, source) in enumerate(rows)
    ]
    result = QuotationsFound(speaker, tuple(cited))
    for page in range(len(quotations.pages(cited)) + 1):
        reply = quotations.listing(result, asker=1, page=page)
        assert broken(reply) == []


def test_an_answer_says_in_its_last_line_what_a_misspelt_question_was_read_as() -> None:
    (citation, *_) = FakeNewsroom().citations({"delega"})
    read = Answer("who is ana csota", (citation,), Confidence.HIGH, 0.9, Searched(1), read_as=("Ana Costa", "what"))
    declined = Abstention(
        "who is ana csota", AbstentionReason.NOT_GOOD_ENOUGH, 0.1, Searched(1), read_as=("Ana Costa",)
    )
    for result, footer in ((read, "Strong match · Read as: Ana Costa, what"), (declined, "Read as: Ana Costa")):
        embed = answers.outcome(result, asker=1, token=2).embeds[0]
        assert (embed.author.name, embed.footer.text) == ("who is ana csota", footer)


def test_a_citation_is_read_in_one_glance() -> None:
    [citation] = [c for c in FakeNewsroom().citations({"delega", "cancel"}) if c.excerpt.startswith("The canceled")]
    reply = answers.answer(Answer("why?", (citation,), Confidence.HIGH, 0.9, Searched(1)), asker=1, token=2)
    embed = reply.embeds[0]
    assert (embed.author.name, embed.title, embed.url) == ("why?", SOURCE.title, None)
    lines = str(embed.description).split("\n")
    assert lines[0] == "The Hill \\(Nexstar\\) · <t:1711368000:D>"
    assert lines[1].startswith("> **The canceled delegation was intended")
    assert embed.footer.text == "Strong match"
    assert [control.label for control in reply.controls] == [
        "Ask about this article",
        "Share",
        "In context",
        "Wrong?",
        "Delete",
    ]


def test_a_weak_answer_says_first_that_there_may_be_none_and_marks_nothing() -> None:
    [citation] = [c for c in FakeNewsroom().citations({"delega", "cancel"}) if c.excerpt.startswith("The canceled")]
    assert citation.marked is not None
    pointed = replace(citation, answer=citation.marked, disputed=(citation.marked,))
    weak = Answer("why?", (pointed, citation), Confidence.LOW, 0.2, Searched(1), missing=("Oslo", "*ferry*"))
    [embed] = answers.answer(weak, asker=1, token=2).embeds
    assert embed.author.name == "The archive may not hold the answer. I looked for: why?"
    assert embed.footer.text == "Weak match"
    assert embed.colour == theme.ABSTENTION
    assert "\n*This passage does not say “Oslo” or “\\*ferry\\*”.*\n" in str(embed.description)
    passage = str(embed.description).partition("\n> ")[2]
    assert passage.startswith("The canceled delegation")
    assert not re.search(r"\*\*|__", passage)
    assert "words in this passage were said" in str(embed.description)
    assert [ref.marked for ref in weak.refs] == [None, None]
    assert replace(weak, confidence=Confidence.FAIR).refs == (pointed.ref, citation.ref)


def test_there_is_nothing_more_where_no_other_passage_is_about_the_question() -> None:
    [citation] = [c for c in FakeNewsroom().citations({"delega", "cancel"}) if c.excerpt.startswith("The canceled")]
    other = replace(citation, passage_id=PassageId(99))
    found = Answer("why?", (citation, other), Confidence.FAIR, 0.5, Searched(1))
    for off_subject, more in ((frozenset(), True), (frozenset({other.passage_id}), False)):
        reply = answers.answer(replace(found, off_subject=off_subject), asker=1, token=2)
        assert ("More passages" in [control.label for control in reply.controls]) is more


def test_more_of_a_passage_is_shown_where_its_marked_sentence_may_be_wrong() -> None:
    text = " ".join(f"The ferry of pier {number} sailed." for number in range(100, 130))
    [citation] = [c for c in FakeNewsroom().citations({"delega", "cancel"}) if c.excerpt.startswith("The canceled")]
    citation = replace(citation, excerpt=text, span=Span(0, len(text)), marked=Span(0, 28), answer=None)
    shown = {
        confidence: str(
            answers.answer(Answer("?", (citation,), confidence, 0.5, Searched(1)), asker=1, token=2)
            .embeds[0]
            .description
        )
        for confidence in Confidence
    }
    assert "pier 129" not in shown[Confidence.HIGH]
    assert "pier 129" in shown[Confidence.FAIR]
    assert "pier 129" in shown[Confidence.LOW]


def test_an_answer_of_another_time_says_so_first() -> None:
    [citation] = [c for c in FakeNewsroom().citations({"delega", "cancel"}) if c.excerpt.startswith("The canceled")]
    told = answers.answer(
        Answer("latest?", (citation,), Confidence.FAIR, 0.9, Searched(1), TimeDoubt.NEWEST_IS_OLD), asker=1, token=2
    )
    assert "\n**The newest I found on this is from <t:1711368000:D>.**\n" in str(told.embeds[0].description)
    assert doubted_time(TimeDoubt.NEWER_BELOW, citation).startswith("This is from 25 March 2024. Newer passages")
    declined = answers.abstention(
        Abstention("today?", AbstentionReason.TOO_OLD, 0.1, Searched(1), (citation,)), asker=1
    )
    assert declined.embeds[1].author.name == "The newest I found on this is from 25 March 2024."


def test_small_talk_is_answered_with_questions_to_ask_and_no_passage() -> None:
    examples = ("What did Ada *Roe* say?", "Who is Ines Dahl?")
    reply = answers.abstention(
        Abstention("hi", AbstentionReason.SMALL_TALK, 0.0, Searched(12), examples=examples), asker=1
    )
    [embed] = reply.embeds
    assert embed.title == "Ask me about the news"
    lines = str(embed.description).split("\n")
    assert lines[1:] == ["Ask, for example:", "• What did Ada \\*Roe\\* say?", "• Who is Ines Dahl?"]


def test_a_passage_about_something_else_is_not_shown_with_a_refusal() -> None:
    [citation] = [c for c in FakeNewsroom().citations({"delega", "cancel"}) if c.excerpt.startswith("The canceled")]
    declined = Abstention(
        *("capital of France?", AbstentionReason.NOT_GOOD_ENOUGH, 0.1, Searched(1), (citation,)),
        on_subject=False,
        looked_for=("capital", "France"),
    )
    [embed] = answers.abstention(declined, asker=1).embeds
    assert str(embed.description).startswith("I looked for “capital” and “France”\\: no passage is about that.\n")


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), None, "The Paper, since March 2026"),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), "The Paper, since 2026, until March 2026"),
        (None, datetime(2027, 1, 1, tzinfo=UTC), "The Paper, until 2026"),
        (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC),
         "The Paper, since 5 March 2026, until 5 May 2026"),
        (None, None, "The Paper"),
    ],
)  # fmt: skip
def test_an_answer_and_a_refusal_repeat_the_filters(since: datetime | None, until: datetime | None, said: str) -> None:
    filters = Filters("The Paper", since, until)
    [citation, *_] = FakeNewsroom().citations({"delega"})
    found = Answer("why?", (citation,), Confidence.HIGH, 0.9, Searched(1))
    declined = Abstention("why?", AbstentionReason.FILTERS_MATCH_NOTHING, 0.1, Searched(0))
    for result in (found, declined):
        [embed] = answers.outcome(result, asker=1, token=2, filters=filters).embeds
        assert embed.author.name == f"why? · {said}"


def test_a_long_question_leaves_room_for_all_that_is_said_of_it() -> None:
    long = "x" * 500
    found = Abstention(long, AbstentionReason.NOT_GOOD_ENOUGH, 0.1, Searched(1), read_as=(long,), about=long)
    assert broken(answers.outcome(found, asker=1, token=2, filters=Filters(long))) == []


def test_a_date_without_a_time_is_the_same_day_on_both_sides_of_the_ocean() -> None:
    assert dates.long_day(PUBLISHED) == "<t:1711368000:D>"  # noon, not midnight
    assert dates.long_day(datetime(2024, 3, 25, 8, 30, tzinfo=UTC)) == "<t:1711355400:D>"


def test_offered_days_are_words_and_their_values_are_what_can_be_typed() -> None:
    assert dates.offered_days(PUBLISHED)[0] == ("Today (25 March 2024)", "2024-03-25")


def test_a_line_is_added_to_a_reply_that_is_a_card_alone() -> None:
    refused = Reply(embeds=(card("No."),), refusal=True)
    assert notices.with_question(refused, "Who sank?") == replace(refused, content="> Who sank?")
    assert refused.with_line("One.").with_line("Two.").content == "One.\nTwo."


CAPTIONS = "[0:00:04] Ada Roe: No.\n\n[1:01:04] Bo Dahl: It sank at noon."


@pytest.mark.parametrize(
    ("url", "opening"),
    [
        ("https://www.youtube.com/watch?v=a1", "https://www.youtube.com/watch?v=a1&t=3664"),
        ("https://youtu.be/a1", "https://youtu.be/a1?t=3664"),
        ("https://m.youtube.com/live/a1#x", "https://m.youtube.com/live/a1?t=3664"),
        ("https://vimeo.com/12", "https://vimeo.com/12#t=3664"),
        ("https://a.org/b.mp3?c=d", "https://a.org/b.mp3?c=d#t=3664"),
        ("https://a.org/b", "https://a.org/b#:~:text=It%20sank%20at%20noon."),
        ("https://a.org/youtube.com/b", "https://a.org/youtube.com/b#:~:text=It%20sank%20at%20noon."),
    ],
)
def test_a_player_opens_at_the_moment_of_the_words(url: str, opening: str) -> None:
    source, words = Source("A title", url=url), "It sank at noon."
    start = CAPTIONS.index(words)
    marked = Span(start + 9, len(CAPTIONS) + 9)
    citation = Citation(ArticleId(1), PassageId(1), source, Span(9, len(CAPTIONS) + 9), CAPTIONS, marked)
    cited = CitedQuotation(
        Quotation(QuotationId(1), ArticleId(1), marked, marked, QuotationKind.TURN, Attribution.NAMED, 1.0),
        *(source, words, words),
        paragraph=CAPTIONS[24:],
        paragraph_start=33,
    )
    assert sources.link_to(source, words, citation.up_to_mark) == opening
    assert sources.link_to(source, words, cited.up_to_words) == opening


def test_an_article_without_captions_opens_a_player_at_its_address() -> None:
    assert str(sources.link_to(Source("A", url="https://youtu.be/a1"), "No.", "She said: No.")).endswith("#:~:text=No.")


@pytest.mark.parametrize(
    ("url", "words", "opening"),
    [
        ("https://a.org/b", "He said no.", "https://a.org/b#:~:text=He%20said%20no."),
        ("https://a.org/b#top", "“Well-known, & so on”", "https://a.org/b#top:~:text=%E2%80%9CWell%2Dknown%2C%20%26%20so%20on%E2%80%9D"),
        ("https://a.org/b", "one two three four five six seven eight nine ten eleven",
         "https://a.org/b#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven"),
        ("https://a.org/" + "b" * 2030, "He said no.", "https://a.org/" + "b" * 2030),
        ("javascript:alert(1)", "He said no.", None),
    ],
)  # fmt: skip
def test_the_link_opens_at_the_words(url: str, words: str, opening: str | None) -> None:
    assert sources.link_to(Source("A title", url=url), words) == opening


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.org/b", "https://", "https://a.org/ b", "http://[", None]
)
def test_only_a_web_address_becomes_a_link(url: str | None) -> None:
    assert sources.link(Source("A title", url=url)) is None


def test_an_address_does_not_end_where_it_is_set_between_signs() -> None:
    newest = Source("A title", url="https://a.org/>[b](https://c.org)<")
    fields = notices.about(About(1, 2, 3, 4, newest, "a model"), version="0.1.0", started=PUBLISHED).embeds[0].fields
    [shown_address] = [str(field.value).rpartition("\n")[2] for field in fields if field.name == "Newest article"]
    assert shown_address == "<https://a.org/%3E[b](https://c.org)%3C>"


def test_marks_around_nothing_do_not_part_what_is_escaped_together() -> None:
    assert emphasised("One.\n1\x12. Two", Span(0, 12), (Span(6, 7),)) == "One.\n1\\. Two"


def test_only_a_passage_that_ends_within_a_sentence_says_so() -> None:
    excerpt = "One. Two.\x00\x04\n"
    citation = Citation(ArticleId(1), PassageId(1), Source("A"), Span(0, 12), excerpt, Span(0, 9))
    assert quoted(citation, len("> **One. Two.**")) == Quoted("> **One. Two.**", is_cut=False)
    cut = Span(0, 800)
    for excerpt, footer in (
        ("The ferry sailed. " * 80, "Strong match"),
        ("word " * 400, "Strong match · sentence cut"),
    ):
        long = replace(
            citation, excerpt=excerpt[:800], span=cut, marked=Span(0, min(excerpt.find(".") + 1 or 800, 800))
        )
        reply = answers.answer(Answer("?", (long, long), Confidence.HIGH, 0.9, Searched(1)), asker=1, token=2)
        assert reply.embeds[0].footer.text == footer


def test_a_passage_is_not_shortened_behind_an_abbreviation() -> None:
    excerpt = (
        "The pier opened. " + "It was busy. " * 20 + "Its keeper, Ada Lund, said Sept. 23 that it is full. Nobody left."
    )
    spans = (Span(0, len(excerpt)), excerpt, Span(0, 16))
    citation = Citation(ArticleId(1), PassageId(1), Source("A"), *spans)
    for limit in range(250, 400):
        assert not quoted(citation, limit).markdown.endswith("Sept.")


def test_the_answer_is_underlined_within_the_bold_sentence() -> None:
    excerpt = "It _rained_. The bridge cost $4_5 million, he said."
    spans = (Span(10, 10 + len(excerpt)), excerpt, Span(23, 61), (), (), Span(39, 51))
    citation = Citation(ArticleId(1), PassageId(1), Source("A"), *spans)
    assert quoted(citation, 400).markdown == "> It \\_rained\\_. **The bridge cost __$4\\_5 million__, he said.**"
    assert "__" not in quoted(citation, 400, marking=False).markdown


def test_a_known_address_links_the_headline() -> None:
    assert sources.link(Source("A title", url="https://a.org/b")) == "https://a.org/b"


def test_statements_come_first_and_fragments_wait_behind_a_button() -> None:
    reply = quotations.listing(FakeNewsroom().found(KIRBY), asker=1)
    [card] = reply.embeds
    text = str(card.description)
    assert "\n\n> “These are two leaders who have known" in text
    assert "\n\n*Continued*\n> “And we get" in text
    assert "perplexed" not in text
    assert card.author.name == "John Kirby, White House spokesperson"
    assert card.footer.text == "3 quotations"
    assert [control.label for control in reply.controls] == ["Fragments (3)", SEVERAL, "Delete"]


def test_the_fragments_of_one_sentence_share_it() -> None:
    found = FakeNewsroom().found(KIRBY)
    reply = quotations.listing(found, asker=1, view=FragmentsId)
    text = str(reply.embeds[0].description)
    assert "“**disappointed**” and “**perplexed**” by Netanyahu" in text
    assert "\n\n> White House spokesperson John Kirby" in text
    assert "Named" not in text
    assert "\n\n*With Matthew Miller*\n> Both Kirby" in text
    assert reply.embeds[0].author.name == "John Kirby, White House spokesperson: fragments"
    assert [control.label for control in reply.controls] == ["Back to the quotations", SEVERAL, "Delete"]
    only = replace(found, quotations=tuple(cited for cited in found.quotations if cited.is_fragment))
    assert quotations.listing(only, asker=1).embeds[0].description == reply.embeds[0].description
    assert [control.label for control in quotations.listing(only, asker=1).controls] == [SEVERAL, "Delete"]


def test_a_statement_that_runs_on_behind_its_speaker_is_shown_once_in_its_sentence() -> None:
    text = "“It is late,” Lee said, “and the last ferry has gone.”"
    spans = [
        Span(text.index(words), text.index(words) + len(words))
        for words in ("It is late,", "and the last ferry has gone.")
    ]
    kinds = (QuotationKind.DIRECT, QuotationKind.MIXED)
    cited = [
        CitedQuotation(
            Quotation(QuotationId(n), ArticleId(1), span, Span(0, len(text)), kind, Attribution.NAMED, 0.9, (KIRBY,)),
            SOURCE, span.of(text), text, paragraph=text,
        )
        for n, (span, kind) in enumerate(zip(spans, kinds, strict=True))
    ]  # fmt: skip
    shown = str(quotations.listing(QuotationsFound(KIRBY, tuple(cited)), asker=1).embeds[0].description)
    assert shown.endswith("> “**It is late,**” Lee said, “**and the last ferry has gone.**”")
    assert shown.count("It is late") == 1


def test_words_whose_speaker_is_a_pronoun_or_unsure_keep_their_sentence() -> None:
    found = FakeNewsroom().found(KIRBY)
    cited = next(cited for cited in found.quotations if not cited.is_fragment)
    for changed in ({"attribution": Attribution.PRONOUN}, {"confidence": 0.7}):
        one = replace(cited, quotation=replace(cited.quotation, **changed))
        text = str(quotations.listing(replace(found, quotations=(one,)), asker=1).embeds[0].description)
        assert f"“**{cited.words[:20]}" in text


def test_one_speaker_who_may_be_meant_is_asked_about_as_one() -> None:
    asked = quotations.ambiguous(SpeakerAmbiguous("bank", (SpeakerEntry(KIRBY, 1),)), asker=1)
    assert asked.content == "Do you mean this speaker by “bank”?"


def test_disputed_words_are_shown_in_their_sentence_and_never_under_the_bare_name() -> None:
    found = FakeNewsroom().found(KIRBY)
    *others, cited = (cited for cited in found.quotations if not cited.is_fragment)
    denied = replace(cited.quotation, disputed=True, speakers=(), alleged=(KIRBY,))
    result = replace(found, quotations=tuple(others), disputed=(replace(cited, quotation=denied),))
    first = quotations.listing(result, asker=1)
    assert [control.label for control in first.controls] == ["Disputed (1)", SEVERAL, "Delete"]
    assert cited.words not in str(first.embeds[0].description)
    reply = quotations.listing(result, asker=1, view=DisputedId)
    assert reply.embeds[0].author.name == "Not confirmed as the words of John Kirby, White House spokesperson"
    text = str(reply.embeds[0].description)
    assert "*Disputed: the article, or a moderator, denies or doubts that these words were said*\n>" in text
    assert f"**{cited.words}" in str(reply.embeds[0].description)
    assert quotations.listing(replace(result, quotations=()), asker=1, view=DisputedId).controls[-1].label == "Delete"


def test_a_view_without_quotations_says_what_there_is_and_offers_its_button() -> None:
    found = FakeNewsroom().found(KIRBY)
    cited, *_ = (cited for cited in found.quotations if not cited.is_fragment)
    denied = replace(cited, quotation=replace(cited.quotation, disputed=True, speakers=(), alleged=(KIRBY,)))
    only_disputed = quotations.listing(replace(found, quotations=(), disputed=(denied,)), asker=1)
    assert only_disputed.embeds[0].description == "All that the archive has of theirs is disputed. The button shows it."
    assert [control.label for control in only_disputed.controls] == ["Disputed (1)", "Delete"]
    statements = replace(found, quotations=(cited,))
    for view in (FragmentsId, DisputedId):
        reply = quotations.listing(statements, asker=1, view=view)
        assert reply.embeds[0].description == "There is nothing here any more. The buttons show what there is."
        assert [control.label for control in reply.controls] == ["Back to the quotations", "Delete"]
    nothing = quotations.listing(replace(found, quotations=()), asker=1)
    assert nothing.embeds[0].description == "No quotation of theirs is in the archive any more."


def test_words_that_an_article_prints_again_stand_on_a_card_once() -> None:
    found = FakeNewsroom().found(KIRBY)
    cited, *_ = (cited for cited in found.quotations if not cited.is_fragment)
    again = replace(cited, words=cited.words.upper(), quotation=replace(cited.quotation, id=QuotationId(9_001)))
    elsewhere = replace(again, quotation=replace(again.quotation, article_id=ArticleId(9_002)))
    short = replace(cited, words="We will.")
    for others, said in (((again,), "1 quotation"), ((again, elsewhere), "2 quotations")):
        reply = quotations.listing(replace(found, quotations=(cited, *others)), asker=1)
        assert reply.embeds[-1].footer.text == said
    answers = (short, replace(short, quotation=again.quotation))
    assert quotations.listing(replace(found, quotations=answers), asker=1).embeds[-1].footer.text == "2 quotations"


def test_a_turn_has_no_marks_and_words_that_were_passed_on_keep_their_sentence() -> None:
    found = FakeNewsroom().found(KIRBY)
    cited = next(cited for cited in found.quotations if not cited.is_fragment)
    whole = replace(cited.quotation, kind=QuotationKind.TURN, context=cited.quotation.content)
    turn = replace(cited, quotation=whole, context=cited.words)
    text = str(quotations.listing(replace(found, quotations=(turn,)), asker=1).embeds[0].description)
    assert f"*Transcript*\n> {cited.words[:20]}" in text
    around = replace(cited, quotation=replace(cited.quotation, kind=QuotationKind.TURN))
    text = str(quotations.listing(replace(found, quotations=(around,)), asker=1).embeds[0].description)
    assert f"*Transcript*\n> “**{cited.words[:20]}" in text
    relayed = replace(cited, via="Ana Costa")
    text = str(quotations.listing(replace(found, quotations=(relayed,)), asker=1).embeds[0].description)
    assert "*Via Ana Costa*" in text
    assert f"“**{cited.words[:20]}" in text


def test_sources_without_a_name_are_listed_by_their_words_and_named_nowhere() -> None:
    cited = replace(FakeNewsroom().found(KIRBY).quotations[0], said_by="a U.S. *official*")
    nobody = replace(cited, quotation=replace(cited.quotation, speakers=()))
    found = UnnamedSources("official", (nobody,) * 7)
    reply = quotations.unnamed(found, asker=1, token=2)
    assert reply.content == "Nobody called “official” is quoted by name. Sources whom articles do not name:"
    assert "*Said by “a U.S. \\*official\\*”*" in str(reply.embeds[0].description)
    assert [control.label for control in reply.controls] == ["Share", "In context", "Wrong?", "Delete"]
    apart = tuple(replace(nobody, quotation=replace(nobody.quotation, article_id=ArticleId(n))) for n in range(7))
    first = quotations.unnamed(replace(found, quotations=apart), asker=1, token=2)
    assert [control.custom_id for control in first.controls] == ["unnamed:1:2:1", "excerpts", "delete:1"]
    assert broken(first) == []


@pytest.mark.parametrize(
    ("disputed", "said"),
    [((Span(6, 9),), "words in the marked sentence were said"), ((Span(0, 3),), "words in this passage were said")],
)
def test_an_answer_says_that_words_of_it_are_disputed(disputed: tuple[Span, ...], said: str) -> None:
    citation = Citation(ArticleId(1), PassageId(1), SOURCE, Span(0, 9), "One. Two.", Span(5, 9), disputed=disputed)
    warned = text_of_answer(citation)
    assert f"**Disputed:** the article, or a moderator, denies or doubts that {said}." in warned
    assert "Disputed" not in text_of_answer(replace(citation, disputed=()))


def text_of_answer(citation: Citation) -> str:
    answer = Answer("why?", (citation,), Confidence.HIGH, 0.9, Searched(1))
    return str(answers.answer(answer, asker=1, token=2).embeds[0].description)


def test_the_pages_of_quotations_hold_every_one_once() -> None:
    cited = FakeNewsroom().found(KIRBY).quotations
    assert [c for page in quotations.pages(cited) for entry in page for c in entry] == list(cited)


def test_a_page_that_is_no_more_becomes_the_last() -> None:
    newsroom = FakeNewsroom()
    newsroom.copies = 2
    result = newsroom.found(KIRBY)
    assert quotations.listing(result, asker=1, page=99).embeds == quotations.listing(result, asker=1, page=1).embeds


@given(LONG, st.integers(1, 10**6))
def test_the_label_of_a_speaker_keeps_the_count(name: str, amount: int) -> None:
    label = people.entry_label(SpeakerEntry(Speaker(SpeakerId(1), name), amount), limits.CHOICE)
    assert len(label) <= limits.CHOICE
    assert label.endswith(f" ({amount})")


@given(LONG)
def test_an_unknown_name_is_repeated_literally_and_briefly(name: str) -> None:
    content = quotations.unknown(SpeakerUnknown(name, ()), asker=1).content or ""
    assert len(content) <= 200
    assert "@everyone" not in re.sub(r"\\.", "", content)


@given(LONG.filter(str.strip), LONG.filter(str.strip))
def test_what_quotations_are_about_is_repeated_literally_and_briefly(name: str, about: str) -> None:
    speaker = Speaker(SpeakerId(1), name)
    content = quotations.not_about(NotQuotedAbout(speaker, about, 1), asker=1).content or ""
    assert len(content) <= limits.CONTENT
    assert " is quoted once, but not about “" in content
    narrowed = quotations.listing(QuotationsFound(speaker, (), about, 1), asker=1, token=2**63)
    assert len(narrowed.content or "") <= limits.CONTENT
    assert (narrowed.content or "").endswith("”, the nearest first (1 other left out):")


@given(SOURCES, LONG.map("m{}".format))
def test_about_fits(newest: Source, model: str) -> None:
    reply = notices.about(About(1, 2, 3, 4, newest, model), version="0.1.0", started=PUBLISHED)
    assert broken(reply) == []


def test_about_says_how_far_the_change_to_another_model_is() -> None:
    def fields(change: ModelChange | None) -> dict[str | None, str | None]:
        archive = About(1, 7716, 3, 4, None, "one model", change)
        return {
            field.name: field.value
            for field in notices.about(archive, version="0.1.0", started=PUBLISHED).embeds[0].fields
        }

    assert fields(ModelChange(1240, 7716))["Re-reading for a new model"] == "1,240 of 7,716 passages"
    assert "Re-reading for a new model" not in fields(None)


def test_about_says_how_far_articles_are_read_again() -> None:
    archive = About(12, 34, 3, 4, None, "one model", rereading=Rereading(5, 12))
    embed = notices.about(archive, version="0.1.0", started=PUBLISHED).embeds[0]
    assert {field.name: field.value for field in embed.fields}["Re-reading for quotations"] == "5 of 12 articles"


def test_help_fits() -> None:
    mention = "</{}:1000000000000000000>".format
    for_all = help_lines((command for command in COMMANDS if not is_for_moderators(command)), mention)
    of_moderators = help_lines(filter(is_for_moderators, COMMANDS), mention)
    example = Example("q" * 500, "s" * 500)
    assert broken(notices.usage(for_all, of_moderators, str, example, in_server=True)) == []
