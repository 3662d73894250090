"""Targets that read what the web sends: pages, what they say in JSON-LD, files, feeds, robots.txt, packed bodies."""

from __future__ import annotations

import gzip
import re
import tempfile
import zlib
from contextlib import suppress
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from retrieval.adapters.extraction.answers import WorkerAnswer
from retrieval.adapters.extraction.dispatch import read_content
from retrieval.adapters.extraction.linked_data import read_linked_data
from retrieval.adapters.feeds.client import _decode
from retrieval.adapters.feeds.parser import parse_feed
from retrieval.adapters.sandbox.worker_protocol import LONGEST_LINE, write_answer
from retrieval.adapters.web.content_type import read_content_type
from retrieval.adapters.web.decompression import BodyDecoder
from retrieval.adapters.web.robots import Robots, read_robots
from retrieval.articles.files import read_draft
from retrieval.domain.limits import LARGEST_FILE, LONGEST_TEXT
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected, FetchFailed
from retrieval.text.feed_document import MOST_ENTRIES, FeedDocument, FeedsNamed
from retrieval.text.word_count import count_words
from tests.fuzz.target import Target, check_line, check_moment, check_sentence, joined, number_of, parts, text_of
from tests.support import feeds
from tests.support.pages import recorded_pages
from tests.support.pdfs import bomb, pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.domain.articles import Draft

_URL: Final = "https://www.courier.example/news/a?b=c"
_TYPES: Final = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "message/rfc822",
    "application/pdf",
    "application/octet-stream",
    "",
)
_FEED_TYPES: Final = ("text/xml", "application/atom+xml", "application/feed+json", "text/html", "application/rss+xml")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_HALF_A_CHARACTER: Final = r"\ud"
_MOST: Final = 5_000
_PACKINGS: Final = ("gzip", "x-gzip", "", "identity", "br", "gzip, gzip", "deflate")
_STORY: Final = "The ferry to the island will run again from Monday, the harbour board said. " * 9


def _page(data: bytes) -> None:
    """A content of any type becomes a draft that the bot believes, or is refused in a sentence."""
    kind, charset, url, content = parts(data, 4)
    fetched = Fetched(_URL if not url else text_of(url), content, _type(kind), text_of(charset) or None)
    try:
        draft = read_content(fetched)
    except ArticleRejected as refused:
        check_sentence(str(refused))
        return
    _check_draft(draft)
    assert draft.url is None or draft.url == fetched.url or urlsplit(draft.url).scheme in {"http", "https"}
    decoded = WorkerAnswer.model_validate_json(_encoded({"draft": draft})).to_draft()
    lines = (draft.title, draft.publisher, draft.url, *draft.authors)
    cut = decoded.text == draft.text and max(len(line or "") for line in lines) > LONGEST_LINE
    assert decoded == draft or cut or _HALF_A_CHARACTER in repr(draft)


def _type(kind: bytes) -> str:
    return _TYPES[number_of(kind, len(_TYPES) - 1)] if len(kind) < 2 else text_of(kind)  # an index


def _check_draft(draft: Draft) -> None:
    assert 0 < len(draft.text) <= LONGEST_TEXT
    assert count_words(draft.text)
    check_moment(draft.published_at)
    check_moment(draft.updated_at)
    assert draft.language is None or len(draft.language) < 20  # the longest tags have twelve


def _encoded(answer: object) -> bytes:
    """What a worker writes."""
    line = BytesIO()
    write_answer(line, answer)
    return line.getvalue()


def _linked(data: bytes) -> None:
    """Scripts of any content, in JSON or not, are read as far as they go."""
    found = read_linked_data([text_of(script) for script in data.split(b"\x1f")])
    article = found.article
    assert all(isinstance(name, str) for name in found.types)
    if article is None:
        return
    for line in (article.headline, article.published, article.modified, article.publisher, article.language):
        assert line is None or (line and line == " ".join(line.split()))
    assert len(article.authors) <= 20  # as many as are kept
    assert all(name and "://" not in name for name in article.authors)
    assert article.body is None or article.body.strip()
    assert article.free in {True, False, None}


def _draft_file(data: bytes) -> None:
    """A text with a sidecar becomes a draft, or is refused in a sentence."""
    sidecar, text = parts(data, 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(text)
        if sidecar:
            path.with_suffix(".toml").write_bytes(sidecar)
        with suppress(ArticleRejected):
            draft = read_draft(path)
            assert 0 < len(draft.text) <= LARGEST_FILE
            assert draft.text.encode() == text.removeprefix(b"\xef\xbb\xbf")
            check_moment(draft.published_at)
            assert all(isinstance(name, str) for name in draft.authors)


def _feed(data: bytes) -> None:
    """Any bytes are a feed, or name some; what is said of it arrives as it was."""
    kind, charset, content = parts(data, 3)
    header = f"{_FEED_TYPES[number_of(kind[:1], len(_FEED_TYPES) - 1)]}; charset={charset.decode('latin-1')}"
    found = parse_feed(Fetched(feeds.FEED, content, *read_content_type(header)))
    if isinstance(found, FeedsNamed):
        assert len(found.addresses) <= 10  # as many as are offered
        assert all(_is_link(address) for address in found.addresses)
        return
    assert isinstance(found, FeedDocument)
    check_line(found.title, 500)
    keys = [entry.key for entry in found.entries]
    assert len(keys) == len(set(keys)) <= MOST_ENTRIES
    for entry in found.entries:
        assert _HEX.fullmatch(entry.key)
        assert _HEX.fullmatch(entry.version)
        assert entry.link is None or _is_link(entry.link)
        check_line(entry.title, 500)
        for name in entry.authors:
            check_line(name, 200)
        check_moment(entry.published_at)
        check_moment(entry.updated_at)
    assert sorted(map(repr, found.newest())) == sorted(map(repr, found.entries))
    assert _decode(_encoded(found)) == found or _HALF_A_CHARACTER in repr(found)


def _is_link(address: str) -> bool:
    split = urlsplit(address)
    return split.scheme in {"http", "https"} and bool(split.hostname) and len(address) <= 2_000


def _robots(data: bytes) -> None:
    """Any text is a robots.txt, and says of any path what its rules say when read as patterns."""
    target, content = parts(data, 2)
    path = "/" + quote(target)
    robots = read_robots(content.decode("utf-8", "replace"), "pullquote")
    matching = [(rule.length, rule.allows) for rule in robots.rules() if rule.matches(path)]
    assert Robots(robots.lines).allow(path) in {True, False}
    for rule in islice(robots.rules(), 20):
        if len(rule.pieces) <= 4:  # a pattern with more stars is slow where the rule itself is not
            pattern = ".*".join(map(re.escape, rule.pieces)) + (r"\Z" if rule.whole else "")
            assert rule.matches(path) == bool(re.match(pattern, path, re.DOTALL)), (rule, path)
    if not matching:
        assert robots.allow(path)


def _unpack(data: bytes) -> None:
    """Whatever is packed how often, no more is unpacked than allowed, and what fits is what it was."""
    head, content = parts(data, 2)
    packing = _PACKINGS[number_of(head[:1], len(_PACKINGS) - 1)]
    step = 1 + number_of(head[1:3], 600)
    with suppress(FetchFailed):
        unpacker = BodyDecoder("courier.example", packing, _MOST)
        for start in range(0, len(content), step):
            unpacker.add(content[start : start + step])
            assert unpacker._unzip is None or len(unpacker._body) <= _MOST + 1
        body = unpacker.body()
        assert len(body) <= _MOST
        if not unpacker.too_large and packing in {"", "identity"}:
            assert body == content
        if not unpacker.too_large and packing == "gzip" and content:
            assert body == _unzipped(content)


def _unzipped(content: bytes) -> bytes:
    """All files of a packed content, one after the other, by the plain way."""
    body = b""
    while content.startswith(b"\x1f\x8b"):
        unzip = zlib.decompressobj(31)
        body += unzip.decompress(content)
        content = unzip.unused_data
    return body


def _page_seeds() -> Iterator[bytes]:
    for page in recorded_pages():
        yield joined(page.fetched.content_type, page.fetched.charset or "", page.fetched.url, page.fetched.content)
    for kind, text in (
        ("text/plain", _STORY),
        ("text/markdown", f"---\ntitle: A\ndate: 2024-10-01\n---\n# B\n\n{_STORY}"),
    ):
        yield joined(kind, "", "", text)
    mail = (
        f"Subject: Re: The ferry\nFrom: Ada <a@b.example>\nDate: Tue, 1 Oct 2024 10:00:00 +0200\n\n{_STORY}\n-- \nAda"
    )
    yield joined("message/rfc822", "", "", mail)
    yield joined(
        "message/rfc822", "", "", mail.replace("\n\n", "\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n", 1)
    )


def _pdf_seeds() -> Iterator[bytes]:
    for content in (pdf([[_STORY[:80]] * 12], title="The ferry"), bomb(1), pdf([[]])):
        yield joined("application/pdf", "", "", content)


def _linked_seeds() -> Iterator[bytes]:
    for page in recorded_pages():
        text = page.fetched.content.decode("utf-8", "replace")
        yield from (script.encode() for script in re.findall(r"ld\+json[^>]*>(.*?)</script>", text, re.DOTALL))
    yield b'{"@graph":[{"@type":["NewsArticle"],"author":{"@id":"#a"}},{"@id":"#a","name":["Ada"]}]}'
    yield b'{"@type":"Article","articleBody":"<p>A&amp;b</p>","isAccessibleForFree":"False","author":[{"name":1},"B"]},'


def _feed_seeds() -> Iterator[bytes]:
    story = feeds.Story(1)
    for text in (feeds.rss(story), feeds.rss(story, full=True), feeds.json_feed(story)):
        yield joined("", "utf-8", text)
    yield joined(
        "\x01",
        "",
        "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>A &lt;b&gt;</title><entry><id>1</id>"
        "<link href='/a'/><updated>2024-10-01T10:00:00Z</updated><author><name>Ada</name></author>"
        "<content type='xhtml'><div>x</div></content></entry></feed>",
    )
    yield joined(
        "\x03", "", "<html><head><base href='/x/'><link rel=alternate type='application/rss+xml' href='a.xml'>"
    )


def _packed_seeds() -> Iterator[bytes]:
    whole = gzip.compress(b"The ferry. " * 40, mtime=0)
    for number, content in (
        (b"\0", whole),
        (b"\0", gzip.compress(bytes(_MOST * 9), mtime=0)),
        (b"\0", whole * 2),
        (b"\2", b"a"),
    ):
        yield joined(number + b"\0\x10", content)


_HTML_WORDS: Final = (
    "<article>", "<p>", "</p>", "<br>", "<table><tr><td>", "<h1>", "<div class=related>",
    "<time datetime=2024-10-01>", '<script type="application/ld+json">', "</script>",
    "<meta property=og:title content=", "<link rel=canonical href=", '<html lang="pl">', "<meta charset=", "&#150;",
    "&nbsp;", "\u2028", "\u202e", "content-type:", "2024年10月1日", "<![CDATA[", "<svg>", "<template>", "<title>",
    "Subject: ", "=?utf-8?q?", "boundary=", "base64", "iso-2022-jp", "utf-16", "%PDF-1.4",
)  # fmt: skip
_LINKED_WORDS: Final = (
    '"@type"', '"@graph"', '"@id"', '"NewsArticle"', '"headline"', '"articleBody"', '"author"', '"publisher"',
    '"name"', '"mainEntity"', '"isAccessibleForFree"', "\\ud800", "1e999", "NaN", "&amp;", "null", "[[[[[[[[", "-->",
    "<!--",
)  # fmt: skip
_FEED_WORDS: Final = (
    "<rss version='2.0'>", "<channel>", "<item>", "<title>", "<link>", "<guid>", "<pubDate>", "<description>",
    "<entry>", "<updated>", "<content:encoded>", "<![CDATA[", "]]>", "&lt;", "&#0;", "<author>", '"items":[',
    '"version":"https://jsonfeed.org/', '"date_published":', '"authors"', '"id":', "0001-01-01",
    "9999-12-31T23:59:59-14:00", "<dc:date>", "<!DOCTYPE", "<!ENTITY", "<georss:point>", "<media:content",
    "<itunes:image", "xml:base=", "http://[",
)  # fmt: skip

_WEB: Final = (
    "trafilatura",
    "htmldate",
    "lxml",
    "markdown_it",
    "charset_normalizer",
    "/email/",
    "courlan",
    "dateparser",
    "tld",
)

TARGETS: Final = {
    "pages": Target(_page, _page_seeds, _HTML_WORDS, _WEB, longest=12_000, seconds=5),
    "pdf": Target(_page, _pdf_seeds, ("obj", "endobj", "stream", "/FlateDecode", "/Pages", "/Kids", "BT", "Tj", "xref"),
                  ("pypdf",), longest=6_000, seconds=5),
    "linked-data": Target(_linked, _linked_seeds, _LINKED_WORDS),
    "feeds": Target(_feed, _feed_seeds, _FEED_WORDS, ("feedparser", "sgmllib"), longest=6_000, seconds=3),
    "drafts": Target(_draft_file, lambda: [joined("title = 'A'\nauthors = ['B']\npublished_at = 2024-10-01\n", _STORY)],
                     ("published_at = ", "0001-01-01T00:00:00+14:00", "url = ", "'''", "[[", "inf", "{a.b = ")),
    "robots": Target(_robots, lambda: [joined("/a/b.html", "User-agent: *\nDisallow: /a*b$\nAllow: /%61\n")],
                     ("User-agent: pullquote\n", "Disallow: ", "Allow: /", "*", "$", "%2F", "\ufeff", "#")),
    "unpacking": Target(_unpack, _packed_seeds, ("\x1f\x8b", "\x08\x00"), longest=20_000),
}  # fmt: skip
