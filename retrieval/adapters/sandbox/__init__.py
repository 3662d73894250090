"""Worker processes with limits of memory and time, and no network."""
