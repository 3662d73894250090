"""Whose words a question asks for ("what did Ada Roe say of the bridge"), and which sentences tell what they said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from retrieval.text.attribution.cues import PLAIN_FORMS, SPEECH_FORMS
from retrieval.text.names.vocabulary import is_role_word
from retrieval.text.words import analyse, word_list, words_by_piece

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

_AUXILIARY = r"(?:did|do|does|has|have|had|will|would)"
_SPEAKER = r"(?P<speaker>[^\W_][\w.'’ -]{0,60}?)"
_SPEAKS = rf"(?:have to say|react|{'|'.join(sorted(SPEECH_FORMS))})"
_WORDS = r"(?:words?|response|reaction|answer|reply|comments?|remarks?|statement|message|opinion|explanation|verdict)"
_ASKED: Final = tuple(
    re.compile(rf"\W*{pattern}\b", re.IGNORECASE)
    for pattern in (
        rf"(?:what|how) {_AUXILIARY} {_SPEAKER} {_SPEAKS}",
        rf"what (?:is|was|are|were) {_SPEAKER} (?:saying|telling|claiming|promising|tweeting)",
        rf"what(?:['’]?s| is| was| were| are) {_SPEAKER}(?:['’]s?|s) {_WORDS}",
    )
)
_NOBODY = frozenset({"he", "she", "they", "it", "people", "we", "you", "i", "this", "that"})
_MARKS = (",", '"', "”", "’", "'", "!", "?")
_INVERTED: Final = word_list("said says added adds replied wrote writes explained asked tweeted")
"""Verbs that stand before their subject, behind a mark: "…,” said Roe"."""
_WITHIN: Final = 6
"""Words behind a name among which its verb of speech stands."""
_BEFORE: Final = 2
"""Words, titles mostly, between a verb of speech and the name behind it."""
_OWNER = re.compile(r"['’]s? ")
"""Behind whose words stands somebody of theirs: "Ada Roe's lawyer"."""
_APPOSITION = re.compile(r"(?<=\w), [^,]{1,80},")


@dataclass(frozen=True, slots=True)
class AskedSpeaker:
    """Whose words are asked for: analysed `words` of a name or an office; `named` where the last is of a name."""

    words: frozenset[str]
    named: bool

    def is_said_by(self, name: str, role: str | None) -> bool:
        """Whether a speaker whom an article prints so may be meant."""
        printed = frozenset(analyse(name))
        if self.named and not self.words.isdisjoint(printed):
            return self.words <= printed or printed <= self.words
        return self.words <= printed | frozenset(analyse(role or ""))

    def speaks_in(self, sentence: str) -> bool:
        """Whether a sentence tells, with or without quotation marks, what they said: "Roe told him that …"."""
        pieces = _APPOSITION.sub("", sentence).split()
        words = words_by_piece(" ".join(pieces))
        held = {at for at, piece in enumerate(words) if not self.words.isdisjoint(piece)}
        return self.words <= {word for at in held for word in words[at]} and any(
            _speaks_behind(pieces[at + 1 : at + 1 + _WITHIN]) or _speaks_before(pieces[max(0, at - _BEFORE - 2) : at])
            for at in held
            if not pieces[at].rstrip(".,;:").endswith(("'s", "’s"))
        )


def asked_speaker(question: str, names: AbstractSet[str]) -> AskedSpeaker | None:
    """Whose words are asked for; `names` are the analysed words of names in the question. None for other questions."""
    match = next(filter(None, (pattern.match(question) for pattern in _ASKED)), None)
    if match is None or match["speaker"].casefold() in _NOBODY:
        return None
    speaker = match["speaker"]
    of_another = _OWNER.search(speaker) is not None
    without_titles = "" if of_another else " ".join(word for word in speaker.split() if not is_role_word(word))
    words = analyse(without_titles) or analyse(speaker)
    return AskedSpeaker(frozenset(words), not of_another and words[-1] in names) if words else None


def _speaks_behind(pieces: Iterable[str]) -> bool:
    """Whether a verb of speech stands among words behind a name, before another name."""
    plain = takewhile(lambda piece: piece[:1].islower() or piece.rstrip(",").endswith("day"), pieces)
    return any(_bare(piece) in PLAIN_FORMS for piece in plain)


def _speaks_before(pieces: list[str]) -> bool:
    """Whether a verb of speech, or "according to", stands right before a name and its titles."""
    lower = [at for at, piece in enumerate(pieces) if piece[:1].islower()]
    if not lower or len(pieces) - lower[-1] > _BEFORE + 1:
        return False
    last, before = _bare(pieces[lower[-1]]), pieces[: lower[-1]][-1:]
    return (last in _INVERTED and before != [] and before[0].endswith(_MARKS)) or (
        last == "to" and "according" in pieces[lower[-1] - 1].lower()
    )


def _bare(piece: str) -> str:
    return piece.strip(".,;:“”\"'").lower()
