"""Separates the prose of a Markdown text from what must survive a translation untouched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)*[ \t]*(```+|~~~+)")
_MARKS = re.compile(
    r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?"
    r"(?:#{1,6}[ \t]+)?[ \t]*"
)
_LIST_ITEM = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+•]|\d{1,3}[.)])[ \t]+")
_INDENTED = re.compile(r"(?: {4}|\t)")
_TABLE_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_CELL = re.compile(r"(?:\\\||`[^`\n]*`|[^|`]|`)+")
_DEFINITION = re.compile(r"[ \t]{0,3}\[[^\]\n]+\]:[ \t]*\S+")
_TRAILING = re.compile(r"(?:[ \t]+#+)?\s*$")
_LETTER = re.compile(r"[^\W\d_]")

_EMOJI = (
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff"
    "\ufe0e\ufe0f\u200d\u20e3]+"
)
_FILE_ENDINGS = (
    "py|js|ts|txt|md|json|toml|ya?ml|html?|css|pdf|docx?|xlsx?|csv|tsv|sh|cpp|hpp|java|rs|go"
    "|ini|cfg|log|xml|zip|gz|png|jpe?g|gif|svg|com|org|net|io|dev|edu|gov"
)
_LINK = re.compile(r"(!?\[)([^\]\n]*)(\]\([^)\n]*\)|\]\[[^\]\n]*\])|(~~)([^~\n]+)(~~)")
_OPAQUE = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)"
    r"|<(?:https?://|mailto:)[^>\s]+>|</?[a-zA-Z][^<>\n]*>|<!--.*?-->"
    r"|(?:https?|ftp|file)://[^\s<>()\]]*[^\s<>()\].,;:!?'\"]|\bwww\.[^\s<>()]*[^\s<>().,;:!?'\"]"
    r"|[\w.+-]+@[\w-]+\.[\w.-]*\w"
    rf"|(?<![\w.])[\w-]+(?:[./][\w-]+)*\.(?:{_FILE_ENDINGS})\b(?![.\w])"
    r"|(?<!\S)(?:~?/[\w.-]+){2,}/?|(?<!\S)[A-Za-z]:\\\S+"
    r"|\{\{[^{}\n]*\}\}|\{[A-Za-z_]\w*\}|%[sd]\b|\$\{\w+\}|\[\^[^\]\s]+\]"
    rf"|{_EMOJI}(?:[ ]?{_EMOJI})*",
    re.DOTALL,
)
_EMOJI_EDGE = re.compile(rf"^((?:{_EMOJI}\s*)*)(.*?)((?:\s*{_EMOJI})*)$", re.DOTALL)
_EMPHASIS = re.compile(r"(\*\*|__|\*|(?<!\w)_)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_LOOSE = re.compile(r"(\*\*|__|\*|(?<!\w)_)\s*(\S.*?)\s*\1(?!\w)", re.DOTALL)
_PLACEHOLDER = "XQ{}X"
"""Survives the Firefox models word for word (17 forms tried on 9 sentences; 9 of 9)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; the segments of a text joined are that text."""

    text: str
    prose: bool


def segments(text: str) -> Iterator[Segment]:
    """Prose and the rest: marks of lists, headings, quotes and tables, code, blank lines.

    Consecutive plain lines stay in one segment, so that a sentence may run over line breaks.
    """
    plain: list[str] = []
    fence = ""
    in_list = after_blank = False
    for line in text.splitlines(keepends=True):
        opening = _FENCE.match(line)
        code = _INDENTED.match(line) is not None and after_blank and not in_list
        verbatim = bool(fence or opening or code or _is_verbatim(line))
        if not verbatim and _is_plain(line):
            plain.append(line)
        else:
            yield from _flushed(plain)
            yield from [Segment(line, False)] if verbatim else _marked(line)
        if opening and (not fence or _closes(line, fence)):
            fence = "" if fence else opening[1]
        if line.strip():
            in_list = _LIST_ITEM.match(line) is not None or (in_list and line[:1] in " \t")
        after_blank = not line.strip() or (code and after_blank)
    yield from _flushed(plain)


def translate_inline(sentence: str, translate: Callable[[str], str]) -> str:
    """Translate a sentence around its code, links, addresses, emoji and emphasis.

    What must stay is hidden behind placeholders; where the translation loses one, the text
    between is translated piece by piece instead. A plain sentence reaches `translate` as it is.
    """
    before, core, after = _EMOJI_EDGE.match(sentence).groups()  # type: ignore[union-attr]
    masked, hidden = _masked(core, translate)
    if not _has_prose(masked):
        return sentence if not hidden else before + _restored(masked, hidden) + after
    translated = _emphasised(masked, translate)
    if all(translated.count(placeholder) == 1 for placeholder in hidden):
        return before + _restored(translated, hidden) + after
    return before + _piecewise(masked, hidden, translate) + after


def _is_verbatim(line: str) -> bool:
    return _LETTER.search(line) is None or _DEFINITION.match(line) is not None


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
    trailing = _TRAILING.search(text, start)
    end = trailing.start() if trailing else len(text)
    yield Segment(text[:start], False)
    yield Segment(text[start:end], _LETTER.search(text, start, end) is not None)
    yield Segment(text[end:], False)


def _masked(text: str, translate: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """Text with placeholders, and what each stands for; link texts are translated apart."""
    hidden: dict[str, str] = {}
    if _PLACEHOLDER.partition("{")[0] in text:
        return text, hidden

    def hide(original: str) -> str:
        placeholder = _PLACEHOLDER.format(len(hidden) + 1)
        hidden[placeholder] = original
        return placeholder

    def hide_link(match: re.Match[str]) -> str:
        opening, inside, closing = (group for group in match.groups() if group is not None)
        kept = opening.startswith("!") or not _LETTER.search(inside)
        return hide(opening + (inside if kept else translate_inline(inside, translate)) + closing)

    codes = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
    text = codes.sub(lambda match: hide(match.group()), text)
    text = _LINK.sub(hide_link, text)
    return _OPAQUE.sub(lambda match: hide(match.group()), text), hidden


def _has_prose(masked: str) -> bool:
    return _LETTER.search(re.sub(r"XQ\d+X", "", masked)) is not None


def _restored(text: str, hidden: dict[str, str]) -> str:
    for placeholder, original in reversed(hidden.items()):
        text = text.replace(placeholder, original)
    return text


def _emphasised(text: str, translate: Callable[[str], str]) -> str:
    """The translation with the emphasis of the original, or with none where it got lost."""
    marks = [match[1] for match in _EMPHASIS.finditer(text)]
    if not marks:
        return translate(text)
    translated = _LOOSE.sub(_tightened, translate(text))
    if [match[1] for match in _EMPHASIS.finditer(translated)] == marks:
        return translated
    return translate(_EMPHASIS.sub(lambda match: match[2], text))


def _tightened(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2].strip()}{match[1]}"


def _piecewise(masked: str, hidden: dict[str, str], translate: Callable[[str], str]) -> str:
    parts: list[str] = []
    for piece in re.split(r"(XQ\d+X)", masked):
        if piece in hidden:
            parts.append(hidden[piece])
        elif _LETTER.search(piece):
            left = piece[: len(piece) - len(piece.lstrip())]
            right = piece[len(piece.rstrip()) :]
            parts.append(left + translate(piece.strip()) + right)
        else:
            parts.append(piece)
    return "".join(parts)
