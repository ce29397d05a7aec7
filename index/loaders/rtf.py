"""Reads Rich Text Format."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, OverflowError)


def load(path: Path, limits: Limits) -> Document:
    """One paragraph a paragraph; the format marks no headings."""
    data = path.read_bytes()
    encoding = _encoding(data)
    try:
        source = data.decode(encoding, "replace")
        text: str = rtf_to_text(source, encoding, "replace")  # type: ignore[no-untyped-call]
    except _BROKEN as error:
        raise DocumentError(
            "The RTF file is damaged.", "Open it in a word processor and save it again."
        ) from error
    builder = Builder(limits)
    for line in sanitize(text).split("\n"):
        builder.add(" | ".join(cell.strip() for cell in line.strip("| \t").split("|")))
    return builder.document()


def _encoding(data: bytes) -> str:
    declared = _CODE_PAGE.search(data, 0, 4096)
    name = f"cp{int(declared[1])}" if declared else "cp1252"
    try:
        return codecs.lookup("utf-8" if name == "cp65001" else name).name
    except LookupError:
        return "cp1252"
