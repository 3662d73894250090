from __future__ import annotations

import inspect

import pytest

from config.exit_codes import ExitCode
from retrieval import errors
from retrieval.errors import NewsError

HEAL = {
    errors.FetchFailed: ExitCode.UNREACHABLE,
    errors.ArchiveFull: ExitCode.DISK_FULL,
    errors.ArchiveAway: ExitCode.UNAVAILABLE,
    errors.ArchiveLocked: ExitCode.UNAVAILABLE,
    errors.ArchiveError: ExitCode.UNAVAILABLE,
}
"""Trouble that passes by itself."""

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, NewsError)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_ends_a_program_by_what_it_is(kind: type[NewsError]) -> None:
    lasting = ExitCode.BAD_INPUT if issubclass(kind, errors.BadInput) else ExitCode.UNUSABLE

    assert kind.exit_code is HEAL.get(kind, lasting)
    assert kind.exit_code.lasting is (kind not in HEAL)
