"""Attacks and accidents that must not keep anybody from being answered: `python -m tests.resilience --help`.

The real bot, with the light runtime and a real archive, runs in a process of its own on a stand-in for Discord. In one
server members ask all the time; in another somebody adds what is meant to stop the bot. See `__main__`.
"""
