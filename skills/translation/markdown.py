"""Separates the prose of a text from what must survive a translation untouched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skills.translation.patterns import LETTER

_FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)*[ \t]*(```+|~~~+|\$\$(?=\s*$))")
_ITEM = r"(?:[-*+•]|\d{1,9}[.)]|\[\^[^\]\s]+\]:)[ \t]+"
_MARKS = re.compile(
    rf"[ \t]*(?:>[ \t]?)*(?:{_ITEM})*(?:\[[ xX]\][ \t]+)?(?:\[![A-Z]+\][ \t]*)?"
    r"(?:#{1,6}[ \t]+)?[ \t]*"
)
_LIST_ITEM = re.compile(rf"[ \t]*(?:>[ \t]?)*{_ITEM}")
_INDENTED = re.compile(r"(?: {4}|\t)")
_TABLE_ROW = re.compile(r"[ \t]*(?:>[ \t]?)*\|.*\|[ \t]*$|[^|\n]*\S[ \t]+\|[ \t]+[^|\n]*\S[^\n]*$")
_CELL = re.compile(r"(?:\\\||`[^`\n]*`|[^|`]|`)+")
_DEFINITION = re.compile(r"[ \t]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S+")
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(?:[^\n]*\n)*?\1[ \t]*(?:\r?\n|\Z)")
_ANCHOR = re.compile(r"\{#[\w-]+\}")
_HARD_BREAK = re.compile(r"(?: {2}|\\)\r?\n$")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; the segments of a text joined are that text."""

    text: str
    prose: bool


def segments(text: str) -> Iterator[Segment]:
    """Prose and the rest: marks of lists, headings, quotes and tables, code, blank lines.

    Consecutive plain lines stay in one segment, so that a sentence may run over line breaks.
    """
    front = _FRONT_MATTER.match(text)
    if front is not None:
        yield Segment(front.group(), False)
        text = text[front.end() :]
    plain: list[str] = []
    fence = ""
    in_list = after_blank = False
    for line in text.splitlines(keepends=True):
        opening = _FENCE.match(line)
        code = _INDENTED.match(line) is not None and after_blank and not in_list
        verbatim = bool(fence or opening or code or _is_verbatim(line))
        if not verbatim and _is_plain(line):
            plain.append(line)
            if _HARD_BREAK.search(line):
                yield from _flushed(plain)
        else:
            yield from _flushed(plain)
            yield from [Segment(line, False)] if verbatim else _marked(line)
        if opening and (not fence or _closes(line, fence)):
            fence = "" if fence else opening[1]
        if line.strip():
            in_list = _LIST_ITEM.match(line) is not None or (in_list and line[:1] in " \t")
        after_blank = not line.strip() or (code and after_blank)
    yield from _flushed(plain)


def paragraphs(text: str) -> Iterator[Segment]:
    """Prose and the rest of a text without markup: paragraphs, and the blank lines between."""
    done = start = 0
    for end in (*(blank.start() for blank in _BLANK_LINE.finditer(text)), len(text)):
        piece = text[start:end]
        if core := piece.strip():
            begin = end - len(piece.lstrip())
            yield Segment(text[done:begin], False)
            yield Segment(core, LETTER.search(core) is not None)
            done = begin + len(core)
        start = end
    yield Segment(text[done:], False)


def lines(text: str) -> Iterator[Segment]:
    """What is between line breaks and tabs, for texts in which these mean something."""
    for line in re.findall(r"[^\n\t]*[\n\t]?", text):
        core = line.strip()
        start = line.index(core)
        yield Segment(line[:start], False)
        yield Segment(core, LETTER.search(core) is not None)
        yield Segment(line[start + len(core) :], False)


def _is_verbatim(line: str) -> bool:
    return LETTER.search(line) is None or _DEFINITION.match(line) is not None


def _is_plain(line: str) -> bool:
    marks = _MARKS.match(line)
    return (marks is None or not marks.group()) and _TABLE_ROW.match(line) is None


def _closes(line: str, fence: str) -> bool:
    return line.strip(" \t>\r\n").startswith(fence)


def _flushed(plain: list[str]) -> Iterator[Segment]:
    if plain:
        yield from _trimmed("".join(plain))
        plain.clear()


def _marked(line: str) -> Iterator[Segment]:
    """Segments of a list item, a heading, a quoted line or a table row."""
    if _TABLE_ROW.match(line):
        end = 0
        for cell in _CELL.finditer(line):
            yield Segment(line[end : cell.start()], False)
            yield from _trimmed(cell.group())
            end = cell.end()
        yield Segment(line[end:], False)
        return
    marks = _MARKS.match(line)
    start = marks.end() if marks else 0
    yield Segment(line[:start], False)
    yield from _trimmed(line[start:])


def _trimmed(text: str) -> Iterator[Segment]:
    start = len(text) - len(text.lstrip())
    end = max(start, _end_of_prose(text))
    yield Segment(text[:start], False)
    yield Segment(text[start:end], LETTER.search(text, start, end) is not None)
    yield Segment(text[end:], False)


def _end_of_prose(text: str) -> int:
    """Where what closes a heading ("##", "{#anchor}") or breaks a line ("\\") begins."""
    end = len(text.rstrip())
    anchor = text.rfind("{#", 0, end)
    if anchor >= 0 and _ANCHOR.fullmatch(text, anchor, end):
        end = len(text[:anchor].rstrip(" \t"))
    bare = text[:end].rstrip("#")
    if len(bare) < end and bare.endswith((" ", "\t")):
        return len(bare.rstrip(" \t"))
    breaks = text[:end].endswith("\\") and not text[max(0, end - 2)].isspace() and end > 1
    return end - breaks
