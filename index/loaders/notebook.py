"""Reads Jupyter notebooks: notes, code and what the code printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.encoding import decode
from index.loaders.markdown import headings

_OUTPUT = 2_000
"""Characters of a cell's output that are kept: logs and tables go on for pages."""


def load(path: Path, limits: Limits) -> Document:
    """Cells in order; headings are those of the notes. Pictures and HTML are passed over."""
    builder = Builder(limits)
    for cell in _cells(path):
        text = sanitize(_joined(cell.get("source", cell.get("input"))))
        if cell.get("cell_type") == "code":
            builder.add(text)
            for output in _dicts(cell.get("outputs")):
                builder.add(sanitize(_printed(output)[:_OUTPUT]))
        elif cell.get("cell_type") == "heading":  # until version 3 of the format
            level = cell.get("level")
            builder.add(text, level if isinstance(level, int) and level > 0 else 1)
        else:
            _add_notes(builder, text)
    return builder.document()


def _cells(path: Path) -> Iterator[dict[str, Any]]:
    try:
        notebook = json.loads(decode(path.read_bytes()))
    except ValueError as error:
        raise DocumentError(
            "The notebook is truncated or damaged.", "Open it in Jupyter and save it again."
        ) from error
    if isinstance(notebook, dict):
        for sheet in [notebook, *_dicts(notebook.get("worksheets"))]:
            yield from _dicts(sheet.get("cells"))


def _add_notes(builder: Builder, text: str) -> None:
    """The notes part by part, each under its heading."""
    found = list(headings(text))
    starts = [heading.start for heading in found]
    builder.add(text[: starts[0]] if starts else text)
    for heading, (start, end) in zip(found, pairwise([*starts, len(text)]), strict=True):
        builder.mark(heading.level, heading.title)
        builder.add(text[start:end])


def _printed(output: dict[str, Any]) -> str:
    """Text of an output; of a table or picture what stands for it, of an error its last line."""
    if output.get("output_type") == "error":
        return f"{output.get('ename')}: {output.get('evalue')}"
    data = output.get("data")
    plain = data.get("text/plain") if isinstance(data, dict) else None
    return _joined(output.get("text", plain))


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _joined(value: object) -> str:
    """Text stored as a string or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
