"""The verbs of the command line, and how their outcomes are printed."""
