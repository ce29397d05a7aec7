"""`assistant conversations`: list, search, export, import and delete what was said."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.speaking import say, told
from assistant.core.errors import UsageError
from assistant.core.text import one_line
from assistant.store.conversations import ConversationStore
from assistant.store.exporting import Kind, export, import_file, pieces
from assistant.store.records import MATCH_END, MATCH_START
from assistant.tui import moments

PAGE = 200
DAY = "%Y-%m-%d"


@click.group()
def command() -> None:
    """List, search, export, import and delete conversations."""


@contextmanager
def _opened(context: Context) -> Iterator[ConversationStore]:
    store = ConversationStore(context.places.conversations)
    try:
        yield store
    finally:
        store.close()


@command.command("list")
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most so many.")
@click.option("--archived", is_flag=True, help="The archived ones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(context: Context, limit: int | None, archived: bool, as_json: bool) -> None:
    """List conversations, the newest first: number, day, title."""
    with _opened(context) as store:
        left = sys.maxsize if limit is None else limit
        offset = 0
        while left > 0 and (page := store.recent(min(PAGE, left), offset, archived=archived)):
            for found in page:
                if as_json:
                    click.echo(msgspec.json.encode(found))
                else:
                    day = moments.at(found.updated, None).strftime(DAY)
                    pin = "*" if found.pinned else " "
                    click.echo(f"{found.id:>6} {pin} {day}  {one_line(found.title)}")
            offset += len(page)
            left -= len(page)


@command.command()
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most so many.",
)
@click.pass_obj
def search(context: Context, query: tuple[str, ...], limit: int) -> None:
    """Search titles and messages: conversation, title, and the place that was found."""
    with _opened(context) as store:
        for hit in store.search(" ".join(query), limit):
            place = "" if hit.message is None else f"\n         {_marked(hit.snippet)}"
            click.echo(f"{hit.conversation:>6}   {one_line(hit.title)}{place}")


@command.command("export")
@click.argument("ids", nargs=-1, type=int, metavar="[NUMBER]...")
@click.option("--all", "everything", is_flag=True, help="Every conversation, archived ones too.")
@click.option(
    "-f",
    "--format",
    "kind",
    type=click.Choice(["md", "json"]),
    default="md",
    show_default=True,
    help="Markdown to read, or JSON to import.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A new file, or a folder, instead of standard output.",
)
@click.pass_obj
def export_(
    context: Context, ids: tuple[int, ...], everything: bool, kind: str, output: Path | None
) -> None:
    """Write conversations as Markdown to read, or as JSON that `import` takes back."""
    if everything == bool(ids):
        raise UsageError(
            "Say what to export: numbers from `assistant conversations list`, or --all."
        )
    chosen = cast("Kind", kind)
    with _opened(context) as store:
        if output is not None:
            if len(ids) > 1 and not output.is_dir():
                raise UsageError("Several conversations need a folder.", "Make it first.")
            for number in ids or (None,):
                click.echo(export(store, number, chosen, output))
            return
        taken = (store.take_out(n) for n in ids) if ids else store.take_out_all()
        for piece in pieces(taken, chosen):
            sys.stdout.buffer.write(piece)


@command.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.pass_obj
def import_(context: Context, files: tuple[Path, ...]) -> None:
    """Add exported JSON; a conversation that is here already is left as it is."""
    failed = False
    with _opened(context) as store:
        for file in files:
            result = import_file(store, file)
            say(f"{one_line(str(file))}: {result.added} added, {result.known} known already")
            for reason in result.refused:
                told_reason = told(f"not imported: {one_line(reason, 500)}")
                click.echo(f"  {told_reason}", err=True)
            if (more := result.refused_count - len(result.refused)) > 0:
                click.echo(f"  {told(f'not imported: {more} more')}", err=True)
            failed = failed or result.refused_count > 0
    if failed:
        sys.exit(1)


@command.command()
@click.argument("ids", nargs=-1, required=True, type=int, metavar="NUMBER...")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def delete(context: Context, ids: tuple[int, ...], yes: bool) -> None:
    """Delete conversations for good."""
    with _opened(context) as store:
        found = [store.get(number) for number in dict.fromkeys(ids)]
        for conversation in found:
            click.echo(f"{conversation.id:>6}   {one_line(conversation.title)}", err=True)
        if not yes:
            click.confirm(told("Delete for good?"), abort=True, err=True)
        for conversation in found:
            store.delete(conversation.id)


def _marked(snippet: str) -> str:
    """The matches bold on a terminal; click leaves the styles out elsewhere."""
    parts = snippet.replace(MATCH_END, MATCH_START).split(MATCH_START)
    return "".join(
        click.style(part, bold=True) if number % 2 else part for number, part in enumerate(parts)
    )
