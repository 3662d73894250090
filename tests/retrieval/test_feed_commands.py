"""The operator's feeds from a terminal: with the real worker processes, and a web that the test lays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from config.exit_codes import ExitCode
from retrieval import assembly
from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.cli.app import app
from tests.support.fakes import HashingEmbedder
from tests.support.feeds import FEED, SITE, Story, Web, rss

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
    """An empty archive without seeds, embedded by hashes; patched only where adapters are chosen."""
    web = Web()
    monkeypatch.setenv("ARCHIVE_PATH", str(tmp_path / "a.sqlite3"))
    monkeypatch.setenv("QUOTATION_PARSER", "rules")
    monkeypatch.setenv("SEEDS_PATH", str(tmp_path / "no-seeds"))
    monkeypatch.setattr(assembly, "make_embedder", lambda _: HashingEmbedder())
    monkeypatch.setattr(assembly, "open_fetcher", lambda _: web)
    web.publish(Story(1), Story(2))
    return web


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ("feed", *arguments))


def test_a_feed_is_followed_read_listed_and_removed(web: Web) -> None:
    added = run("add", FEED)
    assert added.exit_code == 0
    assert added.output.split() == f"Following 1 The Selby Courier ({FEED})".split()
    assert "0 articles; not asked yet" in run("list").output

    updated = run("update")
    assert (updated.exit_code, updated.output) == (0, "The Selby Courier: 2 added, 0 changed, 0 no articles\n")
    assert web.asked_for(Story(1).link) == 1
    assert run("update").output == "The Selby Courier: 0 added, 0 changed, 0 no articles\n"
    listed = run("list").output
    assert "2 articles; answered 20" in listed
    assert listed.endswith("1 feed\n")

    articles = CliRunner().invoke(app, ["list"]).output
    assert "Report number 2 from the harbour" in articles
    quoted = CliRunner().invoke(app, ["quote", "Ada Okafor"]).output
    assert "“Nothing of report 2 may be lost to the sea,”" in quoted

    assert run("remove", "1").output.startswith("Removed      1  The Selby Courier")
    assert run("list").output == "0 feeds\n"
    assert run("update").output == "You follow no feed: `feed add` follows one.\n"


def test_a_feed_that_carries_its_text_is_read_without_its_pages(web: Web) -> None:
    web.page(FEED, rss(Story(1), full=True), "application/rss+xml")
    run("add", FEED)
    assert run("update").output == "The Selby Courier: 1 added, 0 changed, 0 no articles\n"
    assert web.asked_for(Story(1).link) == 0


def test_other_feeds_of_a_page_are_named(web: Web) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    web.page(f"{SITE}/", f"<head>{link.format('/rss')}{link.format('/sport.xml')}</head>")
    assert f"that page names another feed too: {SITE}/sport.xml" in run("add", SITE).output


def test_what_is_no_feed_is_one_sentence_and_bad_input(web: Web) -> None:
    web.page(f"{SITE}/page", "<p>Nothing here</p>")
    refused = run("add", f"{SITE}/page")
    assert refused.exit_code == 2
    assert "There is no feed at that address" in refused.output
    assert run("remove", "7").exit_code == 2


def test_a_host_that_cannot_be_found_is_not_blamed_on_the_archive(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "open_fetcher", lambda _: WebFetcher(None, 0.0))
    refused = run("add", "https://no-such-host.invalid/feed")
    assert (refused.exit_code, len(refused.output.splitlines())) == (ExitCode.UNREACHABLE, 1)
    added = CliRunner().invoke(app, ["add", "https://no-such-host.invalid/article"])
    assert added.exit_code == ExitCode.UNREACHABLE
    unread = tmp_path / "empty.txt"
    unread.touch()
    added = CliRunner().invoke(app, ["add", "https://no-such-host.invalid/article", str(unread)])
    assert added.exit_code == ExitCode.BAD_INPUT
    web.fails(FEED, 500)
    assert run("add", FEED).exit_code == ExitCode.UNREACHABLE


def test_a_feed_that_fails_is_told_with_its_reason(web: Web) -> None:
    run("add", FEED)
    web.fails(FEED, 500)
    updated = run("update")
    assert updated.exit_code == 1
    assert updated.output == "The Selby Courier: That site answered with an error (500).\n"
    assert "failing since 20" in run("list").output
