"""The command line: its commands are in `app`, `feeds` and `speakers`."""
