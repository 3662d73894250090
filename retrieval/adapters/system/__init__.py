"""Calls of the operating system: memory and priorities."""
