"""Articles on their way into the archive: from links, files and texts; embedding, storing, editing."""
