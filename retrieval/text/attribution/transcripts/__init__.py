"""Turns of transcripts, mails, letters and speeches: words without marks, and whose they are."""
