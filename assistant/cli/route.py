"""`assistant route`: which skill a message is for and why; corrections, and whether they help."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.learning import tell_learning
from assistant.cli.route_report import comparison_lines, explanation_lines, route_line
from assistant.cli.sending import tell_where
from assistant.cli.speaking import say, told
from assistant.core.errors import UsageError
from assistant.core.messages import ImageAttachment, Message
from assistant.core.paths import with_home
from assistant.core.text import one_line

if TYPE_CHECKING:
    from assistant.core.skills import Route
    from assistant.routing.router import SkillRouter
    from assistant.routing.validation import Case

_MOST_CASES = 100_000
_MESSAGE = "message"


class MessageGroup(click.Group):
    """A group whose first word may also be a message: then that is routed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_MESSAGE, *args]
        return super().parse_args(ctx, args)


@click.group("route", cls=MessageGroup)
def command() -> None:
    """Show which skill a message is for, and correct it.

    \b
      assistant route "is this for my documents?" --why
      assistant route teach "run me through the numbers" qa
    """


@command.command(_MESSAGE, hidden=True)
@click.argument("text", nargs=-1, required=True)
@click.option("--why", is_flag=True, help="Say what counted, and what would have changed it.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one JSON object.")
@click.option("-i", "--image", "images", multiple=True, metavar="IMAGE", help="Attach an image.")
@click.option(
    "--history", multiple=True, metavar="TEXT", help="A message of yours before it; oldest first."
)
@click.option("-c", "--collection", help="Collection in which evidence is looked for.")
@click.pass_obj
def route_message(
    context: Context,
    text: tuple[str, ...],
    why: bool,
    as_json: bool,
    images: tuple[str, ...],
    history: tuple[str, ...],
    collection: str | None,
) -> None:
    """Show which skill a message is for."""
    router = _router(context)
    paths = (ImageAttachment(str(with_home(image))) for image in images)
    message = Message("user", " ".join(text), tuple(paths))
    before = tuple(Message("user", said) for said in history)
    route = router.route(message, before, None, collection)
    explained = router.explain(message, before, collection) if why else None
    if as_json:
        click.echo(json.dumps(_as_json(route, msgspec.to_builtins(explained)), ensure_ascii=False))
        return
    click.echo(route_line(route))
    for line in explanation_lines(explained) if explained is not None else ():
        click.echo(line)


@command.command()
@click.argument("text")
@click.argument("skill")
@click.pass_obj
def teach(context: Context, text: str, skill: str) -> None:
    """Remember that TEXT is for SKILL; it counts from the next message on."""
    correction = _router(context).teach(text, skill)
    shown = one_line(correction.text, 100)
    say(f"Remembered: “{shown}” is for {correction.skill}. assistant route undo takes it back.")


@command.command()
@click.argument("text", required=False)
@click.pass_obj
def undo(context: Context, text: str | None) -> None:
    """Forget the correction of TEXT; without TEXT, the latest one."""
    correction = _router(context).unteach(text)
    say(f"Forgotten: “{one_line(correction.text, 100)}” was for {correction.skill}.")


@command.command()
@click.pass_obj
def corrections(context: Context) -> None:
    """List the corrections; the file may be edited."""
    from assistant.routing.corrections import CorrectionFile

    file = CorrectionFile(context.places.corrections)
    found = file.read()
    for correction in found.kept:
        language, text = correction.language, one_line(correction.text, 200)
        click.echo(f"{correction.date}  {correction.skill:10} {language:3} {text}")
    for problem in found.problems:
        say(f"Not read, {one_line(problem, 300)}", err=True)
    where = "in" if found.kept else "None yet; they would be in"
    click.echo(f"{told(where)} {file.path}", err=True)


@command.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def test(context: Context, file: Path | None) -> None:
    """Compare the router with and without the corrections.

    Examples are held out in turn (5 folds). FILE has further messages: .tsv with a first line
    that names the columns skill, language and text, or JSON lines with those fields. The exit
    status is 1 where a skill or language lost 2% or more.
    """
    cases = tuple(_cases(file)) if file is not None else ()
    validation = _router(context).validate(cases)
    for line in comparison_lines(validation):
        click.echo(line)
    if validation.hurt:
        sys.exit(1)


def _router(context: Context) -> SkillRouter:
    from assistant.engine.wiring import build  # 0.1 s

    tell_where(context.settings, context.settings.embed.model)
    return build(context.settings, context.places, tell_learning).router


def _as_json(route: Route, why: object) -> dict[str, object]:
    found: dict[str, object] = {
        "skill": route.skill,
        "score": route.score,
        "margin": route.margin,
        "unsure": route.unsure,
        "reason": route.reason,
        "alternatives": msgspec.to_builtins(route.alternatives),
        "params": msgspec.to_builtins(route.params),
    }
    return found | ({"why": why} if why is not None else {})


def _cases(path: Path) -> Iterator[Case]:
    from assistant.routing.validation import Case

    for number, row in enumerate(_rows(path), 1):
        text, skill, language = (row.get(key) for key in ("text", "skill", "language"))
        if number > _MOST_CASES:
            raise UsageError(f"{path} has more than {_MOST_CASES:,} messages.", "Give it in parts.")
        if not isinstance(text, str) or not isinstance(skill, str) or not text or not skill:
            raise UsageError(f"Message {number} of {path} has no text or no skill.", "Correct it.")
        yield Case(skill, language if isinstance(language, str) and language else "und", text)


def _rows(path: Path) -> Iterable[dict[str, object]]:
    try:
        lines = with_home(path).read_text("utf-8-sig").splitlines()
        if path.suffix != ".tsv":
            return [msgspec.json.decode(line, type=dict) for line in lines if line.strip()]
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.", "Check the path.") from error
    except (UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise UsageError(
            f"{path} can't be read: {error}.", "It must be .tsv or JSON lines, in UTF-8."
        ) from error
