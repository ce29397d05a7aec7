"""Tells what a file holds from its first bytes, whatever its name says."""

from __future__ import annotations

from typing import Literal

Content = Literal["pdf", "zip", "ole", "rtf", "html", "image", "binary", "text", "empty"]

HEAD_BYTES = 4096
_MAGIC: tuple[tuple[bytes, Content, str], ...] = (
    (b"PK\x03\x04", "zip", "a zip archive"),
    (b"PK\x05\x06", "zip", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", "an encrypted or pre-2007 Office file"),
    (b"\x89PNG\r\n", "image", "a PNG image"),
    (b"\xff\xd8\xff", "image", "a JPEG image"),
    (b"GIF8", "image", "a GIF image"),
    (b"{\\rtf", "rtf", "Rich Text"),
    (b"RIFF", "binary", "sound or video"),
    (b"II*\0", "image", "a TIFF image"),
    (b"MM\0*", "image", "a TIFF image"),
    (b"\x1f\x8b", "binary", "a gzip archive"),
    (b"7z\xbc\xaf", "binary", "a 7z archive"),
    (b"Rar!", "binary", "a RAR archive"),
    (b"\xfd7zXZ", "binary", "an xz archive"),
    (b"\x7fELF", "binary", "a program"),
    (b"MZ\x90", "binary", "a program"),
    (b"SQLite format 3\0", "binary", "a database"),
    (b"OggS", "binary", "sound"),
    (b"ID3", "binary", "sound"),
)


def sniff(head: bytes) -> tuple[Content, str]:
    """What the first `HEAD_BYTES` bytes look like, and that in words."""
    if not head.strip():
        return "empty", "nothing"
    if b"%PDF-" in head[:1024]:
        return "pdf", "a PDF"
    if head[8:12] == b"WEBP" or head[4:12] in (b"ftypavif", b"ftypmif1"):
        return "image", "a WebP or AVIF image"
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image", "a BMP image"
    if head[4:8] == b"ftyp":
        return "binary", "sound or video"
    for magic, content, words in _MAGIC:
        if head.startswith(magic):
            return content, words
    opening = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        return "html", "a web page"
    return "text", "plain text"
