"""`assistant models`: what the assistant can run, what is here, and how to get the rest."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.models_keys import keys
from assistant.cli.models_servers import discover_models
from assistant.cli.recommend import recommend
from assistant.cli.speaking import cells, padded, say, told
from assistant.core.errors import ModelError
from assistant.core.text import one_line

if TYPE_CHECKING:
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue, ModelEntry

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells expect it: 128 + SIGINT."""
_COLUMNS = ("NAME", "ROLE", "SIZE", "LICENCE", "HERE", "FROM")
_LICENCE_WIDTH = 14
_MARK = "*"
"""Behind a licence that forbids commercial use."""


class ModelRow(msgspec.Struct, frozen=True):
    """What `models list --json` says about a model."""

    name: str
    role: str
    present: bool
    source: str
    format: str
    size: int
    licence: str
    non_commercial: bool
    languages: tuple[str, ...]
    embedded: bool
    grounded: bool
    summary: str
    path: str | None
    server: str | None = None
    """Host and port where it is served; null for a model that runs in the assistant."""
    remote: bool = False
    """Whether that is another machine, which text is sent to."""


@click.group("models")
def command() -> None:
    """Models: what there is, what is here, and fetching more."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write everything known, as JSON.")
@click.pass_obj
def list_models(context: Context, as_json: bool) -> None:
    """Show every known model.

    Role, size, licence, whether it is here, and where it comes from.
    """
    catalogue, cache = _open(context)
    rows = [_row(entry, cache) for entry in catalogue]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
        return
    for line in _table(rows):
        click.echo(line)
    if any(row.non_commercial for row in rows):
        say(f"{_MARK} not for commercial use")


command.add_command(recommend)
command.add_command(discover_models)
command.add_command(keys)


@command.command("pull")
@click.argument("names", nargs=-1)
@click.pass_obj
def pull_models(context: Context, names: tuple[str, ...]) -> None:
    """Fetch models by name, or the starting set.

    Nothing is asked. An interrupted pull leaves nothing half-made; run it again.
    """
    from assistant.cli.models_progress import show_progress
    from assistant.models.pull import pull

    catalogue, cache = _open(context)
    entries = [catalogue.get(name) for name in names] or list(catalogue.embedded())
    missing = [entry for entry in entries if not cache.is_present(entry)]
    if not missing:
        say(f"Here already: {', '.join(entry.name for entry in entries)}", err=True)
        return
    _announce(missing, cache)
    try:
        with show_progress() as progress:
            pull(
                missing,
                cache,
                offline=context.settings.offline,
                cancelled=lambda: False,
                progress=progress,
            )
    except KeyboardInterrupt:
        say("Stopped. Finished models stay; pull again for the rest.", err=True)
        click.get_current_context().exit(INTERRUPTED)
    say(f"Ready: {', '.join(entry.name for entry in missing)}", err=True)


@command.command("path")
@click.argument("name")
@click.pass_obj
def show_path(context: Context, name: str) -> None:
    """Print the folder a model is in."""
    catalogue, cache = _open(context)
    entry = catalogue.get(name)
    if entry.server:
        raise ModelError(
            f"{name} is served by {entry.server.host}; it has no folder here.",
            "Its address: assistant models list",
        )
    click.echo(str(cache.require(entry)))


@command.command("trust")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--withdraw", is_flag=True, help="Allow it no more.")
@click.pass_obj
def trust_model(context: Context, name: str, yes: bool, withdraw: bool) -> None:
    """Allow a model of PyTorch Hub to run its repository's code.

    Shows what would run, and asks. The yes holds for that repository at that commit and that
    entry point; anything else is asked anew.
    """
    from assistant.models.consent import Consents, code_of, describe

    catalogue, cache = _open(context)
    entry, consents = catalogue.get(name), Consents(cache.root)
    if withdraw:
        gone = consents.withdraw(entry)
        say(f"{name} may run no code any more." if gone else f"{name} was not allowed any.")
        return
    code = code_of(entry)
    if code is None:
        say(f"{name} is data only: there is nothing to allow.")
        return
    say(f"{name} would run on this machine, with all your rights:")
    say(f"  {describe(code)}")
    say("Code can read and delete your files. Look at it first, or know who wrote it.")
    if not yes and not click.confirm(told("Allow just this?"), default=False):
        say("Nothing was allowed.")
        click.get_current_context().exit(1)
    consents.give(entry, code)
    say(f"Allowed. Take it back: assistant models trust {name} --withdraw")


@command.command("remove")
@click.argument("names", nargs=-1, required=True)
@click.pass_obj
def remove_models(context: Context, names: tuple[str, ...]) -> None:
    """Delete models from this machine."""
    catalogue, cache = _open(context)
    for entry in [catalogue.get(name) for name in names]:
        gone = cache.remove(entry)
        say(f"Removed {entry.name}." if gone else f"{entry.name} was not here.")


def _open(context: Context) -> tuple[Catalogue, ModelCache]:
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue

    return Catalogue.load(context.settings), ModelCache(context.places.models)


def _row(entry: ModelEntry, cache: ModelCache) -> ModelRow:
    present, source = cache.is_present(entry), entry.server
    return ModelRow(
        name=entry.name,
        role=entry.role,
        present=present,
        source=entry.source,
        format=entry.format,
        size=entry.size,
        licence=entry.licence,
        non_commercial=entry.non_commercial,
        languages=entry.languages,
        embedded=entry.embedded,
        grounded=entry.grounded,
        summary=entry.summary,
        path=str(cache.folder(entry)) if present and source is None else None,
        server=source.destination if source else None,
        remote=source is not None and not source.is_local,
    )


def _table(rows: Sequence[ModelRow]) -> list[str]:
    lines = [tuple(map(told, _COLUMNS)), *(_cells(row) for row in rows)]
    widths = [max(cells(line[i]) for line in lines) for i in range(len(_COLUMNS) - 1)]
    limit = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    return [
        one_line_of("  ".join([*map(padded, fixed, widths), last]), limit) for *fixed, last in lines
    ]


def _cells(row: ModelRow) -> tuple[str, ...]:
    from assistant.models.disk import readable_size
    from assistant.models.sources.reference import parse_source

    size = readable_size(row.size) if row.size else told("not known")
    mark = _MARK if row.non_commercial else ""
    return (
        row.name,
        told(row.role),
        told("installed") if row.source.startswith("package:") else "" if row.server else size,
        (one_line(row.licence, _LICENCE_WIDTH) or told("not known")) + mark,
        told(_where(row)),
        str(parse_source(row.source)),
    )


def _where(row: ModelRow) -> str:
    """Whether it is here; of a server, whether text leaves the machine for it."""
    if row.server:
        return "sent away" if row.remote else "server"
    return "yes" if row.present else "no"


def one_line_of(line: str, limit: int) -> str:
    """A table line cut to the terminal, its column gaps kept."""
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _announce(missing: Sequence[ModelEntry], cache: ModelCache) -> None:
    """Say what will be fetched, how large it is and where it goes, before it starts."""
    from assistant.models.disk import readable_size

    say("To be fetched:", err=True)
    width = max(len(entry.name) for entry in missing)
    for entry in missing:
        size = readable_size(entry.size) if entry.size else "size not known"
        origin = f"{told('from')} {entry.origin}"
        click.echo(f"  {entry.name.ljust(width)}  {told(size):>10}  {origin}", err=True)
        if entry.non_commercial:
            licence = one_line(entry.licence, 60)
            say(f"    Its licence, {licence}, forbids commercial use.", err=True)
    total = readable_size(sum(entry.size for entry in missing))
    more = "" if all(entry.size for entry in missing) else " and more"
    say(f"Together {total}{more}, into {cache.root}", err=True)
