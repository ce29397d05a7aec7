"""What `assistant detect` and `assistant segment` have in common: images in, results out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.output_file import check_absent, write_whole
from assistant.cli.speaking import say, told
from assistant.core.errors import DocumentError, UsageError
from assistant.core.paths import is_folder, is_there, with_home
from assistant.core.text import sanitize
from assistant.files.folder_images import images_in

if TYPE_CHECKING:
    from assistant.core.events import Notice
    from assistant.core.protocols import ImageOpener, LoadedImage
    from skills.detection.exporting import Seen


def split(labels: str) -> tuple[str, ...]:
    """Labels of a flag, between commas."""
    return tuple(part.strip() for part in labels.replace("，", ",").split(",") if part.strip())


def expanded(paths: Sequence[Path]) -> list[Path]:
    """The images named, and in place of each folder those in it and below.

    Raises:
        UsageError: there are none.
    """
    found: list[Path] = []
    for path in paths:
        whole = with_home(path)
        found += images_in(whole) if is_folder(whole) else [path]
    if not found:
        raise UsageError("There are no images there.", "Name images, or a folder that holds some.")
    return found


def check_outputs(coco: Path | None, out: Path | None, force: bool) -> None:
    """
    Raises:
        UsageError: a result could not be put where it is wanted; said before any work.
    """
    if coco is not None:
        check_absent(coco, force)
    if out is not None and is_there(with_home(out)) and not is_folder(with_home(out)):
        raise UsageError(f"{out} is no folder.", "Name a folder for --out; it is made if absent.")


class Opened:
    """The images that can be read, one after the other; the others are told on standard error.

    Raises:
        DocumentError: in the end, where none could be read.
    """

    def __init__(self, paths: Sequence[Path], opener: ImageOpener) -> None:
        self._paths = expanded(paths)
        self._opener = opener
        self.failures = 0

    def __iter__(self) -> Iterator[LoadedImage]:
        first: DocumentError | None = None
        for number, path in enumerate(self._paths, start=1):
            tell_progress("image", number, len(self._paths))
            try:
                yield self._opener.open(with_home(path))
            except DocumentError as error:
                first = first or error
                self.failures += 1
                click.echo(sanitize(told(error.message, error.hint)), err=True)
        if first is not None and self.failures == len(self._paths):
            raise DocumentError("None of the images can be read.", first.hint)


def tell_progress(what: str, number: int, total: int) -> None:
    """How far a run over several is, where the results themselves don't show it on the terminal."""
    if total > 1 and sys.stderr.isatty() and not sys.stdout.isatty():
        text = f"image {number} of {total}" if what == "image" else f"file {number} of {total}"
        say(text, err=True)


def tell(notices: Sequence[Notice]) -> None:
    """Remarks, on standard error."""
    for notice in notices:
        click.echo(sanitize(told(notice.text, notice.hint)), err=True)


def print_json(seen: Seen, picture: Path | None) -> None:
    """An image as one line of JSON."""
    from skills.detection.exporting import as_json

    said: dict[str, Any] = as_json(seen)
    if picture is not None:
        said["picture"] = str(picture)
    click.echo(json.dumps(said, ensure_ascii=True))


def write_coco(path: Path, images: Sequence[Seen], force: bool) -> None:
    """All images as one file of COCO annotations."""
    from skills.detection.exporting import as_coco

    write_whole(path, json.dumps(as_coco(images)).encode(), force)
    say(f"{len(images)} image{'s' if len(images) != 1 else ''} in {path}", err=True)
