"""Reads EPUB books chapter by chapter in the order of their spine."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml.etree import LxmlError  # type: ignore[import-untyped]

from assistant.core.errors import DocumentError
from index.loaders.archive import BROKEN_ARCHIVE, check_archive, local_name, parse_xml
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.html import add_page

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_BROKEN = (*BROKEN_ARCHIVE, LxmlError, LookupError, TypeError, AttributeError)
_PAGE_KINDS = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document"})
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Algorithms that garble fonts only; any other one locks the text (DRM)."""
_SELF_CLOSED = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"})

Titles = dict[str, str]
"""Title by the path of the page it leads to."""


def load(path: Path, limits: Limits) -> Document:
    """Text of the chapters; headings are the table of contents' and theirs."""
    check_archive(path, limits, _CONTAINER)
    builder = Builder(limits)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_locked(archive)
            pages, titles = _spine(archive)
            for page in pages:
                _add_chapter(builder, archive.read(page), titles.get(page, ""))
    except _BROKEN as error:
        raise DocumentError("The book is damaged.", "Get a whole copy of it.") from error
    return builder.document()


def _add_chapter(builder: Builder, page: bytes, title: str) -> None:
    text = page.decode("utf-16" if page[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    builder.mark(0, title)  # above the page's own headings
    add_page(builder, _SELF_CLOSED.sub(_opened_and_closed, text))
    builder.unmark()


def _opened_and_closed(match: re.Match[str]) -> str:
    """HTML knows no <title/>: it would swallow the page."""
    if match[1].lower() in _VOID:
        return match[0]
    return f"<{match[1]}{match[2]}></{match[1]}>"


def _refuse_locked(archive: zipfile.ZipFile) -> None:
    if _ENCRYPTION not in archive.namelist():
        return
    for element in parse_xml(archive.read(_ENCRYPTION)).iter():
        if local_name(element) == "EncryptionMethod" and (
            element.get("Algorithm") not in _FONTS
            and local_name(element.getparent()) == "EncryptedData"
        ):
            raise DocumentError(
                "The book is locked by copy protection.", "Only unprotected books can be read."
            )


def _spine(archive: zipfile.ZipFile) -> tuple[list[str], Titles]:
    """Paths of the pages in reading order, and their titles."""
    container = parse_xml(archive.read(_CONTAINER))
    packages = [e.get("full-path") for e in container.iter() if local_name(e) == "rootfile"]
    if not packages:
        raise KeyError("rootfile")
    package = packages[0]
    root = parse_xml(archive.read(package))
    items = {e.get("id"): e for e in root.iter() if local_name(e) == "item"}
    names = set(archive.namelist())
    pages = [
        _path(package, items[e.get("idref")].get("href"))
        for e in root.iter()
        if local_name(e) == "itemref"
        and e.get("idref") in items
        and items[e.get("idref")].get("media-type") in _PAGE_KINDS
        and "nav" not in (items[e.get("idref")].get("properties") or "").split()
    ]
    held = [page for page in dict.fromkeys(pages) if page in names]
    if not held:
        raise KeyError("no page of the spine is there")
    return held, _titles(archive, package, list(items.values()))


def _titles(archive: zipfile.ZipFile, package: str, items: list[Any]) -> Titles:
    """From the navigation page (EPUB 3) or the .ncx file (EPUB 2); a broken one has none."""
    titles: Titles = {}
    for item in items:
        navigation = "nav" in (item.get("properties") or "").split()
        if not navigation and item.get("media-type") != "application/x-dtbncx+xml":
            continue
        path = _path(package, item.get("href"))
        try:
            root = parse_xml(archive.read(path))
        except (LxmlError, KeyError):
            continue
        for target, title in _nav_links(root) if navigation else _ncx_links(root):
            titles.setdefault(_path(path, target), title)
    return titles


def _nav_links(root: Any) -> list[tuple[str, str]]:
    return [
        (e.get("href"), " ".join("".join(e.itertext()).split()))
        for e in root.iter()
        if local_name(e) == "a" and e.get("href")
    ]


def _ncx_links(root: Any) -> list[tuple[str, str]]:
    links: list[tuple[str, str]] = []
    title = ""
    for element in root.iter():  # in a navPoint the label stands before the content
        if local_name(element) == "text":
            title = " ".join((element.text or "").split())
        elif local_name(element) == "content" and element.get("src") and title:
            links.append((element.get("src"), title))
    return links


def _path(base: str, href: str) -> str:
    """Path in the archive of what a file in it points to."""
    target = unquote(href.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
