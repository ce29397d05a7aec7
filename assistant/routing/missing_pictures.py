"""Finds the pictures a message names by a path where there is no file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SUFFIX = r"\.(?:png|jpe?g|gif|webp|bmp|tiff?|heic|heif|avif)"
_START = r"(?:file://|~/|\.{1,2}/|/(?!/)|[A-Za-z]:[\\/](?!/)|\\\\)"
_QUOTED = re.compile(rf"[\"'“‘«]\s*({_START}[^\"'”’»\n]*?{_SUFFIX})\s*[\"'”’»]", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![^\s:：（(\"'“‘«])({_START}(?:\\ |[^\s\"'<>|])*?{_SUFFIX})\b", re.IGNORECASE
)
_COMMAND = re.compile(r"\s*/[a-z][a-z0-9_-]*\s")
_MOST = 10
_READ = 2_000  # characters
_SHORT = 120  # characters beside the paths; a longer text talks about them


def missing_pictures(text: str, exists: Callable[[Path], bool] = Path.is_file) -> tuple[str, ...]:
    """Paths of absent pictures that a short message is about, as they were written.

    A long text, or one that names a picture in the midst of something quoted, is left alone: it
    may well talk about a file that is elsewhere.
    """
    if _COMMAND.match(text):
        return ()  # the person has said what the text is for
    found: list[str] = []
    rest = text[:_READ]
    for pattern in (_QUOTED, _BARE):
        found += [match[1] for match in pattern.finditer(rest)]
        rest = pattern.sub(" ", rest)
    if len(text) > _READ or len(rest) > _SHORT or len(found) > _MOST:
        return ()
    return tuple(written for written in dict.fromkeys(found) if not _is_there(written, exists))


def _is_there(written: str, exists: Callable[[Path], bool]) -> bool:
    text = written.replace("\\ ", " ")
    if text.lower().startswith("file://"):
        text = unquote(urlsplit(text).path)
    try:
        return exists(Path(text).expanduser())
    except (OSError, RuntimeError, ValueError):  # a name no file can have
        return False
