"""Which person a pronoun stands for: what a fitted model is told of a pronoun and each person named near it."""

from bisect import bisect_left, bisect_right
from itertools import islice

from retrieval.text.attribution.cues import FEMININE, MASCULINE
from retrieval.text.attribution.document_context import Scene
from retrieval.text.attribution.grammar import SUBJECTS, Grammar
from retrieval.text.attribution.mentions import Mention
from retrieval.text.attribution.person_entities import PersonEntity

_REACH = 6
_MOST_PLACES = 500
_MOST_PERSONS = 60
"""Of a paragraph without end, as many names and persons before a pronoun as are looked at."""

_SPOKE_WITHIN = 600
_LIKELY = 0.5
_OPENING = 40
_GOING_ON = frozenset({"add", "continue", "conclude", "go", "note", "explain"})

PRONOUN_FEATURES = (
    "gender agrees", "gender rivals", "words apart", "sentences up", "persons between", "paragraphs up",
    "mentions before", "mentions in all", "mentions in paragraph", "mentions in paragraph before",
    "subject there", "source there", "same sentence", "opens its paragraph", "share of mentions",
    "said the last quotation", "recency", "candidates", "opens article", "full name", "quoted there",
    "latest is subject", "likely source near", "pronoun opens paragraph", "possessive there",
    "persons as subjects since", "verb goes on", "rank among sources",
)  # fmt: skip


def gender_of(grammar: Grammar, mention: Mention) -> str:
    """The gender a pronoun tells, "m" or "f", and "" for every other mention."""
    lemma = grammar.token(mention.head).lemma
    return "m" if lemma in MASCULINE else "f" if lemma in FEMININE else ""


class Company:
    """The persons of a scene with the places of their names in order, where a pronoun looks for whom it stands for.

    `source[i]` is the probability that mention i of the scene is the source of anything.
    """

    def __init__(self, characters: list[PersonEntity], scene: Scene, source: list[float]) -> None:
        self.characters = characters
        self._scene = scene
        self._likely = {named.head: source[i] for i, named in enumerate(scene.mentions)}
        self._starts = [[named.start for named in person.mentions] for person in characters]
        self._places = sorted((start, number) for number, starts in enumerate(self._starts) for start in starts)
        self._likely_starts = [
            [named.start for named in person.mentions if self._likely.get(named.head, 0.0) > _LIKELY]
            for person in characters
        ]
        self._outside = [
            any(not scene.grammar.quoted[named.head] for named in person.mentions) for person in characters
        ]
        tokens = scene.grammar.tokens
        self._subjects = [k for k, token in enumerate(tokens) if token.dep == "nsubj" and token.entity == "PERSON"]

    def antecedents(self, mention: Mention) -> list[int]:
        """The numbers of the persons named before a pronoun in its paragraph or the six before, whose gender may agree.

        Whom only quotations name is not meant.
        """
        gender = gender_of(self._scene.grammar, mention)
        floor = self._scene.spans[max(0, mention.paragraph - _REACH)][0]
        first, last = bisect_left(self._places, (floor,)), bisect_left(self._places, (mention.start,))
        lately = dict.fromkeys(number for _, number in reversed(self._places[max(first, last - _MOST_PLACES) : last]))
        meant = (n for n in lately if self._outside[n] and self.characters[n].gender in {"", gender})
        return sorted(islice(meant, _MOST_PERSONS))

    def features(self, chosen: list[int], mention: Mention, last_speaker: str | None) -> list[list[float]]:
        """One row of `PRONOUN_FEATURES` for each person numbered in `chosen`.

        `last_speaker` is the person who said the quotation before this one.
        """
        scene, grammar = self._scene, self._scene.grammar
        gender = gender_of(grammar, mention)
        paragraph, paragraph_end = scene.spans[mention.paragraph]
        named_before = bisect_left(self._places, (mention.start,))
        counts = {n: bisect_left(self._starts[n], mention.start) for n in chosen}
        latest = {n: self._starts[n][counts[n] - 1] for n in chosen}
        total = sum(counts.values()) or 1
        order = sorted(chosen, key=lambda n: -latest[n])
        spoken = {n: _last_before(self._likely_starts[n], mention.start) for n in chosen}
        verb = grammar.token(grammar.token(mention.head).head).lemma
        sentence = _sentence(scene, mention.start)
        rows = []
        for n in chosen:
            person, starts = self.characters[n], self._starts[n]
            here = bisect_left(starts, paragraph)
            near = person.mentions[bisect_left(starts, latest[n])]
            token = grammar.token(near.head)
            close = range(bisect_right(starts, latest[n] - _SPOKE_WITHIN), bisect_right(starts, latest[n]))
            rows.append(
                [
                    2.0 if person.gender and person.gender == gender else 1.0,
                    float(sum(1 for other in chosen if other != n and self.characters[other].gender == gender)),
                    min(float(grammar.words_between(near.head, mention.head)), 250.0),
                    float(sentence - _sentence(scene, near.start)),
                    float(named_before - bisect_left(self._places, (near.start,)) - 1),
                    float(mention.paragraph + 1 - self._paragraphs_up_to(near.start, mention.paragraph)),
                    float(counts[n]),
                    float(len(person.mentions)),
                    float(bisect_left(starts, paragraph_end) - here),
                    float(max(0, counts[n] - here)),
                    float(token.dep in SUBJECTS),
                    self._likely.get(near.head, 0.0),
                    float(_sentence(scene, near.start) == sentence),
                    float(here < counts[n] and starts[here] - paragraph < _OPENING),
                    counts[n] / total,
                    float(last_speaker == person.name) if last_speaker else -1.0,
                    float(order.index(n)),
                    float(len(chosen)),
                    float(starts[0]),
                    float(len(person.name.split()) > 1),
                    float(grammar.quoted[near.head]),
                    float(order.index(n) == 0 and token.dep in SUBJECTS),
                    max((self._likely.get(person.mentions[k].head, 0.0) for k in close), default=0.0),
                    float(scene.text[paragraph : min(mention.start, paragraph + _OPENING)].strip() == ""),
                    float(token.dep == "poss"),
                    float(
                        max(
                            0,
                            bisect_left(self._subjects, mention.head) - bisect_left(self._subjects, near.head + 1),
                        )
                    ),
                    float(verb in _GOING_ON),
                    float(sum(1 for other in chosen if spoken[other] > spoken[n])),
                ]
            )
        return rows

    def _paragraphs_up_to(self, start: int, last: int) -> int:
        """How many paragraphs, up to the one numbered `last`, begin no later than a place."""
        return bisect_right(self._scene.spans, start, hi=last + 1, key=lambda span: span[0])


def _last_before(starts: list[int], end: int) -> int:
    """The last of some places before another; -1 where there is none."""
    before = bisect_left(starts, end)
    return starts[before - 1] if before else -1


def _sentence(scene: Scene, offset: int) -> int:
    return bisect_left(scene.sentence_starts, offset + 1) - 1
