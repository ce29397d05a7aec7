"""The images a request is about, opened a few at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.core.errors import DocumentError, UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.paths import with_home
from assistant.core.protocols import ImageOpener, LoadedImage
from assistant.core.skills import Cancelled, SkillRequest
from assistant.core.text import one_line


def image_paths(request: SkillRequest) -> tuple[Path, ...]:
    """The images attached to the message, else to the last one before it that had any.

    Raises:
        UsageError: there are none.
    """
    for message in (request.message, *reversed(request.history)):
        if message.images:
            return tuple(with_home(path) for path in message.images)
    raise UsageError(
        "There is no image to look at.",
        "Attach one: paste or drop its path in the chat, or use `assistant ask -i FILE`.",
    )


def no_image(request: SkillRequest) -> UsageError | None:
    """What keeps a skill from looking: there is no image."""
    try:
        image_paths(request)
    except UsageError as error:
        return error
    return None


def shown_name(path: Path) -> str:
    """The file's name, safe to show, to encode and to stand in Markdown."""
    name = one_line(path.name.encode("utf-8", "replace").decode("utf-8"), 80)
    return name.replace("`", "'").replace("|", "¦")


Telling = Callable[[LoadedImage, str], Iterator[Event]]
"""Tells of an image, given what stands before the first word: the end of what was said of another
image, and its name where there are several."""
Preparing = Callable[[Sequence[LoadedImage]], Iterator[Event]]


def opened_together(
    opener: ImageOpener, paths: Sequence[Path]
) -> list[LoadedImage | DocumentError]:
    """The images, each with its own error where it can't be opened; decoded at the same time."""

    def open_one(path: Path) -> LoadedImage | DocumentError:
        try:
            return opener.open(path)
        except DocumentError as error:
            return error

    if len(paths) == 1:
        return [open_one(paths[0])]
    # More of them decoded at once than there are cores would take memory alone.
    with ThreadPoolExecutor(min(len(paths), os.cpu_count() or 1)) as pool:
        return list(pool.map(open_one, paths))


class Openings:
    """The images of a request, told of one after the other; those that can't be opened are told
    and counted.

    Args:
        paths: of the images.
        opener: opens one.
        at_once: images decoded and prepared together.
    """

    def __init__(self, paths: Sequence[Path], opener: ImageOpener, at_once: int = 1) -> None:
        self._paths = paths
        self._opener = opener
        self._at_once = at_once
        self._failures: list[DocumentError] = []

    def tell_each(
        self, cancelled: Cancelled, tell: Telling, prepare: Preparing = lambda _: iter(())
    ) -> Iterator[Event]:
        """What `tell` says of each image, with how far it is; ends before the next one once
        cancelled.

        Args:
            prepare: called with each group before it is told of.

        Raises:
            DocumentError: none of the images could be opened.
        """
        before = ""
        for start in range(0, len(self._paths), self._at_once):
            if cancelled():
                return
            group = opened_together(self._opener, self._paths[start : start + self._at_once])
            yield from prepare([one for one in group if isinstance(one, LoadedImage)])
            for number, one in enumerate(group, start):
                if number > start and cancelled():
                    return
                yield from self._progress(number)
                if isinstance(one, DocumentError):
                    yield from self._failed(one)
                else:
                    yield from tell(one, before + self._title(one))
                    before = "\n\n"
        self._check()

    @property
    def _several(self) -> bool:
        return len(self._paths) > 1

    def _title(self, image: LoadedImage) -> str:
        """The image's name above what is said of it, where there are several."""
        return f"`{shown_name(image.path)}`\n\n" if self._several else ""

    def _progress(self, number: int) -> Iterator[Event]:
        if self._several:
            yield Progress("Looking at images", number, len(self._paths), "images")

    def _failed(self, error: DocumentError) -> Iterator[Event]:
        self._failures.append(error)
        if self._several:
            yield Notice(error.message, error.hint)

    def _check(self) -> None:
        if not self._failures or len(self._failures) < len(self._paths):
            return
        first = self._failures[0]
        if len(self._failures) == 1:
            raise first
        raise DocumentError(
            f"None of the {len(self._failures)} images can be opened; the first: {first.message}",
            first.hint,
        )
