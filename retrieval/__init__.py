"""Finds passages and quotations in an archive of news articles. Synchronous, thread-safe, and a stranger to Discord."""
