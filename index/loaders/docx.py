"""Reads Word documents: paragraphs, headings, lists and tables in order."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.document import Builder, Document, Limits

_MAX_RATIO = 200
"""Packed to unpacked; Word's own files stay below 30."""
_RATIO_FROM = 50 << 20
"""Bytes unpacked below which the ratio doesn't matter."""
_HEADING = re.compile(r"(?:heading|标题|überschrift|titre|título)\s*([1-9])", re.IGNORECASE)
# What python-docx and lxml raise on damaged parts; they promise no error type of their own.
_BROKEN = (
    OpcError,
    LxmlError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def load(path: Path, limits: Limits) -> Document:
    """Text of the body; Word files don't store pages, so places are headings."""
    _check_archive(path, limits)
    builder = Builder(limits.characters)
    try:
        _read(docx.Document(str(path)), builder)
    except _BROKEN as error:
        raise DocumentError(
            "The Word file is damaged.", "Open it in a word processor and save it again."
        ) from error
    return builder.document()


def _check_archive(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise DocumentError(
            "The Word file is truncated or damaged.", "Get a whole copy of it."
        ) from error
    if not any(m.filename.startswith("word/") for m in members):
        raise DocumentError(
            "It is named .docx but holds another kind of archive.",
            "Give it the ending it should have.",
        )
    if any(m.flag_bits & 1 for m in members):
        raise DocumentError("The file is encrypted.", "Save it without a password.")
    unpacked = sum(m.file_size for m in members)
    packed = max(1, path.stat().st_size)
    if unpacked > limits.expanded_bytes or (
        unpacked > _RATIO_FROM and unpacked / packed > _MAX_RATIO
    ):
        raise DocumentError(
            f"It would unpack to {unpacked >> 20:,} MB, {unpacked // packed:,} times its size.",
            "Such a file is most likely an archive bomb; it was not opened.",
        )


def _read(word: WordDocument, builder: Builder) -> None:
    in_list = False
    for block in word.iter_inner_content():
        if isinstance(block, Table):
            for number, row in enumerate(block.rows):
                builder.add(_row_text(row), joint="\n" if number else "\n\n")
            in_list = False
            continue
        listed = _is_list_item(block)
        text = ("- " if listed else "") + sanitize(block.text).strip()
        builder.add(text, _level(block), "\n" if listed and in_list else "\n\n")
        in_list = listed


def _row_text(row: _Row) -> str:
    cells: list[str] = []
    previous: object = None
    for cell in row.cells:
        if cell._tc is not previous:  # noqa: SLF001  # merged cells come once a column
            cells.append(" ".join(sanitize(cell.text).split()))
        previous = cell._tc  # noqa: SLF001
    return " | ".join(cells)


def _style_name(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "") if style is not None else ""


def _level(paragraph: Paragraph) -> int | None:
    name = _style_name(paragraph)
    if name.casefold() in ("title", "标题"):
        return 1
    match = _HEADING.match(name)
    return int(match[1]) if match else None


def _is_list_item(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr  # noqa: SLF001  # python-docx has no public door to numbering
    numbered = properties is not None and properties.numPr is not None
    return _level(paragraph) is None and (numbered or _style_name(paragraph).startswith("List"))
