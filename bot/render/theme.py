"""The colours of embeds."""

from __future__ import annotations

from typing import Final

import discord

ACCENT: Final = discord.Colour(0x2F6FDE)
"""For every card that has no other colour."""
MUTED: Final = discord.Colour(0x8A94A6)
"""For further passages, and for articles that are gone or unchanged."""
ANSWER: Final = ACCENT
"""For answers of /ask and quotations of /quote."""
ABSTENTION: Final = MUTED
"""For what stands in the place of an answer that the archive does not hold."""
ADDED: Final = discord.Colour(0x2E8B57)
DANGER: Final = discord.Colour(0xC23B3B)
"""For what cannot be undone, and for a feed in trouble."""
