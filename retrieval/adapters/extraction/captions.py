"""Reads captions (WebVTT and SubRip): a paragraph for what one speaker says, with its time and the speaker's name.

A paragraph begins as transcripts print it, "[0:01:04] Ana Costa: …", of which speaker and moment are read later; where
another one speaks whom nothing names, "[0:01:09] >> …".
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import shorten
from typing import TYPE_CHECKING

from retrieval.domain.articles import Draft, Span
from retrieval.errors import ArticleRejected
from retrieval.text.attribution.transcripts.shouted import is_shouted, names_somebody, surnames_told
from retrieval.text.attribution.transcripts.turn_labels import read_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}")
_BEGINS = re.compile(rf"\ufeff?\s*+(?:WEBVTT\b|\d{{1,6}}[ \t\r]*\n[ \t]*{_CLOCK}\s*-->)")
_HEADER = re.compile(r"\ufeff?\s*+WEBVTT[ \t]+(?:- *)?([^\n]{1,300})")
_LANGUAGE = re.compile(r"^Language: *([A-Za-z]{2,3}(?:-\w{2,8})?)\b", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^<>\s]{1,60})?[ \t]+([^<>\n]{1,80})>")
_MARKUP = re.compile(r"<[^<>\n]{0,80}>|\{\\[^{}\n]{1,40}\}")
_SURNAME_FIRST = re.compile(r"([^,()]{1,40}), ([^,()]{1,40}?)(?: \([^()]{1,60}\))?")
_CHANGE = re.compile(r"(?:>>+|[-–—])\s*(?=\S)")
_CHANGES = re.compile(r"(?<=\S)\s*>>+\s*(?=\S)")
_BESIDE = re.compile(r"♪|\[[^\[\]]{1,80}\]\W*\w|\([^()]{1,80}\)\W*\w")
"""A song, and what is said or told behind a note in brackets."""
_NOTE = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
_ENDS = re.compile(r"[.!?…。\uff01\uff1f][\"'”’»)\]]*$")
_HEAD_LINE = re.compile(r"[^\W\d_][^:\n]{1,40}: (?=\S)")
"""A place or a name before a line. In a text in capitals, that line is not said by the speaker before it."""
_HEAD = 2_000
_PAUSE = 3
"""Seconds without words, behind which a paragraph begins."""
_FULL = 400
"""Characters behind which a paragraph ends with the next sentence."""
_OVERFULL = 1_000
_TWICE = 2
_TITLE = 90
"""The characters of the first words that stand for a title where there is none."""
_ROLLING = 0.3
"""The share of cues that begin with the line before them, and go on, where captions roll upwards."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """Lines without markup that are shown from one second to another, each with the voice that a tag names."""

    start: int
    end: int
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Said:
    """Words of one speaker, as far as one is named, from one second to another.

    `changes`: the captions mark that it is another one than before; `labelled`: by a name in the words.
    """

    start: int
    end: int
    text: str
    speaker: str = ""
    changes: bool = False
    labelled: bool = False


def is_captions(text: str) -> bool:
    """Whether a text begins as captions do."""
    return _BEGINS.match(text[:_HEAD]) is not None


def read_captions(text: str, url: str = "") -> Draft:
    """The words of captions in paragraphs. Raises ArticleRejected where there are none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    cues = _cues(text)
    voiced = any(voice for cue in cues for voice, _ in cue.lines)
    lines = list(_lines(cues))
    said = lines if voiced else list(_named(lines))
    if not said:
        raise ArticleRejected("page.no_captions")
    header, language = _HEADER.match(text[:_HEAD]), _LANGUAGE.search(text[:_HEAD])
    return Draft(
        "\n\n".join(map(_printed, _paragraphs(said, voiced=voiced))),
        title=header[1] if header else shorten(said[0].text, _TITLE, placeholder="…"),
        url=url or None,
        language=language[1] if language else None,
    )


def _cues(text: str) -> list[_Cue]:
    """The cues that show words, in order; notes, styles and numbers stand between them and are left out."""
    cues: list[_Cue] = []
    cue: _Cue | None = None
    said_by = ""
    for line in text.split("\n"):
        if timing := _TIMING.match(line):
            cue, said_by = _Cue(_seconds(timing, 1), _seconds(timing, 4)), ""
            cues.append(cue)
        elif not line.strip():
            cue = None if not line or (cue and cue.lines) else cue
        elif cue is not None:
            for voice, part in _voices(line):
                said_by = voice or said_by
                if words := " ".join(html.unescape(_MARKUP.sub("", part)).split()):
                    cue.lines.append((said_by, words))
    return [cue for cue in cues if cue.lines]


def _voices(line: str) -> Iterator[tuple[str, str]]:
    """The parts of a line, each with the voice that its tag names; the first may have none."""
    voices = [*_VOICE.finditer(line)]
    ends = [*(voice.start() for voice in voices), len(line)]
    yield "", line[: ends[0]]
    for voice, end in zip(voices, ends[1:], strict=True):
        yield _voice(voice[1]), line[voice.start() : end]


def _voice(printed: str) -> str:
    """A voice's name; "Doe, Jane (Town Hall)" is Jane Doe."""
    name = " ".join(printed.split())
    match = _SURNAME_FIRST.fullmatch(name)
    return f"{match[2]} {match[1]}" if match else name


def _seconds(timing: re.Match[str], first: int) -> int:
    hours, minutes, seconds = (int(timing[first + place] or 0) for place in range(3))
    return 3600 * hours + 60 * minutes + seconds


def _lines(cues: Sequence[_Cue]) -> Iterator[_Said]:
    """The lines of the cues; where captions roll upwards, each line once."""
    repeats = sum(before.lines[-1] == cue.lines[0] and len(cue.lines) > 1 for before, cue in pairwise(cues))
    rolls = repeats > _ROLLING * len(cues)
    before: frozenset[tuple[str, str]] = frozenset()
    for cue in cues:
        for line in cue.lines:
            if line in before:
                continue
            change = _CHANGE.match(line[1])
            first, *others = _CHANGES.split(line[1][change.end() :] if change else line[1])
            beside = _BESIDE.match(first) is not None
            yield _Said(cue.start, cue.end, first, line[0], change is not None or beside)
            for words in others:
                yield _Said(cue.start, cue.end, words, changes=True)
        if rolls:
            before = frozenset(cue.lines)


def _named(lines: Sequence[_Said]) -> Iterator[_Said]:
    """The lines with the speakers whom their words name in front of a colon, where that name comes back.

    In a text in capitals a label counts only if it surely names somebody, or if it stands behind a mark of a change,
    which is kept. Words behind any other head have no speaker.
    """
    labels = [read_label(line.text, Span(0, len(line.text))) for line in lines]
    heads = [line.text[: label.body].rstrip() if label else "" for line, label in zip(lines, labels, strict=True)]
    times = Counter(heads)
    is_capital = is_shouted(" ".join(line.text for line in lines))
    surnames = surnames_told(line.text for line in lines) if is_capital else frozenset()
    sure = {head for head in times if not is_capital or names_somebody(head[:-1], surnames)}
    marked = {head for head, line in zip(heads, lines, strict=True) if line.changes} - sure
    named = {head for head in sure | marked if head.endswith(":") and times[head] >= _TWICE}
    for line, head in zip(lines, heads, strict=True):
        if head.endswith(":") or (is_capital and _HEAD_LINE.match(line.text)):
            line.changes = line.labelled = True
            if head in named:
                line.speaker, line.text = f"{'>> ' * (head in marked)}{head[:-1]}", line.text[len(head) :].lstrip()
        yield line


def _paragraphs(lines: Iterable[_Said], *, voiced: bool) -> Iterator[_Said]:
    """The lines of one speaker in paragraphs, which end with a sentence or before a pause.

    A speaker named in the words goes on until the captions mark another one, a `voiced` one as far as the tags say.
    """
    current: _Said | None = None
    for line in lines:
        if voiced and not line.speaker:
            line.changes = line.changes or current is None or bool(current.speaker)
        elif current is not None and not voiced and not line.changes:
            line.speaker = current.speaker
        if (
            current is not None
            and not line.changes
            and line.speaker == current.speaker
            and not _is_whole(current, line)
        ):
            current.text, current.end = f"{current.text} {line.text}".strip(), line.end
            continue
        if current is not None:
            yield current
        current = line
    if current is not None:
        yield current


def _is_whole(current: _Said, line: _Said) -> bool:
    """Whether a paragraph ends before a line."""
    ended = _ENDS.search(current.text[-10:]) is not None
    pause = line.start - current.end >= _PAUSE
    return len(current.text) > _OVERFULL or (ended and (pause or len(current.text) > _FULL))


def _printed(said: _Said) -> str:
    minutes, seconds = divmod(said.start, 60)
    stamp = f"[{minutes // 60}:{minutes % 60:02}:{seconds:02}]"
    if said.speaker:
        return f"{stamp} {said.speaker}: {said.text}"
    unnamed = said.changes and not said.labelled and _NOTE.fullmatch(said.text) is None
    return f"{stamp} >> {said.text}" if unnamed else f"{stamp} {said.text}"
