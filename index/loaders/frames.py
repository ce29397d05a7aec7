"""What the program and the process that reads its files say to each other.

A frame is 4 bytes of length (little-endian) and a msgpack message. Not pickle: a reader that a
hostile file has taken over must not be able to run code in the program.
"""

from __future__ import annotations

import struct
from typing import IO

import msgspec

from index.loaders.document import Document, Heading, Limits

_LENGTH = struct.Struct("<I")
MAX_FRAME = 1 << 30
"""Bytes; 50,000,000 characters have 200 MB at most."""


class Load(msgspec.Struct, frozen=True, tag=True):
    """Asks for the text of a file; a path may hold bytes that are no text."""

    path: bytes
    limits: Limits


class Draw(msgspec.Struct, frozen=True, tag=True):
    """Asks for the pixels of a page."""

    path: bytes
    page: int
    seconds: float


class Text(msgspec.Struct, frozen=True, tag=True):
    """A document, field by field."""

    text: str
    pages: tuple[int, ...]
    headings: tuple[tuple[int, int, str], ...]
    has_lines: bool
    rows: tuple[tuple[int, int], ...]
    scans: tuple[int, ...]

    @classmethod
    def of(cls, document: Document) -> Text:
        """The frame of a document."""
        return cls(
            document.text,
            document.pages,
            tuple((h.start, h.level, h.title) for h in document.headings),
            document.has_lines,
            document.rows,
            document.scans,
        )

    def document(self) -> Document:
        """The document of a frame."""
        headings = tuple(Heading(*heading) for heading in self.headings)
        return Document(self.text, self.pages, headings, self.has_lines, self.rows, self.scans)


class Drawing(msgspec.Struct, frozen=True, tag=True):
    """Pixels [height, width, 3]."""

    height: int
    width: int
    pixels: bytes


class Look(msgspec.Struct, frozen=True, tag=True):
    """Asks for a picture as it is looked at: small, with what its camera wrote."""

    path: bytes
    seconds: float


class Looked(msgspec.Struct, frozen=True, tag=True):
    """A small picture: pixels [height, width, 3], the size of the whole, and its EXIF data."""

    height: int
    width: int
    pixels: bytes
    full_height: int
    full_width: int
    taken: str
    latitude: float | None
    longitude: float | None
    camera: str


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """Why a file can't be read, as in `DocumentError`."""

    message: str
    hint: str


Request = Load | Draw | Look
Reply = Text | Drawing | Looked | Refusal

_ENCODER = msgspec.msgpack.Encoder()
_REQUESTS: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_REPLIES: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def send(stream: IO[bytes], message: Request | Reply) -> None:
    """Write a message whole."""
    frame = _ENCODER.encode(message)
    stream.write(_LENGTH.pack(len(frame)))
    stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end of the stream, or where it holds no frame."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        return None
    frame = stream.read(length)
    return frame if len(frame) == length else None


def request(frame: bytes) -> Request:
    """The request in a frame.

    Raises:
        msgspec.MsgspecError: it holds none.
    """
    return _REQUESTS.decode(frame)


def reply(frame: bytes) -> Reply:
    """The reply in a frame.

    Raises:
        msgspec.MsgspecError: it holds none.
    """
    return _REPLIES.decode(frame)
