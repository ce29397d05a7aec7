"""Finds the text a message wants summarised: given with it, attached, named, or said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from assistant.core.errors import UsageError
from assistant.core.paths import is_file, with_home
from assistant.core.protocols import Library
from assistant.core.skills import SkillRequest
from assistant.core.text import one_line
from skills.summary_sentences import read_prose

LONGEST_REQUEST = 200
"""Characters of what is asked, beside a text in the same message."""
_BEHIND = re.compile(r"[:：](?!//|\\)\s*(?=\S)|\n")
"""A colon, but that of an address or a drive; or the end of a line."""
_FILE_NAME = re.compile(
    r"\"(?P<quoted>[^\"\n]+\.\w{1,6})\"|'(?P<single>[^'\n]+\.\w{1,6})'"
    r"|(?P<bare>(?:~|\.{1,2})?[\w./\\-]*[\w-]\.[a-z][a-z0-9]{0,5})\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}|[\u3400-\u9fff]{2,8}")
_ASKING = frozenset(
    [
        "summarise",
        "summarize",
        "summary",
        "short",
        "brief",
        "this",
        "that",
        "text",
        "file",
        "attached",
        "document",
        "documents",
        "three",
        "sentences",
        "words",
        "resume",
        "resumen",
        "informe",
        "archivo",
        "texto",
        "documento",
        "resuma",
        "resumo",
        "arquivo",
        "zusammen",
        "fasse",
        "zusammenfassung",
        "datei",
        "dokument",
        "résume",
        "résumé",
        "fichier",
        "document",
        "main",
        "points",
        "please",
        "about",
        "with",
        "from",
        "into",
        "line",
        "sentence",
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and the indexed or named file it is of ("" where it came with the message)."""

    text: str
    path: str = ""
    page: Callable[[int], int | None] = lambda _offset: None
    """Number of the page the character at an offset stands on."""
    request: str = ""
    """What was asked of it, where both stood in one message."""


class SourceFinder:
    """Looks for the text in the message first, then among the files it names.

    Args:
        library: the indexed files.
    """

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library

    def find(self, request: SkillRequest) -> Source:
        """
        Raises:
            UsageError: there is nothing to summarise.
            DocumentError: the file named can't be read.
        """
        given = _given(request)
        if given.strip():
            return Source(given)
        if (pasted := _pasted(request)) is not None:
            return pasted
        path = self._named(request)
        if path is not None:
            document = self._library().read(Path(path))
            return Source(document.text, path, document.page)
        said = _said(request)
        if said is not None:
            return Source(said)
        raise _nothing()

    def check(self, request: SkillRequest) -> None:
        """Raises what `find` would, without reading a file; a text may still come."""
        comes = request.params.payload or request.message.attachments or _pasted(request)
        if not comes and self._named(request) is None and _said(request) is None:
            raise _nothing()

    def _named(self, request: SkillRequest) -> str | None:
        """The path of a file the message names, in the index or on the disk; the first of several
        indexed ones with the same name."""
        message = request.message.text
        indexed = self._library().paths(request.params.collection)
        names = [*request.params.filters.paths, *file_names(message)]
        for name in names:
            wanted = PurePath(name.replace("\\", "/")).name.casefold()
            held = [p for p in indexed if PurePath(p).name.casefold() == wanted]
            if held:
                return held[0]
            path = with_home(name)
            if is_file(path):
                return str(path)
        if names:
            raise UsageError(
                f"There is no file “{one_line(names[0], 80)}” here or among your documents.",
                "Attach it, give its full path, or add it: assistant index add FILE.",
            )
        if _ADDRESS.search(message):
            raise UsageError(
                "Web pages are not fetched.",
                "Save the page and attach it, or paste its text after a colon.",
            )
        return _by_words(message, indexed)


def _given(request: SkillRequest) -> str:
    return request.params.payload or "\n\n".join(request.message.texts)


def _pasted(request: SkillRequest) -> Source | None:
    """The text behind the request, or before it, in the message itself; None where there is none,
    or where the request is about something else: a file, or with a single sentence beside it, the
    last answer."""
    if request.params.filters.paths:
        return None
    least = 1 if _said(request) is None else 2
    for asked, text in _parted(request.message.text.strip()):
        if len(asked) > LONGEST_REQUEST or file_names(asked):
            continue
        if len(read_prose(text).sentences) >= least:
            return Source(text, request=asked)
    return None


def _parted(message: str) -> Iterator[tuple[str, str]]:
    """Request and text: parted by the first colon or line, or by the last line."""
    if found := _BEHIND.search(message):
        yield message[: found.start()], message[found.end() :]
        text, _, asked = message.rpartition("\n")
        yield asked, text


def _said(request: SkillRequest) -> str | None:
    """The last answer of the conversation."""
    said = [t.text for t in request.history if t.role == "assistant" and t.text.strip()]
    return said[-1] if said else None


def _nothing() -> UsageError:
    return UsageError(
        "There is no text to summarise.",
        "Paste it after a colon, attach a file, or name one of your indexed documents.",
    )


def file_names(text: str) -> list[str]:
    """Names and paths of files in a text: with an ending, in quotes where they have spaces."""
    found = _FILE_NAME.finditer(_ADDRESS.sub(" ", text))
    return [next(g for g in m.groups() if g) for m in found]


def _by_words(message: str, indexed: Sequence[str]) -> str | None:
    """The one indexed file whose name has a word of the message in it ("the lease"); None where
    none or several have."""
    words = {w.casefold() for w in _WORD.findall(message)} - _ASKING
    held = [p for p in indexed if any(w in PurePath(p).stem.casefold() for w in words)]
    return held[0] if len(held) == 1 else None
