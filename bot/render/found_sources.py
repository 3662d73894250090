"""What bears on a message's claims, as a card a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.answers import bearing_card
from bot.render.escape import escaped
from bot.render.excerpt_controls import controls, of_citation
from bot.render.reply import Reply
from bot.render.sources import searched
from retrieval.domain.answers import Answer
from retrieval.domain.wording import in_quotation_marks
from retrieval.translation import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.answers import Abstention

_CLAIM: Final = 300
_FOUND: Final = gettext_noop(
    "What the archive says about this message, word for word. I do not judge whether the message is right."
)
_NOTHING: Final = gettext_noop("The archive holds no passage that bears on this message.")


def found_sources(results: Sequence[Answer | Abstention]) -> Reply:
    """Return the passages with the claim above each, then the claims on which nothing bears."""
    found = [result for result in results if isinstance(result, Answer)]
    missing = [limits.cut(result.question, _CLAIM, escaped) for result in results if not isinstance(result, Answer)]
    if not found:
        archive, nothing = results[0].searched, gettext(_NOTHING)
        return Reply(content=f"{nothing} {searched(archive)}" if archive.articles else nothing)
    lines = [gettext(_FOUND)]
    if missing:
        claims = ", ".join(map(in_quotation_marks, missing))
        nothing = ngettext(
            "On {number:,} sentence it has nothing: {sentences}.",
            "On {number:,} sentences it has nothing: {sentences}.",
            len(missing),
            sentences=claims,
        )
        lines.append(nothing)
    shown = (of_citation(result.citations[0], marking=not result.is_weak) for result in found)
    return Reply(content="\n".join(lines), embeds=tuple(map(bearing_card, found)), controls=controls(shown))
