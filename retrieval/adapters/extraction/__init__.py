"""Articles out of pages, files and messages. All but `process` is imported in the worker alone."""
