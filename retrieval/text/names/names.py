"""Names of people as articles print them: splitting off titles, completing surnames, matching what members type.

Pure functions over strings. Where two people of one article share a surname, they return nothing rather than guess.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text.names.name_bounds import is_complement, name_start, name_stop, named_part
from retrieval.text.names.ranks import part_rank
from retrieval.text.names.vocabulary import BODIES, CAPITALS, MEN, PARTICLES, WOMEN, fold, given_gender, is_role_word
from retrieval.text.search_keys import search_key
from retrieval.text.words import word_list

GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SUFFIXES = GENERATIONS | {"esq", "md", "phd"}
_NO_NAMES = word_list(
    "its his her their our my this that these those the dr mr mrs ms prof gov lt gen maj capt sgt col adm st mt"
)
"""Words that name nobody by themselves, even with a capital."""
_HONORIFIC_GENDER = {
    **dict.fromkeys(("mr", "sir", "lord", "baron", "duke"), "m"),
    **dict.fromkeys(
        ("mrs", "ms", "miss", "mme", "madam", "madame", "dame", "lady", "baroness", "duchess", "countess", "princess"),
        "f",
    ),
}
_ONLY = {"m": MEN - WOMEN, "f": WOMEN - MEN}
_NEAR = 0.6
_PROGRAMMES = word_list("show report hour tonight today live podcast project foundation center centre")
_SPELLED_SKY = re.compile(r"sk(?:y|yy|yi|iy|ii|ij|i)$")
_MOST_WORDS = 12
_CACHED = 4_096
"""Mentions: a text prints each of its names many times, and each is looked at in several ways."""
_LONGEST_CACHED = 200
_TOKEN = re.compile(r"[^\W_][\w.’'\-]*|&")
_PARENTHESIS = re.compile(r"(?<!\s)\s*+\([^)]*+\)")
_INDEFINITE = word_list("a an one another some several two three many multiple other both few most")
_DESCRIBING = word_list("its his her their our my the")
_POSSESSIVE = re.compile(r"[’']s?$")
_NAME_WORD = rf"(?:[{CAPITALS}]\.)+|(?:al-|el-)?[{CAPITALS}](?:[\w’'\-]*[\w])?"
_NAME = re.compile(
    rf"\b(?:{_NAME_WORD})(?:(?:,? (?:Jr|Sr)\b\.?)| (?!(?:Jr|Sr)(?![\w’'\-]))"
    rf"(?:(?:{'|'.join(sorted(PARTICLES))}) )*+(?:{_NAME_WORD}))*"
)
"""Unambiguous about "Jr": two ways to match one would make millions for a row of them."""


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A mention of a person in parts: mention[start:end] is `name`; `role` and `rank` were printed before it."""

    name: str
    role: str | None
    start: int
    end: int
    rank: str | None = None


def name_key(name: str) -> str:
    """Fold a name for matching: no accents, case, possessive or title ("Dr. Béla Kún" -> "bela kun")."""
    words = _folded_words(name)
    first = next((place for place, word in enumerate(words) if not is_role_word(word)), len(words) - 1)
    return " ".join(words[max(first, 0) :])


def surname(name: str) -> str:
    """The folded last name, without "Jr." and the like; the empty string for a name without words."""
    words = [word for word in _folded_words(name) if word not in _SUFFIXES]
    return words[-1] if words else ""


def gender_of_title(mention: str) -> str | None:
    """The gender of a title in front, "m" or "f" ("Mrs. May"), or None; a "Lord Mayor" may be a woman."""
    first, _, following = mention.partition(" ")
    title = first.rstrip(".").casefold()
    if is_role_word(following.partition(" ")[0]):
        return None
    return "f" if title.endswith("woman") else _HONORIFIC_GENDER.get(title)


def may_have_gender(name: str, gender: str | None) -> bool:
    """Whether the given name of a full name leaves a gender possible."""
    given, _, rest = name.partition(" ")
    return not (gender and rest) or fold(given) not in _ONLY["f" if gender == "m" else "m"]


def split_title(mention: str) -> PrintedName:
    """Split a mention: "Pentagon spokesman Gen. Ann Lee" -> "Ann Lee", "Pentagon spokesman", "Gen.".

    Everything up to the last word that is a rank, an office or not capitalised is role and rank, unless nothing would
    be left. A possessive ending and what follows a comma are dropped.
    """
    return (_split_cached if len(mention) <= _LONGEST_CACHED else _split)(mention)


def _split(mention: str) -> PrintedName:
    words = list(_TOKEN.finditer(mention, *named_part(mention)))
    printed = [word.group() for word in words]
    words = words[: name_stop(printed)]
    if not words:
        return PrintedName(mention.strip(), None, 0, len(mention))
    cut = name_start(printed[: len(words)])
    start = words[cut].start()
    end = _name_end(mention, words, cut)
    role = re.sub(
        r"^(?:the|a|an|its|his|her|their|our)\s+",
        "",
        mention[words[0].start() : start].strip(" ,"),
        flags=re.IGNORECASE,
    )
    office, rank = part_rank(role) if _is_more_than_address(role) else (None, None)
    return PrintedName(mention[start:end], office, start, end, rank)


_split_cached = lru_cache(_CACHED)(_split)


def is_named(mention: str) -> bool:
    """Whether a mention names somebody ("Kirby", "the Pentagon", "his lawyer, Ann Lee") or only describes them.

    "Kirby's lawyer" and "a U.S. official" name nobody; "Kirby's office" names an office.
    """
    closed = mention.rfind(")") + 1  # searching for parentheses behind it would take quadratic time
    head, _, beside = (_PARENTHESIS.sub("", mention[:closed]) + mention[closed:]).partition(",")
    words = head.split()
    if len(words) == 1 and words[0].casefold().rstrip(".") in _NO_NAMES and not beside.strip():
        return False
    if words and words[0].casefold() not in _INDEFINITE and not is_complement(words):
        printed = _POSSESSIVE.sub("", words[-1])
        if printed[:1].isupper() or (len(words) == 1 and printed[:3].casefold() in {"al-", "el-"}):
            return True
        if words[-1].casefold() in BODIES and any(word[:1].isupper() for word in words[:-1] if word != "The"):
            return words[0].casefold() not in {"his", "her", "their", "its", "our", "my"}
    return any(word[:1].isupper() for word in beside.split()[:1])


def name_beside(mention: str) -> str | None:
    """The full name behind a description and a comma: "Ann Lee" of "Its chair, Ann Lee", else None.

    None for "Kirby, the mayor", where it is in front, and for "the mayor, New York’s first".
    """
    head, _, beside = mention.partition(",")
    words = head.split() or [""]
    whole = _NAME.fullmatch(beside.strip(" ,"))
    described = words[0].casefold() in _DESCRIBING or is_role_word(words[-1])
    return whole.group() if described and whole and " " in whole.group() else None


def find_names(text: str) -> list[tuple[int, int]]:
    """(start, end) of every capitalised run of a text, none beside "&": names of people, places and offices."""
    spans = (match.span() for match in _NAME.finditer(text))
    return [(start, end) for start, end in spans if "&" not in {text[start - 1 : start], text[end : end + 1]}]


class FullNames:
    """The full names of an article, without titles, indexed by their words.

    `genders` are those of names that the article prints with a title ("Mr. Leslie Vane").
    """

    def __init__(self, known: Iterable[str], genders: Mapping[str, str] | None = None) -> None:
        self._genders = genders or {}
        self._by_ends: dict[tuple[str, str], _Alike] = {}
        self._by_word: tuple[dict[str, _Alike], ...] = ({}, {}, {})
        self._by_ending: dict[tuple[str, ...], str | None] = {}
        names = list(known)
        for name in sorted(names, key=lambda name: (-len(_bare(name)), -len(name))):
            self._add_endings(name)
        for name in names:
            if self._longer(name):
                continue
            words = _bare(name)
            if len(words) > 1:
                self._by_ends.setdefault(ends(name), _Alike()).add(name)
            inner = words[1:-1] if given_gender(name) and words[-1] not in _PROGRAMMES else []
            inner = inner if len(words) <= _MOST_WORDS else []
            for some, alike in zip((words[-1:], words[:1], inner), self._by_word, strict=True):
                for word in some:
                    alike.setdefault(_loose(word), _Alike()).add(name)

    def fits(self, name: str, gender: str | None) -> bool:
        """Whether a full name may be that of somebody with this gender; None, or "", for an unknown one."""
        known = self._genders.get(name)
        return known == gender if known and gender else may_have_gender(name, gender)

    def find(self, mention: str, gender: str | None = None) -> str | None:
        """The one full name that a mention stands for; None where there is none or more than one.

        Its title, or else `gender`, decides between a man and a woman: "Mrs. Costa" is never "Rui Costa".

        A mention of several words stands for the full name with the same first and last word, for the one that it is
        the end of ("García Márquez"), or has in the other order ("Nagy Ferenc"), else for itself. A single word stands
        for a surname first, then for a given name, then for one in between. "Ana Costa" is not "Ana Costa Jr." where
        both are known, and "Costa" is neither.
        """
        name = split_title(mention).name
        gender = gender_of_title(mention) or gender
        words = _folded_words(name)
        if len(words) > 1:
            first, last = ends(name)
            alike = self._by_ends.get((first, last)) if len(_bare(name)) > 1 else None
            turned = self._by_ends.get((last, first)) if alike is None else None
            longer = self._longer(name)
            return longer or (alike or turned or _Alike()).ofgeneration_of(generation_of(name)) or name
        if not words:
            return None
        named = (alike[_loose(words[0])] for alike in self._by_word if _loose(words[0]) in alike)
        one = next(named, None)
        if one is None:
            return None
        return one.only(lambda name: self.fits(name, gender)) or one.only(lambda name: self._is_surely(name, gender))

    def _is_surely(self, name: str, gender: str | None) -> bool:
        return bool(gender) and gender == (self._genders.get(name) or given_gender(name))

    def only_misfits(self, mention: str) -> bool:
        """Whether somebody has the surname that a mention is, and its title fits none of them."""
        alike = self._by_word[0].get(_loose(surname(split_title(mention).name)))
        gender = gender_of_title(mention)
        return alike is not None and not any(self.fits(name, gender) for name in alike.names)

    def _add_endings(self, name: str) -> None:
        """Note what a name ends in; longer names must come first. An ending of two persons' names is nobody's."""
        words = _loose_words(name)
        for at in range(1, len(words) if len(words) <= _MOST_WORDS else 0):
            longest = self._by_ending.setdefault(words[at:], name)
            same = longest and (ends(longest) == ends(name) or _loose_words(longest)[-len(words) :] == words)
            self._by_ending[words[at:]] = longest if same else None

    def _longer(self, name: str) -> str | None:
        """The one longer name that ends in this one, where this one begins with no given name."""
        return None if given_gender(name) else self._by_ending.get(_loose_words(name))


def _loose_words(name: str) -> tuple[str, ...]:
    return tuple(map(_loose, _bare(name)))


def _loose(word: str) -> str:
    """A folded word without what differs between spellings: "al-", plain letters, "-skyy" for "-sky"."""
    return _SPELLED_SKY.sub("ski", search_key(word).removeprefix("al-").removeprefix("el-"))


class _Alike:
    """Names that share a word: the longest name of each person, who is first word, last word and generation."""

    def __init__(self) -> None:
        self._longest: dict[tuple[str, str, str], str] = {}

    @property
    def names(self) -> Iterable[str]:
        """The names, one for each person."""
        return self._longest.values()

    def add(self, name: str) -> None:
        key = (*ends(name), generation_of(name))
        self._longest[key] = max(name, self._longest.get(key, ""), key=lambda one: (len(one), one))

    def ofgeneration_of(self, generation: str) -> str | None:
        """The longest name of a generation ("jr", "" for none); without one of generation "", the longest of all."""
        same = [name for (first, last, other), name in self._longest.items() if other == generation]
        among = same if same or generation else list(self._longest.values())
        return max(among, key=lambda one: (len(one), one), default=None)

    def only(self, fits: Callable[[str], bool]) -> str | None:
        """The longest name where all names that fit are one person's, else None."""
        fitting = [name for name in self.names if fits(name)]
        return fitting[0] if len(fitting) == 1 else None


def ends(name: str) -> tuple[str, str]:
    """The folded first and last word of a name, without "Jr." and the like; equal for a single word."""
    words = _bare(name) or [""]
    return words[0], words[-1]


def matches(query: str, name: str) -> bool:
    """Whether every typed word begins a word of the name, in order."""
    wanted = _folded_words(lookup_key(query))
    words = iter(_folded_words(lookup_key(name)))
    return bool(wanted) and all(any(word.startswith(part) for word in words) for part in wanted)


def near_names(query: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """The names most like a misspelt one, best first: `difflib` ratio of names or surnames, at least 0.6."""
    wanted = " ".join(_folded_words(lookup_key(query)))
    rated = [(_similarity(wanted, lookup_key(name)), name) for name in names]
    close = sorted((pair for pair in rated if pair[0] >= _NEAR), key=lambda pair: (-pair[0], pair[1]))
    return [name for _, name in close[:limit]]


def lookup_key(text: str) -> str:
    """As `fold`, with plain letters for "ø" and the like: for comparing with what a member types; never stored."""
    return fold(text if text.isascii() else search_key(text))


def _folded_words(name: str) -> tuple[str, ...]:
    return (_fold_cached if len(name) <= _LONGEST_CACHED else _fold)(name)


def _fold(name: str) -> tuple[str, ...]:
    words = (_POSSESSIVE.sub("", word).strip(".'-") for word in _TOKEN.findall(fold(name)))
    return tuple(word for word in words if word)


_fold_cached = lru_cache(_CACHED)(_fold)


def _bare(name: str) -> list[str]:
    return [word for word in _folded_words(name) if word not in _SUFFIXES]


def generation_of(name: str) -> str:
    """The suffix that distinguishes namesakes of one family: "jr", "iii", or ""."""
    return " ".join(word for word in _folded_words(name) if word in GENERATIONS)


def _name_end(mention: str, words: list[re.Match[str]], cut: int) -> int:
    end = words[cut].end()
    for word in words[cut : cut + _MOST_WORDS]:
        bare = word.group().casefold()
        if not (word.group()[0].isupper() or bare in PARTICLES or bare.startswith(("al-", "el-"))):
            break
        if re.search(r"[(\[,;]", mention[words[cut].start() : word.start()]):
            break
        end = word.end()
    printed = mention[words[cut].start() : end]
    trimmed = re.sub(r"(?:[’']s|[’'])$", "", printed)
    if not re.search(r"(?:\b[A-Z]|\b(?:Jr|Sr))\.$", trimmed):
        trimmed = trimmed.rstrip(".")
    return words[cut].start() + len(trimmed)


def _is_more_than_address(role: str) -> bool:
    """Whether a role is more than a form of address ("Mr.", "the younger Mr.")."""
    return role.rpartition(" ")[2].casefold().rstrip(".") not in {"", "mr", "mrs", "ms", "miss"}


def _similarity(wanted: str, name: str) -> float:
    return max(_ratio(wanted, " ".join(_folded_words(name))), _ratio(wanted, surname(name)))


def _ratio(wanted: str, other: str) -> float:
    """The `difflib` ratio, or 0 where lengths or letters already show that it is below `_NEAR`."""
    if 2 * min(len(wanted), len(other)) < _NEAR * (len(wanted) + len(other)):
        return 0.0
    matcher = difflib.SequenceMatcher(None, wanted, other)
    return matcher.ratio() if matcher.quick_ratio() >= _NEAR else 0.0
