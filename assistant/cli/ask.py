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

from assistant.cli.context import Context
from assistant.core.errors import UsageError
from assistant.core.events import Event, Failed, Notice, Routed, TextDelta
from assistant.core.messages import Attachment, FileAttachment, ImageAttachment, TextAttachment
from assistant.core.turns import TurnRequest
from assistant.tui.attachments import attach, merged, typed_files

_STDIN_LIMIT = 8_000_000  # characters


@click.command()
@click.argument("text", nargs=-1)
@click.option("-f", "--file", "files", multiple=True, metavar="FILE", help="Attach a file.")
@click.option("-i", "--image", "images", multiple=True, metavar="IMAGE", help="Attach an image.")
@click.option("-s", "--skill", help="Use this skill instead of letting the router choose.")
@click.option("--to", "--target", "target", help="Language to translate into.")
@click.option("--from", "--source", "source", help="Language to translate from.")
@click.option("--labels", help="What the image may show, comma-separated.")
@click.option("-c", "--collection", help="Collection of documents to search.")
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
    as_json: bool,
    why: bool,
) -> None:
    """Ask one question and print the answer.

    Paths of files in the question are attached. Text piped into standard input becomes context:

      cat notes.md | assistant ask "summarise this"
    """
    words, named = typed_files(" ".join(text))
    request = TurnRequest(
        text=words,
        attachments=merged(map(attach, named), _attachments(files, images)),
        skill=skill,
        target=target,
        source=source,
        labels=tuple(part.strip() for part in (labels or "").split(",") if part.strip()),
        collection=collection,
    )
    from assistant.engine.guard import guarded
    from assistant.engine.wiring import build

    cancelled = _cancel_on_interrupt()
    engine = build(context.settings, context.places)
    events = guarded(engine.turns.run(request, cancelled.is_set), str(context.places.state))
    failed = _write_json(events) if as_json else _write_text(events, why)
    if cancelled.is_set():
        sys.exit(130)
    if failed:
        sys.exit(1)


def _attachments(files: Iterable[str], images: Iterable[str]) -> tuple[Attachment, ...]:
    found: list[Attachment] = [ImageAttachment(str(Path(i).expanduser())) for i in images]
    found += [FileAttachment(str(Path(f).expanduser())) for f in files]
    if piped := _piped_text():
        found.append(TextAttachment("standard input", piped))
    return tuple(found)


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


def _write_text(events: Iterable[Event], why: bool) -> bool:
    """Stream the answer to standard output, everything else to standard error."""
    failed = False
    ended_with_newline = True
    for event in events:
        match event:
            case TextDelta(piece):
                sys.stdout.write(piece)
                sys.stdout.flush()
                ended_with_newline = piece.endswith("\n") if piece else ended_with_newline
            case Routed():
                _tell_choice(event, why)
            case Notice(text, hint):
                click.echo(f"Note: {text} {hint}".rstrip(), err=True)
            case Failed(message, hint):
                failed = True
                if not ended_with_newline:
                    sys.stdout.write("\n")
                    sys.stdout.flush()
                    ended_with_newline = True
                click.echo(f"Error: {message}\n{hint}".rstrip(), err=True)
            case _:
                continue
    if not ended_with_newline:
        sys.stdout.write("\n")
    return failed


def _tell_choice(routed: Routed, why: bool) -> None:
    """The choice where it was asked for, and doubt in any case."""
    if why:
        click.echo(f"[{routed.skill} {routed.score:.0%}: {routed.reason}]", err=True)
    if routed.unsure and routed.alternatives:
        other = routed.alternatives[0]
        click.echo(
            f"Note: this may be for {routed.skill} ({routed.score:.0%}) or {other.skill} "
            f"({other.score:.0%}); {routed.skill} is the safer. -s {other.skill} asks the other.",
            err=True,
        )


def _write_json(events: Iterable[Event]) -> bool:
    from assistant.cli.result import collect

    result = collect(None, events)
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    return result.error is not None
