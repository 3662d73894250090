"""Tells systemd that the bot is ready, alive or stopping, by the protocol of sd_notify(3): datagrams to a socket."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """The socket on which it listens, None for no manager; and within how many seconds it expects a sign of life."""

    address: str | None = None
    watchdog_seconds: float | None = None

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> ServiceManager:
        """Return the manager that started this process."""
        micros = environment.get("WATCHDOG_USEC", "")
        is_ours = environment.get("WATCHDOG_PID") in {None, str(os.getpid())}
        seconds = int(micros) / 1e6 if micros.isdecimal() and is_ours else None
        return cls(environment.get("NOTIFY_SOCKET") or None, seconds)

    def ready(self) -> None:
        """Report that the bot is ready."""
        self._tell("READY=1")

    def alive(self, status: str) -> None:
        """Report that the bot works; `systemctl status` shows `status`."""
        self._tell("WATCHDOG=1", f"STATUS={status}")

    def stopping(self) -> None:
        """Report that the bot is stopping."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        """Send without waiting: what is lost is sent again soon."""
        if self.address is None:
            return
        where = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(0)
            channel.sendto("\n".join(lines).encode(), where)
