"""The version of all that finds and attributes quotations: of `text.quotations`, which only workers load."""

EXTRACTOR = 1
"""Raise it in a release that finds other quotations: the articles that an older version read are then read again. Those
from before there were versions have 0."""
