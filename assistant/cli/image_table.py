"""A CSV file of images, written row by row, so that a run that was stopped can go on.

A row is always one line. A last line without its end was torn by a crash and is taken away.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assistant.core.errors import DocumentError, UsageError
from assistant.core.text import one_line

if TYPE_CHECKING:
    from skills.survey import Row

COLUMNS = (
    "path", "label", "score", "labels", "text", "colours", "width", "height", "taken", "error",
)  # fmt: skip
PLACES = ("latitude", "longitude")
_LONGEST_TEXT = 20_000
"""Characters of text of one image; spreadsheets hold 32,767 a cell."""


def columns(*, places: bool) -> tuple[str, ...]:
    """Names of the columns."""
    return (*COLUMNS, *PLACES) if places else COLUMNS


def finished(path: Path, names: tuple[str, ...]) -> frozenset[str]:
    """Paths of the images a file has rows of; none where there is no file.

    Raises:
        UsageError: the file is something else, or has other columns.
        DocumentError: it can't be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise DocumentError(
            f"{path} can't be read: {error.strerror}.", "Choose another."
        ) from error
    if not data:
        return frozenset()
    whole = data[: data.rfind(b"\n") + 1]
    reader = csv.reader(io.StringIO(whole.decode("utf-8", "surrogateescape"), newline=""))
    try:
        head = tuple(next(reader, ()))
        rows = [row[0] for row in reader if row]
    except csv.Error as error:
        raise _other(path) from error
    if head != names:
        raise _other(path)
    if len(whole) < len(data):
        os.truncate(path, len(whole))
    return frozenset(rows)


@contextmanager
def writing(path: Path, names: tuple[str, ...], *, anew: bool) -> Iterator[TableWriter]:
    """Opens a file to add rows to; writes its head where it is new.

    Args:
        anew: leave nothing of a file that is there.

    Raises:
        DocumentError: it can't be written.
    """
    try:
        with path.open(
            "w" if anew else "a", encoding="utf-8", errors="surrogateescape", newline=""
        ) as file:
            writer = TableWriter(file, names)
            if not file.tell():
                writer.head()
            yield writer
    except OSError as error:
        raise DocumentError(
            f"{path} can't be written: {error.strerror}.",
            "Free some space, or choose another folder.",
        ) from error


class TableWriter:
    """Writes rows, each of them at once to the disk."""

    def __init__(self, file: IO[str], names: tuple[str, ...]) -> None:
        self._file = file
        self._names = names
        self._writer = csv.writer(file, lineterminator="\n")

    def head(self) -> None:
        """Write the names of the columns."""
        self._put(self._names)

    def add(self, row: Row) -> None:
        """Write what is known of an image."""
        told = cells(row)
        self._put(tuple(told[name] for name in self._names))

    def _put(self, values: tuple[str, ...]) -> None:
        self._writer.writerow(values)
        self._file.flush()


def cells(row: Row) -> dict[str, str]:
    """An image's values by column, all on one line and none a formula."""
    best = row.labels[0] if row.labels else None
    told = {
        "path": str(row.path),
        "label": best.label if best else "",
        "score": f"{best.score:.4f}" if best else "",
        "labels": "; ".join(f"{one.label} {one.score:.4f}" for one in row.labels),
        "text": one_line(" / ".join(row.text), _LONGEST_TEXT),
        "colours": ", ".join(row.colours),
        "width": str(row.width or ""),
        "height": str(row.height or ""),
        "taken": row.taken.isoformat(" ") if row.taken else "",
        "error": one_line(row.error, 1000),
        "latitude": "" if row.latitude is None else f"{row.latitude:.6f}",
        "longitude": "" if row.longitude is None else f"{row.longitude:.6f}",
    }
    return {name: value if name in PLACES else _tame(value) for name, value in told.items()}


def name_of(path: Path) -> str:
    """A path as its row has it."""
    return _tame(str(path))


def _tame(value: str) -> str:
    from skills.reading.writing import tame

    return tame(value.replace("\r", " ").replace("\n", " "))


def _other(path: Path) -> UsageError:
    return UsageError(
        f"{path} is no table of images with these columns.",
        "Choose another name, or replace it with --force.",
    )
