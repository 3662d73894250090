"""Tells the language of a text, and what is known of it: its verbs of speech and the little words around names."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache

from retrieval.text.words import read_lines

_WORD = re.compile(r"[^\W\d_]++(?:['’][^\W\d_]++)?+")
_HAN_OR_KANA = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_NOT_ENGLISH = re.compile(r"[«»„‚‹›\u00c0-\u024f\u0370-\u04ff]")
_GREEK_OR_CYRILLIC = re.compile(r"[\u0370-\u04ff]")
_OTHER_SCRIPTS = re.compile(r"[\u0530-\u06ff\u0900-\u0fff\u1000-\u109f\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
EASTERN = "eastern"
"""Chinese or Japanese."""

_ENGLISH = "en"
_UNKNOWN = "other"
_LONGEST_SAMPLE = 20_000
_FEWEST = 2
"""Different words of a language that a text must have."""

_MARGIN = 1.5
"""How many times as often as those of English only."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its words in lower case, by what they are for; see `word_lists/languages.txt`."""

    code: str
    words: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    def of(self, kind: str) -> frozenset[str]:
        """The words of one kind, none where nothing is known of them."""
        return self.words.get(kind, frozenset())


def language_of(text: str, own: str) -> Language | None:
    """The language of a text; None for English, and where nothing tells another one.

    `own` is the text without quoted words: the writer's own decide, unless none of them is English.
    """
    found = _language(own[:_LONGEST_SAMPLE])
    if found is None and _only_english().isdisjoint(_words(own[:_LONGEST_SAMPLE])):
        return _language(text[:_LONGEST_SAMPLE])
    return found


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def _language(sample: str) -> Language | None:
    words = _words(sample)
    if len(_OTHER_SCRIPTS.findall(sample)) > sum(map(len, words)) / 2:
        return Language(EASTERN if _HAN_OR_KANA.search(sample) else _UNKNOWN)
    counts = Counter(words)
    sure = _NOT_ENGLISH.search(sample) is not None
    evidence = {code: _evidence(counts, code, sure=sure) for code in _table() if code != _ENGLISH}
    code = max(evidence, key=lambda code: evidence[code])
    if evidence[code]:
        return Language(code, _table()[code])
    return Language(_UNKNOWN) if len(_GREEK_OR_CYRILLIC.findall(sample)) > sum(map(len, words)) / 2 else None


def _evidence(counts: Counter[str], code: str, *, sure: bool) -> int:
    """How many words of a text are of a language and not English; 0 where fewer are than of English and not of it.

    A word that reports speech is enough alone where nothing is English, and it is `sure` that something is not.
    """
    own, english = _telling(code), _telling(_ENGLISH)
    found = [word for word in own - english if word in counts]
    total = sum(counts[word] for word in found)
    against = sum(counts[word] for word in english - own if word in counts)
    alone = sure and not against and any(word not in _table()[code]["common"] for word in found)
    return total if alone or (len(found) >= _FEWEST and total > against * _MARGIN) else 0


@cache
def _only_english() -> frozenset[str]:
    return _telling(_ENGLISH).difference(*(_telling(code) for code in _table() if code != _ENGLISH))


@cache
def _telling(code: str) -> frozenset[str]:
    """The words that tell a language: the common ones, and those that report speech."""
    kinds = ("common", "verbs", "auxiliaries", "according")
    return frozenset().union(*(_table()[code].get(kind, ()) for kind in kinds))


@cache
def _table() -> dict[str, dict[str, frozenset[str]]]:
    table: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for line in read_lines("languages"):
        code, kind, *words = line.split()
        table[code][kind] = frozenset(words)
    return dict(table)
