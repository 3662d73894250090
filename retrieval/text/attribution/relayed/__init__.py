"""Words that somebody passed on: who said them, and who passed them on, told around a quotation."""
