"""What a model is told of the ranker's first choice, to tell how far it can be trusted."""

from dataclasses import dataclass

from retrieval.text.attribution.document_context import Scene
from retrieval.text.attribution.mentions import NAME, NOMINAL, PRONOUN, Mention
from retrieval.text.attribution.pairs import PAIR_FEATURES
from retrieval.text.attribution.quotation_probability import WORTH_FEATURES
from retrieval.text.names.names import fold

_FROM_PAIR = (
    *("source", "type", "entity", "dep", "pronoun", "namesakes", "words apart", "same sentence", "verb odds"),
    *("verb to quote", "chain rank", "chain share", "rule agrees", "rule found", "source rank", "source gap"),
    *("likely sources", "quotes in paragraph", "after"),
)
_FROM_WORTH = ("quote words", "opens upper", "ends with", "mark before")
_PAIR_AT = [PAIR_FEATURES.index(name) for name in _FROM_PAIR]
_DASH_AT = PAIR_FEATURES.index("dash between")
_RULE_AT = PAIR_FEATURES.index("rule agrees")
_WORTH_AT = [WORTH_FEATURES.index(name) for name in _FROM_WORTH]

CERTAINTY_FEATURES = (
    *("first", "second", "lead", "sum", "second has the same name", "type of second"),
    *_FROM_PAIR,
    *_FROM_WORTH,
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A segment's mentions with the ranker's probabilities and the rows it saw; never empty."""

    mentions: list[int]
    probabilities: list[float]
    rows: list[list[float]]

    @property
    def order(self) -> list[int]:
        """Positions from the likeliest mention to the least likely; the first of equals first."""
        return sorted(range(len(self.mentions)), key=lambda j: (-self.probabilities[j], j))

    @property
    def signed(self) -> int | None:
        """The mention that signs the segment, as in a list of letters: a dash, a name, the end of the line."""
        found = (n for n, row in zip(self.mentions, self.rows, strict=True) if row[_DASH_AT] and row[_RULE_AT])
        return next(found, None)


def certainty_features(scene: Scene, ranked: Ranked, worth: list[float]) -> list[float]:
    """Describe the first choice; `worth` is the segment's row of `WORTH_FEATURES`."""
    first, *others = ranked.order
    second = others[0] if others else first
    beaten = ranked.probabilities[second] if others else 0.0
    mention, rival = (scene.mentions[ranked.mentions[j]] for j in (first, second))
    return [
        ranked.probabilities[first],
        beaten,
        ranked.probabilities[first] - beaten,
        sum(ranked.probabilities),
        float(same_name(scene, mention, rival)),
        {NAME: 0.0, PRONOUN: 1.0, NOMINAL: 2.0}[rival.type],
        *(ranked.rows[first][at] for at in _PAIR_AT),
        *(worth[at] for at in _WORTH_AT),
    ]


def same_name(scene: Scene, one: Mention, other: Mention) -> bool:
    """Whether two mentions end in the same word."""
    return _last_word(scene, one) == _last_word(scene, other)


def _last_word(scene: Scene, mention: Mention) -> str:
    token = scene.grammar.token(mention.name if mention.name is not None else mention.head)
    return fold(scene.text[token.start : token.end])
