"""The nouns: frozen values that every module speaks in, and the invariants they keep.

Times are aware and in UTC. No value here knows how it is stored, found or shown.
"""
