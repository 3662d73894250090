"""Decompresses a body as it arrives, never holding more than the limit: a zip bomb costs nothing."""

from __future__ import annotations

import zlib
from typing import Final

from retrieval.errors import FetchFailed

ASKED_FOR: Final = "gzip"
"""The one encoding that servers are asked for: all know it, and zlib can be stopped at any size."""

_GZIP_HEADER = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"


class BodyDecoder:
    """A body as it arrives, of at most `most` bytes. Raises FetchFailed for encodings that were not asked for."""

    def __init__(self, host: str, encoding: str, most: int) -> None:
        encodings = [name.strip().lower() for name in encoding.split(",") if name.strip()]
        if encodings not in ([], ["identity"], ["gzip"], ["x-gzip"]):
            raise FetchFailed("site.unknown_encoding", host=host)
        self._host = host
        self._most = most
        self._body = bytearray()
        self._unzip = zlib.decompressobj(_GZIP_HEADER) if encodings not in ([], ["identity"]) else None
        self._begun = False

    @property
    def too_large(self) -> bool:
        """Whether the body is larger than allowed."""
        return len(self._body) > self._most

    def add(self, piece: bytes) -> None:
        """Decode the next piece; ignored once the body is too large."""
        if self._unzip is None:
            self._body += piece
            return
        while piece and self._room:
            self._begun = True
            try:
                self._body += self._unzip.decompress(piece, self._room)
            except zlib.error as error:
                raise FetchFailed("site.corrupt", host=self._host) from error
            piece = b""
            if self._unzip.eof and self._unzip.unused_data.startswith(_GZIP_MAGIC):  # several gzip files in a row
                piece = self._unzip.unused_data
                self._unzip = zlib.decompressobj(_GZIP_HEADER)

    def body(self) -> bytes:
        """The body, cut at the limit, after the last piece. Raises FetchFailed where its end is missing."""
        if self._unzip is not None and self._begun and not self._unzip.eof and not self.too_large:
            raise FetchFailed("site.corrupt", host=self._host)
        return bytes(self._body[: self._most])

    @property
    def _room(self) -> int:
        """Bytes that still fit: one above the limit, which shows that there was more."""
        return self._most + 1 - len(self._body)
