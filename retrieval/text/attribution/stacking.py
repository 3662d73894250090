"""Second thoughts: what the ranker's first opinion of the neighbouring quotations says about this one."""

from retrieval.text.attribution.scene import Scene
from retrieval.text.attribution.sources import Words
from retrieval.text.attribution.worth import worth_features
from retrieval.text.names import fold

NEIGHBOUR_FEATURES = (
    "own", "own rank", "own gap", "for previous", "for next", "best of previous", "best of next", "chosen for previous",
    "chosen for next", "best in paragraph", "chosen in paragraph", "name chosen above", "name chosen before", "name chosen after",
)  # fmt: skip


def namesakes(scene: Scene) -> list[int]:
    """For each mention with a name, how many mentions of the text end in the same word; 0 for others."""
    keys = last_words(scene)
    return [keys.count(key) if key else 0 for key in keys]


def last_words(scene: Scene) -> list[str]:
    """The folded last word of each mention's name, "" for pronouns and common nouns."""
    keys = []
    for mention in scene.mentions:
        token = scene.grammar.token(mention.name if mention.name is not None else mention.head)
        keys.append(fold(scene.text[token.start : token.end]) if token.pos == "PROPN" else "")
    return keys


def neighbour_features(scene: Scene, near: list[list[int]], first: list[list[float]]) -> list[list[float]]:
    """One row of `NEIGHBOUR_FEATURES` for each pair of segment and near mention, in order.

    `first[k][j]` is the first opinion on segment k and its mention near[k][j].
    """
    keys = last_words(scene)
    opinion = [dict(zip(chosen, values, strict=True)) for chosen, values in zip(near, first, strict=True)]
    best = [max(values, key=lambda i: (values[i], -i), default=None) if values else None for values in opinion]
    rows = []
    for k, setting in enumerate(scene.settings):
        here = [j for j, other in enumerate(scene.settings) if other.segment.paragraph == setting.segment.paragraph]
        previous = k - 1 if k - 1 in here else None
        following = k + 1 if k + 1 in here else None
        ordered = sorted(opinion[k].values(), reverse=True)
        above = [keys[b] for j in range(max(0, k - 1), k) if j not in here and (b := best[j]) is not None]
        for i in near[k]:
            own = opinion[k][i]
            rival = ordered[1] if own == ordered[0] and len(ordered) > 1 else ordered[0]
            rows.append(
                [
                    own,
                    float(sum(1 for value in ordered if value > own)),
                    own - rival,
                    opinion[previous].get(i, 0.0) if previous is not None else -1.0,
                    opinion[following].get(i, 0.0) if following is not None else -1.0,
                    _top(opinion, previous),
                    _top(opinion, following),
                    float(previous is not None and best[previous] == i),
                    float(following is not None and best[following] == i),
                    max((opinion[j].get(i, 0.0) for j in here if j != k), default=-1.0),
                    float(sum(1 for j in here if j != k and best[j] == i)),
                    float(bool(keys[i]) and keys[i] in above),
                    _same_name(keys, best, previous, i),
                    _same_name(keys, best, following, i),
                ]
            )
    return rows


def _top(opinion: list[dict[int, float]], k: int | None) -> float:
    return max(opinion[k].values(), default=0.0) if k is not None else -1.0


def _same_name(keys: list[str], best: list[int | None], k: int | None, i: int) -> float:
    chosen = best[k] if k is not None else None
    return float(chosen is not None and bool(keys[i]) and keys[chosen] == keys[i])


def worth_rows(scene: Scene, near: list[list[int]], second: list[list[float]], words: Words) -> list[list[float]]:
    """One row of `WORTH_FEATURES` a segment, from the ranker's last opinion."""
    rows = []
    previous = 0.0
    for k, setting in enumerate(scene.settings):
        ordered = sorted(second[k], reverse=True)
        inside = [
            value
            for i, value in zip(near[k], second[k], strict=True)
            if setting.sentence_first <= scene.mention_sentence[i] <= setting.sentence_last
        ]
        rows.append(worth_features(scene, setting, ordered, max(inside, default=0.0), previous, words))
        previous = ordered[0] if ordered else 0.0
    return rows
