"""Looks at many images, some at once: a row of facts for each, in the order given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.core.documents import Label
from assistant.core.errors import DocumentError, ModelError
from assistant.core.events import Notice
from assistant.core.protocols import ImageOpener, LoadedImage, TextReader
from assistant.files.exif import read_exif
from skills.attached_images import opened_together
from skills.colours import dominant_colours
from skills.describe import LEAST_TEXT_SCORE
from skills.describe_naming import ImageNamer, Named
from skills.registry import Services

AT_ONCE = 8
"""Images held in memory and named together."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of an image; of one that can't be opened only the reason.

    `latitude` and `longitude`, in degrees, are None unless places were asked for.
    """

    path: Path
    labels: tuple[Label, ...] = ()
    text: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None
    taken: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What rows are to hold.

    Args:
        labels: the person's own to choose from; none: any.
        text: whether text in the images is read, which takes longer than all the rest.
        places: whether to tell where photos were taken.
    """

    labels: tuple[str, ...] = ()
    text: bool = True
    places: bool = False


class Survey:
    """Makes rows of images.

    Args:
        images: opens them.
        namer: says what they show.
        reader: reads the text in them.
    """

    def __init__(
        self,
        images: Callable[[], ImageOpener],
        namer: ImageNamer,
        reader: Callable[[], TextReader],
    ) -> None:
        self._images = images
        self._namer = namer
        self._reader = reader

    def rows(self, paths: Sequence[Path], wish: Wish) -> Iterator[Row | Notice]:
        """A row for each image, in order; an image that can't be read never stops the others.

        What keeps anything from being told of all of them is said once, as a notice.
        """
        told: set[str] = set()
        for start in range(0, len(paths), AT_ONCE):
            opened = opened_together(self._images(), paths[start : start + AT_ONCE])
            images = [one for one in opened if isinstance(one, LoadedImage)]
            named, notice = self._named(images, wish)
            for remark in filter(None, [notice]):
                if remark.text not in told:
                    told.add(remark.text)
                    yield remark
            waiting = iter(named)
            for path, one in zip(paths[start : start + AT_ONCE], opened, strict=True):
                if isinstance(one, DocumentError):
                    yield Row(path, error=one.message)
                else:
                    yield self._row(one, next(waiting), wish)

    def _named(
        self, images: Sequence[LoadedImage], wish: Wish
    ) -> tuple[list[Named], Notice | None]:
        if not images:
            return [], None
        return self._namer.name([image.pixels for image in images], wish.labels)

    def _row(self, image: LoadedImage, named: Named, wish: Wish) -> Row:
        text, error = self._text(image) if wish.text else ((), "")
        where = read_exif(image.path) if wish.places else None
        return Row(
            image.path,
            named.labels,
            text,
            tuple(colour.name for colour in dominant_colours(image.pixels)),
            image.width,
            image.height,
            image.taken,
            where.latitude if where else None,
            where.longitude if where else None,
            error,
        )

    def _text(self, image: LoadedImage) -> tuple[tuple[str, ...], str]:
        """Lines of text, and why there are none."""
        try:
            lines = self._reader().read(image.pixels)
        except ModelError as error:
            return (), error.message
        return tuple(line.text for line in lines if line.score >= LEAST_TEXT_SCORE), ""


def survey_of(services: Services) -> Survey:
    """A survey with the program's models."""
    namer = ImageNamer(
        labeler=services.labeler,
        clip=services.clip,
        embedder=services.embedder,
        clip_model=services.settings.describe.clip_model,
    )
    return Survey(services.images, namer, services.reader)
