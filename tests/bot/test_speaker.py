"""`/speaker` as those who manage a server use it, over a real archive; and that it is nobody else's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest

from bot.render import speakers
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from tests.bot.conftest import labels_of, text_of
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simcord.results import InteractionResult

    from retrieval.domain.overrides import SplitCandidate
    from retrieval.newsroom import Newsroom
    from tests.bot.conftest import Stage

CHIEF = "“We will find whoever did this,” said {who}, the police chief of Port Selby.\n\nThe search went on at night."
GOAL = "“It was an easy goal in the end,” said {who}, the coach of Selby United.\n\nThe match ended two to one."


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        room.importer.add(Draft(CHIEF.format(who="John Smith"), title="Search"), SHARED)
        room.importer.add(Draft(GOAL.format(who="John Smith"), title="Match"), SHARED)
        room.importer.add(Draft(GOAL.format(who="J. Smith").replace("easy", "early"), title="Another match"), SHARED)
        yield room


async def pick(stage: Stage, label: str, command: str = "show", option: str = "speaker", **filled: str) -> str:
    choices = await stage.owner.autocomplete(stage.channel, f"speaker {command}", option, "", **filled)
    [value] = [choice["value"] for choice in choices if choice["name"] == label]
    return str(value)


async def use(stage: Stage, command: str, **options: str) -> InteractionResult:
    return await stage.owner.slash(stage.channel, f"speaker {command}", **options)


def roster(stage: Stage, scope: Scope | None = None) -> dict[str, int]:
    room = cast("Newsroom", stage.newsroom)
    here = Scope(CollectionId(cast("Any", stage.channel.guild).id))
    return {entry.speaker.name: entry.quotations for entry in room.speakers.like(scope or here, "")}


async def test_the_parts_are_labelled_off_the_loop(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()
    label = speakers.part_label

    def noted(part: SplitCandidate, limit: int) -> str:
        threads.add(threading.get_ident())
        return label(part, limit)

    monkeypatch.setattr(speakers, "part_label", noted)
    await pick(stage, "Role: coach of Selby United (1)", "split", "part", speaker="John Smith")
    assert threads
    assert threading.get_ident() not in threads


async def test_a_merge_is_shown_before_it_is_made_and_can_be_undone(stage: Stage) -> None:
    one, into = await pick(stage, "J. Smith (1)"), await pick(stage, "John Smith (2)")
    planned = await use(stage, "merge", speaker=one, into=into)
    assert planned.ephemeral
    assert "What is quoted of **J. Smith** will then be found under **John Smith**" in text_of(planned)
    assert "2 quotations in 2 articles" in text_of(planned)
    assert labels_of(planned) == ["Make them one", "Cancel"]
    assert roster(stage) == {"John Smith": 2, "J. Smith": 1}
    assert planned.response is not None
    await stage.owner.click(planned.response, label="Make them one")
    assert "**J. Smith** is John Smith." in text_of(planned)
    assert roster(stage) == {"John Smith": 3}
    assert roster(stage, Scope()) == {"John Smith": 2, "J. Smith": 1}
    await stage.owner.click(planned.response, label="Undo")
    assert text_of(planned).startswith("Undone")
    assert "~~**J. Smith** is John Smith.~~" in text_of(planned)
    assert roster(stage) == {"John Smith": 2, "J. Smith": 1}


async def test_two_people_of_one_name_are_taken_apart_by_their_role(stage: Stage) -> None:
    smith = await pick(stage, "John Smith (2)")
    part = await pick(stage, "Role: coach of Selby United (1)", "split", "part", speaker=smith)
    planned = await use(stage, "split", speaker=smith, part=part)
    assert "in articles that call **John Smith** “coach of Selby United” will then be a speaker" in text_of(planned)
    assert planned.response is not None
    await stage.owner.click(planned.response, label="Take them apart")
    choices = await stage.owner.autocomplete(stage.channel, "quote", "speaker", "john")
    assert {choice["name"] for choice in choices} == {
        "John Smith, coach of Selby United (1)",
        "John Smith, police chief of Port Selby (1)",
    }
    asked = await stage.quote("John Smith")
    assert labels_of(asked) == [*(choice["name"] for choice in choices), "Delete"]


async def test_an_alias_is_given_at_once_and_shown_with_its_undoing(stage: Stage) -> None:
    smith = await pick(stage, "John Smith (2)")
    given = await use(stage, "alias", speaker=smith, name="The *Old Hand*")
    assert "**John Smith** is also called The \\*Old Hand\\*." in text_of(given)
    assert "We will find whoever did this" in text_of(await stage.quote("the old hand"))
    shown = await use(stage, "show", speaker="The Old Hand")
    said = text_of(shown)
    assert "2 quotations in 2 articles." in said
    assert "Also called\nThe \\*Old Hand\\*" in said
    assert "Decided by hand\n**John Smith** is also called The \\*Old Hand\\*. (<@" in said
    assert labels_of(shown) == ["Undo: called The *Old Hand*", "Close"]
    assert shown.response is not None
    await stage.owner.click(shown.response, label="Undo: called The *Old Hand*")
    assert "Nobody called" in text_of(await stage.quote("the old hand"))


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("show", {"speaker": "Nobody"}, "Nobody called “Nobody” is quoted in the archive."),
        ("show", {"speaker": "Smith"}, "Several speakers answer to “Smith”"),
        ("show", {"speaker": "speaker:999"}, "The archive no longer knows this speaker."),
        ("merge", {"speaker": "John Smith", "into": "John Smith"}, "Choose two different speakers."),
        ("split", {"speaker": "John Smith", "part": "the other one"}, "Pick what to take apart from the list"),
        ("split", {"speaker": "John Smith", "part": "article:999"}, "Nothing of this speaker can be taken apart"),
        ("alias", {"speaker": "John Smith", "name": "?!"}, "An alias has at least one letter"),
        ("alias", {"speaker": "John Smith", "name": "john smith"}, "John Smith answers to “john smith” already."),
    ],
)
async def test_what_cannot_be_is_one_sentence(
    stage: Stage, command: str, options: dict[str, str], sentence: str
) -> None:
    refused = await use(stage, command, **options)
    assert refused.ephemeral
    assert text_of(refused).startswith(sentence)


async def test_who_may_not_manage_the_server_decides_nothing_even_if_discord_lets_them(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = await use(stage, "merge", speaker="J. Smith", into="John Smith")
    monkeypatch.setattr(discord.Interaction, "permissions", discord.Permissions.none())
    assert planned.response is not None
    pressed = await stage.owner.click(planned.response, label="Make them one")
    for refused in (pressed, await use(stage, "alias", speaker="John Smith", name="Chief")):
        assert "Only members who may manage this server" in text_of(refused)
    assert roster(stage) == {"John Smith": 2, "J. Smith": 1}


async def test_a_decision_that_was_undone_meanwhile_is_said_to_be_gone(stage: Stage) -> None:
    given = await use(stage, "alias", speaker="John Smith", name="Chief")
    shown = await use(stage, "show", speaker="Chief")
    assert given.response is not None
    assert shown.response is not None
    await stage.owner.click(given.response, label="Undo")
    pressed = await stage.owner.click(shown.response, label="Undo: called Chief")
    assert "That decision does not stand here any more." in text_of(pressed)
