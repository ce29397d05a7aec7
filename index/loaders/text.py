"""Reads plain text in any encoding."""

from __future__ import annotations

from pathlib import Path

from assistant.core.text import sanitize
from index.loaders.document import Document, Limits, too_long
from index.loaders.encoding import decode


def load(path: Path, limits: Limits) -> Document:
    """Text with its lines as they are in the file."""
    return Document(read_text(path, limits), has_lines=True)


def read_text(path: Path, limits: Limits) -> str:
    """Decoded and sanitized text; the number of lines stays the file's own.

    Raises:
        DocumentError: binary, of unknown encoding, or too long.
    """
    text = sanitize(decode(path.read_bytes()))
    if len(text) > limits.characters:
        raise too_long(limits.characters)
    return text
