"""The colours of embeds."""

from __future__ import annotations

from typing import Final

import discord

ACCENT: Final = discord.Colour(0x2F6FDE)
MUTED: Final = discord.Colour(0x8A94A6)
"""For what is not the answer itself: further passages, abstentions, articles that are gone or unchanged."""
ADDED: Final = discord.Colour(0x2E8B57)
DANGER: Final = discord.Colour(0xC23B3B)
"""For what cannot be undone, and for a feed in trouble."""
