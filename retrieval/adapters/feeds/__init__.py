"""Feeds of every kind as values. `client` is the door; the parsers are imported in the worker alone."""
