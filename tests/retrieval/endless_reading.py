"""The worker itself, with reading that never ends. To be run by `-m`."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

from retrieval.adapters.extraction import worker
from retrieval.adapters.sandbox.sandbox import serve_confined


def read(*_: object) -> NoReturn:
    while True:
        pass


if __name__ == "__main__":
    vars(worker).update(ARTICLE_SECONDS=1.0, read_article=read)  # so that the test need not wait
    serve_confined(partial(worker.serve, None), worker.MEMORY)
