"""The way out to the public web: `fetcher` is the door, `addresses` the rule of what may be asked."""
