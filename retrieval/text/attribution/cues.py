"""Words that announce speech, and the words that rule it out. Written by hand from English usage."""

from retrieval.text.words import word_list

SPEECH_LEMMAS = word_list(
    """
    say tell ask add note write explain argue claim call describe declare insist state announce respond reply
    tweet retweet post admit acknowledge warn suggest recall remember continue conclude joke quip concede stress
    emphasize emphasise reiterate repeat assert contend maintain observe remark comment charge accuse allege
    criticize criticise blast slam denounce condemn deride mock dismiss praise laud hail thank urge implore
    exhort vow promise pledge predict boast brag lament complain confess testify proclaim shout yell scream cry
    chant whisper mutter intone muse opine offer answer counter retort interject demand deny confirm agree
    caution advise wonder think believe reason refer label dub brand characterize characterise portray liken
    compare read report cite quote counsel express voice tout rail fume snap chide scold ridicule lambaste decry
    bemoan summarize tease inquire question press assure inform remind relay recount volunteer venture signal
    deem deadpan gush plead beg
    """
)

_IRREGULAR = {
    "say": "say says said saying",
    "tell": "tell tells told telling",
    "write": "write writes wrote written writing",
    "think": "think thinks thought thinking",
    "read": "read reads reading",
    "cry": "cry cries cried crying",
    "decry": "decry decries decried decrying",
    "reply": "reply replies replied replying",
    "testify": "testify testifies testified testifying",
    "deny": "deny denies denied denying",
    "quip": "quip quips quipped quipping",
    "brag": "brag brags bragged bragging",
    "admit": "admit admits admitted admitting",
    "snap": "snap snaps snapped snapping",
    "slam": "slam slams slammed slamming",
    "beg": "beg begs begged begging",
    "dub": "dub dubs dubbed dubbing",
    "refer": "refer refers referred referring",
    "label": "label labels labeled labelled labeling labelling",
    "signal": "signal signals signaled signalled signaling signalling",
}

PRONOUNS = frozenset({"he", "she", "they", "i", "we", "you", "it", "him", "her", "them", "who", "his", "their"})
MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})


def _forms(lemma: str) -> list[str]:
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma].split()
    stem = lemma.removesuffix("e")
    plural = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
    return [lemma, plural, stem + "ed", stem + "ing"]


SPEECH_FORMS = frozenset(form for lemma in SPEECH_LEMMAS for form in _forms(lemma))
"""Every inflected form, lower-case."""

PLAIN_FORMS = frozenset(
    form
    for lemma in SPEECH_LEMMAS
    for form in _forms(lemma)
    if form != lemma or lemma in {"say", "tell", "argue", "call", "write", "insist", "believe", "think"}
) - {
    "reading",
    "reports",
    "comments",
    "questions",
    "charges",
    "claims",
    "answers",
    "offers",
    "shouts",
    "cries",
    "reasons",
}
"""The forms that are seldom anything but a verb of speech: what rules without a parser can trust."""

TITLE_INTRODUCERS = word_list(
    """
    so-called nicknamed titled entitled named headlined pseudonym song film movie book novel show series podcast
    album sitcom magazine starring
    """
)
"""Words right before a mark that make what follows a title or a nickname."""
