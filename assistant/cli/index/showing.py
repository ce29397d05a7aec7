"""`assistant index list` and `status`: what there is, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.index import opening
from assistant.cli.index.opening import collection_option
from assistant.cli.speaking import cells, padded, say, told
from assistant.core.text import one_line

if TYPE_CHECKING:
    from assistant.core.collections import CollectionStatus, CollectionSummary, FileStatus

_STATES: tuple[FileStatus, ...] = ("fresh", "stale", "failed", "waiting")


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one JSON list.")
@click.pass_obj
def list_collections(context: Context, as_json: bool) -> None:
    """Show the collections: files, chunks, and the folders each follows."""
    summaries = opening.open_index(context).summaries()
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(summaries).decode())
        return
    if not summaries:
        say("No documents yet. Add some: assistant index add FOLDER")
    for summary in summaries:
        for line in _summary(summary, is_default=summary.name == context.settings.index.collection):
            click.echo(line)


def _summary(summary: CollectionSummary, *, is_default: bool) -> Iterator[str]:
    parts = [f"{summary.files:,} files", f"{summary.chunks:,} chunks"]
    for count, words in (
        (summary.pictures, "pictures"),
        (summary.failed, "failed"),
        (summary.waiting, "waiting to be read"),
        (summary.pending, "chunks without a vector yet"),
    ):
        if count:
            parts.append(f"{count:,} {words}")
    yield told(f"{summary.name}{' (default)' if is_default else ''}: {', '.join(parts)}")
    for root in summary.roots:
        yield f"  {root}"


@click.command()
@collection_option
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one JSON object.")
@click.option("--stale", is_flag=True, help="Only files that changed or went.")
@click.option("--failed", is_flag=True, help="Only files that could not be read.")
@click.option("--waiting", is_flag=True, help="Only files that are not finished.")
@click.pass_obj
def status(
    context: Context,
    collection: str | None,
    as_json: bool,
    stale: bool,
    failed: bool,
    waiting: bool,
) -> None:
    """Show what became of every file: fresh, stale, failed (why) or waiting."""
    receipt = opening.open_index(context).status(collection)
    asked = {"stale": stale, "failed": failed, "waiting": waiting}
    wanted = {state for state in _STATES if asked.get(state)} or set(_STATES)
    if as_json:
        import msgspec

        files = tuple(f for f in receipt.files if f.state in wanted)
        click.echo(msgspec.json.encode(msgspec.structs.replace(receipt, files=files)).decode())
        return
    click.echo("\n".join(_receipt_lines(receipt, wanted)))


def _receipt_lines(receipt: CollectionStatus, wanted: set[FileStatus]) -> Iterator[str]:
    widest = 1 + max(cells(told(state)) for state in _STATES)
    for file in receipt.files:
        if file.state in wanted:
            why = " ".join(told(text) for text in (file.reason, file.hint) if text)
            reason = f" — {one_line(why, 400)}" if why else ""
            path = " ".join(file.path.splitlines())  # a name may have line breaks
            chunks = told(f"{path} ({file.chunks:,} chunks)")
            yield f"{padded(told(file.state), widest)}{chunks}{reason}"
    counts = ", ".join(
        f"{receipt.count(state):,} {state}" for state in _STATES if receipt.count(state)
    )
    yield told(f"{receipt.name}: {counts or 'no files'}; {receipt.chunks:,} chunks.")


COMMANDS = (list_collections, status)
