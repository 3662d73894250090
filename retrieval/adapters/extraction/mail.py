"""Reads mail, like a newsletter or a press release: the subject is the headline, the sender's name the publisher.

Attachments are ignored.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from retrieval.adapters.extraction.charsets import decode
from retrieval.adapters.extraction.dates import parse_date
from retrieval.adapters.extraction.html import read_html
from retrieval.adapters.extraction.rejection import FEWEST_WORDS, too_few_words
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from email.message import EmailMessage

_PREFIX = re.compile(r"^(?:(?:re|aw|fw|fwd|wg|tr|rv|res|enc)\s*:\s*)+", re.IGNORECASE)
_PART = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
_MOST_PARTS = 300
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_FORWARDED = re.compile(
    r"^-+ ?(?:forwarded message|original message|weitergeleitete nachricht) ?-+$", re.IGNORECASE | re.MULTILINE
)
_HEAD_LINE = re.compile(
    r"(?<!\s)\s*+(?:(?:from|date|subject|to|sent|von|datum|an|betreff)\s*:.*(?:\n|\Z))+", re.IGNORECASE
)


def read_mail(content: bytes) -> Draft:
    """The article in a message's text or, without one, in its HTML. Raises ArticleRejected."""
    if len(_PART.findall(content)) > _MOST_PARTS:  # nested ones take the square of their number
        raise ArticleRejected("page.too_many_parts")
    message: EmailMessage = message_from_bytes(content, policy=default)
    part = message.get_body(preferencelist=("plain", "html"))
    raw = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(raw, bytes) or not raw.strip():
        raise ArticleRejected("page.mail_without_text")
    charset = part.get_content_charset()
    if part.get_content_type() == "text/html":
        draft = read_html(decode(raw, charset, html=True))
    else:
        draft = Draft(_body(decode(raw, charset), flowed=str(part.get_param("format")) == "flowed"))
        if (words := count_words(draft.text)) < FEWEST_WORDS:
            raise too_few_words(words)
    return replace(
        draft,
        title=_PREFIX.sub("", " ".join(str(message["subject"] or "").split())) or draft.title,
        publisher=_sender(message) or draft.publisher,
        published_at=parse_date(str(message["date"] or "")) or draft.published_at,
    )


def _body(text: str, *, flowed: bool) -> str:
    """The text without signature and forwarding header; soft line breaks are joined where it is `flowed`."""
    text = text.replace("\r\n", "\n")
    forwarded = _FORWARDED.search(text)
    if forwarded:
        text = _HEAD_LINE.sub("", text[forwarded.end() :], count=1)
    signature = _SIGNATURE.search(text)
    text = text[: signature.start()] if signature else text
    return re.sub(r"(?<=\S) \n(?=\S)", " ", text) if flowed else text


def _sender(message: EmailMessage) -> str | None:
    try:
        addresses = message["from"].addresses
    except (AttributeError, IndexError, ValueError):
        return None
    return next((name for address in addresses if (name := address.display_name.strip())), None)
