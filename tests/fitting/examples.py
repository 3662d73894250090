"""Training examples for the model of attribution: annotated articles, parsed and aligned with their features."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.text.attribution.fitted.document_context import DocumentContext, build_context
from retrieval.text.attribution.fitted.person_entities import PersonEntity, find_entities

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrieval.text.attribution.fitted.grammar import Grammar
    from retrieval.text.parse import Parse

Record = dict[str, Any]
Tally = dict[str, list[int]]

UNKNOWN = -1
_SHORT = 4


@dataclass(slots=True)
class Example:
    """One article with its annotation. Labels are 1, 0 or -1 for unknown."""

    id: str
    text: str
    parse: Parse
    document: DocumentContext
    entities: list[PersonEntity]
    is_source: list[int]
    said_by: list[set[int] | None]
    is_quotation: list[int]
    silver: list[str | None]
    verbs: Tally = field(default_factory=dict)
    heads: Tally = field(default_factory=dict)


def read_examples(folder: Path) -> list[Example]:
    """Parse every article with an annotated quotation, and align it with the annotation."""
    quotes, sources = _by_article(folder / "quotes.jsonl"), _by_article(folder / "attributions.jsonl")
    with SpacyParser() as parser:
        return [
            _example(article, parser.parse(article["text"]), quotes[article["id"]], sources[article["id"]])
            for article in read_records(folder / "articles.jsonl")
            if article["id"] in quotes
        ]


def read_records(path: Path) -> list[Record]:
    """The lines of a file of JSON records."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _by_article(path: Path) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = defaultdict(list)
    for record in read_records(path):
        grouped[record["article_id"]].append(record)
    return grouped


def _example(article: Record, parse: Parse, quotes: list[Record], attributions: list[Record]) -> Example:
    document = build_context(article["text"], parse)
    numbers = {mention.head: number for number, mention in enumerate(document.mentions)}
    is_source = [0] * len(document.mentions)
    for attribution in attributions:
        for number in _mentions(document.grammar, numbers, [(s["start"], s["end"]) for s in attribution["source"]]):
            is_source[number] = 1
    gold = {(quote["start"], quote["end"]): quote for quote in quotes}
    marked = [gold.get((context.segment.start, context.segment.end)) for context in document.segment_contexts]
    example = Example(
        id=article["id"],
        text=article["text"],
        parse=parse,
        document=document,
        entities=find_entities(article["text"], document.grammar),
        is_source=is_source,
        said_by=[
            _mentions(document.grammar, numbers, quote["speaker_spans"]) if quote and quote["speaker_mention"] else None
            for quote in marked
        ],
        is_quotation=[_is_quotation(quote) for quote in marked],
        silver=[quote.get("speaker_name_silver") if quote else None for quote in marked],
    )
    _tally(example)
    return example


def _is_quotation(quote: Record | None) -> int:
    """Long segments without an attribution are unknown: some are omissions of the annotators."""
    if quote is None or (quote["kind"] == "not_a_quotation" and quote["n_words"] > _SHORT):
        return UNKNOWN
    return int(quote["kind"] != "not_a_quotation")


def _mentions(grammar: Grammar, numbers: dict[int, int], spans: Iterable[tuple[int, int]]) -> set[int]:
    """The candidate mentions that head the annotated spans, with persons in apposition; else any inside."""
    inside = {number for start, end in spans for number in grammar.between(start, end)}
    tops = {n for n in inside if grammar.tokens[n].head not in inside or grammar.tokens[n].head == n}
    beside = {
        child
        for top in tops
        for child in grammar.children[top]
        if child in inside
        and (
            grammar.tokens[child].dep == "conj"
            or (grammar.tokens[child].dep, grammar.tokens[child].entity) == ("appos", "PERSON")
        )
    }
    heads = {numbers[n] for n in tops | beside if n in numbers}
    return heads or {numbers[n] for n in inside if n in numbers}


def _tally(example: Example) -> None:
    grammar = example.document.grammar
    for number, mention in enumerate(example.document.mentions):
        lemmas = [(example.verbs, grammar.tokens[verb].lemma) for verb in example.document.verbs[number][:3]]
        if mention.type == "nominal":
            lemmas.append((example.heads, grammar.tokens[mention.head].lemma))
        for table, lemma in lemmas:
            count = table.setdefault(lemma, [0, 0])
            count[0] += example.is_source[number]
            count[1] += 1
