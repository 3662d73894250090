"""Search: FAISS for meaning, BM25 over FTS5 for words."""
