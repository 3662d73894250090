"""`python -m retrieval status`: how the bot and its archive are, for a person or, as JSON, for a program."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from retrieval.domain.health import ago
from retrieval.verbs.printing import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import Console

    from retrieval.domain.health import Health, Vitals


def print_status(out: Console, health: Health) -> None:
    """A line a subject, then what is wrong."""
    out.print(f"Pullquote {health.version}: {'well' if health.is_well else 'unwell'}")
    for subject, told in _lines(health):
        out.print(f"{subject:<10} {told}")
    for problem in health.problems:
        out.print(f"Problem:   {problem}")
    for warning in health.warnings:
        out.print(f"Warning:   {warning}")


def print_status_json(out: Console, health: Health) -> None:
    """One JSON object."""
    out.print(json.dumps({"well": health.is_well, **asdict(health)}, default=_iso, ensure_ascii=False), soft_wrap=True)


def _lines(health: Health) -> Iterator[tuple[str, str]]:
    held = health.held
    amounts = f"; {count(held.articles, 'article')}, {count(held.passages, 'passage')}" if held else ""
    yield "Archive", f"{health.archive}: {_mb(health.size)}{amounts}"
    if health.disk is not None:
        yield "Disk", f"{_mb(health.disk.free)} of {_mb(health.disk.total)} left"
    if health.bot is not None:
        yield from _bot(health.bot, health.at)
    if health.backups is None:
        yield "Backup", "none by itself: BACKUP_PATH is not set"
    else:
        yield "Backup", ago(health.backups.good, health.at) if health.backups.good else "none yet"


def _bot(bot: Vitals, now: datetime) -> Iterator[tuple[str, str]]:
    since = f"connected since {_moment(bot.connected_since)}" if bot.connected_since else "not connected"
    yield "Bot", f"version {bot.version}, {count(bot.servers, 'server')}, {since}; last heard of {ago(bot.at, now)}"
    last = f", the last {ago(bot.last_answer, now)}" if bot.last_answer else ""
    rest = f"{count(bot.refusals, 'refusal')}, {count(bot.faults, 'fault')}"
    yield "Answers", f"{count(bot.answers, 'answer')}{last}; {rest}, since {_moment(bot.started)}"
    if bot.median_ms is not None and bot.p95_ms is not None:
        yield "Last hour", f"{count(bot.hour, 'answer')}: median {bot.median_ms:,.0f} ms, p95 {bot.p95_ms:,.0f} ms"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _iso(moment: datetime) -> str:
    return moment.isoformat()
