"""Opens a document by the ending of its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping

from assistant.core.errors import DocumentError, UsageError
from skills.translation.formats.document import Document, TextDocument, simple
from skills.translation.formats.gettext import messages
from skills.translation.formats.html import hypertext
from skills.translation.formats.subtitles import subtitles
from skills.translation.formats.word import WordDocument
from skills.translation.markdown import paragraphs, segments

_TEXT: Mapping[str, Callable[[str, str], TextDocument]] = {
    "txt": lambda text, _: simple(paragraphs(text)),
    "md": lambda text, _: simple(segments(text)),
    "html": hypertext,
    "srt": lambda text, _: subtitles(text),
    "vtt": lambda text, _: subtitles(text),
    "po": messages,
}
_ALSO = {"markdown": "md", "text": "txt", "htm": "html", "xhtml": "html", "pot": "po"}
FORMATS = (*_TEXT, "docx")
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def format_of(name: str) -> str:
    """The format a file name ends in.

    Raises:
        UsageError: it is none that can be translated.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = _ALSO.get(ending, ending)
    if kind not in FORMATS:
        shown = f"Files ending in “.{ending}”" if ending else "Files without an ending"
        raise UsageError(
            f"{shown} can't be translated.",
            f"These can: {', '.join(FORMATS)}. Another text file: --format txt",
        )
    return kind


def open_document(data: bytes, kind: str, target: str) -> Document:
    """A document from its bytes.

    Args:
        kind: one of `FORMATS`.
        target: language code it will be in.

    Raises:
        DocumentError: the bytes are no document of that kind.
    """
    if kind == "docx":
        return WordDocument(data, target)
    return _TEXT[kind](_decoded(data, kind), target)


def _decoded(data: bytes, kind: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    declared = _DECLARED.search(data[:4096]) if kind in {"html", "po"} else None
    for name in ("utf-8", declared[1].decode() if declared else ""):
        try:
            return data.decode(name or "utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    return _guessed(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = None if b"\0" in data else from_bytes(data).best()
    if best is None:
        raise _unreadable()
    return str(best)


def _unreadable() -> DocumentError:
    return DocumentError(
        "The file is no text in an encoding known here.", "Save it as UTF-8, then try again."
    )
