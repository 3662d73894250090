"""Candidate mentions: the phrases outside quotation marks that could name the speaker of a quotation."""

from dataclasses import dataclass

from retrieval.text.attribution.fitted.grammar import SUBJECTS, Grammar
from retrieval.text.words import word_list

NAME, PRONOUN, NOMINAL = "name", "pronoun", "nominal"
_ENTITIES = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_PRONOUN_LEMMAS = word_list("he she they i we it who you him her them me us his their my our")
_PREPOSITIONS = frozenset({"to", "by", "from", "of", "with", "as", "in", "for"})
_BESIDE = 7
_TIMES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase at text[start:end] whose head is the token `head`; `type` is name, pronoun or nominal.

    `name` is the head of a person's name in it (Costa in "the mayor, Ana Costa"), or None.
    """

    head: int
    start: int
    end: int
    type: str
    name: int | None
    paragraph: int

    @property
    def name_head(self) -> int:
        """The head of the person's name, else of the phrase."""
        return self.head if self.name is None else self.name


def candidates(grammar: Grammar, spans: list[tuple[int, int]]) -> list[Mention]:
    """Return every candidate mention in order of the text; `spans` are its paragraphs."""
    return [
        _mention(grammar, head, number)
        for number, (start, end) in enumerate(spans)
        for head in grammar.between(start, end)
        if not grammar.quoted[head] and _may_speak(grammar, head)
    ]


def _may_speak(grammar: Grammar, number: int) -> bool:  # noqa: PLR0911 - one question a line
    token = grammar.tokens[number]
    head = grammar.tokens[token.head]
    if token.pos == "PRON" or token.tag in {"PRP", "WP"}:
        return token.lemma in _PRONOUN_LEMMAS or token.tag == "WDT"
    if token.entity == "PERSON" and _ends_entity(grammar, number):
        return True
    if token.pos not in {"PROPN", "NOUN", "NUM", "ADJ", "DET", "VERB", "ADP"}:
        return False
    if token.dep in SUBJECTS:
        return token.entity not in _TIMES
    if token.pos not in {"PROPN", "NOUN"} or token.dep == "compound":
        return False
    if token.entity == "PERSON" or (token.entity in _ENTITIES and token.dep in {"poss", "ROOT", "conj", "appos"}):
        return True
    if token.dep in {"ROOT", "poss", "appos"}:
        return token.entity not in _TIMES
    return token.dep == "pobj" and head.lemma in _PREPOSITIONS and token.entity not in _TIMES


def _ends_entity(grammar: Grammar, number: int) -> bool:
    if number + 1 >= len(grammar.tokens):
        return True
    following = grammar.tokens[number + 1]
    return following.entity != "PERSON" or following.entity_starts


def _mention(grammar: Grammar, head: int, paragraph: int) -> Mention:
    token = grammar.tokens[head]
    start, end = grammar.phrase(head)
    name = _name(grammar, head)
    named = name is not None or token.pos == "PROPN"
    kind = PRONOUN if token.pos == "PRON" else NAME if named else NOMINAL
    if name is not None and name != head:
        start, end = min(start, grammar.phrase(name)[0]), max(end, grammar.tokens[name].end)
    return Mention(head, start, end, kind, name, paragraph)


def _name(grammar: Grammar, head: int) -> int | None:
    """The head of the person's name in a phrase: the phrase's own, or that of a person in apposition."""
    if grammar.tokens[head].entity == "PERSON":
        return head
    for child in grammar.children[head]:
        token = grammar.tokens[child]
        if token.dep == "appos" and token.entity == "PERSON" and child > head and not grammar.quoted[child]:
            return child if _beside(grammar, head, child) else None
    return None


def _beside(grammar: Grammar, head: int, name: int) -> bool:
    """Whether a name follows its noun, with a comma and at most a few words about the noun between them."""
    first = grammar.between(grammar.phrase(name)[0], grammar.tokens[name].end).start
    if first - head - 1 > _BESIDE:
        return False
    between = (grammar.tokens[number] for number in range(head + 1, first))
    return all(token.pos not in {"VERB", "AUX"} and token.lemma != "with" for token in between)
