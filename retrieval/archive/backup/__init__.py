"""Backups: made, restored, and one a day."""
