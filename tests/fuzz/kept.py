"""Targets that read what was kept or set: settings, what buttons carry and the bot remembers, decisions on speakers."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import chdir, suppress
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from bot.answer_memory import AnswerMemory
from bot.autocomplete import day_choices, name_choices, picked_speaker
from bot.guild_settings import GuildSettings
from bot.registry import BUTTON_CLASSES
from bot.render.limits import CHOICES
from bot.render.reply import Control
from config.settings import Settings, SettingsInvalid, load_settings
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewSpeaker
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, OverrideId, PassageId, SpeakerId
from retrieval.domain.overrides import SplitKind
from retrieval.domain.scope import Scope
from retrieval.errors import NewsError
from tests.bot.fakes import FakeRemembered
from tests.fuzz.target import Target, joined, number_of, parts, text_of
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.archive import Archive
    from retrieval.archive.speakers.repository import SpeakerRepository
    from retrieval.newsroom import Newsroom

_TOKEN: Final = "MTIz.secret-token.abc"  # nobody's
_NAMES: Final = tuple(name.upper() for name in Settings.model_fields)
_HERE: Final = Scope(CollectionId(7))
_EMBEDDER: Final = HashingEmbedder(dimension=8)
_FIRST: Final = ("Ana Costa", "A. Costa", "Costa", "Ana Costa Jr.", "Piotr Lindqvist", "İnci Costa")


def _settings(data: bytes) -> None:
    """Whatever stands in the environment and in .env: settings within their bounds, or a line for each problem."""
    which, value, other, lines = parts(data, 4)
    name, second = _NAMES[number_of(which[:1], len(_NAMES) - 1)], _NAMES[number_of(which[1:2], len(_NAMES) - 1)]
    environment = {second: _settable(other), name: _settable(value), "DISCORD_TOKEN": _TOKEN}
    with tempfile.TemporaryDirectory() as folder, chdir(folder), mock.patch.dict(os.environ, environment):
        Path(".env").write_bytes(lines)
        try:
            found = load_settings()
        except SettingsInvalid as invalid:
            _check_problems(invalid.problems)
            return
    assert 1 <= found.workers <= 32  # as described
    assert 0 <= found.fetch_delay_seconds <= 60
    assert 1 <= found.answer_seconds <= 600
    assert found.dev_guild_id is None or 0 < found.dev_guild_id < 2**63
    assert found.fetch_contact is None or found.fetch_contact.isprintable()
    assert _TOKEN not in repr(found)


def _check_problems(problems: tuple[str, ...]) -> None:
    """A line for each, and the token in none."""
    assert problems
    for problem in problems:
        assert len(problem.strip().splitlines()) == 1, problem
        assert _TOKEN not in problem


def _settable(value: bytes) -> str:
    return os.fsdecode(value.replace(b"\0", b""))


@lru_cache(1)
def _archive() -> Archive:
    """An archive of a few quotations, for as long as the process lives."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    archive = open_archive(Path(folder, "news.sqlite3")).__enter__()
    for number, name in enumerate(_FIRST):
        text = f"Somebody said “words of {number}.” and went home"
        said = quotation(text, f"words of {number}.", NewSpeaker(name, role="mayor" if number % 2 else None))
        article = new_article(f"News {number}", text, published_at=day(number), quotations=(said,), embedder=_EMBEDDER)
        archive.articles.add(article, _EMBEDDER.spec, collection=SHARED, now=NOON)
    return archive


def _pressed(data: bytes) -> None:
    """What no button of ours would carry is no button; what one might carry finds something or is told of."""
    carried = text_of(data)
    kinds = [kind for kind in BUTTON_CLASSES if kind.__discord_ui_compiled_template__.fullmatch(carried)]
    assert len(kinds) <= 1
    number = picked_speaker(carried)
    assert number is None or 0 <= number < 2**63
    assert len(day_choices(carried, NOON)) <= CHOICES
    assert len(name_choices([carried])) <= 1
    for kind in kinds:
        for value in vars(kind(Control("A", carried)).fields()).values():
            if value is not None:
                _ask_for(value)


def _ask_for(number: int) -> None:
    archive = _archive()
    speakers = archive.speakers
    for ask in (
        lambda: archive.articles.show(_HERE, ArticleId(number)),
        lambda: archive.articles.remove(_HERE, ArticleId(number)),
        lambda: archive.articles.page(_HERE, None, number),
        lambda: archive.collections.audit(_HERE, number),
        lambda: speakers.quoted(_HERE, SpeakerId(number))[1],
        lambda: archive.overrides.merge(_HERE, SpeakerId(number), SpeakerId(number)),
        lambda: archive.overrides.undo(_HERE, OverrideId(number)),
        lambda: archive.passages.find(_HERE, [PassageId(number)]),
    ):
        with suppress(NewsError):
            ask()


def _remembered(data: bytes) -> None:
    """What is read of a text that some release kept is of its type, or nothing."""
    remembered = FakeRemembered()
    room: Any = mock.Mock(remembered=remembered)
    newsroom: Newsroom = room
    memory = AnswerMemory(newsroom)
    for kind in ("answer", "list"):
        remembered.put(CollectionId(7), kind, 1, text_of(data), asker=2)
    found = memory.recall_passages(_HERE, 1)
    assert found is None or all(0 <= ref.passage_id < 2**63 for ref in found)
    filters = memory.recall_filters(_HERE, 1)
    assert filters is None or all(isinstance(value, str) for value in filters.values())
    assert memory.forget(1) == 0  # nothing was put for this member
    memory.forget_old(NOON + timedelta(days=20_000))
    settled = GuildSettings.from_json(text_of(data))
    assert all(channel > 0 for channel in settled.channels)
    assert settled.retention_days is None or 0 < settled.retention_days <= 3650


def _decided(data: bytes) -> None:
    """Whatever is decided in whatever order, no quotation is lost or said twice, and what is undone is as before."""
    archive = _archive()
    speakers, overrides = archive.speakers, archive.overrides
    before = _roster(speakers)
    for step in data.split(b"\x1f")[:12]:
        with suppress(NewsError):
            _decide(archive, step)
        _check_roster(speakers)
    for rule in {rule.id for rule in overrides.active(_HERE)}:
        overrides.undo(_HERE, rule)
    assert _roster(speakers) == before


def _decide(archive: Archive, step: bytes) -> OverrideId:
    speakers, overrides = archive.speakers, archive.overrides
    entries = speakers.directory(_HERE).entries
    one = entries[number_of(step[1:2], len(entries) - 1)].speaker.id
    other = entries[number_of(step[2:3], len(entries) - 1)].speaker.id
    match step[:1]:
        case b"m":
            return overrides.merge(_HERE, one, other).override.id
        case b"s":
            offered = speakers.shown(_HERE, one).split_candidates
            number = number_of(step[2:3], max(len(offered) - 1, 0))
            kind = offered[number].kind if offered else SplitKind.ROLE
            return overrides.split(_HERE, one, kind, offered[number].number if offered else number).override.id
        case b"u":
            return overrides.undo(_HERE, OverrideId(number_of(step[1:3], 999))).override.id
        case _:
            name = text_of(step[2:])
            ruled = overrides.alias(_HERE, one, name)
            speakers.named(_HERE, name)
            return ruled.override.id


def _roster(speakers: SpeakerRepository) -> list[tuple[str, int]]:
    return sorted((entry.speaker.name, entry.quotations) for entry in speakers.directory(_HERE).entries)


def _check_roster(speakers: SpeakerRepository) -> None:
    who = speakers.directory(_HERE)
    assert sum(entry.quotations for entry in who.entries) == len(_FIRST)
    told: list[int] = []
    for entry in who.entries:
        found = speakers.quoted(_HERE, entry.speaker.id)[1]
        assert len(found) == entry.quotations
        told += [cited.quotation.id for cited in found]
        assert speakers.shown(_HERE, entry.speaker.id).speaker.name == entry.speaker.name
    assert len(told) == len(set(told))


def _button_seeds() -> Iterator[bytes]:
    for carried in _CARRIED.split():
        yield carried.encode()
        yield carried.replace("2", "9" * 20).encode()


_CARRIED: Final = (
    "more:1:2:3 quote:1:2:3:4 share:1:2:3 delete:1 merge:1:2 split:1:0:2 unrule:1 feeds:1:2 undo:1:2 remove:1:2 "
    "articles:1:2:3 audit:1:0:2 forget:1:0 erase:1:1 speaker:17"
)
_KEPT: Final = (
    '{"asker": 1, "refs": [[1], [2, 3, 9]], "about": "x", "filters": {"a": "b"}}',
    '{"version": 1, "private": true, "channels": [1, 2], "retention_days": 30, "adders": 5}',
    '{"asker": "1", "refs": [1, [], [1, 2], [1, 5, 2], ["a"], null], "about": null, "filters": []}',
)

TARGETS: Final = {
    "settings": Target(
        _settings,
        lambda: [
            joined("\x05\x0c", "2", "INFO", "WORKERS=3\nexport LOG_LEVEL='DEBUG'\n"),
            joined("\x00\x01", "~nobody/x", "1e999", "DISCORD_TOKEN=\n"),
        ],
        (
            "WORKERS=",
            "FETCH_CONTACT=",
            "LOG_LEVEL=",
            "export ",
            "${",
            "}",
            "nan",
            "inf",
            "1_0",
            "٣",
            "~",
            "'",
            '"',
            "\ufeff",
        ),
        longest=600,
    ),
    "buttons": Target(
        _pressed, _button_seeds, ("quote:", "more:", ":", "99999999999999999999", "٣", "speaker:"), longest=100
    ),
    "memory": Target(
        _remembered,
        lambda: (kept.encode() for kept in _KEPT),
        ('"asker":', '"refs":', "[[", "1e99", "Infinity", '"about":', "null"),
        longest=1_000,
    ),
    "decisions": Target(
        _decided,
        lambda: [b"m\x00\x01\x1fs\x00\x00\x1fa\x00Ann\x1fu\x00\x01\x1fm\x01\x02\x1fs\x00\x01"],
        ("\x1fm", "\x1fs", "\x1fu", "\x1fa"),
        longest=200,
        seconds=4,
    ),
}
