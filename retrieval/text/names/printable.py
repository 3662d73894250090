"""What of a printed role can be shown beside a name: a whole phrase that names an office, a post, a rank or a trade.

It is a part of the printed words, in one piece: of "the bearded former mayor of Porto, who" it is "former mayor of
Porto". What somebody is by race, origin, religion, looks, age, health, family, means or fame is no role, nor is what
the writer thinks of them; a nationality is part of an office of state ("French ambassador"). An office that somebody
held is not shown as one of today: of "who was mayor" nothing is.
"""

import re
from collections.abc import Sequence

from retrieval.text.names.ranks import TITLES
from retrieval.text.names.vocabulary import given_gender, is_origin
from retrieval.text.words import FUNCTION_WORDS, QUESTION_WORDS, read_words, word_list

_NO_POSTS = read_words("no_posts")
_NAMES_OF_POSTS = (TITLES | read_words("roles") | read_words("posts")) - _NO_POSTS
_POSTS = frozenset(word for word in _NAMES_OF_POSTS if not (word.endswith("s") and word[:-1] in _NAMES_OF_POSTS))
_OPENERS = FUNCTION_WORDS | read_words("openers") | word_list("year week month one")
_JUDGEMENTS = read_words("judgements")
_DESCRIPTIONS = read_words("descriptions") | _JUDGEMENTS
_CAUSE_BEARERS = word_list("activist advocate champion crusader defender fighter propagandist")
"""Posts that are nothing but praise or blame behind a judgement: "zealous advocate"."""

_SURNAMES = word_list("baker bishop butler carpenter cook judge king knight major marshal page pope prince singer")
"""Posts that are surnames as well."""

_ALONE = word_list("member fellow")
"""Posts that say nothing without what one belongs to."""

_CAUSES = word_list(
    "rights advocacy studies affairs issues services care health charity community history vote voter art"
)
"""What a word such as "disabled" describes instead of the person: "disabled rights campaigner"."""

_OF_STATE = word_list(
    """
    ambassador attorney-general chancellor chief commander commissioner consul delegate deputy diplomat emperor envoy
    general governor head judge justice king lawmaker legislator leader minister mp negotiator official premier
    president prince princess queen secretary senator spokesman spokesperson spokeswoman sultan
    lecturer professor scholar teacher translator
    """
)
"""Offices that states fill, before which a nationality belongs to the office; and teachers of languages."""

_FAITHS = word_list(
    """
    anglican baptist buddhist catholic christian evangelical hindu islamic jewish lutheran methodist mormon muslim
    orthodox presbyterian protestant shia sikh sunni
    """
)
_CLERGY = word_list(
    """
    archbishop archdeacon bishop canon cardinal chaplain cleric deacon imam metropolitan minister missionary monk nun
    pastor patriarch preacher priest rabbi rector reverend theologian vicar
    """
)
"""Posts before which a faith belongs to the post."""

_DETERMINERS = word_list("a an the his her its their")
_ASPIRING = word_list("candidate candidates nominee nominees contender hopeful rival opponent front-runner frontrunner")
_JOINS = word_list("of for from at in to on with under against during")
_AND = frozenset({"and", "or", "&"})
_CLAUSE = word_list(
    """
    who whose whom which that where when while as because after before since during until if than though although but
    such is are was were has have had will would can could may might must said says told tells stated added wrote
    claimed insisted warned argued noted asked explained
    """
)
_MADE = word_list("released published called titled entitled named")
_ARMED = word_list("army marine police force retired drum military former")
_OPENING = re.compile(
    r"(?:who|he|she) (?:is|serves|works|has been|(?P<past>was|served|worked|had been))(?: as)? ", re.IGNORECASE
)
_PAST = re.compile(
    r"(?:in|from|during|under|between) (?:the )?"
    r"(?:\d{4}|early|late|spring|summer|autumn|fall|winter|then\b|former\b|[A-Z])"
)
"""What tells when an office was held: "in the spring", "under Lund"."""

_ENDED = re.compile(r"(?:until|till|before|when|while|at (?:the|that) time|at the moment)\b")
_EARLIER = word_list("then once formerly previously")
_DESCRIBED = re.compile(r".*-(?:year-old|born|haired|eyed|faced|skinned|american|linked)", re.IGNORECASE)
_DIVISION = re.compile(
    r"[“”„«»\"()\[\]{}|•;:*_<>/]|''|``|(?<!\S)[-–—―]+|[-–—―]+(?!\S)|(?<=[^\W\d_]{4})\.(?=\s|[A-Z][a-z])"
)
_SHORTENED = re.compile(r"[A-Z]\.?")
_ADDRESSES = word_list("mr mrs ms dr st sen sens rep reps gov prof president senator representative")
_QUALIFYING = re.compile(r"[a-z-]+(?:ed|ing|ive|ble|ent|own|en|ght)|now|then|first|here|there")
"""What may follow a post that it does not belong to: "editor overseeing the desk"."""

_LONGEST = 120


def is_post(word: str) -> bool:
    """Whether a word names the holder of an office, a post, a rank or a trade, in the singular."""
    return _bare(word) in _POSTS


def printable_role(printed: str, *, before: bool = False) -> str | None:
    """The part of a printed role that can be shown; `before` where it stands before the name, else behind it.

    Of words that a quotation mark, a bracket or a dash divides, only those beside the name count.
    """
    parts = _DIVISION.split(printed[-_LONGEST:] if before else printed[:_LONGEST])
    part = parts[-1 if before else 0].strip(" ,") + " "
    opened = _OPENING.match(part)
    words = part[opened.end() if opened else 0 :].split()
    opening = next((at for at, word in enumerate(words) if not _is_function_word(word) or word in QUESTION_WORDS), 0)
    start, end = _phrase(words, opening)
    if start == end or (before and end < len(words)) or _is_no_office(words, start, end):
        return None
    role, behind = " ".join(words[start:end]).strip(" ,’'"), " ".join(words[end:])
    past = opened is not None and opened["past"] is not None and not _PAST.search(role)
    earlier = [word.casefold() for word in words[:start] if word.casefold() in _EARLIER]
    if past or _ENDED.search(role) or _ENDED.match(behind) or (earlier and words[start - 1].casefold() != earlier[-1]):
        return None
    return f"{words[start - 1]} {role}" if earlier else role


def _is_no_office(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a phrase is a name ("Carole King"), a judgement ("zealous advocate") or says nothing ("member")."""
    folded = [_bare(word) for word in words[:end]]
    if end - start == 1 and folded[start] in _ALONE:
        return True
    if end - start == 2 and folded[-1] in _SURNAMES and words[end - 1][0].isupper() and given_gender(words[start]):  # noqa: PLR2004
        return True
    head = next((word for word in folded[start:] if word in _POSTS), "")
    return head in _CAUSE_BEARERS and not _JUDGEMENTS.isdisjoint(folded[:start])


def _phrase(words: Sequence[str], start: int) -> tuple[int, int]:
    """Start and end of the first whole phrase that names a post; equal where there is none."""
    stop = _group_end(words, start)
    head = next((at for at in reversed(range(start, stop)) if _is_head(words, at, start)), None)
    joined = stop < len(words) and _bare(words[stop]) in _AND
    if head is None or _is_clause(words, start, head) or not _may_end(words, head, stop):
        return _phrase(words, stop + 1) if joined else (stop, stop)
    first = _first_word(words, start, head)
    if joined and _bare(words[head]) == "chief" and head + 1 < stop:
        return first, max(stop, _phrase(words, stop + 1)[1])
    if head + 1 < stop or stop == len(words):
        return first, head + 1
    if joined:
        return first, _conjunct_end(words, stop)
    return first, _complement_end(words, stop) if _bare(words[stop]) in _JOINS else stop


def _is_head(words: Sequence[str], at: int, start: int) -> bool:
    """Whether a word names a post; a "nursing major" is a student."""
    studies = words[at] == "major" and at > start and _bare(words[at - 1]) not in _ARMED
    return _bare(words[at]) in _POSTS and not studies


def _may_end(words: Sequence[str], head: int, stop: int) -> bool:
    """Whether a phrase may end in the post: a name or another noun behind it makes it part of something else."""
    return head + 1 == stop or _QUALIFYING.fullmatch(words[head + 1]) is not None


def _is_clause(words: Sequence[str], start: int, head: int) -> bool:
    """Whether the post is only an object: "praised the mayor"."""
    return any(words[at] in _DETERMINERS and words[at - 1].islower() for at in range(start + 1, head))


def _group_end(words: Sequence[str], start: int) -> int:
    """The end of the words up to "of", "and" or a clause, but for those inside a name ("Bank of England governor")."""
    for at in range(start, len(words)):
        bare = _bare(words[at])
        if bare in _CLAUSE or (bare in _JOINS | _AND and not _in_name(words, start, at)):
            return at
    return len(words)


def _in_name(words: Sequence[str], start: int, join: int) -> bool:
    """Whether "of" or "and" is inside a name that is no post itself."""
    before = words[join - 1] if join > start else ""
    following = next((word for word in words[join + 1 : join + 3] if _bare(word) != "the"), "")
    return before[:1].isupper() and following[:1].isupper() and _bare(before) not in _POSTS | _NO_POSTS


def _conjunct_end(words: Sequence[str], conjunction: int) -> int:
    """The end of a post that "and" joins to the one before it; where it joins something else, the "and"."""
    start, end = _phrase(words, conjunction + 1)
    return end if start == conjunction + 1 and end > start else conjunction


def _complement_end(words: Sequence[str], join: int) -> int:
    """The end of "of Porto", "to the mayor and the council"; `join` itself where it is cut short."""
    end = join + 1
    while end < len(words) and _bare(words[end]) not in _CLAUSE:
        if _bare(words[end]) in _AND and _opens_conjunct(words, end + 1):
            return _conjunct_end(words, end)
        end += 1
    if _SHORTENED.fullmatch(words[end - 1]):
        return join
    while end > join + 1 and (
        _is_function_word(words[end - 1]) or _is_address(words[end - 1]) or words[end - 1] in _MADE
    ):
        end -= 1
    return end if end > join + 1 else join


def _is_address(word: str) -> bool:
    return _bare(word) in _ADDRESSES and not (word.isupper() and len(word) > 1)


def _opens_conjunct(words: Sequence[str], start: int) -> bool:
    """Whether what follows an "and" is another post, another description, or something that the person did."""
    following = words[start] if start < len(words) else "and"
    if following in _OPENERS or following in _CLAUSE or following.endswith("ed"):
        return True
    last = words[_group_end(words, start) - 1]
    return _bare(last) in _POSTS | _NO_POSTS


def _first_word(words: Sequence[str], start: int, head: int) -> int:
    """The first word of a phrase with this head that belongs to the office, not to the clause or to the person."""
    first = start
    for at in range(start, head):
        following = words[at + 1]
        named = words[at][0].isupper() and following[0].isupper() and at + 1 < head
        aspiring = _bare(words[at]) in _ASPIRING and following[0].isupper()
        genitive = words[at].endswith(("’s", "'s", "s’", "s'")) and "".join(words[first : at + 1]).islower()
        described = not named and _bare(following) not in _CAUSES and _describes(words[at], _bare(words[head]))
        stray = _is_function_word(words[at]) and (at == first or words[at].islower()) and not _in_name(words, first, at)
        if described or genitive or aspiring or stray or words[at].startswith("$"):
            first = at + 1
    return first


def _describes(word: str, head: str) -> bool:
    """Whether a word describes the person rather than the office."""
    bare = _bare(word)
    if bare in _FAITHS:
        return head not in _CLERGY
    if bare in _DESCRIPTIONS or _DESCRIBED.fullmatch(bare):
        return True
    last = word.rpartition("-")[2]
    return word[0].isupper() and bare not in _POSTS and is_origin(last) and head not in _OF_STATE


def _is_function_word(word: str) -> bool:
    return not (word.isupper() and len(word) > 1) and _bare(word) in _OPENERS


def _bare(word: str) -> str:
    """Folded, without marks; of a compound such as "co-founder" or "president-elect" the part that names the post."""
    whole = word.casefold().strip(".,")
    if whole in _POSTS | _NO_POSTS or "-" not in whole:
        return whole
    return next((part for part in reversed(whole.split("-")) if part in _POSTS), whole)
