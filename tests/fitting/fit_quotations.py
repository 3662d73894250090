"""Fit the model of attribution: `python -m tests.fitting.fit_quotations --data DIR --out FILE`.

DIR holds `articles.jsonl`, `quotes.jsonl` and `attributions.jsonl`. FILE gets numbers over features and single words,
never a text. With `--folds N --predictions FILE` the articles are also split into N parts by their id, each is
predicted through the product's own code by a model fitted on the others, the predictions are written for scoring, and
a table says how often each confidence was right.
Needs spaCy and scikit-learn; nothing but this module needs the latter.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import math
import sys
import tempfile
from collections import defaultdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.text.attribution.fitted.mentions import NAME
from retrieval.text.attribution.fitted.model import read_model
from retrieval.text.attribution.fitted.pair_features import PAIR_FEATURES, nearby_mentions
from retrieval.text.attribution.fitted.pronouns import PRONOUN_FEATURES, PronounResolver, gender_of
from retrieval.text.attribution.fitted.ranking import pair_rows
from retrieval.text.attribution.fitted.segment_features import (
    CERTAINTY_FEATURES,
    QUOTATION_FEATURES,
    RankedMentions,
    certainty_features,
    quotation_rows,
    same_name,
)
from retrieval.text.attribution.fitted.source_features import SOURCE_FEATURES, WordOdds, source_features
from retrieval.text.names.names import surname
from retrieval.text.quotations import find_quotations
from tests.fitting.examples import UNKNOWN, Example, Record, Tally, read_examples, read_records
from tests.fitting.scales import person_scale, reliability, speaker_scale
from tests.quality.quotation_scoring import extracted_of, segment_of
from tests.quality.quotations import predictions

if TYPE_CHECKING:
    from collections.abc import Iterable


Rows = list[list[float]]

THRESHOLDS = {"quotation": 0.58, "speaker": 0.6, "person": 0.36}
_SHAPE = {"learning_rate": 0.07, "l2_regularization": 2.0, "max_features": 0.3, "max_depth": 7, "early_stopping": False}
_SOURCE = {**_SHAPE, "max_iter": 160, "max_leaf_nodes": 12, "min_samples_leaf": 25}
_PAIR = {**_SHAPE, "max_iter": 160, "max_leaf_nodes": 12, "min_samples_leaf": 25}
_QUOTATION = {**_SHAPE, "max_iter": 120, "max_leaf_nodes": 8, "min_samples_leaf": 25, "learning_rate": 0.05}
_CERTAINTY = {**_SHAPE, "max_iter": 80, "max_leaf_nodes": 6, "min_samples_leaf": 30, "learning_rate": 0.05}
_PRONOUN = {**_SHAPE, "max_iter": 80, "max_leaf_nodes": 6, "min_samples_leaf": 25, "learning_rate": 0.06}

_SMOOTHING = 4.0
_SEEN_ENOUGH = 5


def _total(tallies: Iterable[Tally]) -> Tally:
    total: Tally = defaultdict(lambda: [0, 0])
    for tally in tallies:
        for lemma, (yes, seen) in tally.items():
            total[lemma][0] += yes
            total[lemma][1] += seen
    return dict(total)


def _odds(total: Tally, without: Tally) -> dict[str, float]:
    """Smoothed log-odds of frequent words, without one article's own counts; "" stands for all others."""
    rare = [count for count in total.values() if count[1] < _SEEN_ENOUGH]
    prior = (sum(yes for yes, _ in rare) + 1) / (sum(seen for _, seen in rare) + 4)
    odds = {"": round(math.log(prior / (1 - prior)), 2)}
    for lemma, (yes, seen) in sorted(total.items()):
        own = without.get(lemma, [0, 0])
        if seen - own[1] >= _SEEN_ENOUGH:
            share = (yes - own[0] + _SMOOTHING * prior) / (seen - own[1] + _SMOOTHING)
            odds[lemma] = round(math.log(share / (1 - share)), 2)
    return odds


def part_of(name: str, parts: int, salt: str) -> int:
    """The number of the part that an article belongs to, by a hash of its id."""
    return int(hashlib.sha256((salt + name).encode()).hexdigest(), 16) % parts


def _forest(rows: Rows, labels: list[int], shape: Record) -> Any:  # noqa: ANN401 - scikit-learn has no types
    ensemble = importlib.import_module("sklearn.ensemble")
    known = np.array(labels) != UNKNOWN
    fitted = ensemble.HistGradientBoostingClassifier(random_state=0, **shape)
    return fitted.fit(np.array(rows)[known], np.array(labels)[known])


def _says(forest: Any, rows: Rows) -> list[float]:  # noqa: ANN401 - scikit-learn has no types
    return [float(p) for p in forest.predict_proba(np.array(rows))[:, 1]] if rows else []


def _cross(examples: list[Example], rows: list[Rows], labels: list[list[int]], shape: Record) -> list[list[float]]:
    """For each article, the predictions of a forest fitted without the articles of its part."""
    parts = [part_of(example.id, 5, "inner") for example in examples]
    said: list[list[float]] = [[] for _ in examples]
    for part in range(5):
        kept = [n for n in range(len(examples)) if parts[n] != part]
        forest = _forest([r for n in kept for r in rows[n]], [y for n in kept for y in labels[n]], shape)
        for n in range(len(examples)):
            if parts[n] == part:
                said[n] = _says(forest, rows[n])
    return said


def fit(examples: list[Example]) -> Record:
    """Fit all five forests, each on the earlier ones' predictions for articles they have not seen."""
    verbs, heads = _total(example.verbs for example in examples), _total(example.heads for example in examples)
    words = [WordOdds(_odds(verbs, example.verbs), _odds(heads, example.heads)) for example in examples]
    source_rows = [_sources(example, table) for example, table in zip(examples, words, strict=True)]
    source_labels = [example.is_source for example in examples]
    source = _cross(examples, source_rows, source_labels, _SOURCE)
    chosen = [
        [nearby_mentions(example.document, context) for context in example.document.segment_contexts]
        for example in examples
    ]
    grouped = [
        pair_rows(example.document, numbers, values, table)
        for example, numbers, values, table in zip(examples, chosen, source, words, strict=True)
    ]
    pair = [list(chain(*groups)) for groups in grouped]
    pair_labels = [_said(example, numbers) for example, numbers in zip(examples, chosen, strict=True)]
    crossed = _cross(examples, pair, pair_labels, _PAIR)
    ranked = [_ranked(*values) for values in zip(crossed, chosen, grouped, strict=True)]
    quotation = [
        quotation_rows(example.document, numbers, [one.probabilities for one in group], table)
        for example, numbers, group, table in zip(examples, chosen, ranked, words, strict=True)
    ]
    sure = [_sure(*values) for values in zip(examples, ranked, quotation, strict=True)]
    pronoun = [_pronouns(example, values) for example, values in zip(examples, source, strict=True)]
    sure_rows, sure_labels = [r for r, _ in sure], [y for _, y in sure]
    pronoun_rows = [[row for rows, _ in groups for row in rows] for groups in pronoun]
    pronoun_labels = [[label for _, labels in groups for label in labels] for groups in pronoun]
    scales = {
        "speaker": speaker_scale(sure_rows, sure_labels, _cross(examples, sure_rows, sure_labels, _CERTAINTY)),
        "person": person_scale(pronoun, _cross(examples, pronoun_rows, pronoun_labels, _PRONOUN)),
    }

    def record(rows: list[Rows], labels: list[list[int]], shape: Record, names: tuple[str, ...]) -> Record:
        return _record(_forest(list(chain(*rows)), list(chain(*labels)), shape), names)

    return {
        "words": {"verbs": _odds(verbs, {}), "heads": _odds(heads, {})},
        "thresholds": THRESHOLDS,
        "scales": scales,
        "source": record(source_rows, source_labels, _SOURCE, SOURCE_FEATURES),
        "pair": record(pair, pair_labels, _PAIR, PAIR_FEATURES),
        "quotation": record(quotation, [example.is_quotation for example in examples], _QUOTATION, QUOTATION_FEATURES),
        "certainty": record(sure_rows, sure_labels, _CERTAINTY, CERTAINTY_FEATURES),
        "pronoun": record(pronoun_rows, pronoun_labels, _PRONOUN, PRONOUN_FEATURES),
    }


def _sources(example: Example, words: WordOdds) -> Rows:
    document = example.document
    return [source_features(document.grammar, m, words, document.verbs[n]) for n, m in enumerate(document.mentions)]


def _said(example: Example, chosen: list[list[int]]) -> list[int]:
    pairs = zip(example.said_by, chosen, strict=True)
    return [UNKNOWN if said is None else int(n in said) for said, numbers in pairs for n in numbers]


def _ranked(flat: list[float], chosen: list[list[int]], grouped: list[Rows]) -> list[RankedMentions]:
    values = iter(flat)
    pairs = zip(chosen, grouped, strict=True)
    return [RankedMentions(numbers, [next(values) for _ in numbers], rows) for numbers, rows in pairs]


def _sure(example: Example, ranked: list[RankedMentions], quotation: Rows) -> tuple[Rows, list[int]]:
    """Rows and labels of the first choices: right where the annotation has the same mention, or its name."""
    rows: Rows = []
    labels: list[int] = []
    for one, row, said in zip(ranked, quotation, example.said_by, strict=True):
        if said is None or not one.mentions:
            continue
        rows.append(certainty_features(example.document, one, row))
        mentions, first = example.document.mentions, one.mentions[one.order[0]]
        namesake = mentions[first].type == NAME and any(
            same_name(example.document, mentions[first], mentions[n]) for n in said
        )
        labels.append(int(first in said or namesake))
    return rows, labels


def _pronouns(example: Example, source: list[float]) -> list[tuple[Rows, list[int]]]:
    """The rows and labels of each pronoun whose person the automatic names tell."""
    by_head = {named.head: person.name for person in example.entities for named in person.mentions}
    groups: list[tuple[Rows, list[int]]] = []
    resolver = PronounResolver(example.entities, example.document, source)
    last: str | None = None
    for said, silver in zip(example.said_by, example.silver, strict=True):
        if not said:
            continue
        mention = example.document.mentions[min(said)]
        known = by_head.get(mention.name_head)
        if known is None and silver and gender_of(example.document.grammar, mention):
            chosen = resolver.antecedents(mention)
            right = [int(surname(example.entities[n].name) == surname(silver)) for n in chosen]
            groups.append((resolver.features(chosen, mention, last), right))
            known = next((example.entities[n].name for n, yes in zip(chosen, right, strict=True) if yes), None)
        last = known or last
    return groups


def _record(forest: Any, names: tuple[str, ...]) -> Record:  # noqa: ANN401 - scikit-learn has no types
    """A fitted forest as nested lists: [feature, threshold, left, right] for a node, [value] for a leaf."""
    trees = []
    for (predictor,) in forest._predictors:
        trees.append(
            [
                [round(float(node["value"]), 5)]
                if node["is_leaf"]
                else [
                    int(node["feature_idx"]),
                    float(f"{node['num_threshold']:.7g}"),
                    int(node["left"]),
                    int(node["right"]),
                ]
                for node in predictor.nodes
            ]
        )
    return {"features": list(names), "base": round(float(np.ravel(forest._baseline_prediction)[0]), 5), "trees": trees}


def write_model(record: Record, path: Path) -> None:
    """Write a model with one tree a line, so that two fits can be compared."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("]],[[", "]],\n[[").replace('"trees":', '\n"trees":\n').replace('},"', '},\n"')
    path.write_text(text + "\n", encoding="utf-8")


def cross_validate(examples: list[Example], folds: int, out: Path) -> list[Record]:
    """Predict each part of the articles with a model fitted on the others, through the product's own code."""
    everything: list[Record] = []
    with out.open("w", encoding="utf-8") as file, tempfile.TemporaryDirectory() as folder:
        for part in range(folds):
            path = Path(folder) / f"{part}.json"
            write_model(fit([example for example in examples if part_of(example.id, folds, "f") != part]), path)
            model = read_model(path)
            for example in (example for example in examples if part_of(example.id, folds, "f") == part):
                for record in predictions(
                    example.id, example.text, find_quotations(example.text, example.parse, model)
                ):
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
                    everything.append(record)
            sys.stderr.write(f"part {part + 1} of {folds} done\n")
    return everything


def table(quotes: list[Record], predicted: list[Record]) -> str:
    """How far the confidence of predictions can be trusted, as lines."""
    segments, extracted = defaultdict(list), defaultdict(list)
    for quote in quotes:
        segments[quote["article_id"]].append(segment_of(quote))
    for record in predicted:
        extracted[record["article_id"]].append((extracted_of(record), record["confidence"]))
    return "\n".join(reliability(segments, extracted))


def main() -> int:
    """Read the command line, fit, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path)
    options.add_argument("--folds", type=int, default=0)
    options.add_argument("--predictions", type=Path)
    chosen = options.parse_args()
    examples = read_examples(chosen.data)
    if chosen.folds and chosen.predictions:
        predicted = cross_validate(examples, chosen.folds, chosen.predictions)
        sys.stdout.write(table(read_records(chosen.data / "quotes.jsonl"), predicted) + "\n")
    if chosen.out:
        write_model(fit(examples), chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
