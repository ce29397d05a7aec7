"""`assistant describe`: what images show, which of your labels fits, and what speaks for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.looking import split
from assistant.cli.speaking import language_spoken, told
from assistant.core.errors import DocumentError
from assistant.core.text import sanitize

if TYPE_CHECKING:
    from assistant.core.events import Event
    from skills.describe import DescribeSkill


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
) -> None:
    """Say what IMAGES show.

      assistant describe photo.jpg --labels "dog,cat,bird"
      assistant describe photo.jpg --why dog --out maps

    The exit status is 1 if an image could not be read.
    """
    skill = _skill(context, out)
    failed = 0
    for image in images:
        try:
            events = list(_events(skill, image, split(labels), why, question, language))
        except DocumentError as error:
            failed += 1
            click.echo(sanitize(told(error.message, error.hint)), err=True)
            continue
        _tell_notices(events)
        if as_json:
            click.echo(json.dumps({"path": str(image), **_result(events, image)}))
        else:
            title = f"{image}\n" if len(images) > 1 else ""
            click.echo(sanitize(title + _text(events, image)))
    sys.exit(1 if failed else 0)


def _skill(context: Context, out: Path | None) -> DescribeSkill:
    from dataclasses import replace

    from assistant.engine.wiring import build
    from skills.describe import make

    services = build(context.settings, context.places).services
    return make(services if out is None else replace(services, picture_folder=out))


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

    message = Message("user", question, (ImageAttachment(str(image.expanduser())),))
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
    return said + "".join(f"\n\n▣ {path}" for path in _drawn(events, image))


def _drawn(events: list[Event], image: Path) -> list[str]:
    """Pictures other than the image itself."""
    from assistant.core.events import Picture

    shown = [event.path for event in events if isinstance(event, Picture)]
    return [path for path in shown if Path(path) != image.expanduser()]


def _tell_notices(events: list[Event]) -> None:
    from assistant.core.events import Notice

    for event in events:
        if isinstance(event, Notice):
            click.echo(sanitize(told(event.text, event.hint)), err=True)
