"""Features of a mention alone, for the model that tells whether it is the source of anything said."""

from dataclasses import dataclass

from retrieval.text.attribution.cues import SPEECH_LEMMAS
from retrieval.text.attribution.fitted.grammar import Grammar
from retrieval.text.attribution.fitted.mentions import NAME, NOMINAL, PRONOUN, Mention
from retrieval.text.names.vocabulary import is_role_word

TYPE_CODES = {NAME: 0.0, PRONOUN: 1.0, NOMINAL: 2.0}
ENTITY_CODES = {"": 0.0, "PERSON": 1.0, "ORG": 2.0, "NORP": 3.0, "GPE": 4.0}
DEP_CODES = {
    "nsubj": 0.0, "nsubjpass": 1.0, "pobj": 2.0, "poss": 3.0, "dobj": 4.0, "appos": 5.0, "conj": 6.0, "ROOT": 7.0,
    "compound": 8.0, "attr": 9.0,
}  # fmt: skip
PRONOUN_CODES = {
    "he": 1.0, "she": 2.0, "they": 3.0, "i": 4.0, "we": 5.0, "it": 6.0, "you": 7.0, "who": 8.0, "which": 9.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordOdds:
    """Fitted log-odds, by lemma, that the subject of a verb, or a phrase with this head, is a source.

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
    "type", "entity", "dep", "pronoun", "head odds", "best verb odds", "nearest verb odds", "best verb speaks", "verbs",
    "verb has clause", "verb has quote", "verb is passive", "verb tense", "according to", "verb distance", "plural",
    "indefinite", "role word", "colon follows", "words in phrase", "preposition", "quote in sentence", "comma after",
)  # fmt: skip


def source_features(grammar: Grammar, mention: Mention, words: WordOdds, verbs: list[int]) -> list[float]:
    """One row of `SOURCE_FEATURES`; `verbs` are those the mention is the subject of, nearest first."""
    token = grammar.tokens[mention.head]
    head = grammar.tokens[token.head]
    odds = [words.verb(grammar.tokens[verb].lemma) for verb in verbs]
    nearest = verbs[0] if verbs else None
    next_word = following(grammar, mention.end)
    return [
        TYPE_CODES[mention.type],
        ENTITY_CODES.get(grammar.tokens[mention.name_head].entity, 5.0),
        DEP_CODES.get(token.dep, 10.0),
        PRONOUN_CODES.get(token.lemma, 0.0 if mention.type != PRONOUN else 10.0),
        words.head(token.lemma) if mention.type == NOMINAL else 0.0,
        max(odds, default=-6.0),
        odds[0] if odds else -6.0,
        float(any(grammar.tokens[verb].lemma in SPEECH_LEMMAS for verb in verbs)),
        float(len(verbs)),
        float(not grammar.with_clause.isdisjoint(verbs[:3])),
        float(not grammar.with_quoted.isdisjoint(verbs[:3])),
        float(token.dep == "nsubjpass"),
        tense(grammar.tokens[nearest].tag) if nearest is not None else -1.0,
        float(grammar.is_according_to(mention.head)),
        float(nearest - mention.head) if nearest is not None else 0.0,
        float(token.tag in {"NNS", "NNPS"}),
        float(
            any(grammar.tokens[c].lemma in {"a", "an", "some", "one", "many"} for c in grammar.children[mention.head])
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
    """Return the lemma of the first token after offset `end`; empty at the end of the text."""
    number = grammar.between(0, end).stop
    return grammar.tokens[number].lemma if number < len(grammar.tokens) else ""


def tense(tag: str) -> float:
    """A code for the form of a verb."""
    return {"VBD": 0.0, "VBZ": 1.0, "VBG": 2.0, "VBN": 3.0, "VB": 4.0, "VBP": 5.0}.get(tag, 6.0)
