"""What somebody in the second server adds: hostile texts by every way in, slow sites, heavy files, huge robots.txt."""

from __future__ import annotations

import asyncio
import sys
import time
from html import escape
from typing import TYPE_CHECKING, Final

from tests.resilience.servers import SECOND_SERVER
from tests.retrieval.web_server import response
from tests.support.articles import BRIDGE
from tests.support.hostile import UNITS, row

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from tests.resilience.servers import Interaction, TwoServers
    from tests.retrieval.web_server import LocalWeb

_OUTCOME_SECONDS: Final = 180.0
_FORM: Final = 4_000
_ENTRIES: Final = 25
_SLOW_SECONDS: Final = 20


def hostile_texts(characters: int, units: Sequence[str] = UNITS) -> list[str]:
    """A text of about so many characters for each unit: an ordinary article, the unit again and again, a letter."""
    return [f"{BRIDGE.text}\n\n{row(unit, ('', 'x'), characters)}\n\n{BRIDGE.text}" for unit in units]


async def add_files(discord: TwoServers, texts: Sequence[str]) -> None:
    """Each as a text file, one after the other."""
    for number, text in enumerate(texts):
        name = f"file-{number}.txt"
        discord.files[name] = text.encode(errors="replace")
        await _outcome(f"file {number}", await discord.add(SECOND_SERVER, file=name))
        del discord.files[name]


async def add_links(discord: TwoServers, web: LocalWeb, texts: Sequence[str]) -> None:
    """Each as the page of a site of its own."""
    for number, text in enumerate(texts):
        url = f"http://site{number}.example/story"
        web.page(url, response(_page(text)))
        await _outcome(f"link {number}", await discord.add(SECOND_SERVER, url=url))


async def follow_feeds(discord: TwoServers, web: LocalWeb, texts: Sequence[str]) -> None:
    """All as entries of feeds that carry their text; the bot reads them in the background."""
    for first in range(0, len(texts), _ENTRIES):
        items = "".join(
            f"<item><guid>{first + number}</guid><title>Story {first + number}</title>"
            f"<link>http://feed{first}.example/{number}</link><description>{escape(_printable(text))}</description></item>"
            for number, text in enumerate(texts[first : first + _ENTRIES])
        )
        url = f"http://feed{first}.example/feed"
        feed = f'<rss version="2.0"><channel><title>Feed {first}</title>{items}</channel></rss>'
        web.page(url, response(feed.encode(errors="replace"), content_type="application/rss+xml"))
        await _outcome(f"feed {first}", await discord.follow(SECOND_SERVER, url))


async def submit_forms(discord: TwoServers, texts: Sequence[str]) -> None:
    """Each as far as a form takes it."""
    for number, text in enumerate(texts):
        form = await discord.add(SECOND_SERVER)
        await asyncio.wait_for(form.done.wait(), _OUTCOME_SECONDS)
        if "data" not in form.callback or "components" not in form.callback["data"]:
            continue
        await _outcome(f"form {number}", await discord.submit(SECOND_SERVER, form, {"The text": text[:_FORM]}))


async def slow_links(discord: TwoServers, web: LocalWeb, count: int) -> None:
    """All at once, to sites that send a byte now and then."""
    for number in range(count):
        web.page(f"http://slow{number}.example/story", _drip)
    sent = [await discord.add(SECOND_SERVER, url=f"http://slow{number}.example/story") for number in range(count)]
    await asyncio.gather(*(_outcome("slow link", each) for each in sent))


async def heavy_files(discord: TwoServers, count: int, characters: int) -> None:
    """All at once: legal files of nothing but short quotations within quotations."""
    unit = "“‘We go,’ she said,” he said. "
    for number in range(count):
        discord.files[f"heavy-{number}.txt"] = f"{number}\n\n{unit * (characters // len(unit))}".encode()
    sent = [await discord.add(SECOND_SERVER, file=f"heavy-{number}.txt") for number in range(count)]
    await asyncio.gather(*(_outcome("heavy file", each) for each in sent))


async def hostile_robots(discord: TwoServers, web: LocalWeb, hosts: int, size: int) -> None:
    """Links to many hosts, each with a robots.txt of so many bytes and a page that is no article."""
    rules = "User-agent: *\n" + "".join(f"Disallow: /{number:030}\n" for number in range(size // 43))
    for number in range(hosts):
        web.page(f"http://robots{number}.example/robots.txt", response(rules, content_type="text/plain"))
        web.page(f"http://robots{number}.example/story", response("<p>Nothing.</p>"))
        await _outcome("robots", await discord.add(SECOND_SERVER, url=f"http://robots{number}.example/story"))


async def _outcome(what: str, interaction: Interaction) -> None:
    """Wait until the bot has said what became of it, and print that where it took long or was odd."""
    try:
        await asyncio.wait_for(interaction.done.wait(), _OUTCOME_SECONDS)
    except TimeoutError:
        heard = "acknowledged" if interaction.acknowledged else "never acknowledged"
        sys.stdout.write(f"{what[:60]}: {heard}, no outcome within {_OUTCOME_SECONDS:g} s: {interaction.callback}\n")
        return
    took = time.monotonic() - interaction.sent
    said = " ".join(interaction.text.split())[:110]
    sys.stdout.write(f"{what[:60]}: {took:.1f} s: {said}\n")
    sys.stdout.flush()


def _page(text: str) -> bytes:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in _printable(text).split("\n\n"))
    page = (
        f"<!doctype html><html><head><title>A story</title></head><body><article>{paragraphs}</article></body></html>"
    )
    return page.encode(errors="replace")


def _printable(text: str) -> str:
    return text.replace("\0", " ")


def _drip(stream: socket.socket) -> None:
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50000\r\n\r\n")
    for _ in range(2 * _SLOW_SECONDS):
        stream.sendall(b"x")
        time.sleep(0.5)
