"""One excerpt of an answer, as members share it, open it in its context, verify it and cite it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
import pytest

from bot.cooldown import Cooldown
from bot.render.citations import citations
from bot.render.escape import plain
from bot.render.excerpts import in_context, shared
from bot.render.passages import quoted
from retrieval.archive.records import NewSpeaker
from retrieval.domain.answers import Answer, Citation
from retrieval.domain.articles import Draft, Source, Span
from retrieval.domain.excerpts import Excerpt, ExcerptRef
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, PassageId
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Scope
from retrieval.errors import messages
from tests.bot.conftest import labels_of, menus_of, new_bot, text_of
from tests.bot.desks import two_servers
from tests.bot.discord_people import Asker
from tests.bot.discord_rules import broken
from tests.bot.in_server import BRIDGE_QUESTION, NEWS, SERVER, THREAD, in_server, private, said
from tests.support.articles import BRIDGE
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.results import InteractionResult, ResponseMessage

    from tests.bot.conftest import Stage
    from tests.bot.desks import Desks

QUESTION = "why was the harbour bridge closed"
ANSWERING = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."
MAYOR = NewSpeaker("Ada Okafor", "mayor")
FAKED = "A faked post has Ada Okafor saying “the pier is for sale.” this week."
DISPUTED = quotation(FAKED, "the pier is for sale.", MAYOR, disputed=True)
WRITER = Asker(guild=SERVER, place=NEWS, permissions=discord.Permissions(send_messages=True).value)


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        opened.room.importer.add(BRIDGE, CollectionId(opened.one.guild.id))
        yield opened


async def pressed(desks: Desks, message: ResponseMessage | None, label: str) -> InteractionResult:
    assert message is not None
    return await desks.one.member.click(message, label=label)


async def asked(desks: Desks) -> ResponseMessage | None:
    return (await desks.one.slash_by(desks.one.member, "ask", question=QUESTION)).response


def excerpt_of(desks: Desks, words: str) -> Excerpt:
    """The words of a sentence of the bridge, as the archive has them."""
    scope = desks.one.scope
    answered = desks.room.ask(scope, QUESTION)
    assert isinstance(answered, Answer)
    cited = answered.citations[0]
    start = cited.span.start + cited.excerpt.index(words)
    ref = ExcerptRef(cited.article_id, replace(cited.span, start=start, end=start + len(words)))
    found = desks.room.excerpts.find(scope, ref)
    assert found is not None
    return found


async def test_a_shared_card_has_the_words_their_source_and_who_shared_them(desks: Desks) -> None:
    await desks.one.slash("settings private", only_asker=True)
    card = await pressed(desks, await asked(desks), "Share")
    assert not card.ephemeral
    text = text_of(card)
    assert text.startswith(f"Shared by <@{desks.one.member.id}>\nHarbour bridge closed after cracks are found\n")
    assert "The Selby Courier · <t:1715083200:D>" in text
    assert f"> {ANSWERING}" in text
    assert QUESTION not in text
    assert labels_of(card) == ["In context", "Delete"]


def test_a_passage_that_ends_within_a_sentence_says_so() -> None:
    for text, footer in (("the rain fell and " * 100, "Sentence cut"), ("The rain fell on Sept. 3. " * 60, None)):
        ref = ExcerptRef(ArticleId(1), Span(0, len(text)))
        whole = Excerpt(
            ref, Source("Rain"), text, 0, ref.span, len(text), "", got_at=NOON, fetched=False, is_passage=True
        )
        (card,) = shared(whole, by=1).embeds
        assert card.footer.text == footer
        assert not str(card.description).endswith("Sept.")


async def test_pressing_twice_posts_once_and_the_sharer_deletes_the_card(desks: Desks) -> None:
    answer = await asked(desks)
    card = await pressed(desks, answer, "Share")
    again = await pressed(desks, answer, "Share")
    assert (again.ephemeral, text_of(again)) == (True, messages()["bot.shared_already"])
    desks.bot.service.shared.forget(desks.one.member.id)  # a minute later
    assert not (await pressed(desks, answer, "Share")).ephemeral
    await pressed(desks, card.response, "Delete")
    assert card.response is None


async def test_what_was_shared_before_something_else_is_not_posted_again(desks: Desks) -> None:
    answer, quoted = await asked(desks), await desks.one.slash_by(desks.one.member, "quote", speaker="Okafor")
    assert quoted.response is not None
    (menu,) = menus_of(quoted)
    opened = await desks.one.member.select(quoted.response, [menu["options"][0]["value"]])
    for message in (answer, opened.response):
        assert not (await pressed(desks, message, "Share")).ephemeral
    for message in (answer, opened.response):
        assert text_of(await pressed(desks, message, "Share")) == messages()["bot.shared_already"]


async def test_sharing_costs_the_wait_of_a_question_and_a_refusal_none(desks: Desks) -> None:
    answer = await asked(desks)
    ref = excerpt_of(desks, ANSWERING).ref
    desks.bot.service.cooldown = Cooldown(600)
    desks.room.articles.remove(desks.one.scope, ref.article_id)
    assert text_of(await pressed(desks, answer, "Share")) == messages()["bot.excerpt_gone"]
    desks.room.importer.add(BRIDGE, CollectionId(desks.one.guild.id))
    answer = await asked(desks)
    desks.bot.service.cooldown = Cooldown(600)
    assert not (await pressed(desks, answer, "Share")).ephemeral
    desks.bot.service.shared.forget(desks.one.member.id)
    again = await pressed(desks, answer, "Share")
    assert again.ephemeral
    assert "again <t:" in text_of(again)


async def test_after_a_restart_a_private_answer_is_shared(stage: Stage) -> None:
    answered = await stage.asker.slash(stage.channel, "ask", question="why was the delegation cancelled", only_me=True)
    assert answered.ephemeral
    assert answered.response is not None
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert not (await stage.asker.click(answered.response, label="Share")).ephemeral


async def test_a_question_about_the_article_of_a_private_answer_is_answered_privately(stage: Stage) -> None:
    answered = await stage.asker.slash(stage.channel, "ask", question="why was the delegation cancelled", only_me=True)
    assert answered.response is not None
    form = await stage.asker.click(answered.response, label="Ask about this article")
    assert (await stage.asker.submit_modal(form, {"question": "and why?"})).ephemeral


async def test_somebody_else_cannot_delete_what_was_shared(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    card = await stage.other.click(answered.response, label="Share")
    assert card.response is not None
    assert text_of(await stage.asker.click(card.response, label="Delete")) == messages()["bot.not_your_answer"]
    await stage.owner.click(card.response, label="Delete")
    assert card.response is None


async def test_a_quotation_is_shared_with_who_said_it(desks: Desks) -> None:
    quoted = await desks.one.slash_by(desks.one.member, "quote", speaker="Okafor")
    assert quoted.response is not None
    (menu,) = menus_of(quoted)
    first, second = menu["options"]
    assert first["label"] == "Nobody was ever in danger,"
    assert first["description"] == "The Selby Courier · 7 May 2024"
    opened = await desks.one.member.select(quoted.response, [second["value"]])
    assert opened.ephemeral
    assert "> “Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby. “**But we" in text_of(opened)
    text = text_of(await pressed(desks, opened.response, "Share"))
    assert "Ada Okafor, mayor of Port Selby" in text
    assert "> “But we will not wait for luck to run out.”" in text


async def test_context_and_proof_are_shown_privately_and_can_be_checked(desks: Desks) -> None:
    opened = await pressed(desks, await asked(desks), "In context")
    assert opened.ephemeral
    assert f"> **{ANSWERING}**\n> \n> “Nobody was ever in danger,”" in text_of(opened)
    await pressed(desks, opened.response, "Verify")
    text = text_of(opened)
    body = desks.room.articles.show(desks.one.scope, excerpt_of(desks, ANSWERING).ref.article_id).article.body
    start = body.index(ANSWERING)
    assert f"{start} to {start + len(ANSWERING)} of {len(body)}, counted from 0" in text
    for hashed in (body, ANSWERING):
        assert hashlib.sha256(hashed.encode()).hexdigest() in text
    assert "handed in as a text" in text
    assert "<https://courier.example/bridge>" in text
    assert labels_of(opened) == ["Share", "Copy as citation", "Wrong?"]


@pytest.mark.parametrize("before", [0, 4, 30, 45])
def test_the_context_has_every_paragraph_that_the_answer_showed_and_fills_a_message(
    tmp_path: Path, before: int
) -> None:
    lines = [f"The ferry of line {number} was late again, and nobody at the quay knew why." for number in range(50)]
    with newsroom_in(tmp_path) as room:
        article = room.importer.add(Draft("\n\n".join((*lines[:before], ANSWERING, *lines[before:]))), SHARED).article
        start = article.body.index(ANSWERING)
        words = Span(start, start + len(ANSWERING))
        opening = article.body.rfind("\n", 0, max(start - 2, 0)) + 1
        passage = Span(opening, min(start + 1_000, len(article.body)))
        excerpt = room.excerpts.find(Scope(), ExcerptRef(article.id, words))
    assert excerpt is not None
    card = Citation(article.id, PassageId(1), article.source, passage, passage.of(article.body), marked=words)
    context = str(in_context(excerpt).embeds[0].description)
    assert f"**{ANSWERING}**" in context
    assert quoted(card, 1_100).markdown.removesuffix("\n> ") in context
    assert len(context) > 2_000


async def test_citations_come_in_four_forms(desks: Desks) -> None:
    quoted = await desks.one.slash_by(desks.one.member, "quote", speaker="Okafor")
    assert quoted.response is not None
    (menu,) = menus_of(quoted)
    opened = await desks.one.member.select(quoted.response, [menu["options"][0]["value"]])
    copied = await pressed(desks, opened.response, "Copy as citation")
    assert copied.ephemeral
    text = text_of(copied)
    source = (
        "“Harbour bridge closed after cracks are found”, The Selby Courier, 7 May 2024. https://courier.example/bridge"
    )
    assert f"“Nobody was ever in danger,” — Ada Okafor, mayor of Port Selby, {source}" in text
    assert "[Harbour bridge closed after cracks are found](<https://courier.example/bridge>), The Selby Courier" in text
    assert "Harbour bridge closed after cracks are found. (2024, May 7). The Selby Courier. https://courier" in text
    quotation = json.loads(text.partition("```json\n")[2].partition("\n```")[0])
    assert quotation["@type"] == "Quotation"
    assert quotation["text"] == "Nobody was ever in danger,"
    assert quotation["spokenByCharacter"] == [
        {"@type": "Person", "name": "Ada Okafor", "jobTitle": "mayor of Port Selby"}
    ]
    assert quotation["isPartOf"]["datePublished"] == "2024-05-07"
    assert quotation["isPartOf"]["publisher"] == {"@type": "Organization", "name": "The Selby Courier"}


async def test_a_passage_in_which_nothing_is_marked_is_shared_in_whole_sentences(desks: Desks) -> None:
    excerpt, sentence = excerpt_of(desks, ANSWERING), "Nobody knows for how long the bridge stays closed. "
    text = f"Before it. {sentence * 30}"
    span = replace(excerpt.ref.span, start=11, end=len(text))
    passage = replace(
        excerpt,
        text=text,
        start=0,
        paragraph=replace(span, start=0),
        is_passage=True,
        ref=replace(excerpt.ref, span=span),
    )
    card = shared(passage, by=1).embeds[0]
    words = str(card.description).partition("> ")[2]
    assert len(words) > 1000
    assert words == (sentence * 30)[: len(words)]
    assert words.endswith(".")
    assert "**" not in words + str(in_context(passage).embeds[0].description)


async def test_what_was_passed_on_or_is_unsure_says_so_wherever_it_is_shown(desks: Desks) -> None:
    quoted = desks.room.quotes_by(desks.one.scope, "Okafor")
    assert isinstance(quoted, QuotationsFound)
    cited = quoted.quotations[0]
    ref = ExcerptRef(cited.quotation.article_id, cited.quotation.content)
    excerpt = desks.room.excerpts.find(desks.one.scope, ref)
    assert excerpt is not None
    doubtful = replace(cited, via="Ana Costa", quotation=replace(cited.quotation, confidence=0.5))
    excerpt = replace(excerpt, quotation=doubtful)
    for embed in (*shared(excerpt, by=1).embeds, *in_context(excerpt).embeds):
        assert "*Via Ana Costa, not sure*" in str(embed.description)
    text = str(citations(excerpt).embeds[0].description)
    assert text.replace("\\", "").count("Ada Okafor, mayor of Port Selby, via Ana Costa (not sure)") == 4
    assert "spokenByCharacter" not in text


async def test_disputed_words_are_shared_and_cited_as_disputed(desks: Desks) -> None:
    article = replace(new_article("The post", FAKED, published_at=day(1)), quotations=(DISPUTED,))
    where = CollectionId(desks.one.guild.id)
    desks.room._archive.articles.add(article, HashingEmbedder().spec, collection=where, now=NOON)
    listed = await desks.one.slash_by(desks.one.member, "quote", speaker="Okafor")
    shown = await pressed(desks, listed.response, "Disputed (1)")
    for opened in (await pressed(desks, shown.response, "Share"), await pressed(desks, shown.response, "In context")):
        assert "Not confirmed as the words of Ada Okafor" in text_of(opened)
        assert "Disputed: the article, or a moderator, denies or doubts that these words were said" in text_of(opened)
    copied = text_of(await pressed(desks, opened.response, "Copy as citation")).replace("\\", "")
    assert copied.count("disputed: the article, or a moderator, denies or doubts that these words were said") == 4
    assert "Okafor" not in copied


async def test_what_was_removed_gets_a_kind_sentence(desks: Desks) -> None:
    answer = await asked(desks)
    opened = await pressed(desks, answer, "In context")
    desks.room.articles.remove(desks.one.scope, excerpt_of(desks, ANSWERING).ref.article_id)
    for message, label in ((answer, "Share"), (answer, "In context"), (opened.response, "Verify")):
        refused = await pressed(desks, message, label)
        assert text_of(refused) == messages()["bot.excerpt_gone"]
        told = refused.followups[-1] if refused.followups else refused.response
        assert told is not None
        assert told.ephemeral


async def test_another_server_sees_nothing_and_no_words_are_cut_to_say_something_else(desks: Desks) -> None:
    excerpt = excerpt_of(desks, ANSWERING)
    assert desks.room.excerpts.find(desks.other.scope, excerpt.ref) is None
    for start, end in ((1, 0), (0, -1), (0, 10**6)):
        span = replace(excerpt.ref.span, start=excerpt.ref.span.start + start, end=excerpt.ref.span.end + end)
        assert desks.room.excerpts.find(desks.one.scope, replace(excerpt.ref, span=span)) is None


async def test_only_who_may_write_there_can_share_and_two_presses_at_once_post_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with in_server(monkeypatch, tmp_path) as online:
        online.newsroom.importer.add(BRIDGE, SHARED)
        answer = (await online.command("ask", WRITER, **BRIDGE_QUESTION)).messages[0]
        for who in (replace(WRITER, permissions=0), replace(WRITER, place=THREAD)):
            refused = await online.press(answer, "Share", who)
            assert (private(refused), said(refused)) == (True, messages()["bot.not_a_writer"])
        presses = await asyncio.gather(*(online.press(answer, "Share", WRITER) for _ in range(2)))
        assert sorted(map(private, presses)) == [False, True]


async def test_any_words_fit_and_long_citations_come_as_a_file(desks: Desks) -> None:
    excerpt = excerpt_of(desks, ANSWERING)
    for text in ("W" * 5000, "*_`~ " * 1500, "```\n@everyone\n" * 3, "\u202e" * 3000 + "x"):
        source = Source(text[:300], text[:100], (text[:100],), "https://a.example/" + "b" * 2000)
        span = replace(excerpt.ref.span, start=0, end=len(text))
        long = replace(excerpt, ref=replace(excerpt.ref, span=span), text=text, start=0, paragraph=span, source=source)
        for reply in (shared(long, by=1), in_context(long, verified=True), citations(long)):
            assert broken(reply) == []
        file = citations(long).file
        assert file is not None
        assert plain(text).encode() in file.content
