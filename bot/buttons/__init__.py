"""Buttons, by what they stand under. Each is made anew from its custom id at every press, and so survives a restart."""
