"""Syntax of a parsed text: the verbs of a subject, the head of a quotation, the extent of a noun phrase.

Numbers are token indices of the whole text; labels are ClearNLP dependencies.
"""

from bisect import bisect_left

from retrieval.text.parse import Parse

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_SHARES_SUBJECT = frozenset({"conj", "xcomp", "advcl", "ccomp", "acl", "dep", "parataxis"})
_INSIDE_PHRASE = frozenset(
    {"det", "compound", "amod", "nmod", "poss", "nummod", "quantmod", "predet", "case", "advmod", "punct"}
)
_CLAUSES = frozenset({"relcl", "acl", "advcl", "punct", "appos"})
_ENOUGH_VERBS = 12
_WITHIN = 12
_HIGHEST = 25
_LONGEST_PHRASE = 300
_VERBAL = frozenset({"VERB", "AUX"})


class Grammar:
    """A parse with the children of each token, and which tokens are inside quotation marks."""

    def __init__(self, parse: Parse, quoted: list[tuple[int, int]]) -> None:
        self.tokens = parse.tokens
        self._starts = [token.start for token in self.tokens]
        self.children: list[list[int]] = [[] for _ in self.tokens]
        for number, token in enumerate(self.tokens):
            if token.head != number:
                self.children[token.head].append(number)
        self._own_subjects = [
            next((child for child in children if self.tokens[child].dep in SUBJECTS), None)
            for children in self.children
        ]
        self._first_below = list(range(len(self.tokens)))
        for number, children in enumerate(self.children):
            earlier = children[: bisect_left(children, number)]
            self._first_below[number] = min((self._first_below[child] for child in earlier), default=number)
        self.quoted = [False] * len(self.tokens)
        for start, end in quoted:
            for number in self.between(start, end):
                self.quoted[number] = True
        self.subjects = [n for n, token in enumerate(self.tokens) if token.dep == "nsubj" and not self.quoted[n]]
        self._joined_to: dict[int, list[int]] = {}
        self.with_clause = {
            token.head for number, token in enumerate(self.tokens) if token.dep == "ccomp" and token.head != number
        }
        self.with_quoted = {
            token.head for number, token in enumerate(self.tokens) if self.quoted[number] and token.head != number
        }
        """Tokens that a clause, or something quoted, depends on."""
        self.outside = [0]
        """outside[i]: number of words outside quotation marks among the first i tokens."""
        for number, token in enumerate(self.tokens):
            self.outside.append(self.outside[-1] + (not self.quoted[number] and token.pos not in {"PUNCT", "SPACE"}))

    def between(self, start: int, end: int) -> range:
        """The tokens that begin in text[start:end]."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def words_between(self, one: int, other: int) -> int:
        """The number of words outside quotation marks between two tokens."""
        low, high = sorted((one, other))
        return max(0, self.outside[high] - self.outside[min(low + 1, high)])

    def subject_of(self, verb: int) -> int | None:
        """The subject of a verb: its own, or that of the verb it is joined to without one of its own."""
        for _ in range(8):
            own = self._own_subjects[verb]
            if own is not None:
                return own
            token = self.tokens[verb]
            if token.dep == "acl" and self.tokens[token.head].pos in {"NOUN", "PROPN"}:
                return token.head
            absolute = self._absolute_subject(verb)
            if absolute is not None:
                return absolute
            if token.dep not in _SHARES_SUBJECT or token.head == verb:
                return None
            verb = token.head
        return None

    def _absolute_subject(self, verb: int) -> int | None:
        """The subject of a participle behind "with": Costa in "with Ana Costa calling it a farce"."""
        token = self.tokens[verb]
        if token.tag != "VBG" or token.dep not in {"advcl", "pcomp"}:
            return None
        preposition = token.head if token.dep == "pcomp" else None
        beside = [preposition] if preposition is not None else self.children_between(token.head, verb - _WITHIN, verb)
        for number in beside:
            if self.tokens[number].lemma != "with" or not 0 < verb - number <= _WITHIN:
                continue
            for child in self.children_between(number, number + 1, verb):
                if self.tokens[child].dep in {"pobj", "nsubj"}:
                    return child
        return None

    def children_between(self, number: int, first: int, end: int) -> list[int]:
        """The children of a token from `first` up to, not including, `end`."""
        children = self.children[number]
        return children[bisect_left(children, first) : bisect_left(children, end)]

    def verbs_of(self, noun: int) -> list[int]:
        """The unquoted verbs, at most 12, whose subject a noun is, directly or through joined verbs; nearest first."""
        top = noun
        for above in self.ancestors(noun):  # stops at a root, even one labelled "conj"
            if self.tokens[top].dep != "conj" or self.tokens[above].pos not in {"NOUN", "PROPN", "PRON"}:
                break
            top = above
        token = self.tokens[top]
        verbs: list[int] = []
        stack = [token.head] if token.dep in SUBJECTS else []
        if token.dep == "pobj" and self.tokens[token.head].lemma == "with":
            nearby = range(top + 1, min(top + _WITHIN, len(self.tokens)))
            stack += [verb for verb in nearby if self._absolute_subject(verb) == top]
        stack += [child for child in self.children[noun] if self.tokens[child].dep in {"acl", "relcl"}]
        while stack and len(verbs) < _ENOUGH_VERBS:
            verb = stack.pop()
            if self.tokens[verb].pos not in _VERBAL or self.quoted[verb]:
                continue
            verbs.append(verb)
            stack += self._joined(verb)
        return sorted(set(verbs), key=lambda verb: abs(verb - noun))

    def _joined(self, verb: int) -> list[int]:
        """The last 12 verbs that are joined to a verb and share its subject."""
        if verb not in self._joined_to:
            joined = [child for child in self.children[verb] if not self.quoted[child] and self._shares_subject(child)]
            self._joined_to[verb] = joined[-_ENOUGH_VERBS:]
        return self._joined_to[verb]

    def _shares_subject(self, verb: int) -> bool:
        """Whether a verb is joined to the one above and has no subject of its own."""
        token = self.tokens[verb]
        return (
            token.dep in _SHARES_SUBJECT
            and token.pos in _VERBAL
            and self._own_subjects[verb] is None
            and self._absolute_subject(verb) is None
        )

    def ancestors(self, number: int) -> list[int]:
        """The heads above a token, nearest first, at most 25."""
        heads: list[int] = []
        while self.tokens[number].head != number and len(heads) < _HIGHEST:
            number = self.tokens[number].head
            heads.append(number)
        return heads

    def top_of(self, start: int, end: int) -> int | None:
        """The first token of text[start:end] whose head lies outside; punctuation does not count."""
        inside = self.between(start, end)
        for number in inside:
            head = self.tokens[number].head
            if (head not in inside or head == number) and self.tokens[number].pos != "PUNCT":
                return number
        return None

    def phrase(self, head: int) -> tuple[int, int]:
        """Start and end of a noun phrase: its head, what precedes it, and a prepositional phrase ("of …") after it."""
        first = last = head
        for child in reversed(self.children_between(head, 0, head)):
            if self.tokens[child].dep not in _INSIDE_PHRASE or self.quoted[child]:
                break
            if self.tokens[child].dep == "punct" and self.tokens[child].lemma not in {"-", "–"}:
                break
            first = min(first, self._first_below[child])
        for child in self.children_between(head, head + 1, len(self.tokens)):
            token = self.tokens[child]
            if (
                token.dep == "prep"
                and token.lemma in {"of", "for", "at", "with", "in"}
                and self.tokens[head].pos == "NOUN"
            ):
                last = max(last, self._rightmost(child))
                break
            if token.dep == "case":
                last = child if self.tokens[head].dep == "poss" else last
        return self.tokens[first].start, self.tokens[last].end

    def _rightmost(self, number: int) -> int:
        """The last token below this one, clauses and quoted words left out.

        Bounded and without recursion, since hostile texts make chains of any length.
        """
        edge, waiting = number - 1, [number]
        for _ in range(_LONGEST_PHRASE):
            if not waiting:
                break
            at = waiting.pop()
            if at > edge:
                edge = at
                later = self.children_between(at, at + 1, at + _LONGEST_PHRASE)
                waiting += [child for child in reversed(later) if self._belongs(child)]
        return edge

    def _belongs(self, number: int) -> bool:
        return not self.quoted[number] and self.tokens[number].dep not in _CLAUSES

    def is_main_subject(self, number: int) -> bool:
        """Whether a token is the subject of a sentence, or stands beside or owns it: "Costa's voice shook"."""
        token = self.tokens[number]
        verb = token.head
        if token.dep in {"appos", "conj", "poss"} and self.tokens[verb].dep in SUBJECTS:
            verb = self.tokens[verb].head
        elif token.dep not in SUBJECTS | {"attr"}:
            return False
        above = [verb, *self.ancestors(verb)]
        return all(self.tokens[one].dep in {"conj", "ROOT"} or self.tokens[one].head == one for one in above)

    def is_according_to(self, number: int) -> bool:
        """Whether a token is the source in "according to …"."""
        token = self.tokens[number]
        head = self.tokens[token.head]
        return token.dep == "pobj" and head.lemma == "to" and self.tokens[head.head].lemma in {"accord", "according"}
