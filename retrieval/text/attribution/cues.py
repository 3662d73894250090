"""Words that announce speech, and words that rule it out."""

import re

from retrieval.text.words import read_lines, read_words, word_list

_IRREGULAR = {line.split()[0]: line.split() for line in read_lines("irregular_speech_verbs")}
SPEECH_LEMMAS = read_words("speech_verbs") | _IRREGULAR.keys()

_DOUBLED = re.compile("[^aeiou]*[aeiou][bgmnpt]|deadpan")
"""Verbs whose last consonant is doubled."""

ADVERB = r"(?!(?:family|ally|assembly|bully|monopoly|tally)\b)\w++(?<=\wly)"
"""A pattern of adverbs, and not of nouns that end as they do."""

PRONOUNS = frozenset({"he", "she", "they", "i", "we", "you", "it", "him", "her", "them", "who", "his", "their"})
MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})


def forms(lemma: str) -> list[str]:
    """The base, third person, past and participle forms of a verb, in this order."""
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    stem = lemma.removesuffix("e") + (lemma[-1] if _DOUBLED.fullmatch(lemma) else "")
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

_SPOKEN_LEMMAS = SPEECH_LEMMAS | read_words("manners_of_speech")
_BASES = word_list(
    """
    say tell argue call write insist believe think contend warn add concede acknowledge complain suggest ask reply
    describe dismiss maintain predict read recall agree counter allege admit explain respond
    """
)
TOUCHING_FORMS = frozenset(
    form for lemma in _SPOKEN_LEMMAS for form in forms(lemma) if form != lemma or lemma in _BASES
) - word_list("reading comments questions states press reasons")
"""Forms that are speech where they touch a quotation and have a subject."""

ALSO_NOUNS = word_list(
    """
    answers calls charges claims comments demands e-mails emails estimates jokes labels messages murmurs notes offers
    posts promises protests questions quotes radios remarks replies reports roars shouts shrieks signals texts tweets
    vows
    """
)
"""Forms that are plural nouns as well."""

TAKING_OBJECTS = frozenset(
    form
    for lemma in word_list(
        """
        accuse applaud blast brand call charge cite characterise characterize chide compare condemn criticise
        criticize decry deem denounce deride describe dismiss dub hail instruct label lambaste laud liken mock name
        portray praise refer ridicule signal slam thank toast tout
        """
    )
    for form in forms(lemma)
)
"""Forms that no quotation stands before: “…,” she criticised."""

IN_HEADLINES = frozenset(form for form in PLAIN_FORMS if form.endswith("s")) - word_list(
    "states posts labels brands notes presses stresses teases marks"
) | word_list("said told asked")
"""Forms that are verbs even with a capital."""

PARTICLES = word_list("back out")
WITH_PARTICLE = frozenset(
    (form, particle)
    for verbs, particles in (
        ("shoot shoots shot", "back"),
        ("fire fires fired", "back off"),
        ("hit hits hit", "back out"),
        ("fight fights fought", "back"),
        ("chime chimes chimed", "in"),
        ("weigh weighs weighed", "in"),
        ("cut cuts", "in"),
        ("break breaks broke", "in"),
        ("butt butts butted", "in"),
        ("pipe pipes piped", "up in"),
        ("speak speaks spoke", "up out"),
        ("go goes went", "on"),
        ("carry carries carried", "on"),
        ("burst bursts", "out"),
        ("lash lashes lashed", "out"),
        ("push pushes pushed", "back"),
        ("clap claps clapped", "back"),
        ("speak speaks spoke", "of about"),
        ("teach teaches taught", "me us her him them"),
        ("talk talks talked", "of about"),
    )
    for form in verbs.split()
    for particle in particles.split()
)
"""Verbs that are speech with a particle behind them."""

TITLE_INTRODUCERS = word_list(
    """
    so-called nicknamed titled entitled named headlined pseudonym song film movie book novel show series podcast
    album sitcom magazine starring
    """
)
"""Words right before a mark that announce a title or a nickname."""
