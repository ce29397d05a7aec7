"""Takes a sentence apart: prose, what stays as it is, and stretches in a format of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from skills.translation.emphasis import find_emphasis
from skills.translation.patterns import (
    ATOM,
    CODE,
    COMMENT,
    EMOJI,
    IMAGE,
    LETTER,
    LINK,
    PRINTF,
    STRIKE,
    TAG,
)

OPENING, CLOSING, STANDING = 0xF0000, 0xF4000, 0xF8000
"""Private characters by which documents mark their own formats in a text: an opening one, the
closing one that belongs to it (as far from the start of its range), and one for a thing that
stands alone."""
_MOST_MARKS = 0x4000
_HIDDEN = 0x100000
_MOST_HIDDEN = 0xFFFE
_DEEPEST = 50
"""Spans in spans; what is deeper is no pair but two marks that stand alone."""
_OURS = re.compile("[\U000f0000-\U000ffffd]")
_TAKEN = re.compile("[\U00100000-\U0010fffd]")
_POSITIONAL = re.compile(r"\{\}|" + PRINTF.pattern)
_EMPTY_TAGS = frozenset({"br", "hr", "img", "input", "wbr", "col", "area", "meta", "link"})


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """Stays as it is. `ordered` ones keep their order among themselves; an `edge` one at the
    end of a sentence has no part in its grammar. `source` is what it was before, if not the same.
    """

    shown: str
    ordered: bool = False
    edge: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A stretch between two marks: emphasis, a link, an element."""

    opening: str
    inner: tuple[Node, ...]
    closing: str


Node = str | Atom | Span
Flat = tuple[str | Atom, ...]


def parse(sentence: str) -> tuple[Node, ...]:
    """The nodes of a sentence; `original` gives the sentence back. One with more to hide than
    there are characters for it stays as it is."""
    marks = _Marks()
    text = _TAKEN.sub(lambda m: marks.own(m.group()), sentence)
    for pattern in (CODE, COMMENT, IMAGE):
        text = pattern.sub(lambda m: marks.hide(m.group()), text)
    text = LINK.sub(lambda m: marks.pair(m[1], m[2], m[3]), text)
    text = TAG.sub(marks.tag, text)
    text = ATOM.sub(lambda m: marks.hide(m.group(), ordered=_is_positional(m.group())), text)
    text = EMOJI.sub(lambda m: marks.hide(m.group(), edge=True), text)
    text = STRIKE.sub(lambda m: marks.pair(m[1], m[2], m[3]), text)
    emphasised = _emphasis(text, marks)
    return (Atom(sentence),) if marks.full else _tree(text, marks, emphasised)


def unbroken(text: str) -> list[tuple[int, int]]:
    """Ranges of a text in which no sentence can end: code, links, addresses, placeholders."""
    patterns = (CODE, COMMENT, IMAGE, LINK, TAG, ATOM)
    return sorted(match.span() for pattern in patterns for match in pattern.finditer(text))


def original(nodes: Iterable[Node]) -> str:
    """The text the nodes were made from."""
    return "".join(
        node
        if isinstance(node, str)
        else node.shown
        if isinstance(node, Atom)
        else node.opening + original(node.inner) + node.closing
        for node in nodes
    )


def flat(nodes: Iterable[Node]) -> Flat:
    """The nodes without the marks of their spans."""
    found: list[str | Atom] = []
    for node in nodes:
        found.extend(flat(node.inner) if isinstance(node, Span) else (node,))
    return tuple(found)


def has_prose(nodes: Iterable[Node]) -> bool:
    """Whether there is a letter outside of what stays as it is."""
    return any(isinstance(node, str) and LETTER.search(node) for node in flat(nodes))


def _is_positional(shown: str) -> bool:
    """Whether an argument is found by its place, as "%s" is and "%(name)s" is not."""
    return _POSITIONAL.fullmatch(shown) is not None and "(" not in shown and "$" not in shown


Kind = Literal["open", "close", "atom"]


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: Kind
    shown: str
    name: str = ""
    ordered: bool = False
    edge: bool = False


class _Marks:
    """Characters that stand for marks while a sentence is taken apart."""

    def __init__(self) -> None:
        self._marks: list[_Mark] = []
        self.full = False

    def own(self, character: str) -> str:
        """Hide a character of the sentence that could be taken for a stand-in."""
        return self._put(_Mark("atom", character))

    def hide(self, shown: str, *, ordered: bool = False, edge: bool = False) -> str:
        return self._put(_Mark("atom", self._plain(shown), ordered=ordered, edge=edge))

    def pair(self, opening: str, inner: str, closing: str) -> str:
        name = f"pair {len(self._marks)}"
        before = self._put(_Mark("open", opening, name))
        return before + inner + self._put(_Mark("close", self._plain(closing), name))

    def tag(self, match: re.Match[str]) -> str:
        """A tag of HTML, which may or may not have a partner."""
        name = match[2].lower()
        if match[3] or name in _EMPTY_TAGS:
            return self._put(_Mark("atom", self._plain(match.group()), ordered=True))
        kind: Kind = "close" if match[1] else "open"
        return self._put(_Mark(kind, self._plain(match.group()), f"<{name}>"))

    def of(self, character: str) -> _Mark | None:
        """What a character stands for; None where it is just a character."""
        code = ord(character)
        if code >= _HIDDEN:
            return self._marks[code - _HIDDEN]
        if _OURS.match(character) is None:
            return None
        if code >= STANDING:
            return _Mark("atom", character, ordered=True, edge=True)
        kind: Kind = "open" if code < CLOSING else "close"
        return _Mark(kind, character, f"mark {(code - OPENING) % _MOST_MARKS}")

    def _put(self, mark: _Mark) -> str:
        if len(self._marks) == _MOST_HIDDEN:
            self.full = True
            return ""
        self._marks.append(mark)
        return chr(_HIDDEN + len(self._marks) - 1)

    def _plain(self, text: str) -> str:
        """Text without the stand-ins of what was found in it before."""
        return _TAKEN.sub(lambda m: self._marks[ord(m.group()) - _HIDDEN].shown, text)


def _emphasis(text: str, marks: _Marks, depth: int = 0) -> str:
    """The text with stand-ins for marks of emphasis, those inside of others included."""
    parts: list[str] = []
    done = 0
    for found in find_emphasis(text) if depth < _DEEPEST else ():
        size = len(found.mark)
        inner = _emphasis(text[found.start + size : found.end - size], marks, depth + 1)
        parts += text[done : found.start], marks.pair(found.mark, inner, found.mark)
        done = found.end
    return "".join((*parts, text[done:]))


def _tree(before: str, marks: _Marks, text: str) -> tuple[Node, ...]:
    """Nodes of a text with stand-ins; where emphasis crosses other marks, of the one before."""
    nodes, crossed = _nested(text, marks)
    if crossed and text != before:
        nodes, _ = _nested(before, marks)
    return nodes


def _nested(text: str, marks: _Marks) -> tuple[tuple[Node, ...], bool]:
    """Pairs become spans; a mark without its partner an atom, which is the second result."""
    levels: list[tuple[_Mark | None, list[Node]]] = [(None, [])]
    crossed = False
    for piece, mark in _pieces(text, marks):
        if piece:
            levels[-1][1].append(piece)
        if mark is None:
            continue
        if mark.kind == "atom":
            levels[-1][1].append(Atom(mark.shown, mark.ordered, mark.edge))
        elif mark.kind == "open" and len(levels) > _DEEPEST:
            levels[-1][1].append(Atom(mark.shown, ordered=True, edge=True))
            crossed = True
        elif mark.kind == "open":
            levels.append((mark, []))
        else:
            crossed |= _close(levels, mark)
    while len(levels) > 1:
        crossed = True
        _dissolve(levels)
    return tuple(levels[0][1]), crossed


def _close(levels: list[tuple[_Mark | None, list[Node]]], mark: _Mark) -> bool:
    """Close the level a mark belongs to; True where others had to be given up for it."""
    if not any(opened is not None and opened.name == mark.name for opened, _ in levels):
        levels[-1][1].append(Atom(mark.shown, ordered=True, edge=True))
        return True
    crossed = False
    while (opened := levels[-1][0]) is not None and opened.name != mark.name:
        crossed = True
        _dissolve(levels)
    opened, inner = levels.pop()
    assert opened is not None  # noqa: S101 - looked for above
    levels[-1][1].append(Span(opened.shown, tuple(inner), mark.shown))
    return crossed


def _dissolve(levels: list[tuple[_Mark | None, list[Node]]]) -> None:
    opened, inner = levels.pop()
    assert opened is not None  # noqa: S101 - the outermost level is never dissolved
    levels[-1][1].extend((Atom(opened.shown, ordered=True, edge=True), *inner))


def _pieces(text: str, marks: _Marks) -> Iterator[tuple[str, _Mark | None]]:
    start = 0
    for end, character in enumerate(text):
        if (mark := marks.of(character)) is not None:
            yield text[start:end], mark
            start = end + 1
    yield text[start:], None
