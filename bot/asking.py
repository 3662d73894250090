"""The request that answers a question, and keeps what its buttons and the next question need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.brief_memory import FollowUp, LastAnswer
from bot.interactions import party_of
from bot.render import answers
from bot.service import service_of
from bot.threads.request import Request
from retrieval.domain.answers import AbstentionReason, Answer

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from retrieval.domain.answers import Abstention, Context
    from retrieval.domain.scope import Scope


def asking_request(
    interaction: Interaction, scope: Scope, question: str, context: Context | None = None
) -> Request[Answer | Abstention]:
    """Return the request that answers; a question that does not stand alone is about the article of the `context`."""
    service, asker, token = service_of(interaction), interaction.user.id, interaction.id
    party, channel = party_of(interaction), interaction.channel_id

    def work() -> Answer | Abstention:
        hurry = service.offload.answering.is_awaited(party)
        result = service.newsroom.ask(scope, question, hurry=hurry, context=context)
        if isinstance(result, Answer):
            service.last_answers.keep(asker, channel, LastAnswer(token, result.citations[0].passage_id))
            if len(result.shown) > 1:
                service.answer_memory.keep_passages(scope, token, asker, result.refs)
        else:
            if result.reason is not AbstentionReason.SMALL_TALK:
                service.last_answers.drop(asker, channel)
            if scope.server is not None and service.guild_settings.of(scope.server).keeps_unanswered:
                service.newsroom.unanswered.keep(scope.server, result)
        if result.about is not None:
            service.follow_ups.keep(asker, token, FollowUp(scope, question))
        return result

    return Request(
        work,
        lambda result: answers.outcome(result, asker=asker, token=token, filters=scope.filters),
        wait_for=service.newsroom.warm_up,
    )
