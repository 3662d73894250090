"""Words that announce speech, and words that rule it out."""

from retrieval.text.words import read_lines, read_words, word_list

_IRREGULAR = {line.split()[0]: line.split() for line in read_lines("irregular_speech_verbs")}
SPEECH_LEMMAS = read_words("speech_verbs") | _IRREGULAR.keys()

PRONOUNS = frozenset({"he", "she", "they", "i", "we", "you", "it", "him", "her", "them", "who", "his", "their"})
MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})


def forms(lemma: str) -> list[str]:
    """The base, third person, past and participle forms of a verb, in this order."""
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    stem = lemma.removesuffix("e")
    plural = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
    return [lemma, plural, stem + "ed", stem + "ing"]


SPEECH_FORMS = frozenset(form for lemma in SPEECH_LEMMAS for form in forms(lemma))
"""Every inflected form, lower-case."""

PLAIN_FORMS = frozenset(
    form
    for lemma in SPEECH_LEMMAS
    for form in forms(lemma)
    if form != lemma or lemma in {"say", "tell", "argue", "call", "write", "insist", "believe", "think"}
) - word_list("reading reports comments questions charges claims answers offers shouts cries reasons")
"""Forms that are seldom anything but a verb of speech, which rules can trust without a parse."""

TITLE_INTRODUCERS = word_list(
    """
    so-called nicknamed titled entitled named headlined pseudonym song film movie book novel show series podcast
    album sitcom magazine starring
    """
)
"""Words right before a mark that announce a title or a nickname."""
