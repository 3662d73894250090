"""The terminal's way in: what is printed, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from retrieval import assembly
from retrieval.archive.opening import open_archive
from retrieval.cli.app import app
from retrieval.domain.ids import CollectionId
from tests.retrieval.damaged import change
from tests.support.articles import BRIDGE
from tests.support.fakes import HashingEmbedder
from tests.support.pages import plain_page
from tests.support.prepared import NOON, new_article
from tests.support.stories import story

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty archive without seeds, embedded by hashes; the one patch, at the seam where adapters are chosen."""
    monkeypatch.setenv("ARCHIVE_PATH", str(tmp_path / "archive" / "a.sqlite3"))
    monkeypatch.setenv("QUOTATION_PARSER", "rules")
    monkeypatch.setenv("SEEDS_PATH", str(tmp_path / "no-seeds"))
    monkeypatch.setattr(assembly, "SentenceTransformerEmbedder", lambda *_: HashingEmbedder())
    return tmp_path / "archive" / "a.sqlite3"


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(BRIDGE.text, encoding="utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_an_added_article_is_described_listed_asked_and_quoted(bridge: Path) -> None:
    added = run("add", str(bridge), "--publisher", "The Selby Courier", "--date", "2024-05-07")
    assert added.exit_code == 0
    assert "Added 1: Harbour bridge closed after cracks are found (The Selby Courier, 7 May 2024)" in added.output
    assert "2 quotations by Ada Okafor" in added.output
    assert "Harbour bridge closed" in run("list").output

    asked = run("ask", "why was the harbour bridge closed")
    assert asked.exit_code == 0
    assert "after an inspector found cracks in two of its bearings." in asked.output

    quoted = run("quote", "okafor")
    assert quoted.exit_code == 0
    assert "“Nobody was ever in danger,”" in quoted.output
    assert "“But we will not wait for luck to run out.”" in quoted.output


def test_a_source_without_a_name_is_found_by_its_words(tmp_path: Path) -> None:
    file = tmp_path / "ferry.txt"
    file.write_text(
        "Ferry stops for a week\n\nThe ferry to Port Selby stops for a week. "
        "“The hull has a crack as long as my arm,” a harbour official said on Monday. Nobody was hurt.\n"
    )
    run("add", str(file), "--publisher", "The Selby Courier")
    quoted = run("quote", "harbour official")
    assert quoted.exit_code == 0
    assert quoted.output.startswith("Nobody called 'harbour official' is quoted by name.")
    assert "“The hull has a crack as long as my arm,”" in quoted.output
    assert "The Selby Courier); role, a harbour official" in quoted.output
    assert run("quote", "harbour pilot").exit_code == 1


def test_a_publisher_with_a_capital_beyond_ascii_is_found_as_it_was_typed(bridge: Path) -> None:
    run("add", str(bridge), "--publisher", "Índice Político")
    for typed in ("Índice Político", "indice"):
        assert run("ask", "why was the harbour bridge closed", "--source", typed).exit_code == 0


def test_what_is_known_of_an_article_is_edited_and_the_edit_undone(bridge: Path) -> None:
    run("add", str(bridge), "--publisher", "The Selby Courier", "--date", "2024-05-07")
    edited = run("edit", "1", "--title", "Bridge shut", "--publisher", "-", "--date", "2024-05-08T06:30+00:00")
    assert edited.exit_code == 0
    assert edited.output.splitlines() == [
        "Changed 1: Bridge shut",
        "  headline: Harbour bridge closed after cracks are found to Bridge shut",
        "  publisher: The Selby Courier to none",
        "  date: 2024-05-07 to 2024-05-08 06:30",
    ]
    assert "Bridge shut" in run("list").output
    undone = run("edit", "1", "--undo")
    assert undone.output.startswith("Restored 1: Harbour bridge closed")
    assert "  date: 2024-05-08 06:30 to 2024-05-07" in undone.output
    listed = run("list").output
    assert "7 May 2024" in listed
    assert "The Selby Courier: Harbour bridge closed after cracks are found" in listed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("1",), "Say what to change"),
        (("1", "--undo"), "There is nothing to undo"),
        (("1", "--undo", "--title", "x"), "Either --undo"),
        (("1", "--date", "soon"), "is no day"),
        (("9", "--title", "x"), "There is no article"),
        (("x", "--title", "x"), "no article's number"),
    ],
)
def test_an_edit_that_cannot_be_made_is_said_in_a_sentence(bridge: Path, options: tuple[str, ...], said: str) -> None:
    run("add", str(bridge))
    result = run("edit", *options)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize(
    "verb",
    [
        *("check", "check --repair", "list", "quote okafor", "quote okafor --about bridge", "backup x.backup"),
        *("latest", "latest bridge", "quote --about bridge", "compare a b bridge"),
        *("remove 1", "edit 1 --title x", "feed list", "feed update", "feed remove 1", "speaker rulings"),
    ],
)
def test_where_there_is_no_archive_what_reads_one_says_so_and_makes_nothing(
    archive: Path, tmp_path: Path, verb: str, *, empty: bool
) -> None:
    if empty:
        archive.parent.mkdir()
        archive.touch()
    before = sorted(tmp_path.rglob("*"))
    result = run(*verb.replace("x.backup", str(tmp_path / "x.backup")).split())
    assert result.exit_code == 3
    assert result.output.startswith(f"There is no archive at {archive}: no file, or an empty one. Check ARCHIVE_PATH")
    assert sorted(tmp_path.rglob("*")) == before
    assert not empty or archive.read_bytes() == b""


@pytest.mark.parametrize("empty", [False, True])
def test_status_says_the_same_of_a_missing_archive(archive: Path, *, empty: bool) -> None:
    if empty:
        archive.parent.mkdir()
        archive.touch()
    told = run("status")
    assert told.exit_code == 1
    assert f"There is no archive at {archive}: no file, or an empty one." in told.output
    assert "BACKUP_PATH is not set" not in told.output
    assert archive.exists() == empty


def test_what_is_old_is_said_to_be_old_and_small_talk_is_answered_with_questions(bridge: Path) -> None:
    run("add", str(bridge), "--publisher", "The Selby Courier", "--date", "2024-05-07")
    latest = run("ask", "what is the latest on the harbour bridge closed after cracks")
    assert latest.output.startswith("The newest I found on this is from 7 May 2024.\n")
    today = run("ask", "why was the harbour bridge closed today")
    assert today.exit_code == 1
    assert "The newest I found on this is from 7 May 2024.\n" in today.output
    greeted = run("ask", "hi")
    assert greeted.exit_code == 1
    assert "What did Ada Okafor say?" in greeted.output
    assert "Searched" not in greeted.output


def test_a_question_begins_a_new_archive(archive: Path) -> None:
    assert run("ask", "why was the harbour bridge closed").exit_code == 1
    assert run("list").output == "0 articles\n"
    assert archive.exists()


def test_a_publisher_that_nobody_names_is_the_link_s_site(bridge: Path) -> None:
    assert "(reuters.com)" in run("add", str(bridge), "--url", "https://www.reuters.com/world/bridge").output
    assert "reuters.com to Reuters" in run("edit", "1", "--publisher", "Reuters").output


def test_quotations_are_narrowed_to_what_they_are_about(bridge: Path) -> None:
    run("add", str(bridge))
    quoted = run("quote", "okafor", "--about", "luck")
    assert quoted.exit_code == 0
    assert "About 'luck', the nearest first (1 other left out):" in quoted.output
    assert "“But we will not wait for luck to run out.”" in quoted.output
    assert "“Nobody was ever in danger,”" not in quoted.output
    silent = run("quote", "okafor", "--about", "football")
    assert silent.exit_code == 1
    assert silent.output == "The archive holds 2 quotations of Ada Okafor, but none about 'football'.\n"


TOPIC = "Nobody was ever in danger: harbour bridge closed after cracks found"


def test_whoever_speaks_about_something_is_quoted_and_two_are_compared(bridge: Path) -> None:
    run("add", str(bridge), "--date", "2024-05-07")
    quoted = run("quote", "--about", TOPIC)
    assert quoted.exit_code == 0
    assert "Ada Okafor, mayor of Port Selby\n\n“Nobody was ever in danger,”" in quoted.output
    assert run("quote", "--about", "volcano eruption").output == "Nobody is surely quoted about 'volcano eruption'.\n"
    assert run("quote", "--about", TOPIC, "--since", "2025").exit_code == 1
    assert run("quote", "okafor", "--since", "2025").output == (
        "The archive holds 2 quotations of Ada Okafor, but none from that source and time.\n"
    )
    assert run("quote").output == "Name a speaker, or what it is to be about, or both.\n"
    compared = run("compare", "okafor", "Nobody Atall", "luck")
    assert compared.exit_code == 0
    assert "“But we will not wait for luck to run out.”" in compared.output
    assert "Nobody called 'Nobody Atall' is quoted in the archive." in compared.output
    assert run("compare", "okafor", "okafor", "football").exit_code == 2


def test_the_newest_articles_are_listed_with_and_without_a_topic(bridge: Path) -> None:
    run("add", str(bridge), "--date", "2024-05-07")
    newest = "7 May 2024         -: Harbour bridge closed after cracks are found\n1 of 1 article"
    assert run("latest").output == f"{newest}\n"
    assert run("latest", TOPIC).output == f"{newest} about {TOPIC!r}\n"
    none = run("latest", "volcano eruption")
    assert (none.exit_code, none.output) == (1, "0 of 0 articles about 'volcano eruption'\n")
    assert run("latest", "--source", "Courier").output == "0 of 0 articles\n"


def test_the_operator_decides_who_is_who(tmp_path: Path) -> None:
    for number, name in enumerate(("Ada Okafor", "Adaeze Okafor"), 1):
        path = tmp_path / f"{number}.txt"
        text = (
            BRIDGE.text.replace("Ada Okafor", name)
            .replace("Nobody", f"Number {number}")
            .replace("luck", ("", "luck", "chance")[number])
        )
        path.write_text(text, encoding="utf-8")
        run("add", str(path), "--date", f"202{number}-05-07")
    asked = run("speaker", "show", "Okafor")
    assert asked.exit_code == 1
    assert "     1  Ada Okafor, mayor of Port Selby (2 quotations)" in asked.output
    merged = run("speaker", "merge", "2", "Ada Okafor")
    assert merged.exit_code == 0
    assert merged.output.splitlines()[1] == "  now: Ada Okafor, mayor of Port Selby (4 quotations)"
    shown = run("speaker", "show", "Okafor").output
    assert "1  Ada Okafor, mayor of Port Selby: 4 quotations in 2 articles" in shown
    assert "role: mayor of Port Selby (2021-2022)" in shown
    assert "can be taken apart: --name 'Adaeze Okafor' (2 quotations)" in shown
    split = run("speaker", "split", "Ada Okafor", "--name", "Adaeze Okafor")
    assert split.output.startswith("Undone: 1  Adaeze Okafor is Ada Okafor")
    apart = run("speaker", "split", "1", "--article", "1")
    assert apart.exit_code == 2
    assert "Say what to take apart" in run("speaker", "split", "1").output
    run("speaker", "alias", "Ada Okafor", "The Mayor")
    assert "“But we will not wait for luck to run out.”" in run("quote", "the mayor").output
    assert "2  Ada Okafor is also called The Mayor" in run("speaker", "rulings").output
    assert run("speaker", "undo", "2").exit_code == 0
    assert run("speaker", "undo", "2").exit_code == 2
    assert run("quote", "the mayor").exit_code == 1
    assert run("speaker", "show", "nobody").exit_code == 1


def test_the_quotations_of_a_file_are_told_without_an_archive(bridge: Path, archive: Path) -> None:
    told = run("quotations", str(bridge))
    assert told.exit_code == 0
    first, second, count = told.output.splitlines()
    assert first.split("  ")[0] == "Ada Okafor"
    assert first.endswith("named         “Nobody was ever in danger,”")
    assert second.endswith("“But we will not wait for luck to run out.”")
    assert count == "2 quotations"
    assert not archive.exists()


def test_json_lines_point_into_the_file_as_it_is(tmp_path: Path, archive: Path) -> None:
    raw = "\ufeff\r\n\r\n  " + BRIDGE.text.replace("\n", "\r\n").replace("ever in", "ever\u00a0\u200b in")
    path = tmp_path / "windows.txt"
    path.write_bytes(raw.encode())
    told = run("quotations", str(path), "--json")
    assert told.exit_code == 0
    first, second = map(json.loads, told.output.splitlines())
    file = raw.removeprefix("\ufeff")
    assert file[first["start"] : first["end"]] == "Nobody was ever\u00a0\u200b in danger,"
    assert first["words"] == "Nobody was ever in danger,"
    assert file[first["cue_start"] : first["cue_end"]] == "said"
    assert file[first["mention_start"] : first["mention_end"]] == first["mention"]
    assert first["speakers"] == [{"name": "Ada Okafor", "role": "mayor of Port Selby"}]
    assert (first["kind"], first["attribution"]) == ("direct", "named")
    assert first["context_start"] < first["start"] < first["end"] < first["context_end"]
    assert 0 <= first["confidence"] <= 1
    assert (second["attribution"], second["cue_start"]) == ("continuation", None)
    assert not archive.exists()


def test_a_turn_is_printed_whole_with_the_words_it_quotes(tmp_path: Path) -> None:
    path = tmp_path / "meeting.txt"
    turns = ["Ada: Zeno said “the piles are fine for now” and then showed a map.", "Mia: I want a diver."]
    path.write_text("\n\n".join([*turns, "Ada: You will get one, I hope.", "Mia: We shall see."]), encoding="utf-8")
    printed = run("quotations", str(path)).output
    assert "“Zeno said “the piles are fine for now” and then showed a map.”" in printed
    assert "“the piles are fine for now”\n" in printed


def test_a_file_without_quotations_is_exit_code_one(tmp_path: Path) -> None:
    path = tmp_path / "quiet.txt"
    path.write_text("The harbour bridge was closed on Tuesday after cracks were found.", encoding="utf-8")
    plain, as_json = run("quotations", str(path)), run("quotations", str(path), "--json")
    assert (plain.exit_code, plain.output) == (1, "0 quotations\n")
    assert (as_json.exit_code, as_json.output) == (1, "")


def test_many_articles_are_added_with_a_line_about_all(tmp_path: Path) -> None:
    lines = [f'{{"text": "The harbour bridge number {number} was closed on Tuesday."}}' for number in range(150)]
    lines[70:70] = ["not json", lines[3], '{"text": "By Ada Okafor"}']
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    told = run("add", str(path))
    assert told.exit_code == 2
    assert f"{path}:71: The line is not JSON in UTF-8." in told.output
    assert f"{path}:73: There is no article in this text" in told.output
    assert "150 articles added with 150 passages and 0 quotations; 1 known already; 2 refused." in told.output
    assert "150 articles" in run("list").output


@pytest.mark.usefixtures("bridge")
def test_a_page_and_a_text_of_a_folder_are_told_one_by_one(tmp_path: Path) -> None:
    ferry = story("ferry")
    (tmp_path / "page.html").write_text(plain_page("ferry", "newspaper"), encoding="utf-8")
    told = run("add", str(tmp_path))
    assert told.exit_code == 0
    assert "Harbour bridge closed after cracks are found" in told.output
    assert f"{ferry.headline} ({ferry.publisher})" in told.output
    assert "2 articles added with" in told.output


def test_files_of_a_folder_that_are_not_read_are_named(bridge: Path, tmp_path: Path) -> None:
    (tmp_path / "three.xlsx").touch()
    told = run("add", str(tmp_path))
    assert told.exit_code == 0
    assert f"Passed over {tmp_path / 'three.xlsx'}: I read files that end with .docx, .eml, " in told.output
    bridge.unlink()
    empty = run("add", str(tmp_path))
    assert empty.exit_code == 2
    assert "holds no file that I read" in empty.output


def test_an_address_of_another_scheme_is_refused_as_one() -> None:
    told = run("add", "ftp://x.example/a")
    assert (told.exit_code, told.output) == (2, "I only follow links that begin with https:// or http://.\n")


def test_a_link_that_is_never_followed_is_refused_in_one_sentence() -> None:
    told = run("add", "http://127.0.0.1/news")
    assert told.exit_code == 2
    assert len(told.output.splitlines()) == 1


def test_the_options_go_before_the_sidecar(bridge: Path) -> None:
    bridge.with_suffix(".toml").write_text('publisher = "Sidecar"\ntitle = "T"\n', encoding="utf-8")
    assert "Added 1: T (Optional)" in run("add", str(bridge), "--publisher", "Optional").output


def test_that_a_text_may_not_be_whole_is_printed(tmp_path: Path) -> None:
    text = "".join(
        f"<p>Boat number {each} left the harbour at noon with its crew of five men.</p>" for each in range(30)
    )
    page = tmp_path / "boats.html"
    page.write_text(f"<html><body><h1>Boats</h1>{text}<p>Subscribe to continue reading.</p></body></html>")
    assert "This may not be the whole article: the page has more text" in run("add", str(page)).output


def test_an_article_is_added_once(bridge: Path) -> None:
    run("add", str(bridge))
    again = run("add", str(bridge))
    assert again.exit_code == 0
    assert "Already known as 1" in again.output
    assert "given was not used" not in again.output
    other = run("add", str(bridge), "--publisher", "Another Paper").output
    assert "Nothing was changed: the publisher given was not used. See `python -m retrieval edit --help`." in other


def test_a_removed_article_is_gone(bridge: Path) -> None:
    run("add", str(bridge))
    assert "Removed 1" in run("remove", "1").output
    assert run("list").output == "0 articles\n"
    assert run("check").output == "0 problems in 0 articles, 0 passages, 0 vectors.\n"


def test_abstaining_is_exit_code_one(bridge: Path) -> None:
    assert run("ask", "why was the harbour bridge closed").exit_code == 1
    assert run("quote", "Okafor").exit_code == 1
    run("add", str(bridge))
    near = run("quote", "Okafar")
    assert near.exit_code == 1
    assert "Ada Okafor" in near.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ask", ""), "There is no word in that question"),
        (("ask", "?" * 400), "300"),
        (("ask", "why " * 400), "300"),
        (("add", "/no/such/file.txt"), "There is no file"),
        (("quotations", "/no/such/file.txt"), "There is no file"),
        (("remove", "7"), "There is no article 7"),
        (("add", "x.txt", "--date", "yesterday"), "is no day"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(archive: Path, arguments: tuple[str, ...], sentence: str) -> None:
    with open_archive(archive):
        pass
    result = run(*arguments)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert sentence in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("feed", "remove", "1"), 2, "You follow no feed 1: `feed list` prints the numbers.\n"),
        (("feed", "update"), 0, "You follow no feed: `feed add` follows one.\n"),
        (("speaker", "rulings"), 0, "Nothing was decided by hand.\n"),
    ],
)
def test_where_there_is_nothing_that_is_said(arguments: tuple[str, ...], code: int, said: str, bridge: Path) -> None:
    run("add", str(bridge))
    result = run(*arguments)
    assert (result.exit_code, result.output) == (code, said)


def test_an_archive_out_of_reach_is_told_without_the_system_s_number(
    bridge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_PATH", "/proc/x/y")
    result = run("add", str(bridge))
    assert result.exit_code == 7
    assert "cannot be reached (No such file or directory)" in result.output


def test_a_refused_file_does_not_keep_out_the_others(bridge: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    result = run("add", str(tmp_path / "empty.txt"), str(bridge))
    assert result.exit_code == 2
    assert "is empty" in result.output
    assert "Added 1" in result.output


def test_a_bad_setting_is_exit_code_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "0")
    result = run("list")
    assert (result.exit_code, result.output) == (2, "WORKERS='0': must be at least 1\n")


def test_a_damaged_archive_is_exit_code_three(archive: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(b"not a database at all" * 100)
    result = run("list")
    assert result.exit_code == 3
    assert "is not a Pullquote archive" in result.output


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    path.write_text(
        "The mayor said \x1b[2J\x1b]0;owned\x07 nothing of the kind on Tuesday [bold]at all[/bold].", "utf-8"
    )
    result = run("add", str(path))
    assert "\x1b" not in result.output
    assert "\x07" not in run("ask", "what did the mayor say on Tuesday").output


def test_a_closed_pipe_is_no_error(bridge: Path) -> None:
    run("add", str(bridge))
    command = f"{sys.executable} -m retrieval list | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_a_backup_is_written_kept_from_being_overwritten_and_restored(
    bridge: Path, archive: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "a.backup"
    run("add", str(bridge))
    written = run("backup", str(backup))
    assert written.exit_code == 0
    assert "1 article, 0." in written.output
    again = run("backup", str(backup))
    assert again.exit_code == 2
    assert "--force" in again.output
    run("remove", "1")
    restored = run("restore", str(backup))
    assert restored.exit_code == 0
    assert f"kept in {archive}.before-restore" in restored.output
    assert "Harbour bridge closed" in run("list").output
    assert run("restore", str(bridge)).exit_code == 2


def test_status_and_check_say_how_many_articles_the_list_leaves_out(bridge: Path, archive: Path) -> None:
    run("add", str(bridge))
    with open_archive(archive) as opened:
        opened.articles.add(
            new_article("Theirs", "other words"), HashingEmbedder().spec, collection=CollectionId(7), now=NOON
        )
    assert run("list").output.endswith("\n1 article\n")
    counted = "2 articles (1 in servers' own collections), "
    assert counted in run("status").output.replace("\n", " ")
    assert run("check").output.startswith(f"0 problems in {counted}")


def test_status_says_when_the_archive_was_last_checked_and_what_that_found(bridge: Path, archive: Path) -> None:
    run("add", str(bridge))
    assert "Checked    never: `check` reads all of it" in run("status").output
    assert run("check").exit_code == 0
    assert "Checked    0 problems just now" in run("status").output
    assert run("check").exit_code == 0
    change(archive, "UPDATE articles SET title = 'forged'")
    assert run("check").exit_code == 3
    assert (
        "Problem:   `check` found problems just now: run it again, and see Damage in config/OPERATING.md."
        in run("status").output
    )


def test_a_damaged_full_text_index_is_repaired(bridge: Path, archive: Path) -> None:
    run("add", str(bridge))
    connection = sqlite3.connect(archive)
    connection.execute("DELETE FROM passage_words")
    connection.commit()
    connection.close()
    found = run("check")
    assert found.exit_code == 3
    assert found.output.endswith("What to do is in config/OPERATING.md, under Damage.\n")
    assert "0 problems" in run("check", "--repair").output
    assert run("check").exit_code == 0


def test_articles_of_an_older_release_are_read_again(bridge: Path, archive: Path) -> None:
    run("add", str(bridge))
    assert "Re-reading" not in run("status").output
    with open_archive(archive) as opened, opened._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET extractor = 0")
    waiting = "Re-reading 1 article of 1 still to be read for quotations: the bot does that by itself, or `reread`"
    assert waiting in run("status").output
    assert run("reread").exit_code == 0
    assert "Re-reading" not in run("status").output
    assert "Nobody was ever in danger" in run("quote", "Okafor").output
