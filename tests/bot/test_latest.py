"""The newest articles, who said what about something, and two speakers beside each other, as members use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.client import PullquoteBot
from bot.render import latest_articles, quotations, voices
from bot.render.custom_ids import AboutId, QuotedInId
from bot.render.sources import headline_link
from retrieval.domain.articles import Draft, Latest, LatestArticle, Source
from retrieval.domain.ids import CollectionId, PassageId
from retrieval.domain.scope import Filters
from retrieval.errors import messages
from tests.bot.conftest import labels_of, menus_of, text_of
from tests.bot.desks import two_servers
from tests.support.articles import BAKERY, BRIDGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.actors import MemberActor
    from simcord.results import InteractionResult

    from tests.bot.desks import Desks

DAY = datetime(2024, 5, 10, tzinfo=UTC)
FERRY = Draft(
    text=(
        "Ferry timetable cut as fuel grows dearer\n\n"
        "The ferry timetable of Port Selby will be cut by half because fuel grows dearer every month.\n\n"
        "“The ferry timetable is a lifeline for the islands,” said Ada Okafor, the mayor of Port Selby.\n\n"
        "“The ferry timetable costs more than the whole library,” said Jonas Weber, the treasurer.\n\n"
        "“A lifeline may not be cut by a treasurer, nor by a mayor, on a Monday,” said Okafor.\n\n"
        "“We will row,” Okafor said. “We have rowed before,” she said. “And we shall again,” Okafor said.\n"
    ),
    publisher="Selby Radio",
    url="https://radio.example/ferry",
    published_at=DAY,
)
TOPIC = "ferry timetable"


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        for draft in (BRIDGE, BAKERY, FERRY):
            opened.room.importer.add(draft, CollectionId(opened.one.guild.id))
        yield opened


async def used(desks: Desks, command: str, **options: str) -> InteractionResult:
    return await desks.one.slash_by(desks.one.member, command, **options)


@pytest.mark.parametrize(
    ("command", "option", "others"),
    [
        ("latest", "topic", {}),
        ("quote", "about", {}),
        ("quote", "about", {"speaker": "Ada Okafor"}),
        ("compare", "about", {"first": "Ada Okafor", "second": "Jonas Weber"}),
        ("follow topic", "topic", {}),
    ],
)
async def test_the_markup_of_a_subject_is_not_searched(
    desks: Desks, command: str, option: str, others: dict[str, str]
) -> None:
    marked = await used(desks, command, **others, **{option: "the **ferry** [timetable](https://evil.example) <@1>"})
    assert "the ferry timetable" in text_of(marked)
    assert "evil" not in text_of(marked)
    nothing = await used(desks, command, **others, **{option: "<@1> ||**|| @here"})
    assert "There is no word in that" in text_of(nothing)


async def picked(result: InteractionResult, who: MemberActor, menu: int, value: str) -> InteractionResult:
    assert result.response is not None
    return await who.select(result.response, [value], custom_id=menus_of(result)[menu]["custom_id"])


async def test_members_list_the_newest_articles_with_links_papers_and_days(desks: Desks) -> None:
    listed = await used(desks, "latest")
    assert not listed.ephemeral
    text = text_of(listed)
    assert text.startswith(
        "Latest\n• Oldest bakery in Port Selby wins national prize · Selby Radio · <t:1717243200:D>\n"
    )
    assert (
        "[Ferry timetable cut as fuel grows dearer](https://radio.example/ferry) · Selby Radio · <t:1715342400:D>"
        in text
    )
    assert text.endswith("1 to 3 of 3 articles")


async def test_a_topic_and_a_source_narrow_the_list_and_are_repeated(desks: Desks) -> None:
    text = text_of(await used(desks, "latest", topic=TOPIC, source="radio"))
    assert text.startswith(f"Latest on “{TOPIC}”\n• [Ferry timetable")
    assert text.endswith("1 to 1 of 1 article · radio")
    assert "No article is about that." in text_of(await used(desks, "latest", topic="volcano eruption"))
    for topic in ({}, {"topic": "ferry"}):
        listed = text_of(await used(desks, "latest", source="Nobody's", **topic))
        assert "No article of “Nobody's” is here." in listed
    assert text_of(await used(desks, "latest", topic="?!")).startswith("There is no word in that question.")


async def test_another_server_sees_nothing_of_it(desks: Desks) -> None:
    elsewhere = await desks.other.slash_by(desks.other.member, "latest")
    assert "There is no article yet." in text_of(elsewhere)
    listed = await used(desks, "latest")
    value = menus_of(listed)[1]["options"][0]["value"]
    assert "Nobody is surely quoted" in text_of(await desks.other.slash_by(desks.other.member, "quote", about=TOPIC))
    assert value.startswith("quotedin:")


async def test_a_picked_article_can_be_asked_about(desks: Desks) -> None:
    listed = await used(desks, "latest", topic=TOPIC)
    asking, quoting = menus_of(listed)
    assert [option["label"] for option in asking["options"]] == ["Ferry timetable cut as fuel grows dearer"]
    assert asking["options"][0]["description"] == "Selby Radio · 10 May 2024"
    assert quoting["options"][0]["description"].startswith("6 quotations · Selby Radio")
    opened = await picked(listed, desks.one.member, 0, asking["options"][0]["value"])
    assert opened.modal is not None
    answered = await desks.one.member.submit_modal(opened, {"question": "why was it cut"})
    assert "About: Ferry timetable cut as fuel grows dearer" in text_of(answered)


async def test_the_quotations_of_a_picked_article_come_by_speaker_privately(desks: Desks) -> None:
    listed = await used(desks, "latest", topic=TOPIC)
    quoted = await picked(listed, desks.one.member, 1, menus_of(listed)[1]["options"][0]["value"])
    assert quoted.ephemeral
    text = text_of(quoted)
    assert text.startswith(
        "In “Ferry timetable cut as fuel grows dearer”, 2 speakers:\nAda Okafor, mayor of Port Selby\n"
    )
    assert "“The ferry timetable costs more than the whole library,”" in text
    assert labels_of(quoted)[:2] == ["More of Ada Okafor", "menu"]


async def test_a_forged_or_outdated_pick_is_refused_kindly(desks: Desks) -> None:
    listed = await used(desks, "latest", topic=TOPIC)
    assert listed.response is not None
    stored = desks.one.member._message(listed.response)
    for row in stored.components:
        for menu in row["components"]:
            for option in menu.get("options", ()):
                option["value"] = "remove:1:2:3"
    for menu in (0, 1):
        refused = await picked(listed, desks.one.member, menu, "remove:1:2:3")
        assert text_of(refused) == messages()["bot.outdated"]


async def test_an_article_of_another_server_is_neither_shown_nor_asked_about(desks: Desks) -> None:
    desks.room.importer.add(BAKERY, CollectionId(desks.other.guild.id))
    elsewhere = await desks.other.slash_by(desks.other.member, "latest")
    foreign = [menu["options"][0]["value"] for menu in menus_of(await used(desks, "latest", topic=TOPIC))]
    assert elsewhere.response is not None
    stored = desks.other.member._message(elsewhere.response)
    rows = [menu for row in stored.components for menu in row["components"] if "options" in menu]
    for menu, value in zip(rows, foreign, strict=True):
        menu["options"][0]["value"] = value
    assert text_of(await picked(elsewhere, desks.other.member, 1, foreign[1])) == messages()["article.gone"]
    opened = await picked(elsewhere, desks.other.member, 0, foreign[0])
    answered = await desks.other.member.submit_modal(opened, {"question": "why was the ferry cut"})
    assert text_of(answered) == messages()["article.gone"]


async def test_pages_and_menus_work_after_a_restart(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest_articles, "_STORIES", 2)
    monkeypatch.setattr(voices, "_SPEAKERS", 1)
    listed, quoted = await used(desks, "latest"), await used(desks, "quote", about=TOPIC)
    value = menus_of(listed)[1]["options"][0]["value"]
    await desks.bot.close()
    await desks.env.restart_bot(PullquoteBot(desks.room, version="0.1.0", cooldown_seconds=0))
    assert listed.response is not None
    assert quoted.response is not None
    for _ in range(2):
        assert "In “" in text_of(await picked(listed, desks.one.member, 1, value))
    await desks.one.member.click(listed.response, label="Older")
    assert text_of(listed).endswith("3 to 3 of 3 articles")
    assert "Jonas Weber" not in text_of(quoted)
    await desks.one.member.click(quoted.response, label="More speakers")
    assert "Jonas Weber, treasurer" in text_of(quoted)


async def test_a_removed_article_is_neither_asked_about_nor_quoted(desks: Desks) -> None:
    listed = await used(desks, "latest", topic=TOPIC)
    asking, quoting = (menu["options"][0]["value"] for menu in menus_of(listed))
    for entry in desks.room.articles.entries(desks.one.scope):
        desks.room.articles.remove(desks.one.scope, entry.id)
    assert text_of(await picked(listed, desks.one.member, 1, quoting)) == messages()["article.gone"]
    opened = await picked(listed, desks.one.member, 0, asking)
    answered = await desks.one.member.submit_modal(opened, {"question": "why was it cut"})
    assert messages()["article.gone"] in text_of(answered) or "has no article yet" in text_of(answered)


async def test_pages_are_turned_by_the_asker_and_copied_for_others_until_they_are_forgotten(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latest_articles, "_STORIES", 2)
    listed = await used(desks, "latest")
    assert listed.response is not None
    assert text_of(listed).endswith("1 to 2 of 3 articles")
    copied = await desks.one.owner.click(listed.response, label="Older")
    assert copied.ephemeral
    assert text_of(copied).endswith("3 to 3 of 3 articles")
    assert text_of(listed).endswith("1 to 2 of 3 articles")
    await desks.one.member.click(listed.response, label="Older")
    assert text_of(listed).endswith("3 to 3 of 3 articles")
    assert labels_of(listed)[-2:] == ["Back", "Delete"]
    desks.bot.service.answer_memory.forget(desks.one.member.id)
    forgotten = await desks.one.member.click(listed.response, label="Back")
    assert text_of(forgotten) == messages()["bot.latest_forgotten"]


async def test_without_a_speaker_whoever_spoke_about_it_is_quoted(desks: Desks) -> None:
    quoted = await used(desks, "quote", about=TOPIC)
    text = text_of(quoted)
    assert text.startswith(f"About “{TOPIC}”, 2 speakers, the newest first:\nAda Okafor, mayor of Port Selby\n")
    assert "Jonas Weber, treasurer" in text
    narrowed = await used(desks, "quote", about=TOPIC, since="2024-06", source="radio")
    assert text_of(narrowed) == f"Nobody is surely quoted about “{TOPIC}”, radio, since June 2024."
    assert text_of(await used(desks, "quote")) == messages()["question.no_speaker_no_subject"]


async def test_source_and_days_narrow_a_speaker_s_quotations_on_every_page(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotations, "_PER_PAGE", 1)
    quoted = await used(desks, "quote", speaker="Ada Okafor", source="radio", since="2024")
    text = text_of(quoted)
    assert text.startswith("Radio, since 2024:\n")
    assert "Nobody was ever in danger" not in text
    assert quoted.response is not None
    await desks.one.member.click(quoted.response, label="More quotations")
    assert text_of(quoted).startswith("Radio, since 2024:\n")
    assert "Nobody was ever in danger" not in text_of(quoted)
    nothing = await used(desks, "quote", speaker="Ada Okafor", since="2025")
    assert text_of(nothing) == "Ada Okafor is quoted 6 times, but not in articles of that source and time."


async def test_two_speakers_stand_beside_each_other_with_article_and_day(desks: Desks) -> None:
    compared = await used(desks, "compare", first="Ada Okafor", second="Weber", about=TOPIC)
    text = text_of(compared)
    assert text.startswith(f"About “{TOPIC}”:\nAda Okafor, mayor of Port Selby\nFerry timetable cut")
    assert text.count("Ferry timetable cut as fuel grows dearer\nSelby Radio · <t:1715342400:D>") == 2
    assert "“The ferry timetable costs more than the whole library,”" in text


async def test_the_rest_of_what_a_speaker_said_is_a_copy_and_the_cards_stay(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voices, "_ENTRIES", 1)
    compared = await used(desks, "compare", first="Ada Okafor", second="Weber", about="lifeline")
    assert compared.response is not None
    before = text_of(compared)
    more = await desks.one.member.click(compared.response, label="More of Ada Okafor")
    assert more.ephemeral
    assert text_of(more).startswith("About “lifeline”, the nearest first")
    assert text_of(compared) == before


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("Lindqvist", "Nothing that is surely theirs is about this. The archive has 1 other quotation of theirs."),
        ("Nobody Atall", "Nobody of this name is quoted in the archive."),
        ("speaker:999", messages()["bot.speaker_gone"]),
        ("Ada Okafor", "Both are Ada Okafor. Please name two different people."),
    ],
)
async def test_one_side_without_words_says_so(desks: Desks, second: str, said: str) -> None:
    compared = await used(desks, "compare", first="Ada Okafor", second=second, about=TOPIC)
    assert said in text_of(compared)


async def test_an_ambiguous_name_is_asked_about_privately_before_two_are_compared(desks: Desks) -> None:
    text = FERRY.text.replace("Ada Okafor, the mayor", "Ben Okafor, the harbour master").replace("islands", "isles")
    desks.room.importer.add(replace(FERRY, text=text, url=None), CollectionId(desks.one.guild.id))
    asked = await used(desks, "compare", first="Okafor", second="Weber", about=TOPIC)
    private = asked.followups[-1]
    assert private.ephemeral
    assert "Several speakers answer to “Okafor”. Whom do you mean?" in str(private.content)
    compared = await desks.one.member.click(private, label=private.components[0]["components"][0]["label"])
    assert compared.ephemeral
    assert text_of(compared).startswith(f"About “{TOPIC}”:\n")
    assert "Jonas Weber" in text_of(compared)
    token = int(private.components[0]["components"][0]["custom_id"].split(":")[2])
    remembered = desks.bot.service.answer_memory.recall_filters(desks.one.scope, token)
    assert remembered == {"first": "Okafor", "second": "Weber", "about": TOPIC}
    same = await used(desks, "compare", first="Okafor", second="okafor", about=TOPIC)
    assert "Both are Okafor" in text_of(same)


def article(number: int, day: datetime | None = DAY, title: str = "A vote") -> LatestArticle:
    return LatestArticle(Source(title, "The Paper", published_at=day), PassageId(number), number % 2)


def test_the_articles_of_a_story_stand_together_and_the_rest_are_counted() -> None:
    story = tuple(article(number, DAY - timedelta(hours=number)) for number in range(6))
    reply = latest_articles.listing(Latest((story,), 6), asker=1, token=2, filters=Filters("The Paper"))
    lines = str(reply.embeds[0].description).split("\n")
    assert [line[:2] for line in lines] == ["• ", "↳ ", "↳ ", "↳ ", "↳ "]
    assert lines[-1] == "↳ and 2 more"
    assert reply.embeds[0].footer.text == "1 to 6 of 6 articles · The Paper"
    asking, quoting = reply.controls[:2]
    assert [option.value for option in asking.options] == [str(AboutId(PassageId(n))) for n in range(4)]  # type: ignore[union-attr]
    assert [option.value for option in quoting.options] == [str(QuotedInId(PassageId(n), 0)) for n in (1, 3)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("title", "markdown"),
    [
        ("Vote (again) at M&S: No. 7", "[Vote (again) at M&S: No. 7](https://a.example/b%281%29)"),
        ("A [B] vote", "A \\[B\\] vote · [link](https://a.example/b%281%29)"),
        ("A *bold* vote", "A \\*bold\\* vote · [link](https://a.example/b%281%29)"),
        ("Now :smile: again", "Now \\:smile\\: again · [link](https://a.example/b%281%29)"),
        ("See https://b.example", "See https\\://b.example · [link](https://a.example/b%281%29)"),
    ],
)
def test_a_headline_is_its_link_unless_its_signs_would_mean_something_there(title: str, markdown: str) -> None:
    assert headline_link(Source(title, url="https://a.example/b(1)"), 120) == markdown


def test_a_headline_without_an_address_or_with_a_long_one_stands_alone() -> None:
    source = Source("A vote")
    assert headline_link(source, 120) == "A vote"
    assert headline_link(replace(source, url="https://a.example/" + "b" * 500), 120) == "A vote"
