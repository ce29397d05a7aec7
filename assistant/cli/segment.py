"""`assistant segment`: outlines and areas of what images show, and cut-outs."""

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
    from skills.segmentation.outlining import Outlined, Outliner


@click.command()
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--labels", default="",
              help="What to outline, comma-separated; all there is if absent.")  # fmt: skip
@click.option("--cutout", is_flag=True, help="Cut it out: a PNG with a transparent background.")
@click.option("--threshold", type=click.FloatRange(0, 1, min_open=True, max_open=True),
              metavar="SCORE", help="Least score of what is told.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One line of JSON an image, with masks.")
@click.option("--coco", type=click.Path(path_type=Path), metavar="FILE",
              help="Write COCO annotations of all images, masks run-length coded.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder for what is drawn or cut out.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the COCO file where it exists.")
@click.pass_obj
def command(
    context: Context,
    images: tuple[Path, ...],
    labels: str,
    cutout: bool,
    threshold: float | None,
    as_json: bool,
    coco: Path | None,
    out: Path | None,
    force: bool,
) -> None:
    """Outline things in IMAGES, and say how much of each image they cover.

      assistant segment portrait.jpg --cutout --out cut
      assistant segment *.jpg --labels person --coco masks.json

    A cut-out without --out goes to the assistant's own folder; the command prints its place.
    """
    check_outputs(coco, out, force)
    from assistant.engine.wiring import build
    from skills.segment import scissors_of

    services = build(context.settings, context.places).services
    language = services.detect_language(labels)
    scissors = scissors_of(services, threshold)
    outliner = scissors.choose(split(labels), language, cutting=cutout)
    tell(outliner.notices)
    usual = services.picture_folder if cutout else None
    folder = usual if out is None else with_home(out)
    opened = Opened(images, services.images())
    outlined: list[Seen] = []
    for image in opened:
        for found, seen in _outlined(image, outliner):
            picture = _saved(image, found, folder, cutout=cutout)
            outlined.append(seen)
            if as_json:
                print_json(seen, picture)
            else:
                _print(seen, outliner, picture, cutout=cutout)
    if coco is not None:
        write_coco(coco, outlined, force)
    sys.exit(1 if opened.failures else 0)


def _outlined(image: LoadedImage, outliner: Outliner) -> Iterator[tuple[Outlined, Seen]]:
    from assistant.files.drawing import reduced
    from skills.detection.exporting import Seen

    for found in outliner.outline(reduced(image.pixels), lambda: False):
        path, width, height = str(image.path), image.width, image.height
        yield found, Seen(path, width, height, outliner.model, (), found.regions)


def _saved(
    image: LoadedImage, found: Outlined, folder: Path | None, *, cutout: bool
) -> Path | None:
    """Where what was drawn or cut out is; None where there is nothing, or it is not wanted."""
    if folder is None or not found.regions:
        return None
    from assistant.files.made_pictures import save_picture
    from skills.segment import outlined, whole_cut_out

    drawn = whole_cut_out(image, found) if cutout else outlined(image, found.regions)
    return save_picture(drawn, folder, image.path, "cutout" if cutout else "regions")


def _print(seen: Seen, outliner: Outliner, picture: Path | None, *, cutout: bool) -> None:
    from skills.detection.telling import cell
    from skills.segmentation import telling

    language = language_spoken()
    sentence = telling.told(seen.regions, outliner, language, cut=cutout).replace("**", "")
    click.echo(sanitize(f"{seen.path}: {sentence}"))
    for number, one in enumerate(seen.regions, start=1):
        label, share = cell(one.label, language), telling.percent(one.share)
        click.echo(sanitize(f"  {number}  {label}  {one.score:.0%}  {share}"))
    if picture is not None:
        place = f"cut out: {picture}" if cutout else f"drawn: {picture}"
        click.echo(sanitize("  " + told(place)))
