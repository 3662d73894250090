"""The way out to the public web: `fetcher` is the door, `addresses` decides what may be requested."""
