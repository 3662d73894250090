from __future__ import annotations

import re
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from retrieval.adapters.web.addresses import WebAddress, may_be_visited
from retrieval.adapters.web.exchange import Deadline, Exchange, resolve_by_system
from retrieval.adapters.web.robots import Robots, read_robots
from retrieval.adapters.web.robots_cache import RobotsCache
from retrieval.errors import AddressRefused

FILE = """\
# a site that says something to several bots
User-agent: *
Disallow: /search
Disallow: *.pdf$   # none of them
Allow: /search/help

User-Agent: OtherBot
User-agent: PULLQUOTE/2.0
Disallow: /
Allow: /news/
Disallow: /news/live

Sitemap: https://example.com/sitemap.xml

User-agent: pullquote
Disallow: /news/archive
"""


def allowed(text: str, target: str, product: str = "Pullquote") -> bool:
    return read_robots(text, product).allow(target)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", False),
        ("/about", False),
        ("/news/", True),
        ("/news/today?page=2", True),
        ("/news/live/1", False),
        ("/news/archive/1", False),  # both groups that name the bot count
        ("/search/help", False),  # the group for everybody does not
    ],
)
def test_groups_that_name_the_bot_count_and_no_other(target: str, expected: bool) -> None:  # noqa: FBT001
    assert allowed(FILE, target) is expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", True),
        ("/search", False),
        ("/searching", False),
        ("/search/help", True),
        ("/a/report.pdf", False),
        ("/a/report.pdf?x", True),
    ],
)
def test_bot_that_is_not_named_reads_what_is_said_to_everybody(target: str, expected: bool) -> None:  # noqa: FBT001
    assert allowed(FILE, target, "Somebody") is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "<html>Not found</html>",
        "Disallow: /",
        "User-agent: *\nDisallow:",
        "User-agent: pull\nDisallow: /",
    ],
)
def test_file_that_says_nothing_to_the_bot_allows_everything(text: str) -> None:
    assert allowed(text, "/story")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_order_mark_line_ends_and_blanks_do_not_matter(end: str) -> None:
    assert not allowed(f"\ufeff  USER-AGENT :  * {end}{end}  disallow  :  /story {end}", "/story/1")


def test_of_two_rules_the_longer_decides_and_of_equals_the_kind_one() -> None:
    assert allowed("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c")
    assert not allowed("User-agent: *\nDisallow: /a/b\nAllow: /a", "/a/b/c")
    assert allowed("User-agent: *\nDisallow: /a\nAllow: /a", "/a")


@pytest.mark.parametrize(
    ("rule", "target"),
    [("/größe", "/gr%C3%B6%C3%9Fe"), ("/gr%c3%b6", "/gr%C3%B6"), ("/%61bc", "/abc"), ("/a%2Fb", "/a%2fb")],
)
def test_two_spellings_of_one_path_are_the_same(rule: str, target: str) -> None:
    assert not allowed(f"User-agent: *\nDisallow: {rule}", target)


def test_escaped_slash_is_no_slash() -> None:
    assert allowed("User-agent: *\nDisallow: /a/b", "/a%2Fb")


@given(st.text("ab/*", max_size=8), st.booleans(), st.text("ab/", max_size=8))
def test_stars_and_the_end_mean_what_they_mean_in_a_regular_expression(pattern: str, whole: bool, path: str) -> None:  # noqa: FBT001
    expression = "/" + ".*".join(map(re.escape, pattern.split("*"))) + ("$" if whole else "")
    matches = re.match(expression, f"/{path}") is not None

    assert allowed(f"User-agent: *\nDisallow: /{pattern}{'$' * whole}", f"/{path}") is not matches


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_can_be_read_and_asked(text: str, target: str) -> None:
    read_robots(f"User-agent: *\n{text}", "Pullquote").allow(target)


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\n" + "Disallow: /" + "*a" * 250_000 + "b",
        "User-agent: *\n" + ("Disallow: /" + "*a" * 50 + "b\n") * 4500,
        "".join(f"User-agent: x{number}\n" for number in range(15_000)) + "Disallow: /a\n" * 20_000,
        "User-agent: *\n" * 35_000,
    ],
    ids=["one long rule", "many rules with stars", "many names, many rules", "many groups"],
)
def test_hostile_file_is_read_and_asked_in_no_time(text: str) -> None:
    began = time.thread_time()
    allowed(text, "/" + "a" * 1900)

    assert time.thread_time() - began < 5


class LargeFiles(RobotsCache):
    """Every site has half a megabyte of rules, and closes one page."""

    def __init__(self) -> None:
        super().__init__(Exchange("Pullquote", 0, resolve=resolve_by_system, allowed=may_be_visited), "Pullquote")
        self.asked: list[str] = []

    @override
    def _fetch(self, address: WebAddress, deadline: Deadline) -> Robots:
        self.asked.append(address.host)
        rules = "".join(f"Disallow: /{address.host}/{number}\n" for number in range(20_000))
        return read_robots(f"User-agent: *\nDisallow: /closed\n{rules}", "Pullquote")


def test_sites_with_half_a_megabyte_of_rules_each_take_two_megabytes_in_all() -> None:
    files, deadline = LargeFiles(), Deadline(1)
    tracemalloc.start()
    try:
        for number in range(6):
            with pytest.raises(AddressRefused):
                files.check(at(f"site{number}.example", "/closed/1"), deadline)
        kept_bytes, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < 2_500_000
    assert peak < 8_000_000
    assert 1_000_000 < files.cached_bytes <= 2_000_000
    assert len(files.asked) == 6  # the latest is remembered, however large
    files.check(at("site5.example", "/open"), deadline)
    files.check(at("site0.example", "/open"), deadline)
    assert files.asked[6:] == ["site0.example"]


def test_rules_whose_hour_is_over_are_dropped_when_another_file_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    files, deadline = LargeFiles(), Deadline(1)
    files.check(at("old.example", "/open"), deadline)
    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    files.check(at("new.example", "/open"), deadline)
    assert [*files._cache] == ["https://new.example"]


def test_rules_beyond_half_a_megabyte_are_passed_over() -> None:
    robots = read_robots("User-agent: *\nDisallow: /first\n" + f"Disallow: /{'ö' * 1_000}\n" * 500, "Pullquote")
    assert len(robots.lines) <= 512_000
    assert not robots.allow("/first")


def at(host: str, target: str) -> WebAddress:
    return WebAddress("https", host, 443, target)
