"""`assistant read`: the text and tables of images and scanned documents."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.looking import expanded, tell_progress
from assistant.cli.output_file import check_absent, write_whole
from assistant.cli.speaking import say, speech, told
from assistant.core.errors import DocumentError, UsageError
from assistant.core.paths import with_home
from assistant.core.text import one_line, sanitize
from assistant.files.image_troubles import no_such_page

if TYPE_CHECKING:
    from skills.reading.page import Page
    from skills.reading.scanning import Scanner, Sheets


@dataclass(slots=True)
class _Found:
    """What was read, and how many files could not be."""

    pages: list[tuple[Path, Page]] = field(default_factory=list)
    failed: int = 0


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--pages", "wanted", default="", metavar="LIST", help="Pages to read: 1-3,5.")
@click.option("--tables", "only_tables", is_flag=True, help="Tables only.")
@click.option("--json", "as_json", is_flag=True,
              help="One line of JSON a page, each line with its score and place.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="Write to a file: .md, .txt, .csv (tables) or .json.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the file where it exists.")
@click.pass_obj
def command(
    context: Context,
    files: tuple[Path, ...],
    wanted: str,
    only_tables: bool,
    as_json: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Write down what stands in FILES: images, scanned PDFs, or folders of images.

      assistant read letter.jpg
      assistant read scan.pdf --pages 2-4 -o scan.md
      assistant read receipt.png --tables -o receipt.csv

    Doubtful lines are told on standard error. The exit status is 1 if a file could not be read.
    """
    form = _form(output, only_tables=only_tables, as_json=as_json)
    numbers = _numbers(wanted)
    if output is not None:
        check_absent(output, force)
    found = _Found()
    paths = expanded(files)
    for path, page in _read(_scanner(context), paths, numbers, found):
        if output is None:
            begins = not found.pages or found.pages[-1][0] != path
            _print(path, page, form, titled=begins and len(paths) > 1)
        found.pages.append((path, page))
    _doubts(found.pages)
    if output is not None:
        if not found.pages:
            raise DocumentError("None of the files can be read.", "See the messages above.")
        write_whole(output, (_written(found.pages, form).rstrip("\n") + "\n").encode(), force)
        say(f"{_counted(len(found.pages))} in {output}", err=True)
    sys.exit(1 if found.failed else 0)


def _form(output: Path | None, *, only_tables: bool, as_json: bool) -> str:
    """How it is written: "md", "txt", "csv", "json" or "tables"."""
    suffix = output.suffix.lower().lstrip(".") if output is not None else ""
    if as_json or suffix == "json":
        return "json"
    if suffix == "csv":
        return "csv"
    if suffix not in {"", "md", "markdown", "txt"}:
        raise UsageError(f"No text is written as .{suffix}.", "Use .md, .txt, .csv or .json.")
    if only_tables:
        return "tables"
    return "md" if suffix in {"md", "markdown"} else "txt"


def _numbers(wanted: str) -> frozenset[int]:
    from skills.reading.wording import parse_pages

    numbers = parse_pages(wanted)
    if wanted and not numbers:
        raise UsageError(f"“{one_line(wanted, 40)}” names no pages.", "Write them as 1-3,5.")
    return numbers


def _scanner(context: Context) -> Scanner:
    from assistant.engine.wiring import build
    from skills.read import scanner_of

    return scanner_of(build(context.settings, context.places).services)


def _read(
    scanner: Scanner, paths: Sequence[Path], numbers: frozenset[int], found: _Found
) -> Iterator[tuple[Path, Page]]:
    """Every page that can be read; what can't is told and counted."""
    for number, path in enumerate(paths, start=1):
        tell_progress("file", number, len(paths))
        try:
            sheets = scanner.open(with_home(path), lambda: False)
            yield from ((path, page) for page in _pages(sheets, numbers, found))
        except DocumentError as error:
            found.failed += 1
            click.echo(sanitize(told(error.message, error.hint)), err=True)


def _pages(sheets: Sheets, numbers: frozenset[int], found: _Found) -> Iterator[Page]:
    from skills.reading.scanning import chosen

    chosen_numbers = chosen(sheets.count, numbers)
    if not chosen_numbers:
        raise no_such_page(one_line(sheets.path.name), sheets.count)
    for number in chosen_numbers:
        if len(chosen_numbers) > 1 and sys.stderr.isatty():
            say(f"page {number} of {sheets.count}", err=True)
        try:
            yield sheets.read(number)
        except DocumentError as error:
            found.failed += 1
            click.echo(sanitize(told(error.message, error.hint)), err=True)


def _print(path: Path, page: Page, form: str, *, titled: bool) -> None:
    """A page under the name of its file where there are several; that there is nothing on it goes
    to standard error."""
    text = sanitize(_written([(path, page)], form).rstrip("\n"))
    if text.strip():
        title = f"{sanitize(str(path))}\n" if titled and form != "json" else ""
        click.echo(title + text)
    elif form != "tables":
        say(f"{one_line(path.name)}, p. {page.number}: no text found", err=True)


def _written(pages: Sequence[tuple[Path, Page]], form: str) -> str:
    from skills.reading.writing import as_json, markdown, plain, table_markdown, tables_csv

    only = [page for _, page in pages]
    if form == "json":
        return "\n".join(json.dumps(as_json(str(path), page)) for path, page in pages)
    if form == "csv":
        return tables_csv(only)
    if form == "tables":
        return "\n\n".join(table_markdown(table) for page in only for table in page.tables)
    return markdown(only) if form == "md" else plain(only)


def _doubts(pages: Sequence[tuple[Path, Page]]) -> None:
    for path, page in pages:
        for line in page.doubtful:
            place = told(f"doubtful ({line.score:.0%}) {one_line(path.name)}, p. {page.number}")
            click.echo(speech().named(place, one_line(line.text)), err=True)


def _counted(pages: int) -> str:
    return f"{pages} page{'s' if pages != 1 else ''}"
