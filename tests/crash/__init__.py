"""Kills the program at random moments of everything it does, and looks at what is left: `python -m tests.crash`."""
