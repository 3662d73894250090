"""The error with which the bot refuses a command, a press or a request."""

from __future__ import annotations

from retrieval.errors import NewsError


class Refused(NewsError):
    """Ends a command, a press or a request with a sentence for the member alone.

    The sentence is one of `[bot]` in the messages. It is markdown, and so are its values: ids as Discord links them,
    moments, numbers, and nothing that anybody wrote.
    """
