"""What was confirmed, and so has to be there; told apart from what was begun, and may be there or not."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.crash.works_feeds import READERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SERVERS = tuple(int(scope.server or 0) for scope in READERS)


def _no_stories() -> dict[int, dict[int, int]]:
    return {server: {} for server in SERVERS}


@dataclass
class World:
    """What an archive holds.

    `editions` are those of each report added by hand, the present one last; `stories` the edition of each story for
    each server; `overrides` kind, name and other of those in force; `forgotten` the members who left no trace.
    """

    editions: dict[int, list[int]] = field(default_factory=dict)
    stories: dict[int, dict[int, int]] = field(default_factory=_no_stories)
    overrides: list[tuple[str, str, str | None]] = field(default_factory=list)
    forgotten: set[int] = field(default_factory=set)
    day: int = 0
    saved: World | None = None
    """What the backup holds."""

    def apply(self, words: Sequence[Any]) -> None:
        """Let something be done that was confirmed."""
        verb, *which = words
        _CHANGES[verb](self, *which)

    def after(self, words: Sequence[Any]) -> World:
        """As it would be then."""
        changed = copy.deepcopy(self)
        changed.apply(words)
        return changed

    def copy(self) -> World:
        """As it is now, without what the backup holds."""
        copied = copy.deepcopy(self)
        copied.saved = None
        return copied


def _read(world: World, number: int, edition: int) -> None:
    for server in SERVERS:
        world.stories[server][number] = edition


def _add(world: World, number: int, edition: int, user: int) -> None:
    world.editions.setdefault(number, []).append(edition)
    world.forgotten.discard(user)


def _begin_day(world: World, day: int) -> None:
    world.day = max(day, world.day)


def _save(world: World) -> None:
    world.saved = world.copy()


def _go_back(world: World) -> None:
    assert world.saved is not None
    saved = world.saved.copy()
    world.editions, world.stories = saved.editions, saved.stories
    world.overrides, world.forgotten = saved.overrides, saved.forgotten


def _stay(_world: World, *_: object) -> None:
    """The work is beside the archive, or changes nothing that is told of it."""


_CHANGES: dict[str, Callable[..., object]] = {
    "add": _add,
    "remove": lambda world, number: world.editions.pop(number),
    "put back": lambda world, number: world.editions[number].pop(),
    "forget": lambda world, user: world.forgotten.add(user),
    "rule": lambda world, *override: world.overrides.append(override),
    "undo": lambda world, *override: world.overrides.remove(override),
    "read": _read,
    "day": _begin_day,
    "erase": lambda world, server: world.stories[server].clear(),
    "backup": _save,
    "restore": _go_back,
    "repair": _stay,
    "migrate": _stay,
    "embed again": _stay,
    "beside": _stay,
}


def missing(there: World, known: World) -> list[str]:
    """What of `known` is not there; and what is there by hand though it was never added, or was removed."""
    found = []
    for number in sorted(there.editions.keys() | known.editions.keys()):
        one, other = there.editions.get(number), known.editions.get(number)
        if one != other:
            found.append(f"of report {number} the editions {one} are there, not {other}")
    for server, stories in known.stories.items():
        for number, edition in stories.items():
            if there.stories[server].get(number, 0) < edition:
                found.append(f"edition {edition} of story {number} is not there for server {server}")
    if sorted(there.overrides, key=str) != sorted(known.overrides, key=str):
        found.append(f"the decisions {there.overrides} count, not {known.overrides}")
    found += [f"user {user} was forgotten and is there" for user in known.forgotten - there.forgotten]
    return found


def unconfirmed(there: World, known: World) -> set[int]:
    """The stories that are there though nobody confirmed them, or in a later edition."""
    return {
        number
        for server, stories in there.stories.items()
        for number, edition in stories.items()
        if known.stories[server].get(number, 0) < edition
    }
