"""The request that sets two speakers beside each other, or asks the member alone whom an ambiguous name means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.autocomplete import picked_speaker
from bot.options import narrowed
from bot.refusals import Refused
from bot.render import voices
from bot.threads.request import Request
from retrieval.domain.quotations import SpeakerUnknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.quotations import ComparedSide
    from retrieval.domain.scope import Filters, Scope

    _Compared: TypeAlias = tuple[tuple[ComparedSide, ComparedSide], str, Filters | None]

SIDES: Final = ("first", "second")
"""The options that name the speakers."""


def comparing_request(
    service: Service, scope: Scope, recall: Callable[[], dict[str, str]], *, asker: int, token: int
) -> Request[_Compared]:
    """Return the request that compares as the recalled options say, and keeps them under `token` for the buttons."""

    def render(compared: _Compared) -> Reply:
        sides, about, filters = compared
        choice = voices.whom_to_compare(sides, asker=asker, token=token)
        return choice or voices.compared(sides, about, asker=asker, token=token, filters=filters)

    def work() -> _Compared:
        options = recall()
        compared = _compare(service, scope, options)
        service.answer_memory.keep_filters(scope, token, asker, options)
        return compared

    return Request(work, render, wait_for=service.newsroom.warm_up)


def _compare(service: Service, scope: Scope, options: dict[str, str]) -> _Compared:
    first, second = (picked_speaker(options[side]) or options[side] for side in SIDES)
    seen, about = narrowed(service, scope, options), options["about"]
    sides = service.newsroom.compare(seen, first, second, about=about)
    for side, speaker in zip(sides, (first, second), strict=True):
        if isinstance(side, SpeakerUnknown) and not isinstance(speaker, str):
            raise Refused("bot.speaker_gone")
    return sides, about, seen.filters
