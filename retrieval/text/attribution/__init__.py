"""Finding the speaker of a quotation: marks, cues, candidate mentions, their ranking, and the people of an article."""
