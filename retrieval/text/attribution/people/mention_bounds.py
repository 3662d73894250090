"""The part of a text that names or describes a speaker, where a parse or a rule found only roughly where it is."""

import re
from collections.abc import Sequence

from retrieval.text.attribution.cues import SPEECH_FORMS
from retrieval.text.names.name_bounds import PORTFOLIOS, named_part
from retrieval.text.names.names import is_named, split_title
from retrieval.text.names.printable import is_post
from retrieval.text.names.vocabulary import (
    CAPITALS,
    OPENERS,
    PARTICLES,
    ends_sentence,
    fold,
    given_gender,
    is_family_name,
    is_role_word,
)
from retrieval.text.words import read_words, word_list

_KIN = read_words("nouns_for_men") | read_words("nouns_for_women") | read_words("no_posts")
_DETERMINERS = word_list("a an the his her its their our my your another one every some many most both")
_BEGUN = word_list("united saint san los las")
"""First words of names of bodies and places that are none by themselves."""

_TIMES = word_list("later earlier ago before afterwards")
_WORD = re.compile(r"\S+")
_PRONOUN = re.compile(r"(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ww]e|I)(?=\s)")
_PARTICLE = rf"(?:(?:{'|'.join(sorted(PARTICLES))}) ){{0,3}}"
_CAPITAL = rf"(?:(?:al|el)-)?[{CAPITALS}][\w’'-]*+"
_RUN = re.compile(rf"\.? (?={_PARTICLE}{_CAPITAL})({_PARTICLE}{_CAPITAL}(?: {_PARTICLE}{_CAPITAL}){{0,3}})")
_PORTFOLIO = re.compile(rf" (?:of|for)(?: the)?(?P<words>(?:(?: and)? {_CAPITAL}){{1,8}})")
_BESIDE = re.compile(rf", ({_PARTICLE}{_CAPITAL}(?: {_PARTICLE}{_CAPITAL}){{1,3}})(?=[,.;:)\n]|\Z| said\b| says\b)")
_TITLED = re.compile(rf"(?: [a-z-]{{1,30}}){{0,2}} ([a-z-]{{1,30}}) {_CAPITAL}(?: {_PARTICLE}{_CAPITAL}){{1,3}}")
_BEFORE = re.compile(rf"(?<![\w’'-])({_CAPITAL}) {_PARTICLE}\Z")
_LONGEST_WORD = 40


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The mention without what is quoted before it, the end of another sentence, and what opens its own."""
    start += named_part(text[start:end])[0]
    for word in _WORD.finditer(text, start, end):
        if (
            word.group().rstrip("”\"’'")[-1:] in ".!?"
            and ends_sentence(word.group().rstrip("”\"’'"))
            and word.end() < end
        ):
            start = word.end()
    start = _behind_opening(text, start, end)
    while start < end and not (text[start].isalnum() or text[start] in "“$"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ".)”’'%"):
        end -= 1
    pronoun = _PRONOUN.match(text, start, end)
    return start, pronoun.end() if pronoun else end


def _behind_opening(text: str, start: int, end: int) -> int:
    """The start of the last part between commas, where the first part is only an adverbial: "At the debate, Costa"."""
    parts = [part.span() for part in re.finditer(r"[^,]+", text[start:end]) if part.group().strip()]
    words = text[start:end][slice(*parts[0])].split() if parts else []
    timed = bool(words) and words[-1] in _TIMES
    if len(parts) == 1 or not words or (words[0].casefold() in _DETERMINERS and not timed):
        return start
    opens = (
        timed
        or fold(words[0]) in OPENERS
        or (words[0].islower() and words[-1].islower() and not is_role_word(words[-1]))
    )
    for first, last in reversed(parts[1:]):
        part = text[start + first : start + last].strip()
        if opens and (part[0].isupper() or _PRONOUN.match(part + " ")):
            return start + first
    return start


def extended(text: str, start: int, end: int) -> tuple[int, int]:
    """The mention with the rest of a word or a name that it cuts, and with the name behind a description."""
    start, end = whole_name(text, start, end)
    words = text[start:end].split()
    last = words[-1].rstrip(".") if words else ""
    titled = _TITLED.match(text, end)
    if titled and last[:1].isupper() and is_post(titled.group(1)) and not _has_verb(titled.group()):
        return start, titled.end()
    if not is_post(last) and last not in _KIN:
        return start, end
    beside = _BESIDE.match(text, end)
    if beside and not is_named(text[start:end]) and not _is_plural(last):
        return start, beside.end(1)
    portfolio = _PORTFOLIO.match(text, end)
    if portfolio and _is_whole(text[start : portfolio.end()], portfolio["words"].split()):
        return start, portfolio.end()
    return start, _behind_run(text, end, least=1 if words[-1].endswith(".") or text[end : end + 2] == ". " else 2)


def _is_whole(office: str, portfolio: Sequence[str]) -> bool:
    """Whether an office may be of these words: of what ministers are of, or of a name of two words and more."""
    known = all(fold(word) in PORTFOLIOS or word == "and" for word in portfolio)
    return known or (len(portfolio) > 1 and is_named(office))


def _has_verb(words: str) -> bool:
    return any(word in SPEECH_FORMS or word in OPENERS or word.endswith("ed") for word in words.split())


def whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """A name, or a mention, with the rest of a word or of the name that it begins or ends in."""
    floor, ceiling = max(0, start - _LONGEST_WORD), min(len(text), end + _LONGEST_WORD)
    while start > floor and _is_inside_word(text, start):
        start -= 1
    while end < ceiling and _is_inside_word(text, end):
        end += 1
    words = text[start:end].split()
    if not words:
        return start, end
    if words[-1] in {"Jr", "Sr"} and text[end : end + 1] == ".":
        end += 1
    before = _BEFORE.search(text, max(0, start - _LONGEST_WORD), start)
    if before and (words[0] in PARTICLES or (words[0][0].isupper() and _begins_name(before.group(1)))):
        start = before.start(1)
    name = split_title(text[start:end]).name
    if words[-1] in PARTICLES or fold(words[-1]) in _BEGUN or (" " not in name and _begins_name(name)):
        end = _behind_run(text, end, least=1)
    return start, end


def _begins_name(word: str) -> bool:
    return bool(given_gender(word)) or is_family_name(word)


def _is_inside_word(text: str, at: int) -> bool:
    """Whether an offset divides a word; the ’s of a genitive is none of it."""
    before, after = text[at - 1 : at], text[at : at + 1]
    if before.isalnum() and after.isalnum():
        return True
    if after in {"-", "’", "'"}:
        return before.isalnum() and _goes_on(after, text[at + 1 : at + 2])
    return before in {"-", "’", "'"} and text[at - 2 : at - 1].isalnum() and _goes_on(before, after)


def _goes_on(mark: str, letter: str) -> bool:
    """Whether a hyphen, or an apostrophe, joins what follows to the word: "El-Masri", "O’Hare", but not "they’re"."""
    return letter.isalpha() if mark == "-" else letter.isupper()


def _behind_run(text: str, end: int, *, least: int) -> int:
    """The end of the capitalised words that follow, where they are at least so many and none opens a clause."""
    run = _RUN.match(text, end)
    if run is None or (
        text[end] == "." and ends_sentence(text[max(0, end - _LONGEST_WORD) : end + 1].rsplit(maxsplit=1)[-1])
    ):
        return end
    words = run.group(1).split()
    stop = next((at for at, word in enumerate(words) if fold(word) in OPENERS | SPEECH_FORMS), len(words))
    if stop < max(least, 1):
        return end
    return run.start(1) + len(" ".join(words[:stop]))


def _is_plural(word: str) -> bool:
    return word.endswith("s") and is_role_word(word[:-1])
