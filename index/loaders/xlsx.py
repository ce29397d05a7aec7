"""Reads Excel workbooks sheet by sheet, row by row."""

from __future__ import annotations

import re
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from lxml.etree import LxmlError  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.archive import BROKEN_ARCHIVE, check_archive
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.rows import RowWriter

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_BROKEN = (
    *BROKEN_ARCHIVE,
    InvalidFileException,
    LxmlError,
    SyntaxError,  # of the XML parsers
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)
_UNNAMED = re.compile(r"(?:sheet|工作表|tabelle|feuil|hoja|planilha)\s*\d*", re.IGNORECASE)
"""Names nobody gave."""


def load(path: Path, limits: Limits) -> Document:
    """Values as last computed, one paragraph a row; headings are the names of the sheets."""
    check_archive(path, limits, "xl/")
    builder = Builder(limits)
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what reading values doesn't need
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                _read(book, builder, limits)
    except _BROKEN as error:
        raise DocumentError(
            "The workbook is damaged.", "Open it in a spreadsheet program and save it again."
        ) from error
    return builder.document()


def _read(book: Workbook, builder: Builder, limits: Limits) -> None:
    rows = 0
    for sheet in book.worksheets:
        if len(book.worksheets) > 1 or not _UNNAMED.fullmatch(sheet.title):
            builder.mark(1, sanitize(sheet.title))
        sheet.reset_dimensions()  # files claim 16,384 columns
        writer = RowWriter(builder, limits, rows)
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            writer.add(number, values)
        builder.unmark()
        rows = writer.count
