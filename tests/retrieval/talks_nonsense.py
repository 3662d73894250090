"""A worker that was taken over by what it read."""

import sys

if __name__ == "__main__":
    sys.stdout.write('{}\n{"title": 1, "entries": [{"key": "x", "published_at": "never"}]}\n')
    sys.stdout.flush()
    sys.stdin.read()
