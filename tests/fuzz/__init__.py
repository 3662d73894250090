"""Coverage-guided fuzzing of every parser of what comes from outside: `python -m tests.fuzz TARGET --minutes N`.

Each target reads bytes as its parser would be given them and asserts what the project promises of it, not merely that
nothing crashes. The fuzzer itself, atheris, is needed only to search; seeds are tried by the ordinary tests.
"""
