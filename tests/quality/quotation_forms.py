"""Measure the forms of attribution: `python -m tests.quality.quotation_forms [KIND...] [--rules] [--misses]`.

A form is one way in which news prints who said something. Each is read by the product's own code and judged quotation
by quotation; the table counts the verdicts by kind. With `--rules` no parser is used; `--misses` lists what is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.domain.articles import Draft
from retrieval.errors import ArticleRejected
from retrieval.reading import read_article
from retrieval.text.cleaning import normalise
from tests.quality.tables import number, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrieval.archive.records import NewQuotation, NewSpeaker
    from retrieval.domain.articles import Span
    from retrieval.text.parse import Parse

FORMS = Path(__file__).parents[1] / "fixtures" / "quotation_forms"
COVERED = 0.8
"""The share of the expected words that a quotation has to cover to be the one expected."""

Verdict = Literal["right", "left alone", "no speaker", "missed", "wrong", "credited", "unprintable"]
_FORMS_OF_ADDRESS = frozenset(["the", "mr", "mrs", "ms", "dr", "sir"])


@dataclass(frozen=True, slots=True)
class Expected:
    """Words of a form, and who may be printed beside them.

    `speakers` holds names that mean the same speaker, none where nobody may be named. `roles` holds what may be printed
    as the role, empty where nothing may; it is None where the form does not test how a speaker is printed.
    """

    start: int
    end: int
    speakers: tuple[str, ...]
    nobody: bool
    roles: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Form:
    """A short text of one kind. `half` is "open", or "kept" where nothing was written with the form in sight."""

    kind: str
    half: str
    text: str
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one quotation of a form, and the speakers that it was given."""

    form: Form
    expected: Expected
    verdict: Verdict
    speakers: tuple[NewSpeaker, ...]


def forms(folder: Path = FORMS) -> Iterator[Form]:
    """All forms, kind by kind."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield Form(path.stem, record["half"], record["text"], tuple(map(_expected, record["expected"])))


def judge(form: Form, parse: Callable[[str], Parse | None] | None = None) -> Iterator[Judged]:
    """Read a form as the product reads an article, and judge each quotation of it."""
    cleaned = normalise(form.text)
    found = [(cleaned.raw_span(one.content), one) for one in _quotations(form, parse)]
    for expected in form.expected:
        near = [one for span, one in found if _covers(span, expected)]
        speakers = tuple(speaker for one in near for speaker in one.speakers)
        yield Judged(form, expected, _verdict(expected, near, speakers, cleaned.text), speakers)


def tally(judged: Iterable[Judged]) -> dict[str, Counter[Verdict]]:
    """The verdicts of each kind, counted."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for one in judged:
        counts[one.form.kind][one.verdict] += 1
    return dict(counts)


def harmful(counts: Mapping[Verdict, int]) -> float:
    """The share of quotations with a name beside words that are not theirs."""
    return (counts.get("wrong", 0) + counts.get("credited", 0)) / sum(counts.values())


def report(counts: Mapping[str, Counter[Verdict]]) -> str:
    """The table of all kinds, with a line of totals."""
    total: Counter[Verdict] = sum(counts.values(), Counter())
    rows = [
        (kind, *(str(line[verdict]) for verdict in get_args(Verdict)), number(harmful(line)))
        for kind, line in [*counts.items(), ("all", total)]
    ]
    return table(("kind", *get_args(Verdict), "wrong + credited"), rows)


def _expected(record: Mapping[str, Any]) -> Expected:
    roles = _alternatives(record["role"]) if "role" in record else None
    nobody = record.get("must_not_be_attributed", False)
    return Expected(record["start"], record["end"], _alternatives(record["speaker"]), nobody, roles)


def _alternatives(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|")) if text else ()


def _covers(span: Span, expected: Expected) -> bool:
    shared = min(span.end, expected.end) - max(span.start, expected.start)
    return shared >= COVERED * (expected.end - expected.start)


def _quotations(form: Form, parse: Callable[[str], Parse | None] | None) -> tuple[NewQuotation, ...]:
    try:
        return read_article(Draft(form.text), parse).quotations
    except ArticleRejected:
        return ()


def _verdict(expected: Expected, near: Sequence[NewQuotation], speakers: Sequence[NewSpeaker], body: str) -> Verdict:
    if not expected.speakers:
        return "credited" if speakers else "left alone"
    if not near:
        return "missed"
    said_by = [one.name for one in speakers] or [
        one.mention.of(body) for one in near if one.mention and not one.disputed
    ]
    if not any(_same(name, one) for name in expected.speakers for one in said_by):
        return "wrong" if speakers else "no speaker"
    return "right" if all(_printable(one, expected) for one in speakers) else "unprintable"


def _printable(speaker: NewSpeaker, expected: Expected) -> bool:
    """Whether the name holds no word that is none of it, and the role is one that may be printed."""
    if expected.roles is None:
        return True
    whole = any(_words(speaker.name) <= _words(name) for name in expected.speakers)
    return whole and (speaker.role or "").casefold() in {"", *(role.casefold() for role in expected.roles)}


def _same(expected: str, name: str) -> bool:
    """Whether all words of one name are in the other."""
    one, other = _words(expected), _words(name)
    return bool(one and other) and (one <= other or other <= one)


def _words(name: str) -> set[str]:
    plain = "".join(part for part in unicodedata.normalize("NFKD", name) if not unicodedata.combining(part)).casefold()
    return {word.strip(".,") for word in plain.replace("-", " ").split()} - _FORMS_OF_ADDRESS


def _line(one: Judged) -> str:
    words = " ".join(one.form.text[one.expected.start : one.expected.end].split())
    speaker = " | ".join(one.expected.speakers) or "nobody"
    got = ", ".join(f"{each.name} ({each.role})" if each.role else each.name for each in one.speakers) or "none"
    return f"{one.form.kind}: {one.verdict}: “{words[:60]}” is {speaker}'s, got {got}"


def main() -> int:
    """Read the command line, judge the forms, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kinds", nargs="*", metavar="KIND", help="only these kinds")
    options.add_argument("--rules", action="store_true", help="attribute by rules, without a parser")
    options.add_argument("--misses", action="store_true", help="list each quotation that is not right")
    chosen = options.parse_args()
    meant = [form for form in forms() if not chosen.kinds or form.kind in chosen.kinds]
    with SpacyParser() as parser:
        parse = None if chosen.rules or not installed() else parser.parse
        judged = [one for form in meant for one in judge(form, parse)]
    if chosen.misses:
        sys.stdout.writelines(f"{_line(one)}\n" for one in judged if one.verdict not in {"right", "left alone"})
    sys.stdout.write(report(tally(judged)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
