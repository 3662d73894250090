"""What the source model is told of a mention alone, to tell whether it is the source of anything said.

Numbers with names, so that the fitted model can be read. `Words` holds a log-odds for the lemmas of verbs and nouns.
"""

from dataclasses import dataclass

from retrieval.text.attribution.cues import SPEECH_LEMMAS
from retrieval.text.attribution.grammar import Grammar
from retrieval.text.attribution.mentions import NAME, NOMINAL, PRONOUN, Mention
from retrieval.text.names.names import is_role_word

ENTITY_CODES = {"": 0.0, "PERSON": 1.0, "ORG": 2.0, "NORP": 3.0, "GPE": 4.0}
DEP_CODES = {
    "nsubj": 0.0, "nsubjpass": 1.0, "pobj": 2.0, "poss": 3.0, "dobj": 4.0, "appos": 5.0, "conj": 6.0, "ROOT": 7.0,
    "compound": 8.0, "attr": 9.0,
}  # fmt: skip
PRONOUN_CODES = {
    "he": 1.0, "she": 2.0, "they": 3.0, "i": 4.0, "we": 5.0, "it": 6.0, "you": 7.0, "who": 8.0, "which": 9.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Log-odds, fitted, that the subject of a verb, or a phrase with this head, is the source of something said.

    The entry "" stands for every word not listed.
    """

    verbs: dict[str, float]
    heads: dict[str, float]

    def verb(self, lemma: str) -> float:
        """The log-odds of a verb."""
        return self.verbs.get(lemma, self.verbs.get("", -2.0))

    def head(self, lemma: str) -> float:
        """The log-odds of a noun."""
        return self.heads.get(lemma, self.heads.get("", -2.0))


SOURCE_FEATURES = (
    "type",
    "entity",
    "dep",
    "pronoun",
    "head odds",
    "best verb odds",
    "nearest verb odds",
    "best verb speaks",
    "verbs",
    "verb has clause",
    "verb has quote",
    "verb is passive",
    "verb tense",
    "according to",
    "verb distance",
    "plural",
    "indefinite",
    "role word",
    "colon follows",
    "words in phrase",
    "preposition",
    "quote in sentence",
    "comma after",
)


def source_features(grammar: Grammar, mention: Mention, words: Words, verbs: list[int]) -> list[float]:
    """Describe a mention alone; `verbs` are those it is the subject of, nearest first."""
    token = grammar.token(mention.head)
    head = grammar.token(token.head)
    odds = [words.verb(grammar.token(verb).lemma) for verb in verbs]
    nearest = verbs[0] if verbs else None
    according = token.dep == "pobj" and head.lemma == "to" and grammar.token(head.head).lemma in {"accord", "according"}
    next_word = following(grammar, mention.end)
    return [
        {NAME: 0.0, PRONOUN: 1.0, NOMINAL: 2.0}[mention.type],
        ENTITY_CODES.get(grammar.token(mention.name if mention.name is not None else mention.head).entity, 5.0),
        DEP_CODES.get(token.dep, 10.0),
        PRONOUN_CODES.get(token.lemma, 0.0 if mention.type != PRONOUN else 10.0),
        words.head(token.lemma) if mention.type == NOMINAL else 0.0,
        max(odds, default=-6.0),
        odds[0] if odds else -6.0,
        float(any(grammar.token(verb).lemma in SPEECH_LEMMAS for verb in verbs)),
        float(len(verbs)),
        float(not grammar.with_clause.isdisjoint(verbs[:3])),
        float(not grammar.with_quoted.isdisjoint(verbs[:3])),
        float(token.dep == "nsubjpass"),
        tense(grammar.token(nearest).tag) if nearest is not None else -1.0,
        float(according),
        float(nearest - mention.head) if nearest is not None else 0.0,
        float(token.tag in {"NNS", "NNPS"}),
        float(
            any(grammar.token(c).lemma in {"a", "an", "some", "one", "many"} for c in grammar.children[mention.head])
        ),
        float(is_role_word(token.lemma)),
        float(next_word == ":"),
        (mention.end - mention.start) / 6,
        {"by": 1.0, "from": 2.0, "of": 3.0, "to": 4.0, "in": 5.0}.get(head.lemma, 6.0) if token.dep == "pobj" else 0.0,
        float(
            any(
                grammar.quoted[number]
                for number in range(max(0, mention.head - 25), min(len(grammar.tokens), mention.head + 25))
            )
        ),
        float(next_word == ","),
    ]


def following(grammar: Grammar, end: int) -> str:
    """The lemma of the token after an offset."""
    number = grammar.between(0, end).stop
    return grammar.token(number).lemma if number < len(grammar.tokens) else ""


def tense(tag: str) -> float:
    """A code for the form of a verb."""
    return {"VBD": 0.0, "VBZ": 1.0, "VBG": 2.0, "VBN": 3.0, "VB": 4.0, "VBP": 5.0}.get(tag, 6.0)
