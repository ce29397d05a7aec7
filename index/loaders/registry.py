"""Chooses the loader of a file and guards the limits around it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from assistant.core.errors import DocumentError
from assistant.core.text import one_line
from index.loaders.document import Document, Limits, require_text
from index.loaders.recognition import Readers, recognise
from index.loaders.sniffing import HEAD_BYTES, Content, sniff

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from index.loaders.frames import Looked


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: the module that reads it, and what its first bytes may look like."""

    module: str
    suffixes: str
    contents: frozenset[Content] = frozenset({"text"})


_TEXT: frozenset[Content] = frozenset({"text", "html"})
_ZIP: frozenset[Content] = frozenset({"zip"})
_CODE = (
    ".bash .c .cc .clj .cljs .cpp .cs .css .cxx .dart .el .erl .ex .exs .f90 .fs .go .groovy .h "
    ".hh .hpp .hs .hxx .java .jl .js .jsx .kt .kts .less .lisp .lua .m .mjs .ml .mm .nim .php .pl "
    ".pm .proto .ps1 .py .pyi .r .rb .rs .scala .scss .sh .sql .svelte .swift .tcl .tf .ts .tsx "
    ".v .vb .vhd .vue .zig .zsh"
)
_PLAIN = (
    ".txt .text .log .adoc .asciidoc .bib .cfg .conf .env .ini .json .jsonl .ndjson .properties "
    ".tex .toml .xml .yaml .yml"
)
FORMATS = (
    Format("text", _PLAIN, _TEXT),
    Format("markdown", ".md .markdown .mdx .qmd .rmd", _TEXT),
    Format("rst", ".rst .rest"),
    Format("org", ".org"),
    Format("pdf", ".pdf", frozenset({"pdf"})),
    Format("docx", ".docx .docm", _ZIP),
    Format("pptx", ".pptx .pptm .ppsx", _ZIP),
    Format("xlsx", ".xlsx .xlsm", _ZIP),
    Format("csv", ".csv .tsv .tab"),
    Format("odt", ".odt .odp .ott", _ZIP),
    Format("rtf", ".rtf", frozenset({"rtf"})),
    Format("epub", ".epub", _ZIP),
    Format("html", ".html .htm .xhtml", _TEXT),
    Format("mail", ".eml .mbox"),
    Format("notebook", ".ipynb"),
    Format("subtitles", ".srt .vtt"),
    Format("source", _CODE, _TEXT),
    Format("image", ".png .jpg .jpeg .jfif .webp .gif .bmp .tif .tiff .avif", frozenset({"image"})),
)
_BY_SUFFIX: Mapping[str, Format] = {
    suffix: format_ for format_ in FORMATS for suffix in format_.suffixes.split()
}
PICTURE_SUFFIXES = frozenset(s for s, format_ in _BY_SUFFIX.items() if format_.module == "image")
"""Endings of files without any text but what is recognised in them."""
SUFFIXES = frozenset(_BY_SUFFIX) - PICTURE_SUFFIXES
"""Lower-case file name endings that can be read without recognition."""
_READABLE = (
    "Readable: PDF, Word, PowerPoint, Excel, OpenDocument, RTF, EPUB, HTML, e-mail, notebooks, "
    "subtitles, tables (.csv), pictures, plain text and source code."
)


def load(path: Path, limits: Limits, readers: Readers | None = None) -> Document:
    """Read a file whole, in this process; see `SafeReader` for files that may be hostile.

    Raises:
        DocumentError: it is missing, too large, empty, broken, or not what its name says.
    """
    document = read_file(path, limits)
    return recognise(document, lambda page: render(path, page), readers or Readers(), limits)


def read_file(path: Path, limits: Limits) -> Document:
    """The text a file holds as text; pictures are left to be recognised (`Document.scans`).

    Its loader is imported at the first file of its kind.

    Raises:
        DocumentError: as `load`.
    """
    format_ = _format(path)
    try:
        _check(path, format_, limits)
        document: Document = _module(format_).load(path, limits)
        return require_text(document)
    except OSError as error:
        raise DocumentError(
            f"It can't be opened: {error.strerror or error}.", "Check that it is there and yours."
        ) from error
    except RecursionError as error:
        raise DocumentError("It is nested too deeply.", "It was not read.") from error
    except MemoryError as error:
        raise DocumentError("Reading it takes too much memory.", "Split the file.") from error


def render(path: Path, page: int) -> Pixels:
    """Pixels of a page that `read_file` named in `scans`.

    Raises:
        DocumentError: it can't be drawn.
    """
    pixels: Pixels = _module(_format(path)).render(path, page)
    return pixels


def look(path: Path) -> Looked:
    """A picture as encoders get it, see `image.look`.

    Raises:
        DocumentError: it can't be opened.
    """
    from index.loaders import image

    return image.look(path)


def document_text(path: Path) -> str:
    """Text of one file within the default limits; errors as in `load`, with the file's name."""
    try:
        return load(path, Limits()).text
    except DocumentError as error:
        raise DocumentError(f"{one_line(path.name)}: {error.message}", error.hint) from error


def _module(format_: Format) -> ModuleType:
    return importlib.import_module(f"index.loaders.{format_.module}")


def _format(path: Path) -> Format:
    """By the ending; a file without one, which somebody must have named, is taken for text."""
    format_ = _BY_SUFFIX.get(path.suffix.lower() or ".txt")
    if format_ is None:
        raise DocumentError(f"No reader for {one_line(path.suffix, 20)}.", _READABLE)
    return format_


def _check(path: Path, format_: Format, limits: Limits) -> None:
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
    if content == "ole" and "zip" in format_.contents:
        raise DocumentError(
            "It is encrypted, or in the Office format of before 2007.",
            "Open it in its program and save it in today's format without a password.",
        )
    if content != "empty" and content not in format_.contents:
        named = f"It is named {path.suffix}" if path.suffix else "Its name has no ending"
        raise DocumentError(f"{named} but it holds {words}.", "Give it the ending it should have.")
