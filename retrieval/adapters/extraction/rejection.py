"""Rejects pages that hold no article to quote, each with the reason.

A long text is an article whatever stands around it: most reasons need a short one.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import XPath

from retrieval.adapters.extraction.prose import ends_sentence, is_card
from retrieval.errors import ArticleRejected
from retrieval.text.boilerplate import fold_line
from retrieval.text.sentences import sentences
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from retrieval.adapters.extraction.linked_data import LinkedData

FEWEST_WORDS = 80
"""Of a text of any kind."""
FEWEST_OF_A_REPORT = 40
"""Of a page with a headline and nothing but whole sentences."""
_SENTENCES_SHARE = 0.8
_WHOLE_WORDS = 150
"""With as many, a text that breaks off nowhere is whole, though the page says that it is paid for."""
_STUB_WORDS = 250
_FEW_CARDS = 4
_MOST_CARDS = 300
_CARD_SHARE = 0.5
_LONGEST_CARD = 400
"""Characters of a teaser with its heading; what tells more of each thing is an article about them."""
_ENDING = 400
"""Characters before the last line of a short text among which an offer may stand, which that line goes on with."""
_OFFER_WITHIN = 250
_OFFER_WITHIN_SHORT = 600
_SHOWN = 20_000

_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep reading)|to continue reading|subscribers only"
    r"|(?:is|are) (?:only )?for subscribers|this (?:article|story|content) is (?:reserved|exclusive)"
    r"|unlock this article|weiterlesen mit|jetzt (?:abo|abonnieren|testen)|nur für abonnent|réservé(?:e)? aux abonnés"
    r"|il vous reste .{0,30} à (?:lire|découvrir)|per continuare a leggere|para (?:seguir|continuar) leyendo"
    r"|(?:solo|exclusivo) para suscriptores|riservato agli abbonati|exclusivo para assinantes|только для подписчиков"
    r"|tylko dla prenumeratorów|订阅后继续阅读|残り\d+文字|続きをお読み|続きを読むには|この記事は(?:有料|会員)"
)
"""Of small letters: a search that ignores case takes four times as long."""
_OFFER = re.compile(
    r"subscri|continue reading|abonn|\babo\b|inscri|suscri|assin(?:e|ante)|prenumer|подпис|订阅|訂閱|有料|구독",
    re.IGNORECASE,
)
"""Words of an offer, which tell of a stub only right behind a text that is said to be paid for."""
_CONSENT = re.compile(
    r"before you continue|we value your privacy|manage (?:your )?(?:privacy|cookie|consent)|cookie consent|accept all"
    r"|consent to (?:the use|cookies)|zustimmen und weiter|alle akzeptieren|avant de continuer|tout accepter"
    r"|aceptar todo|accetta tutt[oi]|принять все",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:404|403|410|500|502|503)\b|(?:page|article|file|content) (?:was |could )?not (?:be )?found|access denied"
    r"|forbidden|just a moment|are you (?:a robot|human)|verify(?:ing)? (?:that )?you are human|captcha"
    r"|service unavailable|enable javascript|unusual traffic|nicht gefunden|introuvable|no encontrada|не найдена"
    r"|non trovata",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"\W*(?:error\W*)?(?:40[0-9]|410|50[0-9])?\W*(?:(?:page|file|content|article)? ?not found|just a moment"
    r"|access denied|forbidden|attention required|before you continue|are you a (?:robot|human)|security check"
    r"|one more step|(?:service|site) unavailable|seite nicht gefunden|page introuvable|página no encontrada"
    r"|pagina non trovata)?\W*",
    re.IGNORECASE,
)
"""All of the title of a page that stands before others or in place of them."""
_LOGIN = re.compile(r"\b(?:log ?in|sign ?in|anmelden|einloggen|connexion|iniciar sesión|accedi|войти)\b", re.IGNORECASE)
_LINKED_HEADINGS = XPath(
    "//h2[a[not(starts-with(@href, '#'))]] | //h3[a[not(starts-with(@href, '#'))]]"
    " | //h4[a[not(starts-with(@href, '#'))]] | //a[not(starts-with(@href, '#'))][h2 or h3 or h4]"
)
"""Not those that link to themselves, as the subheads of some texts do."""
_ASKS_FOR_LOGIN = XPath(
    "(//input[@type='password'][not(ancestor::header or ancestor::nav or ancestor::aside or ancestor::footer)])"
    "[position() <= 10][not(following::h1)]"
)
"""Not a box for members above the article."""
_PICTURES = {"ImageGallery", "MediaGallery", "CollectionPage"}


def reject_non_article(
    tree: HtmlElement, linked: LinkedData, shown: str, headline: str | None, text: str, *, words: int, is_cut: bool
) -> None:
    """Raise ArticleRejected for a page without an article: `shown` is all its text, `text` the supposed article.

    `is_cut` says whether the text, which has so many words, breaks off before an offer.
    """
    shown = shown[:_SHOWN]
    if words < _STUB_WORDS and is_cut:
        raise ArticleRejected("page.paywall")
    if linked.article is None:
        _reject_unlabelled(tree, shown, headline, text, words)
    if words >= FEWEST_WORDS:
        return
    title = f"{headline or ''} {(tree.findtext('.//title') or '')}"
    if _ERROR.search(title):
        raise ArticleRejected("page.error")
    if words >= FEWEST_OF_A_REPORT and _is_report(tree, text) and (linked.article or "VideoObject" not in linked.types):
        return
    if _ASKS_FOR_LOGIN(tree) or (words == 0 and _LOGIN.search(title)):
        raise ArticleRejected("page.login")
    if _CONSENT.search(shown):
        raise ArticleRejected("page.consent")
    if "VideoObject" in linked.types or tree.xpath("//video | //meta[@property='og:video']"):
        raise ArticleRejected("page.video")
    if linked.types & _PICTURES or len(tree.xpath("//figure")) > _FEW_CARDS:
        raise ArticleRejected("page.pictures")
    raise too_few_words(words, FEWEST_OF_A_REPORT if words < FEWEST_OF_A_REPORT else FEWEST_WORDS)


def _reject_unlabelled(tree: HtmlElement, shown: str, headline: str | None, text: str, words: int) -> None:
    """Raise ArticleRejected for a page without data of an article: a list of links, or one in place of another page."""
    if _is_index(tree, text):
        raise ArticleRejected("page.list")
    titles = (headline or "", tree.findtext(".//title") or "")
    if words < _STUB_WORDS and any(map(_is_wall, titles)):
        raise ArticleRejected("page.consent" if _CONSENT.search(shown) else "page.error")


def breaks_off(linked: LinkedData, shown: str, text: str, words: int) -> bool:
    """Whether the text is only what those may read who have not paid: `shown` is all text of its page.

    An offer follows it, or it is short (`words` is how many it has) or ends in dots where the page is paid for or
    offers the rest. That a page is paid for proves nothing of a long text.
    """
    is_paid = linked.article is not None and linked.article.free is False
    if words < FEWEST_OF_A_REPORT or not text.strip():
        return is_paid or _offers_more(shown[:_SHOWN])
    last = text.rstrip().rpartition("\n")[2]
    front, is_shown, rest = shown.rpartition(" ".join(last.split())[-60:])
    behind = rest if is_shown else ""
    within = _OFFER_WITHIN if words >= FEWEST_WORDS else _OFFER_WITHIN_SHORT
    ending = f"{front[-_ENDING:]} {last}" if is_shown and words < _STUB_WORDS else last
    if _offers_more(ending) or _offers_more(behind[:within]):
        return True
    if text.rstrip().endswith(("…", "...")):
        return is_paid or _offers_more(shown[:_SHOWN])
    if not is_paid or words >= _STUB_WORDS:
        return False
    return words < _WHOLE_WORDS or _OFFER.search(behind[:_OFFER_WITHIN]) is not None or _offers_more(shown[:_SHOWN])


def _offers_more(text: str) -> bool:
    return _PAYWALL.search(text.lower()) is not None


def too_few_words(words: int, least: int = FEWEST_WORDS) -> ArticleRejected:
    """The rejection of a text of so few words, where `least` are wanted."""
    if not words:
        return ArticleRejected("page.no_word")
    if words == 1:
        return ArticleRejected("page.one_word", least=least)
    return ArticleRejected("page.too_few_words", words=words, least=least)


def reject_short(text: str, headline: str | None) -> None:
    """Raise ArticleRejected for a text of too few words; fewer are enough for a whole report below a headline."""
    words = count_words(text)
    if words < FEWEST_OF_A_REPORT or (words < FEWEST_WORDS and not (headline and _is_whole(text))):
        raise too_few_words(words)


def _is_wall(title: str) -> bool:
    """Whether a title, but for the site's name behind it, says that something stands before the page or instead."""
    own = re.split(r" [|–—·•»-] ", title.strip(), maxsplit=1)[0]
    return any(char.isalnum() for char in own) and _WALL.fullmatch(own) is not None


def _is_report(tree: HtmlElement, text: str) -> bool:
    """Whether a short text is a whole report below a heading."""
    heading = tree.xpath("//h1 | //h2 | //meta[@property='og:type'][@content='article']")
    rows = {fold_line(" ".join(row.itertext())) for row in tree.iter("tr")}
    return bool(heading) and _is_whole("\n".join(line for line in text.split("\n") if fold_line(line) not in rows))


def _is_whole(text: str) -> bool:
    """Whether a text is several whole sentences, and no question for consent."""
    lines = [line for line in text.split("\n") if line]
    ended = sum(count_words(line) for line in lines if ends_sentence(line) and not line.endswith(("…", "...", ":")))
    return (
        ended >= _SENTENCES_SHARE * count_words(text)
        and (len(sentences(text)) > 1 or text.count("。") > 1)
        and not _CONSENT.search(text)
        and not _LOGIN.search(text)
    )


def _is_index(tree: HtmlElement, text: str) -> bool:
    """Whether most of the text is cards: headings or lines that are links, each with its short teaser."""
    headings = _LINKED_HEADINGS(tree)[:_MOST_CARDS]
    teasers = [*islice(filter(is_card, tree.iter("div", "li", "section", "article")), _MOST_CARDS)]
    if len(headings) + len(teasers) < _FEW_CARDS:
        return False
    lines = {fold_line(line) for line in text.split("\n") if line}
    whole = sum(len(line) for line in lines)
    cards, covered = 0, 0
    for card in {*map(_card, headings), *teasers}:
        parts = card.iter("p", "a", "h2", "h3", "h4", "div")
        card_lines = {fold_line(element.text_content()) for element in parts} & lines
        if card_lines:
            cards += 1
            covered += sum(map(len, card_lines))
    return cards >= _FEW_CARDS and covered >= _CARD_SHARE * whole and covered <= _LONGEST_CARD * cards


def _card(heading: HtmlElement) -> HtmlElement:
    """The smallest element around a heading that holds more text."""
    own = len(heading.text_content())
    for element in heading.iterancestors():
        if len(element.text_content()) > own + 20:
            return element
    return heading
