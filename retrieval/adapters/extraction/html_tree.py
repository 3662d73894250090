"""Parses a page and prepares its tree for trafilatura, which finds text by its blocks.

trafilatura knows neither layout by tables nor paragraphs that are divided by line breaks alone, and it keeps pull
quotes, offers and players within a text. Those are handled here.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from retrieval.adapters.extraction.asides import drop_asides
from retrieval.adapters.extraction.prose import all_words, containers, ends_sentence, link_share, prose_words, unwrapped
from retrieval.errors import ArticleRejected
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for every element, which takes less time than a look at its name: no form is read."""
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MOST_TAGS = 100_000
_LAYOUT_WORDS = 60
_TEASER = 200
_LINK_SHARE = 0.6
_HEADINGS = ("h1", "h2", "h3", "h4")
_LONG_LINK = 20
_ALL_LINKS = 0.9
_MANY_CAPTIONS = 3
_RAISED_LINKS = etree.XPath("//sup[.//a[starts-with(@href, '#')]] | //sup/parent::a[starts-with(@href, '#')]")
_HIDDEN = etree.XPath("//body//*[@hidden]")
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z*†‡])[\])]?")
_WRAPPED = 1.5
_MOST_QUOTATIONS = 50
"""In wrappers, which are read for each."""
_SENTENCE_WORDS = 8
_BLOCKS = frozenset(
    {"p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "section", "article", "figure", "aside"}
)


def parse(text: str) -> HtmlElement:
    """Parse a page. Raises ArticleRejected for an empty page, and for more tags than any page has."""
    if text.count("<") > _MOST_TAGS:
        raise ArticleRejected("page.too_entangled")
    clean = _CONTROLS.sub(" ", _DECLARATION.sub("", text))
    # `huge_tree` stays off: the library's own limits on depth and size hold. HTML knows no entity declarations.
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree: HtmlElement = document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleRejected("page.no_html") from error
    return tree


def prepare(tree: HtmlElement) -> None:
    """Turn layout into blocks and drop asides within the text. Changes the tree."""
    for element in [*tree.iter("font", "center", "big", "o:p")]:
        element.drop_tag()
    _drop_unread(tree)
    for cell in [*tree.iter("td", "th")]:
        if _is_column(cell):
            _open_table(cell)
    _open_gallery(tree)
    broken = {line_break.getparent() for line_break in tree.iter("br")}
    for element in [part for part in tree.iter("div", "p", "section", "article", "td", "body") if part in broken]:
        _paragraphs(element)
    _name_paragraphs(tree)
    drop_asides(tree, containers(tree))
    for quotation in islice(tree.iter("blockquote"), _MOST_QUOTATIONS):
        _bare(quotation)
    for element in [*tree.iter("p", "li")]:
        _open_links(element)
    for heading in [*tree.iter("h2", "h3", "h4")]:
        if _is_teaser(heading) or _heads_links(heading):
            heading.drop_tree()


def _drop_unread(tree: HtmlElement) -> None:
    """Drop the numbers that lead to footnotes, and short hidden parts."""
    marks = [mark for mark in _RAISED_LINKS(tree) if _NOTE_MARK.fullmatch(mark.text_content().strip())]
    hidden = [part for part in _HIDDEN(tree) if all_words(part) < _LAYOUT_WORDS]
    for element in marks + hidden:
        if element.getparent() is not None:
            element.drop_tree()


def _is_column(cell: HtmlElement) -> bool:
    """Whether a cell is a part of the page's layout: it has many words, or a text below a heading of its own."""
    if all_words(cell) >= _LAYOUT_WORDS:
        return True
    return next(cell.iter(*_HEADINGS), None) is not None and any(map(prose_words, cell.iter("p")))


def _open_gallery(tree: HtmlElement) -> None:
    """Make paragraphs of the captions of a page whose only text they are."""
    captions = [*tree.iter("figcaption")]
    words = sum(map(all_words, captions))
    if len(captions) < _MANY_CAPTIONS or words < _LAYOUT_WORDS or sum(each.words for each in containers(tree)) > words:
        return
    for caption in captions:
        for credit in caption.xpath(".//*[contains(@class, 'credit') or contains(@class, 'copyright')]"):
            if credit.getparent() is not None:
                credit.drop_tree()
        caption.tag = "p"
        for figure in caption.iterancestors("figure"):
            figure.tag = "div"


def _heads_links(heading: HtmlElement) -> bool:
    """Whether a heading stands above a list that is nothing but links."""
    below = heading.getnext()
    if below is None or below.tag not in {"ul", "ol"} or (heading.tail or "").strip():
        return False
    shown = " ".join(below.text_content().split())
    return not shown or link_share(below, len(shown)) >= _ALL_LINKS


def _name_paragraphs(tree: HtmlElement) -> None:
    """Make paragraphs of `div` elements with text alone where one beside it, or of the same classes, is a sentence."""
    leaves = [
        element
        for element in tree.iter("div")
        if next(element.iterdescendants(*_BLOCKS), None) is None and element.text_content().strip()
    ]
    prose = [leaf for leaf in leaves if prose_words(leaf)]
    parents = {leaf.getparent() for leaf in prose}
    classes = {(leaf.get("class"), leaf.getparent().get("class")) for leaf in prose}
    for leaf in leaves:
        parent = leaf.getparent()
        if parent in parents or (leaf.get("class"), parent.get("class")) in classes:
            leaf.tag = "p"


def _bare(element: HtmlElement) -> None:
    """Take the class from what is wrapped around a block quotation: trafilatura drops what is named as embedded."""
    size = len(element.text_content())
    for wrapper in element.iterancestors("div", "figure", "section", "span"):
        if len(wrapper.text_content()) > _WRAPPED * size:
            return
        wrapper.attrib.pop("class", None)


def _open_links(element: HtmlElement) -> None:
    """Drop a short paragraph that is little more than a link; one that is a sentence of the text loses its links."""
    if next(element.iter("a"), None) is None:
        return
    shown = " ".join(element.text_content().split())
    if not shown or link_share(element, len(shown)) < _LINK_SHARE:
        return
    count = count_words(shown)
    if count >= _LONG_LINK or (count >= _SENTENCE_WORDS and ends_sentence(shown)):
        outer = unwrapped(element)
        if any(near is not None and prose_words(near) for near in (outer.getprevious(), outer.getnext())):
            for link in [*element.iter("a")]:
                link.drop_tag()
    elif len(shown) <= _TEASER and not ends_sentence(shown):
        element.drop_tree()


def _is_teaser(heading: HtmlElement) -> bool:
    """Whether a heading is a link to another page, with no text below it in its block."""
    outer = heading.getparent() if heading.getparent().tag == "a" else heading
    link, shown = next(outer.iter("a"), None), " ".join(heading.text_content().split())
    if link is None or not shown or link.get("href", "#").lstrip().startswith("#"):
        return False
    if outer is heading and link_share(heading, len(shown)) <= _LINK_SHARE:
        return False
    below = outer.getnext()
    return not (outer.tail or "").strip() and (
        below is None or below.tag in _HEADINGS or not below.text_content().strip()
    )


def _open_table(cell: HtmlElement) -> None:
    """Turn the table of a cell that is a column of the page into blocks; tables inside the cell stay."""
    table = next(cell.iterancestors("table"), None)
    if table is None:
        return
    parts = table.iterdescendants("tbody", "thead", "tfoot", "tr", "td", "th")
    for element in [table, *(part for part in parts if next(part.iterancestors("table"), None) is table)]:
        element.tag = "div"


def _paragraphs(element: HtmlElement) -> None:
    """Put each part of a text that is divided by pairs of line breaks into its own paragraph."""
    children = list(element)
    if not any(_is_pair(first, second) for first, second in pairwise(children)):
        return
    pieces = list(_pieces(element, list(_stream(element))))
    element.text = None
    if element.tag == "p":
        element.tag = "div"
    for piece in pieces:
        element.append(piece)


def _is_pair(first: HtmlElement, second: HtmlElement) -> bool:
    return first.tag == second.tag == "br" and not (first.tail or "").strip()


def _stream(element: HtmlElement) -> Iterator[str | HtmlElement]:
    """The texts and children of an element, in order; the children are removed from it."""
    yield element.text or ""
    for child in list(element):
        tail, child.tail = child.tail or "", None
        element.remove(child)
        yield child
        yield tail


def _pieces(element: HtmlElement, stream: list[str | HtmlElement]) -> Iterator[HtmlElement]:
    """A paragraph for each run of text between pairs of line breaks; blocks stay as they are."""
    piece, breaks = element.makeelement("p"), 0
    waiting: list[str] = []
    for node in stream:
        if not isinstance(node, str) and node.tag == "br":
            breaks += 1
            continue
        if not isinstance(node, str) and node.tag in _BLOCKS:
            yield from [_flushed(piece, waiting), node] if _filled(piece, waiting) else [node]
            piece, breaks = element.makeelement("p"), 0
            continue
        if isinstance(node, str) and not node.strip():
            continue
        if breaks > 1 and _filled(piece, waiting):
            yield _flushed(piece, waiting)
            piece = element.makeelement("p")
        elif breaks:
            waiting.append(" ")
        breaks = 0
        if isinstance(node, str):
            waiting.append(node)
        else:
            _flushed(piece, waiting).append(node)
    if _filled(piece, waiting):
        yield _flushed(piece, waiting)


def _filled(piece: HtmlElement, waiting: list[str]) -> bool:
    return bool(len(piece) or waiting)


def _flushed(piece: HtmlElement, waiting: list[str]) -> HtmlElement:
    """Append the waiting text to a piece, all at once: each time copies the whole text."""
    text = "".join(waiting)
    waiting.clear()
    if text and len(piece):
        piece[-1].tail = (piece[-1].tail or "") + text
    elif text:
        piece.text = (piece.text or "") + text
    return piece
