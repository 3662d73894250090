"""`python -m retrieval status`: prints the health of the bot and its archive, in words or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Final

from retrieval.cli.printing import articles
from retrieval.domain.health import ago
from retrieval.domain.wording import count, minute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from retrieval.domain.health import Health, Vitals

_GIGABYTE: Final = 1_000_000_000


def print_status(out: Console, health: Health) -> None:
    """Print a line for each subject, then what is wrong."""
    out.print(f"Pullquote {health.version}: {'well' if health.is_well else 'unwell'}")
    for subject, text in _lines(health):
        out.print(f"{subject:<10} {text}")
    for problem in health.problems:
        out.print(f"Problem:   {problem}")
    for warning in health.warnings:
        out.print(f"Warning:   {warning}")


def print_status_json(out: Console, health: Health) -> None:
    """Print one JSON object."""
    fields = {"well": health.is_well, **asdict(health)}
    out.print(json.dumps(fields, default=datetime.isoformat, ensure_ascii=False), soft_wrap=True)


def _lines(health: Health) -> Iterator[tuple[str, str]]:
    amounts = health.held
    contents = ""
    if amounts is not None:
        contents = f"; {articles(amounts.articles, amounts.in_servers)}, {count(amounts.passages, 'passage')}"
    yield "Archive", f"{health.archive}: {_size(health.size)}{contents}"
    if amounts is not None:
        yield "Checked", _checked(health)
        if amounts.outdated:
            waiting = f"{count(amounts.outdated, 'article')} of {amounts.articles:,} still to be read for quotations"
            yield "Re-reading", f"{waiting}: the bot does that by itself, or `reread`"
    if health.disk is not None:
        yield "Disk", f"{_size(health.disk.free)} of {_size(health.disk.total)} left"
    if health.bot is not None:
        yield from _bot(health.bot, health.at)
    if health.backups is not None:
        yield "Backup", ago(health.backups.good, health.at) if health.backups.good else "none yet"
    elif amounts is not None:
        yield "Backup", "none by itself: BACKUP_PATH is not set"


def _checked(health: Health) -> str:
    """When `check` last read all of it."""
    if health.checked is None:
        return "never: `check` reads all of it"
    return f"{count(health.checked.problems, 'problem')} {ago(health.checked.at, health.at)}"


def _bot(bot: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    yield "Bot", f"version {bot.version}, {_place(bot)}; last heard of {ago(bot.at, now)}"
    last = f", the last {ago(bot.last_answer, now)}" if bot.last_answer else ""
    rest = f"{bot.refusals:,} not answered for a reason that was given, {count(bot.faults, 'fault')} of the program"
    yield "Answers", f"{count(bot.answers, 'answer')}{last}; {rest}; since {minute(bot.started)}"
    if bot.median_ms is not None and bot.p95_ms is not None:
        times = f"half within {bot.median_ms:,.0f} ms, 95 of 100 within {bot.p95_ms:,.0f} ms"
        yield "Last hour", f"{count(bot.hour, 'answer')}: {times}"


def _place(bot: Vitals) -> str:
    if bot.preview:
        return "a preview in a local page, not on Discord"
    since = f"connected since {minute(bot.connected_since)}" if bot.connected_since else "not connected"
    return f"{count(bot.servers, 'server')}, {since}"


def _size(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= _GIGABYTE else f"{size / 1e6:,.1f} MB"
