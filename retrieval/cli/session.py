"""What every command needs: the consoles, the settings, the opened newsroom, and failures as a sentence and a code."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console

from config.exit_codes import ExitCode
from config.settings import SettingsInvalid, load_settings
from retrieval.archive.opening import expect_archive
from retrieval.assembly import open_newsroom
from retrieval.domain.scope import Scope
from retrieval.errors import BackupRefused, NewsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.settings import Settings
    from retrieval.newsroom import Newsroom

OPERATOR: Final = Scope()
"""The scope of the command line: the shared collection, which every server sees."""
out = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
notes = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


@contextmanager
def command_settings() -> Iterator[Settings]:
    """The settings; expected failures in the block end the program with one sentence and an exit code."""
    try:
        settings = load_settings()
        logging.basicConfig(level=logging.WARNING, format="%(message)s")
        yield settings
    except SettingsInvalid as error:
        notes.print(str(error))
        raise typer.Exit(ExitCode.BAD_INPUT) from None
    except NewsError as error:
        notes.print(str(error))
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def file_of(settings: Settings) -> Path:
    """The archive's file. Raises BackupRefused where the archive is in a database."""
    if settings.database is not None:
        raise BackupRefused("backup.of_database")
    return settings.archive_path


@contextmanager
def newsroom(*, needs_model: bool = True, may_create: bool = False) -> Iterator[Newsroom]:
    """The warm newsroom of the settings; failures as in `command_settings`. Creates an archive only if `may_create`."""
    with command_settings() as settings:
        if not may_create:
            expect_archive(settings.archive_path, settings.database)
        with open_newsroom(settings, needs_model=needs_model) as room:
            await_model(room)
            yield room


def await_model(room: Newsroom) -> None:
    """Wait until the model is loaded; on a terminal, say so."""
    if not room.warm_up.done() and notes.is_terminal:
        with notes.status("Loading the embedding model …"):
            room.warm_up.result()
    room.warm_up.result()
