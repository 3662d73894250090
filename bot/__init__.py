"""Speaks Discord. Knows the newsroom, not how it works."""
