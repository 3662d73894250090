"""Texts that nobody writes in earnest: pieces which, repeated, make a careless pattern look at the same place again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS: Final = (
    *("?!", ".", "…", ". ", "?” ", ".) ", ".\n", "a.", "A.", "A. ", "Mr. ", "U.S. ", "e.g. ", "met. -"),
    *("-", "—", " - ", "_", "’", ",", ", ", ";", ": ", "|", "/", "@", "#", "\\", "'"),
    *(" ", "\t", "\n", "\n\n", " \n", "\r\n", "\u00a0", "\u200b", "\u200b ", "\x00", "\u2028"),
    *("a", "a ", "a\n", "a\n\n", "a-", "a'", "A", "A ", "A-", "A.\n", "Ab ", "word ", "lylyly ", "aaaa,"),
    *(
        '"',
        '""',
        '"We" ',
        '"We," ',
        "“We” ",
        "“We,” said Kim. ",
        "“We said”\n\n",
        "“‘",
        "“",
        "”",
        "‘",
        "‘We,’ he said. ",
    ),
    *("'We' ", "''We'' ", "``", "«", "«We» ", '“"', '"“a” ', "‘em ", "s’ ", "5'10\" ", '"<a>" ', '<a href="x">'),
    *("(", ")", "[", "]", "((a) ", "[a](", "*", "**a", "> ", "# ", "`", "~", "<", "<p", "<p>", "<a>", "</p>", "<!--"),
    *("&amp;", "&", "&#x", "https://x.y/z ", "1", "1,", "1 ", "12:30 ", "1. ", "$1 ", "2024-01-01 ", "May 1, 2024, "),
    *("said ", "said Kim, ", "Kim said ", "according to ", "and ", "Kim and ", "the ", "The ", "by ", "By Kim ", "of "),
    *(
        "Jr ",
        "Kim Jr. ",
        "de ",
        "Ana Costa ",
        "Ana Costa, the mayor, ",
        "Mayor ",
        "the mayor said ",
        "a mayor, ",
        "he ",
    ),
    *("told CNN ", "told the outlet ", "interview with CNN ", "the Times reported ", "what is ", "why ", "who "),
    *(
        "\u0301",
        "\u0301\u0323",
        "e\u0301",
        "é",
        "ß",
        "İ",
        "記",
        "記。",
        "ไ",
        "\ud800",
        "😀",
        "\ufffd",
        "\u202e",
        "\u05b0\u05b4",
    ),
    *("Photo: AP ", "(AP ", "Read more\n", "© 2024 ", "Correction: ", "- ", "copyright ", "home\n", "\x1f", "\v"),
    '“We,” Kim told CNN, "and ',
    "“We will go,” said Ana Costa, the mayor, on Monday. ",
    "“We,” he said, and ",
    "“We,” said the mayor. ",
    '"We" said said ',
    "Mr. Kim 1st,\n“We”\n",
    "Ana Costa, 41, of the U.S. Senate (R-Fla.) ",
    "MR. COSTA: We do.\n",
    "Q We?\n\nA. We “do.”\n\n",
    "**We?**\n\nWe do.\n\n",
    "[14:02] kim: we\n",
    "1\n00:00:01,000 --> 00:00:02,000\n- Kim: we\n\n",
)
"""Each stands for a kind: marks, blanks, lines, quotation marks nested or never closed, names, figures, tags, turns."""

SPOKEN: Final = (
    *('"We" ', "“We,” said Kim. ", "Kim and ", "Ana Costa ", "he ", "said ", "of ", "the mayor said ", "A-"),
    *("“We,” said the mayor. ", "“We will go,” said Ana Costa, the mayor, on Monday. "),
)
"""Those of which a parse makes most."""

FRAMES: Final = (("", ""), ("", "x"), ("“We go,”", "x"))
"""What stands before a row and behind it: nothing, one more letter behind which no pattern fits, a quotation before."""


def rows(length: int) -> Iterator[tuple[str, str]]:
    """Every unit repeated to about so many characters, in each frame; before it what it is called."""
    for unit in UNITS:
        for frame in FRAMES:
            yield f"{unit!r} in {frame}", row(unit, frame, length)


def row(unit: str, frame: tuple[str, str], length: int) -> str:
    """A unit repeated to about so many characters, in a frame."""
    before, behind = frame
    return before + unit * max(length // len(unit), 1) + behind
