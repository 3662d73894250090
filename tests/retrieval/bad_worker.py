"""A worker that does what a content tells it: dies, hangs, eats memory, talks nonsense. To be run by `-m`."""

from __future__ import annotations

import json
import os
import sys
import time


def main() -> None:
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    while line := sys.stdin.buffer.readline():
        content = sys.stdin.buffer.read(json.loads(line)["length"])
        match content:
            case b"die":
                os.abort()
            case b"hang":
                time.sleep(60)
            case b"nonsense":
                sys.stdout.write("nonsense\n")
            case b"no text":
                sys.stdout.write('{"draft": {"title": "T"}}\n')
            case b"environment":
                sys.stdout.write(json.dumps({"draft": {"text": " ".join(os.environ)}}) + "\n")
            case _:
                sys.stdout.write(json.dumps({"draft": {"text": str(os.getpid())}}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
