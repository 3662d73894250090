"""Tells what the words of a label stand for: a name, an office, initials, nobody in particular, or a fact."""

import re
from enum import Enum, auto

from retrieval.text.attribution.people.people import NOT_PEOPLE
from retrieval.text.names.names import split_title
from retrieval.text.names.vocabulary import fold, given_gender, is_role_word
from retrieval.text.words import FUNCTION_WORDS, read_words, word_list

_INITIALS = re.compile(r"(?:[A-Z]\.? ?){2,4}")
_NAME_WORD = re.compile(r"(?:[A-Z]\.){1,4}|[^\W\d_][\w’'-]*\.?")
_PAPER = re.compile(r"The [A-Z][a-z]+(?: [A-Z][a-z]+)?")
_WORD = re.compile(r"[^\W\d_]+")
_PAPERS = read_words("newspaper_words")
_NOBODY = read_words("nameless_speakers")
_FACTS = read_words("fact_labels")
_OFFICE_MODIFIERS = read_words("office_modifiers") | word_list(
    "parliamentary acting under-secretary prime foreign presiding first"
)
_UNNAMING = word_list(
    "the an a another other several some un first second third young old opposition government our and of"
)
_BEFORE_OFFICES = word_list("the mr madam mister acting deputy temporary vice assistant")
_CHAIRS = word_list("speaker president chairman chair chairwoman chairperson vice-president convener")
_COURT = word_list(
    "court witness clerk counsel defendant bench bailiff foreperson foreman juror chair president speaker officer"
)
_ANSWERS = frozenset({"A", "Respuesta", "Antwort", "Réponse", "Risposta", "Resposta"})
_TRADES = word_list("king bishop prince pope judge marshal major knight guard driver singer page abbott cook justice")
"""Ranks and trades that are surnames as well."""

_SAYING = word_list("said says asked asks told tells wrote writes added adds replied replies explained explains")
"""Verbs behind a name; Said is a surname, too."""

_IN_TITLES = word_list("of the for")
_OFFICE_TAIL = word_list("of for pro in at to")
ADDRESSES = word_list("mr mrs ms miss madam mister dr sir dame lord lady senator")
_PARTICLES = word_list("de da di del della der den van von bin ibn al el la le dos du ten ter y e")
MOST_WORDS = 4
_LONGEST_INITIALS = 2
"""More capitals than these that are a given name ("RUTH") are no initials."""

_MOST_WORDS_OF_OFFICES = 14
_FULL = 2
"""Words of a name and a surname."""


class Who(Enum):
    """What a label says of its speaker."""

    NAME = auto()
    INITIALS = auto()
    OFFICE = auto()
    ANSWER = auto()
    EXAMINER = auto()
    NOBODY = auto()


def label_kind(words: str) -> Who | None:  # noqa: PLR0911 - one kind a line
    """What the words of a label stand for; None where they announce a fact or are no label at all."""
    parts = words.split()
    if not parts or len(parts) > _MOST_WORDS_OF_OFFICES:
        return None
    if _names_nobody(parts):
        return Who.NOBODY
    if words.rstrip(".") in _ANSWERS:
        return Who.ANSWER
    if is_office(parts):
        return Who.OFFICE
    if _INITIALS.fullmatch(words) and not (len(words) > _LONGEST_INITIALS and given_gender(words)):
        return Who.INITIALS
    if _is_paper(words):
        return Who.NOBODY
    return Who.NAME if _is_name(words) and not announces(words) else None


def _is_paper(words: str) -> bool:
    """Whether the words are a paper's name, as that of an interviewer."""
    last = fold(words.rsplit(maxsplit=1)[-1])
    if _PAPER.fullmatch(words):
        return last in _PAPERS or not announces(words)
    return last in _PAPERS and _is_name(words) and not (given_gender(words) or split_title(words).start)


def _is_name(words: str) -> bool:
    """Whether the words are a name, with or without titles, and nothing else."""
    name, parts = split_title(words).name.split(), words.split()
    if not name or len(name) > MOST_WORDS or not name[0][0].isupper() or parts[-len(name) :] != name:
        return False
    if fold(name[-1]) in _SAYING and not (name[-1].lower() == "said" and len(parts) == _FULL and given_gender(words)):
        return False
    if not all(_NAME_WORD.fullmatch(part) and (part[0].isupper() or fold(part) in _PARTICLES) for part in name):
        return False
    titles = parts[: len(parts) - len(name)]
    if not all(part[0].isupper() or is_role_word(part) or part in _IN_TITLES for part in titles):
        return False
    sure = bool(titles or given_gender(words)) or fold(name[-1]) in _TRADES
    return sure or not (is_role_word(name[-1]) or any(fold(part) in FUNCTION_WORDS - _PARTICLES for part in name))


def _names_nobody(parts: list[str]) -> bool:
    bare = [fold(part).strip(".,#") for part in parts]
    if bare[-1] == "speaker" and bare[0] in _BEFORE_OFFICES:
        return False
    telling = [word for word in bare if (word not in _UNNAMING and not word.isdigit() and len(word) > 1) or word == "q"]
    return bool(telling) and all(word in _NOBODY for word in telling)


def is_office(parts: list[str]) -> bool:
    """Whether the words are an office and no name: "THE COURT", "Mr Deputy Speaker", "Witness A"."""
    bare = [fold(part).strip(".,") for part in parts]
    if len(bare) > 1 and len(parts[-1]) == 1:
        bare.pop()
    head = bare[: next((place for place, word in enumerate(bare) if word in _OFFICE_TAIL), len(bare))]
    if not head or given_gender(parts[0]):
        return False
    if head[0] in {"mr", "mrs", "ms", "miss", "dr", "mister", "madam"}:
        return len(head) > 1 and head[-1] in _CHAIRS
    last = head[-1].rpartition("-")[2]
    return last in _COURT or (is_role_word(last) and all(map(_belongs_to_office, head[:-1])))


def _belongs_to_office(word: str) -> bool:
    return word in _BEFORE_OFFICES or is_role_word(word) or word in _OFFICE_MODIFIERS


def announces(words: str) -> bool:
    """Whether a label announces a fact, a place or a group instead of somebody who speaks."""
    name = split_title(words)
    words = name.name if name.start and given_gender(name.name) else words
    bare = [fold(part).strip(".,-") for part in words.split()]
    if not bare or any(word in NOT_PEOPLE for word in bare):
        return True
    if given_gender(words) or bare[0] in ADDRESSES or (len(bare) > 1 and is_role_word(bare[0])):
        return False
    return any(word in _FACTS for word in bare)


def initials_of(name: str) -> str:
    """The initials of a name: "RBH" of "Rafi Ben-Hur"."""
    return "".join(word[0] for word in _WORD.findall(name) if word[0].isupper())
