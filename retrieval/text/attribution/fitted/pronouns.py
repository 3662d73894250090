"""Features of a pronoun together with a person named before it, for the model that resolves pronouns."""

from bisect import bisect_left, bisect_right
from itertools import islice

from retrieval.text.attribution.cues import FEMININE, MASCULINE
from retrieval.text.attribution.fitted.document_context import DocumentContext
from retrieval.text.attribution.fitted.grammar import SUBJECTS, Grammar
from retrieval.text.attribution.fitted.mentions import Mention
from retrieval.text.attribution.fitted.person_entities import PersonEntity

_REACH = 6
_MOST_PLACES = 500
_MOST_PERSONS = 60
"""Limits on the names and persons before a pronoun, for paragraphs of any length."""

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
    """The gender of a pronoun, "m" or "f"; "" for every other mention."""
    lemma = grammar.tokens[mention.head].lemma
    return "m" if lemma in MASCULINE else "f" if lemma in FEMININE else ""


class PronounResolver:
    """Finds and describes the persons that a pronoun of one document may stand for.

    `source[i]` is the probability that mention i of the document is the source of anything.
    """

    def __init__(self, entities: list[PersonEntity], document: DocumentContext, source: list[float]) -> None:
        self.entities = entities
        self._scene = document
        self._likely = {named.head: source[i] for i, named in enumerate(document.mentions)}
        self._starts = [[named.start for named in person.mentions] for person in entities]
        self._places = sorted((start, number) for number, starts in enumerate(self._starts) for start in starts)
        self._likely_starts = [
            [named.start for named in person.mentions if self._likely.get(named.head, 0.0) > _LIKELY]
            for person in entities
        ]
        self._outside = [
            any(not document.grammar.quoted[named.head] for named in person.mentions) for person in entities
        ]
        tokens = document.grammar.tokens
        self._subjects = [k for k, token in enumerate(tokens) if token.dep == "nsubj" and token.entity == "PERSON"]

    def antecedents(self, mention: Mention) -> list[int]:
        """Numbers of the persons named before a pronoun, in its paragraph or the six before, whose gender may agree.

        Persons named only inside quotations are left out.
        """
        gender = gender_of(self._scene.grammar, mention)
        floor = self._scene.spans[max(0, mention.paragraph - _REACH)][0]
        first, last = bisect_left(self._places, (floor,)), bisect_left(self._places, (mention.start,))
        lately = dict.fromkeys(number for _, number in reversed(self._places[max(first, last - _MOST_PLACES) : last]))
        fitting = (n for n in lately if self._outside[n] and self.entities[n].gender in {"", gender})
        return sorted(islice(fitting, _MOST_PERSONS))

    def subject_before(self, mention: Mention) -> int | None:
        """The number of the person who is the latest subject of a main clause in the paragraph before a pronoun."""
        grammar = self._scene.grammar
        named = self._named_before(mention)
        return next((number for number, head in named if head >= 0 and grammar.is_main_subject(head)), None)

    def alone_before(self, mention: Mention) -> int | None:
        """The number of the only person whom the paragraph names before a pronoun and its sentence."""
        sentence = _sentence(self._scene, mention.start)
        numbers = {number for number, _ in self._named_before(mention)}
        if len(numbers) != 1:
            return None
        (number,) = numbers
        latest = self._starts[number][bisect_left(self._starts[number], mention.start) - 1]
        return number if _sentence(self._scene, latest) < sentence else None

    def _named_before(self, mention: Mention) -> list[tuple[int, int]]:
        """(number, head) of persons named before a pronoun in its paragraph whose gender may agree, latest first."""
        grammar = self._scene.grammar
        gender = gender_of(grammar, mention)
        first = bisect_left(self._places, (self._scene.spans[mention.paragraph][0],))
        last = bisect_left(self._places, (mention.start,))
        named = []
        for start, number in reversed(self._places[max(first, last - _MOST_PERSONS) : last]):
            head = self.entities[number].mentions[bisect_left(self._starts[number], start)].head
            if self.entities[number].gender in {"", gender} and not grammar.quoted[head]:
                named.append((number, head))
        return named

    def features(self, chosen: list[int], mention: Mention, last_speaker: str | None) -> list[list[float]]:
        """One row of `PRONOUN_FEATURES` for each person numbered in `chosen`.

        `last_speaker` is the person who said the quotation before this one.
        """
        document, grammar = self._scene, self._scene.grammar
        gender = gender_of(grammar, mention)
        paragraph, paragraph_end = document.spans[mention.paragraph]
        named_before = bisect_left(self._places, (mention.start,))
        counts = {n: bisect_left(self._starts[n], mention.start) for n in chosen}
        latest = {n: self._starts[n][counts[n] - 1] for n in chosen}
        total = sum(counts.values()) or 1
        order = sorted(chosen, key=lambda n: -latest[n])
        spoken = {n: _last_before(self._likely_starts[n], mention.start) for n in chosen}
        verb = grammar.tokens[grammar.tokens[mention.head].head].lemma
        sentence = _sentence(document, mention.start)
        subjects = bisect_left(self._subjects, mention.head)
        rows = []
        for n in chosen:
            person, starts = self.entities[n], self._starts[n]
            before_paragraph = bisect_left(starts, paragraph)
            latest_mention = person.mentions[bisect_left(starts, latest[n])]
            token = grammar.tokens[latest_mention.head]
            close = range(bisect_right(starts, latest[n] - _SPOKE_WITHIN), bisect_right(starts, latest[n]))
            rows.append(
                [
                    2.0 if person.gender and person.gender == gender else 1.0,
                    float(sum(1 for other in chosen if other != n and self.entities[other].gender == gender)),
                    min(float(grammar.words_between(latest_mention.head, mention.head)), 250.0),
                    float(sentence - _sentence(document, latest_mention.start)),
                    float(named_before - bisect_left(self._places, (latest_mention.start,)) - 1),
                    float(mention.paragraph + 1 - self._paragraphs_up_to(latest_mention.start, mention.paragraph)),
                    float(counts[n]),
                    float(len(person.mentions)),
                    float(bisect_left(starts, paragraph_end) - before_paragraph),
                    float(max(0, counts[n] - before_paragraph)),
                    float(token.dep in SUBJECTS),
                    self._likely.get(latest_mention.head, 0.0),
                    float(_sentence(document, latest_mention.start) == sentence),
                    float(before_paragraph < counts[n] and starts[before_paragraph] - paragraph < _OPENING),
                    counts[n] / total,
                    float(last_speaker == person.name) if last_speaker else -1.0,
                    float(order.index(n)),
                    float(len(chosen)),
                    float(starts[0]),
                    float(len(person.name.split()) > 1),
                    float(grammar.quoted[latest_mention.head]),
                    float(order.index(n) == 0 and token.dep in SUBJECTS),
                    max((self._likely.get(person.mentions[k].head, 0.0) for k in close), default=0.0),
                    float(document.text[paragraph : min(mention.start, paragraph + _OPENING)].strip() == ""),
                    float(token.dep == "poss"),
                    float(max(0, subjects - bisect_left(self._subjects, latest_mention.head + 1))),
                    float(verb in _GOING_ON),
                    float(sum(1 for other in chosen if spoken[other] > spoken[n])),
                ]
            )
        return rows

    def _paragraphs_up_to(self, start: int, last: int) -> int:
        """How many paragraphs, up to number `last`, begin no later than `start`."""
        return bisect_right(self._scene.spans, start, hi=last + 1, key=lambda span: span[0])


def _last_before(starts: list[int], end: int) -> int:
    """The last of ascending offsets before `end`; -1 where there is none."""
    before = bisect_left(starts, end)
    return starts[before - 1] if before else -1


def _sentence(document: DocumentContext, offset: int) -> int:
    return bisect_left(document.sentence_starts, offset + 1) - 1
