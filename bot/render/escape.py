r"""Stored words as Discord text that shows exactly those words: no link, mention or formatting in them works.

A backslash before a character that is neither letter, digit nor space shows that character without its meaning.
Nothing is inserted that a reader could copy along, such as zero-width characters.

- always: ``\ ` * _ ~ |`` (emphasis, code, spoilers), ``< >`` (mentions, timestamps, custom emoji, commands, quotes),
  ``[ ] ( )`` (masked links), ``#`` (headings), ``@`` (everyone, here), ``:`` (bare links and :emoji:), ``&`` (entities)
- at the start of a line: ``-``, ``+``, ``=`` and the dot after a number (lists, small print, underlined headings)
- the dot of ``discord.gg/`` and its like: an invitation becomes a card even where it is no link

What cannot be escaped is dropped, and shows nothing anyway: control characters, and those that override or isolate the
direction of writing. Marks that words need (joiners, left-to-right and right-to-left marks) stay.
"""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]")
_ALWAYS = re.compile(r"([\\`*_~|<>\[\]()#@:&])")
_LINE_START = re.compile(r"^([ \t]*)([-+=])", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d+)(\.)(?=\s|$)", re.MULTILINE)
_WORDS_OF_LINE = re.compile(r"\S(?:.*\S)?")
_INVITING = re.compile(r"(discord(?:app)?)\.(?=gg/|com/invite/|new/|gift/)", re.IGNORECASE)


def showable(text: str) -> str:
    """Return the text without characters that show nothing and disturb others; every line break is a newline."""
    return _UNSHOWABLE.sub("", _LINE_BREAKS.sub("\n", text))


def escaped(text: str) -> str:
    """Return markdown that shows the text literally, in a description, a field, a title or a message."""
    text = _INVITING.sub(r"\1\\.", _ALWAYS.sub(r"\\\1", showable(text)))
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text))


def bold(text: str, underlined: tuple[int, int] | None = None) -> str:
    """Return the text literally and in bold, line by line; spaces at the edges stay outside, or marks would show.

    The characters between the two offsets are underlined too, unless they are not all shown, or not on one line.
    """
    start, end = underlined or (0, 0)
    if not (0 <= start < end and showable(text) == text and plain(text[start:end]) == text[start:end]):
        return _WORDS_OF_LINE.sub(lambda words: f"**{escaped(words[0])}**", showable(text))

    def underlining(words: re.Match[str]) -> str:
        if not words.start() <= start < end <= words.end():
            return f"**{escaped(words[0])}**"
        before, after = text[words.start() : start], text[end : words.end()]
        return f"**{escaped(before)}__{escaped(text[start:end])}__{escaped(after)}**"

    return _WORDS_OF_LINE.sub(underlining, text)


def block_quote(markdown: str) -> str:
    """Return the markdown as a block quotation, blank lines included."""
    return "\n".join(f"> {line}" for line in markdown.split("\n"))


def plain(text: str) -> str:
    """Return the text on one line, for places without markdown: footer, author line, button, choice."""
    return " ".join(showable(text).split())
