"""Writes the words around a quotation in a notation that patterns of speech can read.

Lower-case words without contractions; each verb that utters words ends in a capital that tells its form: B base, S
third person, D past, G participle ("sayB", "calledD"). A quotation is the one word Q.
"""

import re

from retrieval.text.attribution.cues import forms
from retrieval.text.words import word_list

MASK = "\x00"
"""Stands for each character of a quotation in a text that `notation` reads."""

_UTTERING = word_list(
    """
    say tell state utter write tweet retweet post call describe declare claim shout yell scream whisper exclaim
    refer proclaim label brand dub quote promise threaten admit concede announce argue suggest insist ask text
    joke warn vow pledge boast assert mutter remark voice demand confess chant accuse attribute allege compare
    pronounce read preach answer cry moan groan sigh wail plead beg urge croak gasp howl mumble murmur grumble
    drawl intone lecture scold sob yelp command testify hiss growl bark bellow roar snarl snap quip rant reply
    complain confide brag decree blurt stammer retort lament predict contend maintain taunt curse insult swear
    thunder sneer squeak squeal
    """
)
_TAG: dict[str, str] = {}
for _lemma in sorted(_UTTERING):
    _base, _third, *_past, _participle = forms(_lemma)
    _TAG |= {**dict.fromkeys(_past, "D"), _base: "B", _third: "S", _participle: "G"}

_WITH_NOUN = {
    form: tag
    for verb in (
        *(" ".join(forms(lemma)) for lemma in ("use", "repeat", "utter")),
        *("make makes made making", "give gives gave giving", "speak speaks spoke speaking"),
    )
    for form, tag in zip(verb.split(), "BSDG", strict=True)
} | {"given": "D", "spoken": "D"}
"""Verbs that utter words together with a noun: "used the word", "made the remark"."""

_PHRASE = re.compile(
    rf"\b({'|'.join(_WITH_NOUN)}) (?:(?:the|this|that|those|these|any|such|an?|his|her|their) ){{1,2}}(?:[a-z-]+ )?"
    r"(?:words?|phrases?|terms?|expressions?|slurs?|epithets?|remarks?|comments?|statements?|jokes?|threats?|"
    r"pledges?|promises?|posts?|sentences?|lines?|quotes?)[BS]?\b"
)
_CONTRACTED = {"won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "ain't": "is not"}
_NOUN = re.compile(
    r"\b((?:an?|the|his|her|their|its|[a-z]+'s) (?:(?!(?:he|she|they|who|we|you|i)\b)[a-z-]+ )?"
    r"(?:posts?|tweets?|texts?|quotes?|jokes?|promises?|claims?|labels?|brands?|voices?|remarks?|answers?|cry|cries|calls?|whispers?|shouts?|states?|"
    r"screams?|demands?|pledges?|vows?|boasts?|chants?))[BS]\b"
)
_REQUEST = re.compile(r"\b((?:ask|call)(?:s|ed|ing)?)[BSDG] (?=(?:for|on|about|off|out)\b)")
_WORD = re.compile(r"[a-z][a-z'-]*+")
_ASIDE = re.compile(
    r"\s?,\s(?:(?:the|an?|his|her|its|their|our|then|now|former|who|whose|which|as|according|at|in|on|during|says?|said)\b|"
    rf"[A-Z\d])(?:[^,;:?!“”()—{MASK}]|(?<=\d),(?=\d)){{1,80}}+,(?!\s(?:and|but|or|so|who)\b)|\s\([^()]{{1,40}}\)"
)
_MASKED = re.compile(f"{MASK}++")
_BLANKS = re.compile(r"\s++")


def notation(text: str) -> str:
    """The words of a short text, as described above."""
    lower = text.casefold().replace("’", "'").replace("‘", "'")
    plain = _PHRASE.sub(lambda phrase: phrase[1] + _WITH_NOUN[phrase[1]], _WORD.sub(_expanded, lower))
    return _BLANKS.sub(" ", _MASKED.sub(" Q ", _NOUN.sub(r"\1", _REQUEST.sub(r"\1 ", plain))))


def without_asides(text: str) -> str:
    """A text without the parts between commas that tell who somebody is, or who says so: ", Costa's clerk,"."""
    return _ASIDE.sub("", text)


def _expanded(word: re.Match[str]) -> str:
    """A word with its tag, if it utters words, and without a contraction."""
    found = word.group()
    if found in _CONTRACTED:
        return _CONTRACTED[found]
    if found.endswith("n't"):
        return f"{found[:-3]} not"
    return found + _TAG.get(found, "")
