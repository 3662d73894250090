"""Questions about a parse that attribution asks: which verbs a noun is the subject of, what a quotation hangs on.

A thin index over `Parse`. Indices are token indices of the whole text; labels are ClearNLP dependencies.
"""

from bisect import bisect_left

from retrieval.text.parse import Parse, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_SHARES_SUBJECT = frozenset({"conj", "xcomp", "advcl", "ccomp", "acl", "dep", "parataxis"})
_INSIDE_PHRASE = frozenset(
    {"det", "compound", "amod", "nmod", "poss", "nummod", "quantmod", "predet", "case", "advmod", "punct"}
)
_VERBAL = frozenset({"VERB", "AUX"})


class Grammar:
    """The parse of one text with its children, and which tokens stand inside quotation marks."""

    def __init__(self, parse: Parse, quoted: list[tuple[int, int]]) -> None:
        self.tokens = parse.tokens
        self._starts = [token.start for token in self.tokens]
        self.children: list[list[int]] = [[] for _ in self.tokens]
        for number, token in enumerate(self.tokens):
            if token.head != number:
                self.children[token.head].append(number)
        self.quoted = [False] * len(self.tokens)
        for start, end in quoted:
            for number in self.between(start, end):
                self.quoted[number] = True
        self.outside = [0]
        """outside[i]: how many of the first i tokens are words outside quotation marks."""
        for number, token in enumerate(self.tokens):
            self.outside.append(self.outside[-1] + (not self.quoted[number] and token.pos not in {"PUNCT", "SPACE"}))

    def between(self, start: int, end: int) -> range:
        """The tokens that begin in text[start:end]."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def words_between(self, one: int, other: int) -> int:
        """How many words outside quotation marks lie between two tokens."""
        low, high = sorted((one, other))
        return max(0, self.outside[high] - self.outside[min(low + 1, high)])

    def subject_of(self, verb: int) -> int | None:
        """The subject of a verb: its own, or that of the verb it is joined to without one of its own."""
        for _ in range(8):
            own = next((child for child in self.children[verb] if self.tokens[child].dep in SUBJECTS), None)
            if own is not None:
                return own
            token = self.tokens[verb]
            if token.dep == "acl" and self.tokens[token.head].pos in {"NOUN", "PROPN"}:
                return token.head
            if token.dep not in _SHARES_SUBJECT or token.head == verb:
                return None
            verb = token.head
        return None

    def verbs_of(self, noun: int) -> list[int]:
        """Every verb outside quotation marks whose subject a noun is, directly or through joined verbs; nearest first."""
        token = self.tokens[noun]
        top = noun
        while self.tokens[top].dep == "conj" and self.tokens[self.tokens[top].head].pos in {"NOUN", "PROPN", "PRON"}:
            top = self.tokens[top].head
        found: list[int] = []
        stack = [self.tokens[top].head] if self.tokens[top].dep in SUBJECTS else []
        stack += [child for child in self.children[noun] if self.tokens[child].dep in {"acl", "relcl"}]
        while stack and len(found) < 12:
            verb = stack.pop()
            if self.tokens[verb].pos not in _VERBAL or self.quoted[verb]:
                continue
            found.append(verb)
            stack += [
                child
                for child in self.children[verb]
                if self.tokens[child].dep in _SHARES_SUBJECT
                and self.tokens[child].pos in _VERBAL
                and not any(self.tokens[grand].dep in SUBJECTS for grand in self.children[child])
            ]
        return sorted(set(found), key=lambda verb: abs(verb - noun)) if token else []

    def ancestors(self, number: int) -> list[int]:
        """The heads above a token, nearest first."""
        found: list[int] = []
        while self.tokens[number].head != number and len(found) < 25:
            number = self.tokens[number].head
            found.append(number)
        return found

    def top_of(self, start: int, end: int) -> int | None:
        """The token of text[start:end] on which the rest of it hangs: the one whose head lies outside; the first of several."""
        inside = self.between(start, end)
        for number in inside:
            head = self.tokens[number].head
            if (head not in inside or head == number) and self.tokens[number].pos != "PUNCT":
                return number
        return None

    def phrase(self, head: int) -> tuple[int, int]:
        """Offsets of a noun phrase: its head with what stands before it, and "of ..." or "for ..." after a common noun."""
        first = last = head
        for child in reversed([c for c in self.children[head] if c < head]):
            if self.tokens[child].dep not in _INSIDE_PHRASE or self.quoted[child]:
                break
            if self.tokens[child].dep == "punct" and self.tokens[child].lemma not in {"-", "–"}:
                break
            first = min(first, self._leftmost(child))
        for child in (c for c in self.children[head] if c > head):
            token = self.tokens[child]
            if (
                token.dep == "prep"
                and token.lemma in {"of", "for", "at", "with", "in"}
                and self.tokens[head].pos == "NOUN"
            ):
                last = max(last, self._rightmost(child, head))
                break
            if token.dep == "case":
                last = child if self.tokens[head].dep == "poss" else last
        return self.tokens[first].start, self.tokens[last].end

    def _leftmost(self, number: int) -> int:
        return min([number, *(self._leftmost(child) for child in self.children[number] if child < number)])

    def _rightmost(self, number: int, stop: int) -> int:
        edge = number
        for child in self.children[number]:
            token = self.tokens[child]
            if child > edge and not self.quoted[child] and token.dep not in {"relcl", "acl", "advcl", "punct", "appos"}:
                edge = max(edge, self._rightmost(child, stop))
        return edge

    def token(self, number: int) -> Token:
        """The token itself."""
        return self.tokens[number]
