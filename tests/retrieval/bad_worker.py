"""A worker that does what a content tells it: dies, hangs, loops, eats memory, talks nonsense. To be run by `-m`."""

from __future__ import annotations

import json
import os
import re
import time
from io import BytesIO
from typing import IO, Final

from retrieval.adapters.sandbox.sandbox import allow_time, serve_confined
from retrieval.adapters.sandbox.worker_protocol import write_answer
from retrieval.domain.articles import Draft

MEMORY: Final = 450_000_000
NONSENSE: Final = {
    "nonsense": "nonsense",
    "no object": "[]",
    "deep": "[" * 100_000,
    "no text": '{"draft": {"title": "T"}}',
    "no article": '{"article": {}}',
}


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    write_answer(answers, {})
    while line := requests.readline():
        head = json.loads(line)
        content = requests.read(head["length"]).decode()
        allow_time(0)
        answers.write(_answer(content, "by_rules" in head) + b"\n")
        answers.flush()


def _answer(content: str, reads: bool) -> bytes:  # noqa: FBT001
    match content:
        case "die":
            os.abort()
        case "hang":
            time.sleep(60)
        case "loop":
            re.match(r"(?:a+)+$", "a" * 60 + "b")
        case "eat":
            eaten = []
            while True:
                eaten.append(b"x" * 10_000_000)
        case "say too much":
            return b"x" * 17_000_000
        case "environment":
            content = " ".join(os.environ)
    if content in NONSENSE:
        return NONSENSE[content].encode()
    if content.startswith("{"):
        return json.dumps({"article": json.loads(content)}).encode()
    draft = Draft(str(os.getpid()) if content == "well" else content)
    line = BytesIO()
    write_answer(line, {"article" if reads else "draft": draft})
    return line.getvalue().rstrip()


if __name__ == "__main__":
    serve_confined(serve, MEMORY)
