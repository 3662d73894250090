"""What is done over and over until somebody kills it: with articles, speakers, backups and older archives.

Each work says `began` with all that tells what will be there, then `did` with the same words as soon as it was
confirmed. To have another thing killed, write a function here or in `works_feeds`, name it in `WORKS`, and teach
`world.World.apply` what it changes.
"""

from __future__ import annotations

import random
import shutil
import time
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import OnModelChange, QuotationParser, Settings
from retrieval.archive.backup.backup_file import back_up, restore
from retrieval.archive.opening import open_archive
from retrieval.archive.speakers.split_candidates import split_candidates
from retrieval.assembly import open_newsroom
from retrieval.domain.ids import SHARED, ArticleId, UserId
from retrieval.domain.overrides import Override, SplitKind
from retrieval.domain.scope import Scope
from retrieval.errors import OverrideRejected
from tests.crash.texts import draft, told
from tests.crash.works_feeds import erase, feed
from tests.support.fakes import FakeFetcher, HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from retrieval.archive.speakers.overrides import NewOverride
    from retrieval.domain.overrides import CandidateNumber
    from retrieval.newsroom import Newsroom

OPERATOR = Scope()
USERS = (7001, 7002, 7003)
FORGOTTEN = (8001, 8002)
_FEWEST = 12
"""Articles that are left there, so that there are some to remove, replace and quote."""
_MOST_EDITIONS = 12
_MOST_RULINGS = 30


@dataclass(frozen=True)
class Job:
    """A work: on which archive, what is known of it, and whom to tell what came of it.

    `editions` are those of each report that was added by hand, the present one last; `first` is a number from which on
    no report was ever added.
    """

    archive: str
    say: Callable[..., None]
    first: int
    day: int = 0
    editions: dict[str, list[int]] = field(default_factory=dict)
    backup: str = ""
    older: dict[str, str] = field(default_factory=dict)
    other_model: str = ""

    @property
    def path(self) -> Path:
        return Path(self.archive)

    @property
    def random(self) -> random.Random:
        return random.Random(self.first)

    def newsroom(self) -> AbstractContextManager[Newsroom]:
        return opened(self.path)

    def known(self) -> dict[int, list[int]]:
        return {int(number): list(editions) for number, editions in self.editions.items()}


def settings(path: Path, on_model_change: OnModelChange = OnModelChange.REFUSE) -> Settings:
    """Those of a newsroom over the archive alone, without seeds."""
    return Settings(
        archive_path=path,
        seeds_path=path.with_name("no-seeds"),
        quotation_parser=QuotationParser.RULES,
        on_model_change=on_model_change,
    )


def opened(path: Path) -> AbstractContextManager[Newsroom]:
    """The newsroom over an archive, with no way out to the web."""
    return open_newsroom(settings(path), HashingEmbedder(), needs_model=False, fetcher=FakeFetcher())


def add(job: Job) -> None:
    with job.newsroom() as room:
        for number in count(job.first):
            _add(job, room, number, 0)


def remove(job: Job) -> None:
    known, chosen, new = job.known(), job.random, count(job.first)
    with job.newsroom() as room:
        while True:
            if len(known) <= _FEWEST:
                number = next(new)
                _add(job, room, number, 0)
                known[number] = [0]
            number = chosen.choice(sorted(known))
            known.pop(number)
            there = _there(room)[number]
            job.say("began", "remove", number)
            room.articles.remove(OPERATOR, there)
            job.say("did", "remove", number)


def replace(job: Job) -> None:
    known, chosen = job.known(), job.random
    with job.newsroom() as room:
        while True:
            number = chosen.choice(sorted(known))
            if len(known[number]) < _MOST_EDITIONS:
                known[number].append(known[number][-1] + 1)
                _add(job, room, number, known[number][-1])
            else:
                _put_back(job, room, number)
                known[number].pop()


def put_back(job: Job) -> None:
    known, chosen = job.known(), job.random
    with job.newsroom() as room:
        while True:
            number = chosen.choice(sorted(known))
            if len(known[number]) == 1:
                known[number].append(known[number][-1] + 1)
                _add(job, room, number, known[number][-1])
            known[number].pop()
            _put_back(job, room, number)


def forget(job: Job) -> None:
    """Forget a member, who just did something once more."""
    with job.newsroom() as room:
        for number, user in zip(count(job.first), cycle(FORGOTTEN), strict=False):
            _add(job, room, number, 0, user)
            job.say("began", "forget", user)
            room.collections.forget_member(UserId(user))
            job.say("did", "forget", user)


def rule(job: Job) -> None:
    """Decide who is who: another name, two who are one, one who is two; and undo one of the decisions."""
    chosen = job.random
    with job.newsroom() as room:
        for number in count(job.first):
            given = room.overrides.active(OPERATOR)
            if given and (len(given) > _MOST_RULINGS or chosen.random() < 0.3):
                _undo(job, room, chosen.choice(given))
                continue
            one, other = chosen.sample(room.speakers.like(OPERATOR, "", 25), 2)
            try:
                match chosen.randrange(3):
                    case 0:
                        alias = f"Witness {number} of Selby"
                        job.say("began", "rule", "alias", one.speaker.name, alias)
                        done = room.overrides.alias(OPERATOR, one.speaker.id, alias)
                    case 1:
                        job.say("began", "rule", "merge", one.speaker.name, other.speaker.name)
                        done = room.overrides.merge(OPERATOR, one.speaker.id, other.speaker.id)
                    case _:
                        parts = room.speakers.shown(OPERATOR, one.speaker.id).split_candidates
                        articles = [part for part in parts if part.kind is SplitKind.ARTICLE]
                        if not articles:
                            continue
                        part = chosen.choice(articles)
                        planned = _planned(room, one.speaker.id, part.number)
                        job.say("began", "rule", "part", planned.name, planned.other)
                        done = room.overrides.split(OPERATOR, one.speaker.id, part.kind, part.number)
            except OverrideRejected:
                job.say("void")
            else:
                job.say("did", *_fields_of(done.override))


def repair(job: Job) -> None:
    """Heal a damaged full-text index: here the words of some passages are gone."""
    with job.newsroom() as room:
        while True:
            job.say("began", "repair")
            room.repair()
            job.say("did", "repair")


def backup(job: Job) -> None:
    while True:
        job.say("began", "backup")
        back_up(job.path, Path(job.backup), replace=True)
        job.say("did", "backup")


def put_backup_in_place(job: Job) -> None:
    while True:
        job.say("began", "restore")
        kept = restore(Path(job.backup), job.path).kept
        job.say("did", "restore")
        if kept is not None:
            kept.unlink()


def migrate(job: Job) -> None:
    """Open copies of archives of older releases, one after the other."""
    chosen = job.random
    for number in count():
        step = chosen.choice(sorted(job.older))
        copy = job.path.with_name(f"older-{number % 3}.sqlite3")
        for left in job.path.parent.glob(f"{copy.name}*"):
            left.unlink()
        copy.touch(0o600)  # before its contents: a kill between them would leave a file that anybody can read
        shutil.copyfile(job.older[step], copy)
        job.say("began", "migrate", step, copy.name)
        with open_archive(copy):
            job.say("did", "migrate", step, copy.name)


def embed_again(job: Job) -> None:
    """Change the model, back and forth, in the background; meanwhile articles come in, as they do for the bot."""
    changed, new = settings(Path(job.other_model), OnModelChange.REEMBED), count(job.first)
    for one, other in cycle((("0", "1"), ("1", "2"), ("2", "0"))):
        old, model = HashingEmbedder(checksum=64 * one), HashingEmbedder(checksum=64 * other)
        with open_newsroom(changed, model, former=old, stays=True, fetcher=FakeFetcher()) as room:
            room.warm_up.result()
            job.say("began", "embed again", other)
            number = next(new)
            room.importer.add(draft(number), SHARED)
            job.say("beside", number)
            while room._archive.embedding_spec() != model.spec:
                time.sleep(0.001)
            job.say("did", "embed again", other)


def _add(job: Job, room: Newsroom, number: int, edition: int, user: int | None = None) -> None:
    by = user or USERS[number % len(USERS)]
    job.say("began", "add", number, edition, by)
    room.importer.add(draft(number, edition), SHARED, by=UserId(by))
    job.say("did", "add", number, edition, by)


def _put_back(job: Job, room: Newsroom, number: int) -> None:
    there = _there(room)[number]
    job.say("began", "put back", number)
    room.importer.undo(OPERATOR, there)
    job.say("did", "put back", number)


def _there(room: Newsroom) -> dict[int, ArticleId]:
    return {told(entry.source.title, "")[0]: entry.id for entry in room.articles.entries(OPERATOR)}


def _planned(room: Newsroom, speaker: int, article: CandidateNumber) -> NewOverride:
    person = room.speakers.directory(OPERATOR).person(speaker)
    assert person is not None
    candidates = split_candidates(person, room.speakers.titles(OPERATOR, person))
    return next(new for part, new in candidates if (part.kind, part.number) == (SplitKind.ARTICLE, article))


def _undo(job: Job, room: Newsroom, override: Override) -> None:
    words = ("undo", *_fields_of(override)[1:])
    job.say("began", *words)
    room.overrides.undo(OPERATOR, override.id)
    job.say("did", *words)


def _fields_of(override: Override) -> tuple[str | None, ...]:
    return "rule", override.kind.value, override.name, override.other


WORKS: dict[str, Callable[[Job], None]] = {
    "add": add,
    "remove": remove,
    "replace": replace,
    "put back": put_back,
    "forget": forget,
    "rule": rule,
    "feed": feed,
    "erase": erase,
    "repair": repair,
    "backup": backup,
    "restore": put_backup_in_place,
    "migrate": migrate,
    "embed again": embed_again,
}
