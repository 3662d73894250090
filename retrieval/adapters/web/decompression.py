"""Collects what a server sends and unpacks it as it comes, never holding more than was allowed: no bomb goes off."""

from __future__ import annotations

import zlib
from typing import Final

from retrieval.errors import FetchFailed

ASKED_FOR: Final = "gzip"
"""The one packing that servers are asked for: every one knows it, and zlib unpacks it a piece at a time."""

_GZIP_HEADER = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"


class BodyDecoder:
    """A body in the making, at most `most` bytes of it. Raises FetchFailed for packings that were not asked for."""

    def __init__(self, host: str, packing: str, most: int) -> None:
        packings = [each.strip().lower() for each in packing.split(",") if each.strip()]
        if packings not in ([], ["identity"], ["gzip"], ["x-gzip"]):
            message = f"{host} packs its pages in a way that I did not ask for and cannot read."
            raise FetchFailed(message)
        self._corrupt = f"What {host} sent cannot be unpacked."
        self._most = most
        self._body = bytearray()
        self._unzip = zlib.decompressobj(_GZIP_HEADER) if packings not in ([], ["identity"]) else None
        self._begun = False

    @property
    def too_large(self) -> bool:
        """Whether there was more than allowed."""
        return len(self._body) > self._most

    def add(self, piece: bytes) -> None:
        """Take the next piece; nothing more once it is too large."""
        if self._unzip is None:
            self._body += piece
            return
        while piece and self._room:
            self._begun = True
            try:
                self._body += self._unzip.decompress(piece, self._room)
            except zlib.error as error:
                raise FetchFailed(self._corrupt) from error
            piece = b""
            if self._unzip.eof and self._unzip.unused_data.startswith(_GZIP_MAGIC):  # one file after another
                piece = self._unzip.unused_data
                self._unzip = zlib.decompressobj(_GZIP_HEADER)

    def body(self) -> bytes:
        """Everything that is allowed, once the last piece was added. Raises FetchFailed where the end is missing."""
        if self._unzip is not None and self._begun and not self._unzip.eof and not self.too_large:
            raise FetchFailed(self._corrupt)
        return bytes(self._body[: self._most])

    @property
    def _room(self) -> int:
        """How much more is taken: one byte above what is allowed, to know that there was more."""
        return self._most + 1 - len(self._body)
