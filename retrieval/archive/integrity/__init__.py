"""Checksums, the check of a whole archive, and what is repaired or skipped."""
