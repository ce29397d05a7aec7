"""The images a request is about, opened a few at a time."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from assistant.core.errors import DocumentError, UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.protocols import ImageOpener, LoadedImage
from assistant.core.skills import SkillRequest
from assistant.core.text import one_line


def image_paths(request: SkillRequest) -> tuple[Path, ...]:
    """The images attached to the message, else to the last one before it that had any.

    Raises:
        UsageError: there are none.
    """
    for message in (request.message, *reversed(request.history)):
        if message.images:
            return tuple(Path(path).expanduser() for path in message.images)
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


class Openings:
    """Opens images one after the other; those that can't be are told and counted.

    Args:
        paths: of the images.
        opener: opens one.
    """

    def __init__(self, paths: Sequence[Path], opener: ImageOpener) -> None:
        self._paths = paths
        self._opener = opener
        self._failures: list[DocumentError] = []

    @property
    def several(self) -> bool:
        return len(self._paths) > 1

    def title(self, image: LoadedImage) -> str:
        """The image's name above what is said of it, where there are several."""
        return f"`{shown_name(image.path)}`\n\n" if self.several else ""

    def open(self, number: int) -> Generator[Event, None, LoadedImage | None]:
        """The image of that number (from 0); None where it can't be read."""
        path = self._paths[number]
        if self.several:
            yield Progress("Looking at images", number, len(self._paths), "images")
        try:
            return self._opener.open(path)
        except DocumentError as error:
            self._failures.append(error)
            if self.several:
                yield Notice(error.message, error.hint)
            return None

    def __len__(self) -> int:
        return len(self._paths)

    def check(self) -> None:
        """
        Raises:
            DocumentError: none of the images could be read.
        """
        if not self._failures or len(self._failures) < len(self._paths):
            return
        first = self._failures[0]
        if len(self._failures) == 1:
            raise first
        raise DocumentError(
            f"None of the {len(self._failures)} images can be opened; the first: {first.message}",
            first.hint,
        )
