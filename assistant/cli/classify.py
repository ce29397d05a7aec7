"""`assistant classify`: a label for each line of a file, as CSV."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.output_file import check_absent, write_whole
from assistant.cli.sending import tell_where
from assistant.cli.speaking import say, told
from assistant.core.errors import DocumentError, UsageError
from assistant.core.text import sanitize

if TYPE_CHECKING:
    from skills.classification.sorting import Classifier, Sorted

_BATCH = 256
_HEADER = ("line", "label", "score", "second", "second_score", "sure", "text")


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
@click.option("--labels", default="", help="Labels to choose from, comma-separated.")
@click.option("--csv", "output", type=click.Path(path_type=Path), metavar="OUT",
              help="File to write; standard output if absent.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace OUT where it exists.")
@click.pass_obj
def command(
    context: Context, file: io.TextIOBase, labels: str, output: Path | None, force: bool
) -> None:
    """Give each line of FILE (or of standard input) one of your labels.

      assistant classify reviews.txt --labels positive,negative --csv out.csv

    `sure` is no where the two best labels are too close; empty lines are passed over. Without
    --labels those of the model in the settings are used (classify.model).
    """
    if output is not None:
        check_absent(output, force)
    if file.isatty():
        raise UsageError("There is nothing to classify.", "Name a file, or pipe text in.")
    classifier = _classifier(context, labels)
    rows = _rows(_numbered(file), classifier)
    if output is None:
        for row in _with_header(rows):
            line = _line(row)
            sys.stdout.write(sanitize(line) if sys.stdout.isatty() else line)
            sys.stdout.flush()
        return
    write_whole(output, "".join(map(_line, _with_header(rows))).encode(), force)


def _classifier(context: Context, labels: str) -> Classifier:
    from assistant.engine.wiring import build
    from skills.classification.sorting import Sorter
    from skills.classification.wording import MOST_LABELS, split_labels

    named = split_labels(labels)
    if len(named) > MOST_LABELS:
        say(f"Only the first {MOST_LABELS} of {len(named):,} labels are used.", err=True)
    services = build(context.settings, context.places).services
    margin = context.settings.classify.margin
    if not context.settings.classify.model:  # texts are then compared with labels as vectors
        tell_where(context.settings, context.settings.embed.model)
    return Sorter(services.embedder, services.classifier, margin).prepare(named[:MOST_LABELS])


def _numbered(file: io.TextIOBase) -> Iterator[tuple[int, str]]:
    try:
        for number, line in enumerate(file, start=1):
            if text := line.strip():
                yield number, text
    except OSError as error:
        raise DocumentError(
            f"The file can't be read: {error.strerror}.", "Correct its name, or its permissions."
        ) from error


def _rows(lines: Iterable[tuple[int, str]], classifier: Classifier) -> Iterator[tuple[object, ...]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, _BATCH)):
        found = classifier.sort([text for _, text in batch])
        for (number, text), one in zip(batch, found, strict=True):
            yield _row(number, text, one)
        if sys.stderr.isatty():
            click.echo("\r" + told(f"{batch[-1][0]:,} lines"), err=True, nl=False)
    if sys.stderr.isatty():
        click.echo(err=True)


def _row(number: int, text: str, found: Sorted) -> tuple[object, ...]:
    second = found.labels[1] if len(found.labels) > 1 else None
    return (
        number,
        found.best.label,
        f"{found.best.score:.4f}",
        second.label if second else "",
        f"{second.score:.4f}" if second else "",
        "yes" if found.sure else "no",
        text,
    )


def _with_header(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    yield _HEADER
    yield from rows


def _line(row: Iterable[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(row)
    return written.getvalue()
