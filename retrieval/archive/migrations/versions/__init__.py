"""One file a step. A step is never changed after its release: it describes the tables as they were then."""
