"""Articles out of pages, files and messages. All but `client` and `answers` is imported in the worker alone."""
