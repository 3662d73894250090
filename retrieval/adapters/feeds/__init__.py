"""Feeds of every kind into values. `process` is the door; the parsers themselves are imported in the worker alone."""
