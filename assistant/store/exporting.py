"""Writes exported conversations into files, whole or not at all, and reads them back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Protocol

from assistant.core.errors import UsageError
from assistant.core.text import one_line
from assistant.store.markdown import markdown_of
from assistant.store.portable import MAX_BYTES, PortableConversation
from assistant.store.transfer import Imported, file_of

Kind = Literal["md", "json"]
ALL_NAME = "conversations"
_NAME_CHARACTERS = 60
_UNFIT = re.compile(r"[^\w.-]+")


class Exported(Protocol):
    """Where conversations are taken out of."""

    def take_out(self, conversation: int) -> PortableConversation: ...
    def take_out_all(self) -> Iterator[PortableConversation]: ...


class Importing(Protocol):
    """Where conversations are put in."""

    def put_in(self, content: bytes) -> Imported: ...


def pieces(conversations: Iterable[PortableConversation], kind: Kind) -> Iterator[bytes]:
    """What an exported file holds."""
    if kind == "json":
        yield from file_of(iter(conversations))
        return
    for number, conversation in enumerate(conversations):
        text = markdown_of(conversation)
        yield (f"\n\n{text}" if number else text).encode("utf-8", "replace")


def export(store: Exported, conversation: int | None, kind: Kind, target: Path) -> Path:
    """Write a conversation, or all of them, and say where.

    Args:
        target: a folder, in which a free name is found, or the name of a new file.

    Raises:
        StoreError: there is no such conversation.
        UsageError: the file is there already, or can't be written.
    """
    if conversation is None:
        title, taken = ALL_NAME, store.take_out_all()
    else:
        one = store.take_out(conversation)
        title, taken = one.title, iter([one])
    path = _free(target, title, kind) if target.is_dir() else target
    write(path, pieces(taken, kind))
    return path.absolute()


def write(path: Path, content: Iterable[bytes]) -> None:
    """Write a new file only its owner may read; one cut short is not left behind.

    Raises:
        UsageError: it is there already, or can't be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _told(path):
        if path.exists():
            raise UsageError(f"{path} is there already.", "Name another file.")
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(content)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)


def import_file(store: Importing, path: Path) -> Imported:
    """Add the conversations of an exported file.

    Raises:
        UsageError: it can't be read, or is no such file.
        StoreError: they can't be written.
    """
    with _told(path, "read"):
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(
                f"{path} is too large ({path.stat().st_size >> 20} MB).",
                f"At most {MAX_BYTES >> 20} MB can be imported at a time; export in parts.",
            )
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    return store.put_in(content)


@contextmanager
def _told(path: Path, verb: str = "written") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{one_line(str(path))} can't be {verb}: {error.strerror}.",
            "Name another file or folder.",
        ) from error


def _free(folder: Path, title: str, kind: Kind) -> Path:
    """A name made from the title that is not taken yet."""
    stem = _UNFIT.sub("-", one_line(title, _NAME_CHARACTERS)).strip("-.") or "conversation"
    number, path = 1, folder / f"{stem}.{kind}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.{kind}"
    return path
