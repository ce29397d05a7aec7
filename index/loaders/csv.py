"""Reads tables of comma- or tab-separated values row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from assistant.core.errors import DocumentError
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.rows import RowWriter
from index.loaders.text import read_text

_DELIMITERS = ",;\t|"
_SAMPLE = 256 * 1024
_ROWS = 30
"""Characters and rows looked at to tell what separates the values."""


def load(path: Path, limits: Limits) -> Document:
    """One paragraph a row, with the number of the line it begins on."""
    text = read_text(path, limits)
    builder = Builder(limits)
    rows = RowWriter(builder, limits)
    try:
        delimiter = _delimiter(text)
        for line, values in _rows(text, delimiter):
            rows.add(line, values)
    except csv.Error as error:
        raise DocumentError(
            "The table is damaged: a quotation mark is never closed.", "Save it again as .csv."
        ) from error
    return builder.document()


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    for values in reader:
        yield begins, values
        begins = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The separator that cuts the first rows into equally many values; commas if none does."""
    best, most = ",", 0.0
    sample = text[:_SAMPLE]
    for delimiter in _DELIMITERS:
        widths: list[int] = []
        with suppress(csv.Error):  # a value longer than 131,072 characters: no table by that mark
            widths += [len(v) for _, v in islice(_rows(sample, delimiter), _ROWS) if v]
        usual = max(widths, key=widths.count, default=1)
        score = (usual > 1) * widths.count(usual) / max(1, len(widths)) * (1 + usual / 1000)
        if score > most:
            best, most = delimiter, score
    return best
