"""The worker with a parser whose model is not the trusted one. To be run by `-m`."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

from retrieval.adapters.extraction.worker import serve
from retrieval.adapters.sandbox.sandbox import serve_quietly
from retrieval.errors import ModelUnavailable


def parse(_: str) -> NoReturn:
    message = "The files of the model are not the trusted ones: install the package again."
    raise ModelUnavailable(message)


if __name__ == "__main__":
    serve_quietly(partial(serve, parse))
