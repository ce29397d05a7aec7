"""Reads Word documents: paragraphs, headings, lists and tables in order."""

from __future__ import annotations

import re
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError  # type: ignore[import-untyped]

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.archive import BROKEN_ARCHIVE, check_archive
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits

_HEADING = re.compile(r"(?:heading|标题|überschrift|titre|título)\s*([1-9])", re.IGNORECASE)
# What python-docx and lxml raise on damaged parts; they promise no error type of their own.
_BROKEN = (
    *BROKEN_ARCHIVE,
    OpcError,
    LxmlError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)


def load(path: Path, limits: Limits) -> Document:
    """Text of the body; Word files don't store pages, so places are headings."""
    check_archive(path, limits, "word/")
    builder = Builder(limits)
    try:
        _read(docx.Document(str(path)), builder)
    except _BROKEN as error:
        raise DocumentError(
            "The Word file is damaged.", "Open it in a word processor and save it again."
        ) from error
    return builder.document()


def _read(word: WordDocument, builder: Builder) -> None:
    styles = _Styles()
    in_list = False
    for block in word.iter_inner_content():
        if isinstance(block, Table):
            for number, row in enumerate(block.rows):
                builder.add(_row_text(row), joint="\n" if number else "\n\n")
            in_list = False
            continue
        style = styles.name(block)
        level = _level(style)
        listed = level is None and _is_list_item(block, style)
        text = ("- " if listed else "") + sanitize(block.text).strip()
        builder.add(text, level, "\n" if listed and in_list else "\n\n")
        in_list = listed


class _Styles:
    """Names of styles, kept: python-docx reads all of them at every look-up (1 ms)."""

    def __init__(self) -> None:
        self._names: dict[str | None, str] = {}

    def name(self, paragraph: Paragraph) -> str:
        """The name of the paragraph's style."""
        key = paragraph._p.style  # noqa: SLF001
        if key not in self._names:
            style = paragraph.style
            self._names[key] = (style.name or "") if style is not None else ""
        return self._names[key]


def _row_text(row: _Row) -> str:
    cells: list[str] = []
    previous: object = None
    for cell in row.cells:
        if cell._tc is not previous:  # noqa: SLF001  # merged cells come once a column
            cells.append(" ".join(sanitize(cell.text).split()))
        previous = cell._tc  # noqa: SLF001
    return " | ".join(cells)


def _level(style: str) -> int | None:
    if style.casefold() in ("title", "标题"):
        return 1
    match = _HEADING.match(style)
    return int(match[1]) if match else None


def _is_list_item(paragraph: Paragraph, style: str) -> bool:
    properties = paragraph._p.pPr  # noqa: SLF001  # python-docx has no public door to numbering
    numbered = properties is not None and properties.numPr is not None
    return numbered or style.startswith("List")
