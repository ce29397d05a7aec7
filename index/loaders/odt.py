"""Reads OpenDocument texts and presentations: paragraphs, headings, lists and tables in order."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assistant.core.errors import DocumentError
from assistant.core.text import sanitize
from index.loaders.archive import BROKEN_ARCHIVE, check_archive, local_name, parse_xml
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits

_BROKEN = (*BROKEN_ARCHIVE, etree.LxmlError, LookupError, TypeError, AttributeError)
_SKIPPED = frozenset({"annotation", "tracked-changes", "note-citation", "forms", "sequence-decls"})
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"


def load(path: Path, limits: Limits) -> Document:
    """Text of the body; slides are pages, texts have none (the format doesn't store them)."""
    check_archive(path, limits, "content.xml")
    builder = Builder(limits)
    try:
        with zipfile.ZipFile(path) as archive:
            if b":encryption-data" in archive.read("META-INF/manifest.xml"):
                raise DocumentError("The file is encrypted.", "Save it without a password.")
            _Reading(builder).read(parse_xml(archive.read("content.xml")))
    except _BROKEN as error:
        raise DocumentError(
            "The document is damaged.", "Open it in a word processor and save it again."
        ) from error
    return builder.document()


class _Reading:
    """Walks the tree once, without recursion."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._paragraphs: list[list[str]] = []
        """Pieces of the open paragraphs; text boxes stand inside of others."""
        self._rows = 0
        """Table rows open: tables may stand in cells."""
        self._row: list[str] = []
        self._cell: list[str] = []
        self._lists = 0
        self._previous = ""

    def read(self, root: Any) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local_name(element)
            if name in _SKIPPED or not name:
                if event == "start":
                    walk.skip_subtree()
            elif event == "start":
                self._open(name, element)
            else:
                self._close(name, element)
            if event == "end":
                self._piece(element.tail)

    def _piece(self, text: str | None) -> None:
        if self._paragraphs and text:
            self._paragraphs[-1].append(text)

    def _open(self, name: str, element: Any) -> None:
        if name in ("p", "h"):
            self._paragraphs.append([])
        elif name == "table-row":
            self._rows += 1
        elif name == "list-item":
            self._lists += 1
        elif element.tag == _DRAW + "page":
            self._builder.page()
        elif name in ("s", "tab"):
            self._piece(" ")
        elif name == "line-break":
            self._piece("\n")
        self._piece(element.text)

    def _close(self, name: str, element: Any) -> None:
        if name in ("p", "h"):
            self._end_paragraph(name, element, sanitize("".join(self._paragraphs.pop())))
        elif name == "list-item":
            self._lists -= 1
        elif name == "table-cell" and self._rows == 1:
            self._row.append(" ".join(" ".join(self._cell).split()))
            self._cell = []
        elif name == "table-row":
            self._rows -= 1
            if self._rows == 0:
                self._add("row", " | ".join(filter(None, self._row)))
                self._row = []

    def _end_paragraph(self, name: str, element: Any, text: str) -> None:
        if self._rows:
            self._cell.append(text)
        elif name == "h":
            level = element.get(_TEXT + "outline-level") or "1"
            self._add("h", text, int(level) if level.isdecimal() else 1)
        else:
            listed = self._lists > 0 and text.strip() != ""
            self._add("item" if listed else "p", f"- {text.strip()}" if listed else text)

    def _add(self, kind: str, text: str, level: int | None = None) -> None:
        joint = "\n" if kind == self._previous and kind in ("item", "row") else "\n\n"
        self._builder.add(text, level, joint)
        self._previous = kind
