"""Whatever a page does to its parser, the bot says one kind sentence, and reads the next page."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from config.settings import QuotationParser, Settings
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.assembly import open_newsroom
from retrieval.domain.limits import LARGEST_FILE
from retrieval.domain.pages import Fetched
from retrieval.errors import ArticleRejected, Stopping, WorkerUnavailable
from tests.support.documents import zipped
from tests.support.fakes import HashingEmbedder
from tests.support.pages import recorded_pages
from tests.support.paths import ROOT
from tests.support.pdfs import assemble, bomb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARSERS = ("retrieval.text.quotations", "lxml", "trafilatura", "htmldate", "pypdf", "charset_normalizer", "dateparser")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PARAGRAPH = "<p>The ferry will run on line {} through the winter, the council of the county decided on Tuesday.</p>"
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.fixture(scope="module")
def extractor() -> Iterator[ArticleWorker]:
    with ArticleWorker() as extractor:
        yield extractor


@pytest.fixture
def bad() -> Iterator[ArticleWorker]:
    with ArticleWorker(seconds=5, module="tests.retrieval.bad_worker") as extractor:
        yield extractor


def fetched(content: bytes, kind: str = "text/html") -> Fetched:
    return Fetched("https://x.example/a", content, kind)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", b"<div>" * 90_000 + b"x"),
        ("text/html", b"<b></b>" * 700_000),
        ("text/html", b"<" * LARGEST_FILE),
        ("text/html", b"<script" * 700_000 + b"\xff"),
        ("text/html", b"a" * (LARGEST_FILE - 100_000) + b"\xff\xfe"),
        ("text/html", b"<html><body><p>" + b"word " * 200_000),
        ("text/html", b"<p " + b"a=b " * 1_200_000 + b">"),
        ("text/html", bytes(range(256)) * 15_000),
        ("text/html", f'<!DOCTYPE html [<!ENTITY l0 "ha">{LAUGHS}]><body>&l9;&l9;</body>'.encode()),
        ("application/xml", f'<?xml version="1.0"?><!DOCTYPE h [<!ENTITY l0 "ha">{LAUGHS}]><h>&l9;</h>'.encode()),
        ("text/html", b'<script type="application/ld+json">' + b"[" * 1_000_000 + b"</script>"),
        ("application/pdf", bomb(1)),
        ("application/pdf", bomb(2)),
        (
            "application/pdf",
            assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] >>"]),
        ),
        ("application/pdf", b"%PDF-1.7\n1 0 obj\n" + b"[" * 1_000_000 + b"\nendobj\ntrailer << /Root 1 0 R >>"),
        ("application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 1_000),
        ("message/rfc822", b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 80_000),
        ("message/rfc822", b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nword\n" * 400_000),
        ("message/rfc822", b"From: a\nDate: 1\n\n" + b"> " * 1_000_000 + b"From: a\n" * 300_000),
        ("text/markdown", b"> " * 100_000 + b"[a](" * 200_000),
        (DOCX, zipped({"word/document.xml": b" " * 300_000_000})),
        (DOCX, zipped({"word/document.xml": b"<d>" + b"<p/>" * 2_400_000 + b"</d>"})),
        (DOCX, zipped({"word/document.xml": f"<!DOCTYPE d [<!ENTITY l0 'ha'>{LAUGHS}]><d>&l9;</d>".encode()})),
        (DOCX, zipped({str(number): b"" for number in range(40_000)})),
        (DOCX, zipped({"word/document.xml": b"<d/>"})[:-60]),
        ("application/rtf", b"{\\rtf1 " + b"{" * 4_900_000),
        ("application/rtf", b"{\\rtf1 " + b"{}" * 600_000),
        ("application/rtf", b"PK\x03\x04" + bytes(range(256)) * 1_000),
        ("text/vtt", b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n" + b"<v " * 1_500_000),
        ("text/vtt", b"00:01.000 --> 00:02.000\n" * 200_000),
    ],
    ids=range(30),
)
def test_a_hostile_content_is_refused_and_the_next_page_is_read(
    extractor: ArticleWorker, kind: str, content: bytes
) -> None:
    with pytest.raises(ArticleRejected) as refused:
        extractor.extract(fetched(content, kind))
    assert str(refused.value).endswith(".")
    assert extractor.extract(recorded_pages()[0].fetched).title == recorded_pages()[0].story.headline


def test_a_printed_date_is_read_where_no_file_may_be_written(extractor: ArticleWorker) -> None:
    head = (
        "From: A <a@b.example>\n\nVon: Quay Post <n@quay.example>\nGesendet: Montag, 9. März 2026 07:30\nBetreff: B\n\n"
    )
    text = "".join(PARAGRAPH[3:-4].format(number) for number in range(9))
    draft = extractor.extract(fetched(f"{head}{text}".encode(), "message/rfc822"))
    assert (draft.publisher, draft.published_at) == ("Quay Post", datetime(2026, 3, 9, 7, 30, tzinfo=UTC))


def test_files_of_the_machine_stay_closed_to_a_page(extractor: ArticleWorker) -> None:
    text = "".join(PARAGRAPH.format(number) for number in range(9))
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><body><article>{text}<p>&x;</p></article></body>'
    assert "root:" not in extractor.extract(fetched(page.encode())).text


def test_a_few_null_bytes_do_no_harm(extractor: ArticleWorker) -> None:
    text = "".join(PARAGRAPH.format(number) for number in range(30)).replace("line 7", "line\0 7")
    assert "line 7" in extractor.extract(fetched(f"<article>{text}</article>".encode())).text


@pytest.mark.parametrize("deed", [b"die", b"hang", b"nonsense", b"no text"])
def test_a_worker_that_fails_is_replaced(bad: ArticleWorker, deed: bytes) -> None:
    before = bad.extract(fetched(b"well")).text
    with pytest.raises(ArticleRejected, match=r"damaged|longer to read than any"):
        bad.extract(fetched(deed))
    assert bad.extract(fetched(b"well")).text != before


def test_a_worker_that_cannot_be_started_is_no_fault_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with ArticleWorker() as extractor, pytest.raises(WorkerUnavailable, match="could not be started"):
        extractor.extract(fetched(b"well"))


def test_the_worker_is_kept_and_ends_when_it_is_idle() -> None:
    with ArticleWorker(idle_seconds=0.2, module="tests.retrieval.bad_worker") as extractor:
        first, second = (extractor.extract(fetched(b"well")).text for _ in range(2))
        assert first == second
        deadline = time.monotonic() + 10
        while _lives(int(first)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _lives(int(first))
        assert extractor.extract(fetched(b"well")).text != first


def test_closing_does_not_wait_for_a_page_that_hangs() -> None:
    ended: list[str] = []
    with ArticleWorker(seconds=30, module="tests.retrieval.bad_worker") as extractor:
        extractor.extract(fetched(b"well"))

        def hang() -> None:
            with pytest.raises(Stopping) as stopped:
                extractor.extract(fetched(b"hang"))
            ended.append(str(stopped.value))

        thread = threading.Thread(target=hang)
        thread.start()
        time.sleep(0.3)
        began = time.monotonic()
    thread.join()
    assert time.monotonic() - began < 5
    assert ended
    with pytest.raises(Stopping):
        extractor.extract(fetched(b"well"))


def test_several_threads_are_served_one_after_the_other(extractor: ArticleWorker) -> None:
    wanted = recorded_pages()[:6]
    titles: dict[str, str | None] = {}

    def read(number: int) -> None:
        titles[wanted[number].name] = extractor.extract(wanted[number].fetched).title

    threads = [threading.Thread(target=read, args=(number,)) for number in range(len(wanted))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert titles == {page.name: page.story.headline for page in wanted}


def test_the_worker_has_none_of_the_bot_s_secrets(bad: ArticleWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    assert "DISCORD_TOKEN" not in bad.extract(fetched(b"environment")).text


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("import socket; socket.getaddrinfo('x.example', 80)", "PermissionError"),
        ("import urllib.request; urllib.request.urlopen('http://x.example/')", "PermissionError"),
        ("from trafilatura import fetch_url; print(fetch_url('http://127.0.0.1:9/'))", "None|PermissionError"),
        ("import subprocess; subprocess.run(['true'])", "PermissionError"),
        ("import os; os.system('true')", "PermissionError"),
        ("import os; os.fork()", "PermissionError"),
        ("b'x' * 1_000_000_000", "MemoryError"),
        ("open('written-by-worker', 'wb', buffering=0).write(b'x')", "OSError"),
    ],
)
def test_the_worker_has_no_network_no_programs_and_little_memory(deed: str, outcome: str, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from retrieval.adapters.sandbox.sandbox import confine\n"
        "from retrieval.adapters.extraction.worker import MEMORY\n"
        "confine(MEMORY)\n"
        f"try:\n    {deed}\n"
        "except BaseException as error:\n    print([kind.__name__ for kind in type(error).__mro__])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert any(words in ended.stdout for words in outcome.split("|")), ended.stdout + ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize(("hard", "allowed"), [(3, 3), (1_000, 8)])
def test_a_worker_takes_no_more_time_than_it_is_given_nor_than_the_system_allows(hard: int, allowed: int) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import resource\n"
        "from retrieval.adapters.sandbox.sandbox import allow_time\n"
        f"resource.setrlimit(resource.RLIMIT_CPU, ({hard}, {hard}))\n"
        "allow_time(7)\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == str(allowed), ended.stderr


def test_no_parser_is_ever_imported_by_the_bot(tmp_path: Path) -> None:
    """In a process of its own, since the tests here have imported all of them."""
    code = (
        "import sys\n"
        "from tests.retrieval.test_article_worker import open_and_extract\n"
        f"open_and_extract({str(tmp_path)!r})\n"
    )
    # This module imports `pages`, which builds HTML as text and needs no parser either.
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]"), ended.stderr


def open_and_extract(folder: str) -> None:
    """Open a newsroom, extract a page, and print which parsers this process has imported."""
    settings = Settings(
        _env_file=None,
        archive_path=f"{folder}/a.sqlite3",
        seeds_path=f"{folder}/none",
        quotation_parser=QuotationParser.RULES,
    )
    with open_newsroom(settings, HashingEmbedder()) as room, ArticleWorker() as extractor:
        room.warm_up.result()
        extractor.extract(recorded_pages()[0].fetched)
    sys.stdout.write(f"{[name for name in PARSERS if name in sys.modules]}\n")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
