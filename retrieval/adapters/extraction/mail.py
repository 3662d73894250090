"""Reads mail, like a newsletter or a press release: the subject is the headline, the sender's name the publisher.

Of a message that forwards another one, that one is read. Attachments are ignored, but for messages.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import islice
from typing import TYPE_CHECKING

from retrieval.adapters.extraction.charsets import decode
from retrieval.adapters.extraction.html import begins_as_html, read_html
from retrieval.adapters.extraction.mail_endings import EMPTY_LINE, without_ending
from retrieval.adapters.extraction.mail_heads import original_message, printed_date, sender_name
from retrieval.adapters.extraction.mail_html import original_html
from retrieval.adapters.extraction.prose import is_prose, key
from retrieval.adapters.extraction.rejection import reject_short
from retrieval.domain.articles import Draft
from retrieval.domain.file_types import USUAL_ENDINGS
from retrieval.errors import ArticleRejected
from retrieval.text.moments import read_moment
from retrieval.text.pleas import is_all_pleas
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import MIMEPart

    from retrieval.adapters.extraction.mail_heads import Head

_PREFIX = re.compile(
    r"(?:(?:re|aw|fw|fwd|wg|tr|rv|res|enc)\s*:\s*|\[ext(?:ern(?:al)?)?\]\s*"
    r"|(?:(?:press|news|media) release|for immediate release|pressemitteilung|communiqué de presse|nota de prensa"
    r"|comunicato stampa)\s*[:–—|-]\s*)+",
    re.IGNORECASE,
)
_PART = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
_HEADERS = re.compile(rb"\r?\n\r?\n")
_MOST_PARTS = 300
_MOST_BOUNDARIES = 3_000
"""Of lines that begin as a boundary between parts does, which need no type."""
_MOST_MESSAGES = 5
_WHOLE = 0.9
"""The share of the plain text's words that an HTML part has at least, which is better as paragraphs and links go."""
_MARKS = re.compile(r">*")
_ADDRESS = r"(?:https?://|mailto:)[^\s<>\[\]()]{1,2000}+"
_NOTED = re.compile(rf"^\[?(\d{{1,3}})[\].:]{{1,2}}[^\S\n]{{0,9}}{_ADDRESS}", re.MULTILINE)
_NUMBER = re.compile(rf"[^\S\n]?\[(\d{{1,3}})\](?!:?\s?{_ADDRESS})")
_LINKED = re.compile(rf"\[([^\[\]\n]{{1,200}})\]\({_ADDRESS}\)")
_BESIDE = re.compile(rf"[^\S\n]?(?:\[\s?{_ADDRESS}\s?\]|\(\s?{_ADDRESS}\s?\)|<\s?{_ADDRESS}\s?>)")
_LINK_LINE = re.compile(rf"^(?:[^\s.!?]{{1,40}}+[^\S\n]){{0,10}}{_ADDRESS}\s*?$", re.MULTILINE)


def read_mail(content: bytes) -> Draft:
    """The longest article in a message and those attached to it. Raises ArticleRejected."""
    parts, boundaries = len(_PART.findall(content)), content.count(b"\n--")
    if parts > _MOST_PARTS or boundaries > _MOST_BOUNDARIES:  # nested parts take the square of their number
        raise ArticleRejected("page.too_many_parts")
    message: EmailMessage = message_from_bytes(_with_utf8_headers(content), policy=default)
    best, refusal = None, ArticleRejected("page.mail_without_text")
    for each in islice(_messages(message), _MOST_MESSAGES):
        try:
            draft = _read(each)
        except ArticleRejected as error:
            refusal = error
        else:
            best = draft if best is None or len(draft.text) > len(best.text) else best
    if best is None and any(map(_is_file, message.walk())):
        raise ArticleRejected("page.mail_attachment", kinds=", ".join(USUAL_ENDINGS))
    if best is None:
        raise refusal
    return best


def _is_file(part: MIMEPart) -> bool:
    """Whether a part is a file that may hold an article."""
    return part.is_attachment() and part.get_content_maintype() in {"application", "text"}


def _with_utf8_headers(content: bytes) -> bytes:
    """The message, with the headers that are written in another encoding than ASCII in UTF-8."""
    end = _HEADERS.search(content)
    headers = content[: end.start()] if end else content
    return content if headers.isascii() else decode(headers).encode() + content[len(headers) :]


def _messages(message: EmailMessage) -> Iterator[EmailMessage]:
    """The message itself and those attached to it, however deep."""
    yield message
    for part in message.walk():
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            yield from (attached for attached in part.get_payload() if isinstance(attached, EmailMessage))


def _read(message: EmailMessage) -> Draft:
    """The article in a message's text or HTML, whichever has it whole. Raises ArticleRejected."""
    plain, html = _texts(message)
    if not plain.strip() and not html.strip():
        raise ArticleRejected("page.mail_without_text")
    kept, head = original_message(plain.split("\n"))
    draft = Draft(_tidy("\n".join(kept.values())))
    if html.strip():
        try:
            html, html_head = original_html(html)
            page = read_html(html)
            page = replace(page, text=without_ending(page.text))
            draft, head = _fuller(draft, page), html_head or head
        except ArticleRejected:
            if not draft.text:
                raise
    draft = _with_source(draft, head, message)
    reject_short(draft.text, draft.title)
    return draft


def _texts(message: EmailMessage) -> tuple[str, str]:
    """The message's plain text and its HTML, each of all its parts that are no attachments."""
    plain, html = [], []
    for part in _inline_parts(message):
        raw = part.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
        charset, is_html = part.get_content_charset(), part.get_content_type() == "text/html"
        if is_html or begins_as_html(content):
            html.append(decode(content, charset, html=True))
        else:
            text = decode(content, charset).replace("\r\n", "\n")
            plain.append(_unflowed(text) if str(part.get_param("format")) == "flowed" else text)
    return "\n\n".join(plain), "\n".join(html)


def _inline_parts(part: MIMEPart) -> Iterator[MIMEPart]:
    if part.get_content_maintype() == "multipart":
        for inner in part.iter_parts():
            yield from _inline_parts(inner)
    elif part.get_content_type() in {"text/plain", "text/html"} and not part.is_attachment():
        yield part


def _unflowed(text: str) -> str:
    """The text without the line ends that only the width of the sender's window made (RFC 3676)."""
    lines: list[list[str]] = []
    marks, goes_on = "", False
    for line in text.split("\n"):
        before, marks = marks, _MARKS.match(line)[0]  # type: ignore[index]  # it matches nothing, too
        if goes_on and marks == before and line.strip("> "):
            lines[-1].append(line[len(marks) :].removeprefix(" "))
        else:
            lines.append([line])
        goes_on = line.endswith(" ") and line.strip("> ") not in {"", "--"}
    return "\n".join("".join(pieces).rstrip() for pieces in lines)


def _tidy(text: str) -> str:
    """The text without its signature, the addresses beside linked words, and lines that only lead to the web."""
    notes = set(_NOTED.findall(text))
    text = _NUMBER.sub(lambda number: "" if number[1] in notes else number[0], text) if notes else text
    return without_ending(_LINK_LINE.sub("", _BESIDE.sub("", _LINKED.sub(r"\1", text))))


def _fuller(plain: Draft, page: Draft) -> Draft:
    """The page, unless the plain text has more: neither the lines of its sender's program nor pleas count as such."""
    if count_words(page.text) >= _WHOLE * count_words(plain.text):
        return page
    prose = [part for part in EMPTY_LINE.split(plain.text) if is_prose(part.strip()) and not is_all_pleas(part)]
    shown = {key(line) for line in page.text.split("\n\n")}
    both = sum(count_words(part) for part in prose if key(part) in shown)
    return page if both >= _WHOLE * sum(map(count_words, prose)) else plain


def _with_source(draft: Draft, head: Head | None, message: EmailMessage) -> Draft:
    """The draft with the subject, and with the sender and date of the printed header or else the message's."""
    subject, sent = " ".join(str(_header(message, "subject")).split()), _header(message, "date")
    title = _PREFIX.sub("", subject)
    if head is None:
        publisher, published = sender_name(str(_header(message, "from"))), read_moment(str(sent))
        publisher, published = publisher or draft.publisher, published or draft.published_at
    else:
        zone = getattr(getattr(sent, "datetime", None), "tzinfo", None)
        publisher, published = head.sender, printed_date(head.date, zone)
        title = title if title != subject else _PREFIX.sub("", head.subject or title)
    return replace(draft, title=title or draft.title, publisher=publisher, published_at=published)


def _header(message: EmailMessage, name: str) -> object:
    """A header's value; empty where there is none, or none that the library can parse."""
    try:
        return message[name] or ""
    except (AttributeError, IndexError, OverflowError, TypeError, ValueError):
        return ""
