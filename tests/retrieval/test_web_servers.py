"""What a server may do to whoever reads it: it is given up in time, within bounds, with a kind sentence."""

from __future__ import annotations

import gzip
import threading
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import FetchFailed
from tests.retrieval.web_server import HERE, redirect, response
from tests.retrieval.web_visits import PATIENT, STORY, fetcher, only_our_errors, watched_connections

if TYPE_CHECKING:
    import socket

    from tests.retrieval.web_server import LocalWeb, Script

SECONDS = 0.5
"""For what is to take too long."""


def drip(beginning: bytes) -> Script:
    def send(stream: socket.socket) -> None:
        stream.sendall(beginning)
        while True:
            stream.sendall(b"x")
            time.sleep(0.05)

    return send


def endless(beginning: bytes, again: bytes) -> Script:
    def send(stream: socket.socket) -> None:
        stream.sendall(beginning)
        while True:
            stream.sendall(again)

    return send


def silent(_stream: socket.socket) -> None:
    time.sleep(SECONDS + 1)


def gzip_bomb(gigabytes: int = 10) -> Script:
    """So many GB of zeros: a block of 16 MB, packed to 16 kB, over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    beginning = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(16_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)

    def send(stream: socket.socket) -> None:
        stream.sendall(HEAD + b"Content-Encoding: gzip\r\n\r\n" + beginning)
        for _ in range(gigabytes * 1000 // 16):
            stream.sendall(block)

    return send


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b"the story " * 1000)

LATE = "That took longer than 0.5 seconds, so I gave up."
LARGE = "That page is larger than 0.1 MB, which is more than I read."
BROKEN = "news.example broke off, or sent what is no proper answer."
PACKING = "news.example packs its pages in a way that I did not ask for and cannot read."
CORRUPT = "What news.example sent cannot be unpacked."
LIE = "That link leads to something else than the site says, so I did not read it."
ODD = "news.example answered with something that I can do nothing with ({})."

MISBEHAVIOUR: dict[str, tuple[Script, str]] = {
    "a body that drips": (drip(HEAD + b"Content-Length: 50000\r\n\r\n"), LATE),
    "chunks that drip": (drip(CHUNKED + b"ffff\r\n"), LATE),
    "headers that drip": (drip(HEAD + b"X-Slow: "), LATE),
    "a status that drips": (drip(b""), LATE),
    "silence": (silent, LATE),
    "the connection closed at once": (b"", BROKEN),
    "no end of one header": (endless(HEAD + b"X-Long: ", b"x" * 10_000), BROKEN),
    "no end of headers": (endless(HEAD, b"X-More: more\r\n" * 1000), BROKEN),
    "no end of interim answers": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100), BROKEN),
    "no end of a body": (endless(HEAD + b"\r\n", b"x" * 10_000), LARGE),
    "no end of chunks": (endless(CHUNKED, b"a\r\n0123456789\r\n" * 1000), LARGE),
    "no end of chunks' names": (endless(CHUNKED, b"1;name=value\r\nx\r\n" * 1000), BROKEN),
    "no end of trailers": (endless(CHUNKED + b"0\r\n", b"X-More: more\r\n" * 1000), BROKEN),
    "a large body, as it says": (HEAD + b"Content-Length: 100001\r\n\r\n", LARGE),
    "an endless body, as it says": (HEAD + b"Content-Length: 9" + b"9" * 17 + b"\r\n\r\n", LARGE),
    "ten gigabytes, packed": (gzip_bomb(), LARGE),
    "packed twice": (response(gzip.compress(PACKED), Content_Encoding="gzip, gzip"), PACKING),
    "packed in another way": (response(PACKED, Content_Encoding="br"), PACKING),
    "not packed, as it says": (response("the story", Content_Encoding="gzip"), CORRUPT),
    "packed, the end missing": (response(PACKED[:-20], Content_Encoding="gzip"), CORRUPT),
    "packed, a byte wrong": (response(PACKED[:30] + b"\xff\xff" + PACKED[32:], Content_Encoding="gzip"), CORRUPT),
    "a body shorter than it says": (response("the story", Content_Length="50"), BROKEN),
    "two lengths": (response("the story", Content_Length="5\r\nContent-Length: 9"), BROKEN),
    "a negative length": (response("the story", Content_Length="-1"), BROKEN),
    "chunks of garbage": (CHUNKED + b"zz\r\nthe story\r\n", BROKEN),
    "a chunk of immense length": (CHUNKED + b"f" * 30 + b"\r\nthe story\r\n", BROKEN),
    "chunks, the end missing": (CHUNKED + b"9\r\nthe story\r\n", BROKEN),
    "no HTTP at all": (b"SSH-2.0-OpenSSH_9.9\r\n", BROKEN),
    "a header with a line of its own": (HEAD + b"no colon here\r\n\r\n", BROKEN),
    "another protocol": (
        b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        BROKEN,
    ),
    "a redirect to itself": (redirect(STORY), "news.example sends me on and on, so I gave up."),
    "a redirect to nowhere": (response(status=302), ODD.format(302)),
    "nothing new, unasked": (response(status=304), ODD.format(304)),
    "a part, unasked": (response("the", status=206, Content_Range="bytes 0-2/9"), ODD.format(206)),
    "a picture": (response(b"\x89PNG", content_type="image/png"), "That link leads to a picture, not to an article."),
    "a program": (
        response(b"MZ", content_type="application/octet-stream"),
        "That link leads to a file of a kind that I do not read, not to an article.",
    ),
    "who knows what": (
        response("the story", content_type=None),
        "That link leads to a file of a kind that I do not read, not to an article.",
    ),
    "a picture called a page": (response(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), LIE),
    "a program called a PDF": (response(b"\x7fELF\x02\x01\x01", content_type="application/pdf"), LIE),
}


@pytest.mark.parametrize(("script", "reason"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys())
def test_misbehaving_server_is_given_up_in_time_with_a_kind_sentence(
    web: LocalWeb, script: Script, reason: str
) -> None:
    web.page(STORY, script)

    began = time.monotonic()
    with pytest.raises(FetchFailed) as failed:
        fetcher(web, seconds=SECONDS if reason == LATE else PATIENT).fetch(STORY)

    assert str(failed.value) == reason
    assert time.monotonic() - began < SECONDS + 1 or reason != LATE


@pytest.mark.parametrize("script", [drip(HEAD + b"\r\n"), silent], ids=["drips", "is silent"])
def test_time_runs_over_robots_txt_too(web: LocalWeb, script: Script) -> None:
    web.page("http://news.example/robots.txt", script)

    began = time.monotonic()
    with pytest.raises(FetchFailed, match=LATE):
        fetcher(web, seconds=SECONDS).fetch(STORY)

    assert time.monotonic() - began < SECONDS + 1
    assert web.targets() == []


def test_resolver_that_never_answers_is_given_up_in_time(web: LocalWeb) -> None:
    stop = threading.Event()

    def resolve(_host: str, port: int) -> list[tuple[str, int]]:
        stop.wait(60)
        return [(HERE, port)]

    began = time.monotonic()
    with watched_connections() as connected, pytest.raises(FetchFailed, match=LATE):
        fetcher(web, seconds=SECONDS, resolve=resolve).fetch(STORY)
    stop.set()
    assert time.monotonic() - began < SECONDS + 5
    assert connected == []


def test_name_that_nobody_has_is_said_to_be_unknown(web: LocalWeb) -> None:
    def resolve(_host: str, _port: int) -> list[tuple[str, int]]:
        raise OSError(-2, "Name or service not known at 10.0.0.53")

    with pytest.raises(FetchFailed) as failed:
        fetcher(web, resolve=resolve).fetch(STORY)
    assert str(failed.value) == "I cannot find a site called news.example."


def test_bomb_takes_no_more_memory_than_a_page_may(web: LocalWeb) -> None:
    web.page(STORY, gzip_bomb())
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed):
            fetcher(web, most=5_000_000).fetch(STORY)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 20_000_000


@given(st.binary() | st.binary().map(lambda rest: HEAD + rest) | st.binary().map(lambda rest: CHUNKED + rest))
def test_any_answer_is_read_or_given_up_in_a_sentence(shared_web: LocalWeb, answer: bytes) -> None:
    shared_web.page(STORY, answer)

    only_our_errors(lambda: fetcher(shared_web).fetch(STORY))
