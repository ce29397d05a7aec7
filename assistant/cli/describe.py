"""`assistant describe`: what images show, which of your labels fits, and what speaks for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from assistant.cli.context import Context
from assistant.cli.looking import expanded, split, tell, tell_progress
from assistant.cli.speaking import language_spoken, told
from assistant.core.errors import AssistantError, DocumentError, UsageError
from assistant.core.paths import with_home
from assistant.core.text import sanitize

if TYPE_CHECKING:
    from assistant.core.events import Event
    from skills.describe import DescribeSkill
    from skills.survey import Survey


@click.command()
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--labels", default="",
              help="Labels of your own to choose from, comma-separated.")  # fmt: skip
@click.option("--why", is_flag=False, flag_value="", default=None, metavar="LABEL",
              help="Draw what speaks for a label; without LABEL the first one.")  # fmt: skip
@click.option("--ask", "question", default="", metavar="TEXT", help="Ask something about it.")
@click.option("--to", "language", type=click.Choice(("en", "zh")), help="Language of the answer.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Where pictures of --why go; the state folder if absent.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One line of JSON an image.")
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="FILE",
              help="Write a table with a row an image; a later run goes on with it.")  # fmt: skip
@click.option("--text/--no-text", "read_text", default=None,
              help="Read the text in images, or don't; as in the settings if absent.")  # fmt: skip
@click.option("--place", is_flag=True, help="Tell where photos were taken, if they say so.")
@click.option("--force", is_flag=True, help="Begin the table anew.")
@click.pass_obj
def command(
    context: Context,
    images: tuple[Path, ...],
    labels: str,
    why: str | None,
    question: str,
    language: str | None,
    out: Path | None,
    as_json: bool,
    table: Path | None,
    read_text: bool | None,
    place: bool,
    force: bool,
) -> None:
    """Say what IMAGES show: files, or folders with all images in and below them.

      assistant describe photo.jpg --labels "dog,cat,bird"
      assistant describe photo.jpg --why dog --out maps
      assistant describe ~/Pictures --csv pictures.csv --no-text

    The exit status is 1 if an image could not be read.
    """
    if table is not None:
        if why is not None or question or as_json:
            raise UsageError(
                "--csv goes with --labels, --text, --place and --force only.",
                "Leave out --why, --ask and --json.",
            )
        _write_table(context, images, split(labels), read_text, place, table, force)
    skill = _skill(_with_text(context, read_text), out)
    failed = 0
    for number, image in enumerate(paths := expanded(images), start=1):
        tell_progress("image", number, len(paths))
        title = f"{image}\n" if len(paths) > 1 and not as_json else ""
        try:
            events = _shown(
                _events(skill, image, split(labels), why, question, language), title, quiet=as_json
            )
        except DocumentError as error:
            failed += 1
            click.echo(sanitize(told(error.message, error.hint)), err=True)
            continue
        if as_json:
            found = {"path": str(image), **_result(events, image), **_where(image, place)}
            click.echo(json.dumps(found))
        else:
            where = _place_told(image, language or language_spoken()) if place else ""
            click.echo(sanitize(_pictures(events, image) + where))
    sys.exit(1 if failed else 0)


def _shown(stream: Iterator[Event], title: str, *, quiet: bool) -> list[Event]:
    """All events of an image, whose text and remarks are printed as they come.

    Args:
        quiet: whether only remarks are.

    Raises:
        AssistantError: it can't be looked at; the line under way is ended.
    """
    from assistant.core.events import Notice, TextDelta

    events: list[Event] = []
    line = _Line()
    try:
        for event in stream:
            if isinstance(event, Notice):
                if sys.stdout.isatty():  # where a remark would stand on the line of the text
                    line.end()
                tell([event])
            elif isinstance(event, TextDelta) and not quiet:
                begun = any(isinstance(one, TextDelta) for one in events)
                line.write(sanitize(("" if begun else title) + event.text))
            events.append(event)
    except AssistantError:
        line.end()
        raise
    return events


class _Line:
    """Text on standard output as it comes; knows whether its last line is still open."""

    def __init__(self) -> None:
        self._is_open = False

    def write(self, text: str) -> None:
        click.echo(text, nl=False)
        self._is_open = not text.endswith("\n") if text else self._is_open

    def end(self) -> None:
        if self._is_open:
            self.write("\n")


def _write_table(
    context: Context,
    images: tuple[Path, ...],
    labels: tuple[str, ...],
    read_text: bool | None,
    place: bool,
    table: Path,
    force: bool,
) -> NoReturn:
    from assistant.cli.describe_table import write_table
    from skills.survey import Wish

    text = context.settings.describe.read_text if read_text is None else read_text
    wish = Wish(labels, text, place)
    paths = [with_home(path) for path in expanded(images)]
    failed = write_table(_survey(context), paths, wish, with_home(table), force=force)
    sys.exit(1 if failed else 0)


def _survey(context: Context) -> Survey:
    from assistant.engine.wiring import build
    from skills.survey import survey_of

    return survey_of(build(context.settings, context.places).services)


def _with_text(context: Context, read_text: bool | None) -> Context:
    """The settings as a flag has them."""
    if read_text is None:
        return context
    from msgspec.structs import replace

    describe = replace(context.settings.describe, read_text=read_text)
    settings = replace(context.settings, describe=describe)
    return Context(settings, context.places, context.origins)


def _where(image: Path, wanted: bool) -> dict[str, float | None]:
    if not wanted:
        return {}
    from assistant.files.exif import read_exif

    found = read_exif(with_home(image))
    return {"latitude": found.latitude, "longitude": found.longitude}


def _place_told(image: Path, language: str) -> str:
    from skills.describe_place import place_told

    return f"\n\n{place_told(with_home(image), language)}"


def _skill(context: Context, out: Path | None) -> DescribeSkill:
    from dataclasses import replace

    from assistant.engine.wiring import build
    from skills.describe import make

    services = build(context.settings, context.places).services
    return make(services if out is None else replace(services, picture_folder=with_home(out)))


def _events(
    skill: DescribeSkill,
    image: Path,
    labels: tuple[str, ...],
    why: str | None,
    question: str,
    language: str | None,
) -> Iterator[Event]:
    from assistant.core.messages import ImageAttachment, Message
    from assistant.core.skills import Params, SkillRequest

    message = Message("user", question, (ImageAttachment(str(with_home(image))),))
    # A question is answered in its own language; without one there is none but the interface's.
    target = language or (None if question.strip() else language_spoken())
    params = Params(labels=labels, why=why, target=target)
    return skill.run(SkillRequest(message, (), params, lambda: False))


def _result(events: list[Event], image: Path) -> dict[str, object]:
    """Text, labels with the model that gave them, and the picture that was drawn."""
    from assistant.core.events import Labelled

    found: dict[str, object] = {
        "text": _text(events, image),
        "labels": [],
        "model": "",
        "picture": None,
    }
    labelled = [event for event in events if isinstance(event, Labelled)]
    if labelled:
        found["labels"] = [
            {"label": label.label, "score": label.score}
            for event in labelled
            for label in event.labels
        ]
        found["model"] = labelled[0].model
    drawn = _drawn(events, image)
    found["picture"] = drawn[-1] if drawn else None
    return found


def _text(events: list[Event], image: Path) -> str:
    """What was said, and where the pictures are that were drawn."""
    from assistant.core.events import TextDelta

    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    return said + _pictures(events, image)


def _pictures(events: list[Event], image: Path) -> str:
    return "".join(f"\n\n▣ {path}" for path in _drawn(events, image))


def _drawn(events: list[Event], image: Path) -> list[str]:
    """Pictures other than the image itself."""
    from assistant.core.events import Picture

    shown = [event.path for event in events if isinstance(event, Picture)]
    return [path for path in shown if Path(path) != with_home(image)]
