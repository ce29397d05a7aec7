"""Decodes text files of unknown encoding."""

from __future__ import annotations

import codecs

from assistant.core.errors import DocumentError
from index.loaders.plausibility import likeliest

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
"""Bytes looked at to tell the encoding; detection costs some 10 ms for as many."""
_RELIABLE = 64
"""Bytes; below, statistics mistake Latin-1 for rare code pages."""
_FEWEST_HIGH = 4
"""Bytes beyond ASCII, for the same reason."""


def decode(data: bytes) -> str:
    """Text of the bytes: by byte-order mark, as UTF-8, else by detection.

    Raises:
        DocumentError: the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(data)
    if "\0" in text:  # UTF-16 of plain Latin letters is valid UTF-8 too
        return _detected(data)
    return text


def _detected(data: bytes) -> str:
    encoding = _wide_encoding(data) or likeliest(data)
    if not encoding.startswith("utf-16") and b"\0" in data[:_SAMPLE]:
        raise DocumentError("The file is binary, no text.", "Only readable formats are indexed.")
    return data.decode(encoding or _by_statistics(data), errors="replace")


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark: zero bytes, or Chinese high bytes, on one side only."""
    sample = data[: _SAMPLE & ~1]
    half = len(sample) // 2
    if half < 2 or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.02 and even < 0.002:
        return "utf-16-le"
    return "utf-16-be" if even > 0.02 and odd < 0.002 else ""


def _by_statistics(data: bytes) -> str:
    sample = data[:_SAMPLE]
    if len(sample) < _RELIABLE or sum(byte >= 0x80 for byte in sample) < _FEWEST_HIGH:
        return "cp1252"
    from charset_normalizer import from_bytes  # 60 ms

    best = from_bytes(sample).best()
    if best is None:
        raise DocumentError(
            "The file is binary, or its encoding is unknown.", "Save it as UTF-8 and add it again."
        )
    return best.encoding
