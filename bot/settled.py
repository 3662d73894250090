"""What a server may settle: a value that knows neither how it is kept nor how it is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """A server's own settings; as they are here where it has settled nothing."""

    private: bool = False
    """Whether answers are shown to the asker alone."""
    channels: tuple[int, ...] = ()
    """Where the bot answers; everywhere where there is none."""
    retention_days: int | None = None
    """How long articles are kept; for ever where it is None."""
    adders: int | None = None
    """The role whose members may add articles, beside those who manage the server."""
