"""Word documents (.docx): the text of paragraphs is translated, runs keep their formatting.

Body, tables, text boxes, headers, footers, footnotes and endnotes. A formatted stretch inside a
paragraph is looked for in the translation, so that its words keep its formatting.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.core.errors import DocumentError
from skills.translation.formats.document import Text
from skills.translation.formats.marks import MarkedText, room
from skills.translation.markdown import Segment
from skills.translation.patterns import LETTER

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS = ("document.main+xml", "header+xml", "footer+xml", "footnotes+xml", "endnotes+xml")
_LARGEST = 1 << 30
"""Bytes a document may have unpacked."""
_BREAKS = frozenset({f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}ptab"})
_OBJECTS = frozenset(
    f"{_W}{name}"
    for name in (
        "drawing", "pict", "object", "sym", "footnoteReference", "endnoteReference", "fldChar",
        "commentReference", "noBreakHyphen", "softHyphen",
    )
)  # fmt: skip
"""What stands between words and stays where it is."""


@dataclass(slots=True)
class _Run:
    """Consecutive text elements of one format; none: an object between texts."""

    style: str
    container: Any = None
    """What the runs stand in, as a hyperlink; held, for only then is it one and the same object."""
    elements: list[Any] = field(default_factory=list)

    @property
    def format(self) -> tuple[str, Any]:
        return self.style, self.container

    @property
    def text(self) -> str:
        return "".join(element.text or "" for element in self.elements)


class WordDocument:
    """A Word document whose paragraphs can be replaced.

    Raises:
        DocumentError: the bytes are no Word document, or a damaged one.
    """

    def __init__(self, data: bytes, target: str) -> None:
        self._document = _opened(data)
        self._target = target
        self._stretches = [
            stretch for root in _roots(self._document) for stretch in _stretches(root)
        ]

    @property
    def texts(self) -> Sequence[Text]:
        return [_text(stretch) for stretch in self._stretches]

    def render(self, translations: Sequence[str]) -> bytes:
        for stretch, translated in zip(self._stretches, translations, strict=True):
            _fill(stretch, translated)
        for root in _roots(self._document):
            for language in root.iter(f"{_W}lang"):
                language.set(f"{_W}val", self._target)
        _keep_blobs(self._document)
        written = io.BytesIO()
        self._document.save(written)
        return written.getvalue()


def _opened(data: bytes) -> Any:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _LARGEST:
                raise DocumentError(
                    f"The document is larger than {_LARGEST >> 30} GB unpacked.", "Divide it."
                )
        document = docx.Document(io.BytesIO(data))
        _parse(document)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        OpcError,
        LxmlError,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
    ) as error:  # fmt: skip - the last two: python-docx takes elements and attributes for granted
        raise DocumentError(
            "The file is no Word document, or a damaged one.",
            "Open it in a word processor and save it again as .docx.",
        ) from error
    return document


def _parse(document: Any) -> None:
    """Parse the parts python-docx has no class for; kept on the part until `_keep_blobs`."""
    from docx.opc.oxml import parse_xml

    for part in document.part.package.iter_parts():
        if part.content_type.endswith(_PARTS) and not hasattr(part, "element"):
            part.parsed = parse_xml(part.blob)


def _roots(document: Any) -> Iterator[Any]:
    """The XML of every part that holds text."""
    for part in document.part.package.iter_parts():
        if part.content_type.endswith(_PARTS):
            yield part.element if hasattr(part, "element") else part.parsed


def _keep_blobs(document: Any) -> None:
    from docx.opc.oxml import serialize_part_xml

    for part in document.part.package.iter_parts():
        if hasattr(part, "parsed"):
            part._blob = serialize_part_xml(part.parsed)  # noqa: SLF001 - no public way to set it


def _stretches(root: Any) -> Iterator[list[_Run]]:
    """Text between tabs and line breaks of one paragraph, as its runs."""
    for paragraph in root.iter(f"{_W}p"):
        stretch: list[_Run] = []
        for element in paragraph.iter(f"{_W}t", *_BREAKS, *_OBJECTS):
            if _paragraph_of(element) is not paragraph or not _is_content(element):
                continue
            if element.tag in _BREAKS:
                yield from _worded(stretch)
                stretch = []
            elif element.tag in _OBJECTS:
                stretch.append(_Run(""))
            else:
                _add(stretch, element)
        yield from _worded(stretch)


def _paragraph_of(element: Any) -> Any:
    return next(element.iterancestors(f"{_W}p"), None)


def _is_content(element: Any) -> bool:
    """Whether it stands in a run; tab stops of a paragraph's format have the same tag."""
    return bool(element.getparent().tag == f"{_W}r")


def _add(stretch: list[_Run], element: Any) -> None:
    from lxml.etree import tostring

    run = element.getparent()
    properties = run.find(f"{_W}rPr")
    style = "" if properties is None else tostring(properties).decode()
    container = run.getparent()
    last = stretch[-1] if stretch else None
    if last and last.elements and last.style == style and last.container is container:
        last.elements.append(element)
    else:
        stretch.append(_Run(style, container, [element]))


def _worded(stretch: list[_Run]) -> Iterator[list[_Run]]:
    texts = [run.text for run in stretch]
    if any(map(LETTER.search, texts)) and len(stretch) <= room("".join(texts)):
        yield stretch


def _base(stretch: Sequence[_Run]) -> tuple[str, Any]:
    """The format most of the text has."""
    lengths: dict[tuple[str, Any], int] = {}
    for run in stretch:
        if run.elements:
            lengths[run.format] = lengths.get(run.format, 0) + len(run.text)
    return max(lengths, key=lambda kind: lengths[kind])


def _text(stretch: Sequence[_Run]) -> Text:
    return (Segment(_marked(stretch)[0], True),)


def _marked(stretch: Sequence[_Run]) -> tuple[str, list[tuple[str, str] | None]]:
    """The text with marks, and for each run the one or two marks that are its own."""
    marked = MarkedText("".join(run.text for run in stretch))
    base = _base(stretch)
    own: list[tuple[str, str] | None] = []
    for number, run in enumerate(stretch):
        if not run.elements:
            own.append((marked.mark("object"), ""))
        elif run.format == base or not run.text:
            marked.text(run.text)
            own.append(None)
        else:
            opening = marked.mark("open", str(number))
            marked.text(run.text)
            own.append((opening, marked.mark("close", str(number))))
    return marked.joined, own


def _fill(stretch: Sequence[_Run], translated: str) -> None:
    """Put a translation into the runs; marks come in the order of the runs."""
    _, own = _marked(stretch)
    begins = {marks[0]: number for number, marks in enumerate(own) if marks}
    ends = {marks[1]: number for number, marks in enumerate(own) if marks and marks[1]}
    shares = [""] * len(stretch)
    place = 0
    for character in translated:
        if character in begins:
            place = begins[character]
            place += not stretch[place].elements
        elif character in ends:
            place = ends[character] + 1
        else:
            shares[_holder(stretch, own, place)] += character
    for run, share in zip(stretch, shares, strict=True):
        for number, element in enumerate(run.elements):
            element.text = share if number == 0 else ""
            element.set(_SPACE, "preserve")


def _holder(stretch: Sequence[_Run], own: Sequence[tuple[str, str] | None], place: int) -> int:
    """The run that takes text at a place: the one there, unless what comes next is formatted
    and begins with a mark of its own; then the last one before it that has text, or the first."""
    if place < len(stretch) and stretch[place].elements:
        return place
    before = [n for n in range(min(place, len(stretch))) if stretch[n].elements]
    after = [n for n in range(place, len(stretch)) if stretch[n].elements]
    plain = [n for n in before[-1:] + after[:1] if own[n] is None]
    return (plain or before[-1:] or after[:1])[0]
