"""`assistant index pictures` and `duplicates`: pictures by what they show, and near copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.index.opening import collection_option
from assistant.cli.speaking import say, told
from assistant.core.paths import with_home

if TYPE_CHECKING:
    from assistant.core.picture_search import FoundPictures, PictureGroup


@click.command()
@click.argument("topic", required=False, default="")
@collection_option
@click.option("--like", type=click.Path(dir_okay=False), help="Pictures that look like this one.")
@click.option("--after", default="", metavar="DAY", help="Taken then or later: 2023, 2023-05 …")
@click.option("--before", default="", metavar="DAY", help="Taken then or earlier.")
@click.option("--in", "paths", multiple=True, metavar="PATH", help="In that folder or file.")
@click.option(
    "--most",
    default=20,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="At most so many.",
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one JSON object.")
@click.pass_obj
def pictures(
    context: Context,
    topic: str,
    collection: str | None,
    like: str | None,
    after: str,
    before: str,
    paths: tuple[str, ...],
    most: int,
    as_json: bool,
) -> None:
    """Find pictures that show TOPIC; without one, the newest.

    Days are those the camera wrote, else those of the files. Scores are probabilities that a
    picture shows the topic, or likenesses.
    """
    from assistant.engine.wiring import build
    from skills.filter_values import make_filters
    from skills.finding.searching import PictureSearch

    filters = make_filters(paths=paths, after=after, before=before)
    services = build(context.settings, context.places).services
    search = PictureSearch(services.pictures, services.retriever, services.picture_space)
    if like is None:
        found = search.showing(topic, collection, filters, most)
    else:
        image = services.images().open(with_home(like))
        found = search.like(image, collection, filters, most)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(found).decode())
    else:
        _show(found)


def _show(found: FoundPictures) -> None:
    for picture in found.pictures:
        why = "text" if picture.by_text else f"{picture.score:.0%}" if picture.score else "-"
        day = f"{picture.day}{'*' if picture.by_file else ' '}"
        click.echo(f"{day}  {told(why):>5}  {picture.path}")
    if any(picture.by_file for picture in found.pictures):
        say("* date of the file: the camera left none.", err=True)
    if found.pending:
        pictures = "1 picture was" if found.pending == 1 else f"{found.pending:,} pictures were"
        say(f"{pictures} not looked at by the model in use yet.", err=True)
    say(f"{found.matching:,} of {found.searched:,} pictures match.", err=True)


@click.command()
@collection_option
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one JSON list.")
@click.pass_obj
def duplicates(context: Context, collection: str | None, as_json: bool) -> None:
    """List groups of pictures that are the same or nearly so, the largest file first.

    Nothing is deleted.
    """
    from assistant.cli.index.opening import open_index

    groups = open_index(context).near_duplicates(collection)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(groups).decode())
        return
    for group in groups:
        _show_group(group)
    spare = sum(len(group.paths) - 1 for group in groups)
    if groups:
        say(_counted(len(groups), spare), err=True)
    else:
        say("No two pictures are nearly the same.", err=True)


def _counted(groups: int, spare: int) -> str:
    if spare == 1:
        return "1 group; 1 picture is a copy of another one."
    if groups == 1:
        return f"1 group; {spare:,} pictures are copies of another one."
    return f"{groups:,} groups; {spare:,} pictures are copies of another one."


def _show_group(group: PictureGroup) -> None:
    count = len(group.paths)
    kind = f"{count:,} identical:" if group.identical else f"{count:,} nearly the same:"
    click.echo(told(kind))
    for path in group.paths:
        click.echo(f"  {path}")


COMMANDS = (pictures, duplicates)
