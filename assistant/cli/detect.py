"""`assistant detect`: what is where in images, as text, JSON or COCO annotations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.looking import Opened, check_outputs, print_json, split, tell, write_coco
from assistant.cli.speaking import language_spoken, told
from assistant.core.paths import with_home
from assistant.core.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.core.protocols import LoadedImage
    from skills.detection.exporting import Seen
    from skills.detection.finding import Finder


@click.command()
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--labels", default="",
              help="What to look for, comma-separated; all there is if absent.")  # fmt: skip
@click.option("--threshold", type=click.FloatRange(0, 1, min_open=True, max_open=True),
              metavar="SCORE", help="Least score of what is told.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One line of JSON an image.")
@click.option("--coco", type=click.Path(path_type=Path), metavar="FILE",
              help="Write COCO annotations of all images.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Save a copy of each image with boxes drawn.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the COCO file where it exists.")
@click.pass_obj
def command(
    context: Context,
    images: tuple[Path, ...],
    labels: str,
    threshold: float | None,
    as_json: bool,
    coco: Path | None,
    out: Path | None,
    force: bool,
) -> None:
    """Find and count things in IMAGES.

      assistant detect street.jpg --labels car,bicycle --out marked
      assistant detect *.jpg --coco found.json

    Without a detector faces can be found all the same: --labels face.
    """
    check_outputs(coco, out, force)
    from assistant.engine.wiring import build
    from skills.detect import eyes_of

    services = build(context.settings, context.places).services
    named = split(labels)
    finder = eyes_of(services, threshold).choose(named, services.detect_language(labels))
    tell(finder.notices)
    opened = Opened(images, services.images())
    found: list[Seen] = []
    for image in opened:
        for seen, picture in _looked_at(image, finder, out):
            found.append(seen)
            if as_json:
                print_json(seen, picture)
            else:
                _print(seen, finder, picture)
    if coco is not None:
        write_coco(coco, found, force)
    sys.exit(1 if opened.failures else 0)


def _looked_at(
    image: LoadedImage, finder: Finder, out: Path | None
) -> Iterator[tuple[Seen, Path | None]]:
    """What is in an image, and where its marked copy was saved."""
    from assistant.files.made_pictures import save_picture
    from skills.detect import in_pixels_of_file, marked
    from skills.detection.exporting import Seen

    for found in finder.look([image.pixels], lambda: False):
        told = in_pixels_of_file(found, image)
        picture = (
            save_picture(marked(image, found), with_home(out), image.path, "boxes")
            if out and found
            else None
        )
        yield Seen(str(image.path), image.width, image.height, finder.model, told), picture


def _print(seen: Seen, finder: Finder, picture: Path | None) -> None:
    from skills.detection import telling

    language = language_spoken()
    sentence = telling.told(seen.found, finder, language).replace("**", "")
    click.echo(sanitize(f"{seen.path}: {sentence}"))
    for number, one in enumerate(seen.found, start=1):
        box = one.box
        corners = f"{box.left:.0f},{box.top:.0f} – {box.right:.0f},{box.bottom:.0f}"
        click.echo(
            sanitize(f"  {number}  {telling.cell(one.label, language)}  {one.score:.0%}  {corners}")
        )
    if picture is not None:
        click.echo(sanitize("  " + told(f"drawn: {picture}")))
