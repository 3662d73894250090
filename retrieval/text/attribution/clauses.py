"""Whether a segment lies in a clause of a mention's verb: what tells the right clause from its neighbours."""

from retrieval.text.attribution.document_context import Scene, Setting

CLAUSE_FEATURES = ("governed", "clauses between", "link below verb", "agent", "clause of mention")
_FAR = 30.0
_CLAUSAL = frozenset({"ccomp", "advcl", "relcl", "acl", "csubj", "parataxis", "pcomp"})
_LINKS = {"ccomp": 1.0, "dobj": 2.0, "oprd": 3.0, "prep": 4.0, "advcl": 5.0, "conj": 6.0, "xcomp": 7.0, "attr": 8.0}


def above_segment(scene: Scene, setting: Setting) -> list[int]:
    """The token that the segment hangs by, and those above it."""
    return [] if setting.top is None else [setting.top, *scene.grammar.ancestors(setting.top)]


def clause_numbers(scene: Scene, i: int, above: list[int]) -> list[float]:
    """Whether the segment lies below a verb of the mention, and how many clauses part the two."""
    grammar, mention = scene.grammar, scene.mentions[i]
    token = grammar.token(mention.head)
    agent = token.dep == "pobj" and grammar.token(token.head).lemma == "by"
    verbs = {*scene.verbs[i], *([grammar.token(token.head).head] if agent else [])}
    depth = next((rank for rank, number in enumerate(above) if rank and number in verbs), None)
    inside = float(mention.head in above)
    if depth is None:
        return [_FAR, 9.0, 0.0, float(agent), inside]
    path = [grammar.token(number).dep for number in above[:depth]]
    return [
        float(depth),
        float(sum(1 for dep in path if dep in _CLAUSAL)),
        _LINKS.get(path[-1], 9.0),
        float(agent),
        inside,
    ]
