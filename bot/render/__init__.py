"""Domain values as Discord shows them. Pure: no I/O, no clock, no state; every limit and every escape is owned here."""
