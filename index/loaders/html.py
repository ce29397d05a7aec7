"""Reads web pages: their main text with headings, lists and tables, without boilerplate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from assistant.core.text import sanitize
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.encoding import decode

_DROPPED = re.compile(
    "script|style|noscript|template|svg|math|head|nav|header|footer|aside|form|button|iframe|"
    "object|embed|canvas|select|dialog"
)
_BLOCKS = re.compile(
    "address|article|blockquote|body|caption|center|d[dlt]|details|div|fieldset|figcaption|"
    "figure|h[1-6]|hr|html|li|main|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_ONE_PER_LINE = frozenset({"li", "tr", "dt", "dd"})
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\f\r\xa0]+")


def load(path: Path, limits: Limits) -> Document:
    """Text of the page; places are headings (a line of the source would show tags)."""
    builder = Builder(limits)
    add_page(builder, path.read_bytes())
    return builder.document()


def add_page(builder: Builder, page: bytes | str) -> None:
    """Append the blocks of a web page; bytes are decoded as they declare."""
    soup = BeautifulSoup(_decode(page) if isinstance(page, bytes) else page, "lxml")
    for tag in soup.find_all(lambda tag: _DROPPED.fullmatch(tag.name) is not None):
        if not _holds_the_text(tag):
            tag.extract()
    previous = ""
    for name, text in _blocks(soup.body or soup):
        if not text.strip():
            continue
        level = int(name[1]) if re.fullmatch("h[1-6]", name) else None
        joint = "\n" if name == previous and name in _ONE_PER_LINE else "\n\n"
        builder.add(("- " if name == "li" else "") + sanitize(text).strip(), level, joint)
        previous = name


def _decode(data: bytes) -> str:
    declared = _DECLARED.search(data, 0, 2048)
    if declared is not None:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common; the bytes decide
    return decode(data)


def _holds_the_text(tag: Tag) -> bool:
    """Page builders put whole articles into <form>, and titles into an article's <header>."""
    if tag.name == "form":
        return len(tag.get_text()) > 2_000
    return tag.name == "header" and tag.find_parent(["article", "main"]) is not None


def _blocks(root: Tag) -> Iterator[tuple[str, str]]:
    """Element name and text of each block, in document order; tables come row by row.

    Walks without recursion: pages may nest thousands deep.
    """
    owner: Tag = root
    pieces: list[str] = []
    for node in root.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                pieces.append("\n")
            elif node.name in ("td", "th") and pieces and _owner(node, root) is owner:
                pieces.append(" | ")
        elif type(node) is NavigableString and (node.strip() or pieces):
            holder = _owner(node, root)
            if holder is not owner and node.strip():
                yield owner.name, "".join(pieces)
                owner, pieces = holder, []
            kept = owner.name == "pre"
            pieces.append(str(node) if kept else _SPACES.sub(" ", node))
    yield owner.name, "".join(pieces)


def _owner(node: NavigableString | Tag, root: Tag) -> Tag:
    """The innermost block the node stands in."""
    for parent in node.parents:
        if _BLOCKS.fullmatch(parent.name) or parent is root:
            return parent
    return root
