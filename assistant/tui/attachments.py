"""Recognises files in what a person pasted, dropped or typed."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assistant.core.errors import DocumentError
from assistant.core.messages import (
    Attachment,
    FileAttachment,
    ImageAttachment,
    TextAttachment,
)
from assistant.core.text import one_line
from assistant.files.folder_images import images_in
from assistant.files.image_troubles import check_file
from assistant.tui.strings import Strings

FOLD_CHARACTERS = 4_000
"""A longer paste becomes a chip instead of filling the prompt."""
FOLD_LINES = 40
MAX_PATHS = 50
"""More tokens than this in one paste are prose, not a drop of files."""
MAX_PATH_LENGTH = 4_096
_MOST_WORDS = 12  # words an unquoted path may go on for
_CLOSING = "?!.,;:)]}’”？！。，；：）」』"
_BETWEEN_WORDS = re.compile(r"(?<=\S)\s")
_WINDOWS = re.compile(r"[A-Za-z]:\\|\\\\[^\\\s]")

_IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"}
)
_IMAGE_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_TOKEN = re.compile(r"""'([^']*)'|"([^"]*)"|((?:\\.|[^\s'"\\])+)""")
_ESCAPED = re.compile(r"\\(.)")
_DRIVE = re.compile(r"^([A-Za-z]):[\\/]")
_PATH_START = re.compile(r"^(?:[/~]|\.{1,2}/|file://|[A-Za-z]:[\\/])")


def attach(path: Path) -> Attachment:
    """The attachment for an existing file: an image by its suffix or first bytes."""
    return ImageAttachment(str(path)) if is_image(path) else FileAttachment(str(path))


def is_image(path: Path, *, look_inside: bool = True) -> bool:
    """Whether a file is an image, by its name and, if wanted, its first bytes."""
    if path.suffix.lower() in _IMAGE_SUFFIXES:
        return True
    if not look_inside:
        return False
    try:
        if not path.is_file():
            return False  # a pipe would be waited for
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return False
    return head.startswith(_IMAGE_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def existing_file(text: str) -> Path | None:
    """The file a piece of text names (`~` and file:// allowed), or None."""
    text = text.strip()
    if not text or len(text) > MAX_PATH_LENGTH or "\n" in text or "\0" in text:
        return None
    try:
        if text.startswith("file://"):
            text = unquote(urlsplit(text).path)
            text = text.lstrip("/") if _DRIVE.match(text.lstrip("/")) else text
        path = Path(_on_this_system(text)).expanduser()
        return path.absolute() if path.is_file() else None
    except (OSError, RuntimeError, ValueError):
        return None


def images_of_folder(text: str) -> tuple[Path, ...]:
    """The images in the folder a piece of text names by its path, those in folders below left
    out; none where it names no folder."""
    text = text.strip()
    if not _PATH_START.match(text) or len(text) > MAX_PATH_LENGTH or "\n" in text or "\0" in text:
        return ()
    try:
        if text.startswith("file://"):
            text = unquote(urlsplit(text).path)
        folder = Path(_on_this_system(text)).expanduser().absolute()
        return tuple(images_in(folder, deep=False)) if folder.is_dir() else ()
    except (OSError, RuntimeError, ValueError):
        return ()


def why_not(text: str, strings: Strings) -> str:
    """Why what a text names can't be attached, in the language of the interface."""
    try:
        check_file(Path(text).expanduser().absolute())
    except DocumentError as error:
        return one_line(strings.tell_error(error), 400)
    except (RuntimeError, ValueError):  # no such home, no such path
        pass
    return strings.attach_missing.format(one_line(text))


def pasted_files(text: str) -> tuple[Path, ...]:
    """The files a paste consists of, a folder standing for the images in it; empty when any part
    of it is something else.

    Terminals paste dropped files as quoted, backslash-escaped or plain paths, several of
    them separated by spaces or newlines.
    """
    if len(text) > MAX_PATHS * MAX_PATH_LENGTH:
        return ()
    lines = [line for line in text.splitlines() if line.strip()]
    tokens = [_unquoted(match) for match in _TOKEN.finditer(text)]
    for candidates in (lines, tokens, _shell_words(text)):
        if 0 < len(candidates) <= MAX_PATHS:
            found = [_named_files(candidate) for candidate in candidates]
            if all(found):
                return tuple(path for paths in found for path in paths)
    return ()


def typed_files(text: str) -> tuple[str, tuple[Path, ...]]:
    """The text without the paths of existing files in it, and those files.

    Only words that start like a path (`/`, `~`, `./`, `file://`, `C:\\`, `\\\\server`) are tried,
    with the words after them where the name has spaces, and without the mark that ends a
    sentence.
    """
    found: list[Path] = []
    rest: list[str] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() < at or len(found) >= MAX_PATHS:
            continue
        named = _file_at(text, match)
        if named is not None:
            rest.append(text[at : match.start()])
            found.append(named[0])
            at = named[1]
            if text[at : at + 1] == " " and rest[-1][-1:] in ("", " "):
                at += 1
    return ("".join((*rest, text[at:])).strip() if found else text), tuple(found)


def _file_at(text: str, token: re.Match[str]) -> tuple[Path, int] | None:
    """The file that a token, or it and the words after it, names; and where its name ends."""
    written = _unquoted(token)
    of_windows = _WINDOWS.match(token.group()) is not None
    if not _PATH_START.match(written) and not of_windows:
        return None
    if token.group(3) is None or ("\\" in written + token.group() and not of_windows):
        path = existing_file(written)
        return None if path is None else (path, token.end())
    spaces = islice(_BETWEEN_WORDS.finditer(text, token.end()), _MOST_WORDS)
    for end in (token.end(), *(space.start() for space in spaces), len(text)):
        raw = text[token.start() : end]
        if "\n" in raw:
            break
        name = raw.rstrip(_CLOSING)
        path = existing_file(name) or (existing_file(raw) if raw != name else None)
        if path is not None:
            return path, token.start() + len(name if existing_file(name) else raw)
    return None


def folds(text: str) -> bool:
    """Whether a paste is too long for the prompt and becomes a chip."""
    return len(text) > FOLD_CHARACTERS or text.count("\n") >= FOLD_LINES


def label(attachment: Attachment) -> str:
    """A short name for a chip, safe to show."""
    if isinstance(attachment, TextAttachment):
        return one_line(attachment.name, 40)
    return one_line(Path(attachment.path).name, 40)


def size(attachment: Attachment) -> str:
    """How large it is, in words ("98 kB"); empty when the file can't be asked."""
    if isinstance(attachment, TextAttachment):
        return _amount(len(attachment.text.encode("utf-8", "replace")))
    try:
        return _amount(Path(attachment.path).stat().st_size)
    except (OSError, ValueError):
        return ""


def merged(old: Iterable[Attachment], new: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Both, in order, each once."""
    return tuple(dict.fromkeys((*old, *new)))


def _amount(count: int) -> str:
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1e3:.0f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def _on_this_system(text: str) -> str:
    r"""A path as Windows writes it (`C:\me\a.png`), where its disk is mounted on this Linux."""
    drive = _DRIVE.match(text)
    if drive is None or os.name == "nt":
        return text
    return f"/mnt/{drive[1].lower()}/{text[3:]}".replace("\\", "/")


def _shell_words(text: str) -> list[str]:
    """The paste as a shell would read it; none when its quotes don't match."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def _named_files(text: str) -> tuple[Path, ...]:
    """The existing file, or images of a folder, that text names by a path, not by a bare name."""
    path = existing_file(text) if _PATH_START.match(text.strip()) else None
    return images_of_folder(text) if path is None else (path,)


def _unquoted(match: re.Match[str]) -> str:
    single, double, bare = match.groups()
    if bare is None:
        return str(single if single is not None else double)
    return bare if re.match(r"[A-Za-z]:\\", bare) else _ESCAPED.sub(r"\1", bare)
