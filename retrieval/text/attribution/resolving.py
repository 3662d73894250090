"""Which person a pronoun stands for: what a fitted model is told of a pronoun and each person named near it."""

from bisect import bisect_left

from retrieval.text.attribution.cast import Character
from retrieval.text.attribution.cues import FEMININE, MASCULINE
from retrieval.text.attribution.grammar import SUBJECTS, Grammar
from retrieval.text.attribution.mentions import Mention
from retrieval.text.attribution.scene import Scene

_REACH = 6
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


def antecedents(characters: list[Character], scene: Scene, mention: Mention) -> list[int]:
    """The numbers of the persons named before a pronoun in its paragraph or the six before, whose gender may agree.

    Whom only quotations name is not meant.
    """
    gender = gender_of(scene.grammar, mention)
    floor = scene.spans[max(0, mention.paragraph - _REACH)][0]
    return [
        number
        for number, person in enumerate(characters)
        if person.gender in {"", gender}
        and any(floor <= named.start < mention.start for named in person.mentions)
        and any(not scene.grammar.quoted[named.head] for named in person.mentions)
    ]


def pronoun_features(
    characters: list[Character],
    chosen: list[int],
    scene: Scene,
    mention: Mention,
    *,
    source: list[float],
    last_speaker: str | None,
) -> list[list[float]]:
    """One row of `PRONOUN_FEATURES` for each person numbered in `chosen`.

    `source[i]` is the probability that mention i of the scene is the source of anything; `last_speaker` the person who
    said the quotation before this one.
    """
    grammar = scene.grammar
    gender = gender_of(grammar, mention)
    paragraph = scene.spans[mention.paragraph][0]
    likely = {named.head: source[i] for i, named in enumerate(scene.mentions)}
    before = sorted(named.start for c in characters for named in c.mentions if named.start < mention.start)
    latest = {n: max(m.start for m in characters[n].mentions if m.start < mention.start) for n in chosen}
    counts = {n: sum(1 for m in characters[n].mentions if m.start < mention.start) for n in chosen}
    total = sum(counts.values()) or 1
    order = sorted(chosen, key=lambda n: -latest[n])
    spoken = {
        n: max(
            (m.start for m in characters[n].mentions if m.start < mention.start and likely.get(m.head, 0.0) > _LIKELY),
            default=-1,
        )
        for n in chosen
    }
    verb = grammar.token(grammar.token(mention.head).head).lemma
    sentence = _sentence(scene, mention.start)
    rows = []
    for n in chosen:
        person = characters[n]
        here = [m for m in person.mentions if paragraph <= m.start < mention.start]
        near = next(m for m in person.mentions if m.start == latest[n])
        token = grammar.token(near.head)
        spoke = max(
            (likely.get(m.head, 0.0) for m in person.mentions if latest[n] - 600 < m.start <= latest[n]), default=0.0
        )
        rows.append(
            [
                2.0 if person.gender and person.gender == gender else 1.0,
                float(sum(1 for other in chosen if other != n and characters[other].gender == gender)),
                min(float(grammar.words_between(near.head, mention.head)), 250.0),
                float(sentence - _sentence(scene, near.start)),
                float(len(before) - bisect_left(before, near.start) - 1),
                float(sum(1 for start, _ in scene.spans[: mention.paragraph + 1] if start > near.start)),
                float(counts[n]),
                float(len(person.mentions)),
                float(sum(1 for m in person.mentions if paragraph <= m.start < scene.spans[mention.paragraph][1])),
                float(len(here)),
                float(token.dep in SUBJECTS),
                likely.get(near.head, 0.0),
                float(_sentence(scene, near.start) == sentence),
                float(bool(here) and here[0].start - paragraph < _OPENING),
                counts[n] / total,
                float(last_speaker == person.name) if last_speaker else -1.0,
                float(order.index(n)),
                float(len(chosen)),
                float(person.mentions[0].start),
                float(len(person.name.split()) > 1),
                float(grammar.quoted[near.head]),
                float(order.index(n) == 0 and token.dep in SUBJECTS),
                spoke,
                float(scene.text[scene.spans[mention.paragraph][0] : mention.start].strip() == ""),
                float(token.dep == "poss"),
                float(
                    sum(
                        1
                        for k in range(near.head + 1, mention.head)
                        if grammar.tokens[k].dep == "nsubj" and grammar.tokens[k].entity == "PERSON"
                    )
                ),
                float(verb in _GOING_ON),
                float(sum(1 for other in chosen if spoken[other] > spoken[n])),
            ]
        )
    return rows


def _sentence(scene: Scene, offset: int) -> int:
    return bisect_left(scene.sentence_starts, offset + 1) - 1
