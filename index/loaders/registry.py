"""Chooses the loader of a file and guards the limits around it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from assistant.core.errors import DocumentError
from index.loaders.document import Document, Limits, require_text
from index.loaders.sniffing import HEAD_BYTES, Content, sniff

Loader = Callable[[Path, Limits], Document]

_MODULES: Mapping[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_EXPECTED: Mapping[str, frozenset[Content]] = {
    "text": frozenset({"text", "html"}),
    "markdown": frozenset({"text", "html"}),
    "pdf": frozenset({"pdf"}),
    "docx": frozenset({"zip"}),
    "html": frozenset({"html", "text"}),
}
SUFFIXES = frozenset(_MODULES)
"""Lower-case file name endings that can be read."""


def load(path: Path, limits: Limits) -> Document:
    """Read a file whole; its loader is imported at the first file of its kind.

    Raises:
        DocumentError: it is missing, too large, empty, broken, or not what its name says.
    """
    module = _MODULES.get(path.suffix.lower())
    if module is None:
        raise DocumentError(
            f"No reader for {path.suffix or 'files without an ending'}.",
            f"Readable: {' '.join(sorted(SUFFIXES))}.",
        )
    try:
        _check(path, module, limits)
        loader = cast("Loader", importlib.import_module(f"index.loaders.{module}").load)
        return require_text(loader(path, limits))
    except OSError as error:
        raise DocumentError(
            f"It can't be opened: {error.strerror or error}.", "Check that it is there and yours."
        ) from error


def document_text(path: Path) -> str:
    """Text of one file within the default limits; errors as in `load`, with the file's name."""
    try:
        return load(path, Limits()).text
    except DocumentError as error:
        raise DocumentError(f"{path.name}: {error.message}", error.hint) from error


def _check(path: Path, module: str, limits: Limits) -> None:
    if not path.is_file():
        raise DocumentError("It is not a regular file.", "Check the path.")
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise DocumentError(
            f"It has {size / (1 << 20):,.0f} MB; the limit is {limits.file_bytes >> 20} MB.",
            "Raise index.max_file_mb in the settings, or split the file.",
        )
    with path.open("rb") as file:
        content, words = sniff(file.read(HEAD_BYTES))
    if content == "empty" and size <= HEAD_BYTES:
        raise DocumentError("The file is empty.", "Nothing to index.")
    if content == "ole" and module == "docx":
        raise DocumentError(
            "It is encrypted, or in the Word format of before 2007.",
            "Open it in a word processor and save it as .docx without a password.",
        )
    if content != "empty" and content not in _EXPECTED[module]:
        raise DocumentError(
            f"It is named {path.suffix} but holds {words}.", "Give it the ending it should have."
        )
