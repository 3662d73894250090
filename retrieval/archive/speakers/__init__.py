"""Speakers: their mentions, who is one person, overrides by moderators, their quotations."""
