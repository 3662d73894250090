"""A turn of a transcript, and what of its lines is speech."""

import re
from dataclasses import dataclass, field

from retrieval.domain.articles import Span
from retrieval.text.attribution.transcripts.turn_labels import Label

_LEADING = re.compile(r"(?:[\s*_:]|[—–-](?=[\s\w])|\([^()]{1,80}\)|\[[^\[\]]{1,80}\]|<[^<>]{1,40}>)*+")
_TRAILING = re.compile(r"(?:\([^()]{1,80}\)|\[[^\[\]]{1,80}\]|<[^<>]{1,40}>|[*_]{1,2})$")
_UNSAID = re.compile(
    r"\W*(?:[\w+-]{1,30}:(?:\s*:[\w+-]{1,30}:)*"
    r"|(?:image|video|audio|sticker|GIF|document|media|contact card) omitted"
    r"|missed (?:voice|video) call|this message was deleted|you deleted this message)\W*",
    re.IGNORECASE,
)
"""What chats print for an emoji, a picture, a call or a message that is gone."""

_LONGEST_TRAILING = 90
_OPENING_MARKS = tuple('“"‘„«»')
_CLOSING_MARKS = tuple('”"’“»')


@dataclass(slots=True)
class Turn:
    """What one speaker says: from `start` to `end`, label included; `paragraphs` are the words alone.

    `label` is None where the words answer a question in bold and have no label of their own; `asks`: it is one.
    """

    label: Label | None
    start: int
    end: int
    paragraphs: list[Span] = field(default_factory=list)
    asks: bool = False

    def add(self, text: str, words: Span) -> None:
        """Add a paragraph, as far as it is speech."""
        self.end = max(self.end, words.end)
        said = _without_directions(text, words)
        if said is not None:
            self.paragraphs.append(said)


def _without_directions(text: str, words: Span) -> Span | None:
    """The words said, without stage directions and markup around them; None where they are none, or stand in marks."""
    leading = _LEADING.match(text, words.start, words.end)
    start = leading.end() if leading else words.start
    end = words.end
    while start < end:
        tail = text[max(start, end - _LONGEST_TRAILING) : end]
        bare = tail.rstrip()
        trailing = _TRAILING.search(bare)
        if trailing is None:
            end -= len(tail) - len(bare)
            break
        end -= len(tail) - trailing.start()
    if not any(char.isalpha() for char in text[start:end]) or _UNSAID.fullmatch(text, start, end):
        return None
    marked = text[start] in _OPENING_MARKS and text[start:end].rstrip(".,").endswith(_CLOSING_MARKS)
    return None if marked else Span(start, end)
