"""`assistant ask`: one turn from the command line."""

from __future__ import annotations

import io
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

import click
import msgspec

from assistant.cli.answer_writer import AnswerWriter
from assistant.cli.context import Context
from assistant.cli.learning import tell_learning
from assistant.cli.speaking import say
from assistant.core.errors import UsageError
from assistant.core.events import Event
from assistant.core.messages import Attachment, FileAttachment, ImageAttachment, TextAttachment
from assistant.core.paths import is_folder, with_home
from assistant.core.turns import TurnRequest
from assistant.files.folder_images import images_in
from assistant.tui.attachments import MAX_PATHS, attach, merged, typed_files

_STDIN_LIMIT = 8_000_000  # characters


@click.command()
@click.argument("text", nargs=-1)
@click.option("-f", "--file", "files", multiple=True, metavar="FILE", help="Attach a file.")
@click.option("-i", "--image", "images", multiple=True, metavar="IMAGE", help="Attach an image.")
@click.option("-s", "--skill", help="Use this skill instead of letting the router choose.")
@click.option("--to", "--target", "target", help="Language to translate into.")
@click.option("--from", "--source", "source", help="Language to translate from.")
@click.option("--labels", help="What an image may show or a text may be, comma-separated.")
@click.option("-c", "--collection", help="Collection of documents to search.")
@click.option("--in", "within", multiple=True, metavar="NAME", help="Answer from this file.")
@click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="From such files: pdf, slides."
)
@click.option("--after", default="", metavar="DATE", help="From files changed since 2024-01-31.")
@click.option("--before", default="", metavar="DATE", help="From files changed until then.")
@click.option("--json", "as_json", is_flag=True, help="Write the whole result as JSON.")
@click.option("--why", is_flag=True, help="Say on standard error which skill was chosen and why.")
@click.pass_obj
def command(
    context: Context,
    text: tuple[str, ...],
    files: tuple[str, ...],
    images: tuple[str, ...],
    skill: str | None,
    target: str | None,
    source: str | None,
    labels: str | None,
    collection: str | None,
    within: tuple[str, ...],
    types: tuple[str, ...],
    after: str,
    before: str,
    as_json: bool,
    why: bool,
) -> None:
    """Ask one question and print the answer.

    Paths of files in the question are attached. Text piped into standard input becomes context:

      cat notes.md | assistant ask "summarise this"

    Where a message needs several skills, the plan and the steps before the last go to
    standard error, the last step's output to standard output.

    Which documents are asked can stand in the question too:

      assistant ask "type:pdf after:2024-06 what is the notice period?"
    """
    from skills.filter_values import make_filters

    words, named = typed_files(" ".join(text))
    attached = merged(map(attach, named), _attachments(files, images))
    if not words and not attached:
        raise UsageError(
            "There is no question.",
            'Write it after the command: assistant ask "why is the sky blue?"',
        )
    request = TurnRequest(
        text=words,
        attachments=attached,
        skill=skill,
        target=target,
        source=source,
        labels=tuple(part.strip() for part in (labels or "").split(",") if part.strip()),
        collection=collection,
        filters=make_filters(within, types, after, before),
    )
    from assistant.engine.guard import guarded
    from assistant.engine.wiring import build

    cancelled = _cancel_on_interrupt()
    engine = build(context.settings, context.places, tell_learning)
    events = guarded(engine.turns.run(request, cancelled.is_set), str(context.places.state))
    failed = _write_json(events) if as_json else AnswerWriter(why).write(events)
    if cancelled.is_set():
        sys.exit(130)
    if failed:
        sys.exit(1)


def _attachments(files: Iterable[str], images: Iterable[str]) -> tuple[Attachment, ...]:
    found: list[Attachment] = [ImageAttachment(str(path)) for path in _images(images)]
    found += [FileAttachment(str(with_home(f))) for f in files]
    if piped := _piped_text():
        found.append(TextAttachment("standard input", piped))
    return tuple(found)


def _images(named: Iterable[str]) -> list[Path]:
    """The images named, and those in the folders named."""
    paths = [with_home(name) for name in named]
    found = [each for p in paths for each in (images_in(p, deep=False) if is_folder(p) else [p])]
    if len(found) > MAX_PATHS:
        say(
            f"The first {MAX_PATHS} of {len(found)} images are attached; for all of them there is "
            "assistant describe FOLDER --csv FILE",
            err=True,
        )
    return found[:MAX_PATHS]


def _piped_text() -> str:
    """Standard input where it is a pipe or a file; "" where it is a terminal or closed."""
    if not _is_piped():
        return ""
    text = sys.stdin.buffer.read(_STDIN_LIMIT + 1).decode("utf-8", "replace")
    if len(text) > _STDIN_LIMIT:
        raise UsageError(
            "Standard input is too long for one question.",
            "Index it instead: assistant index add FILE, then ask about it.",
        )
    return text.strip()


def _is_piped() -> bool:
    if sys.stdin is None or sys.stdin.closed:
        return False
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except io.UnsupportedOperation:  # an in-memory stand-in
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _cancel_on_interrupt() -> threading.Event:
    """An event set by the first Ctrl+C, so that the answer so far stays; a second one quits."""
    cancelled = threading.Event()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        cancelled.set()

    signal.signal(signal.SIGINT, interrupt)
    return cancelled


def _write_json(events: Iterable[Event]) -> bool:
    from assistant.cli.result import collect

    result = collect(None, events)
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    return result.error is not None
