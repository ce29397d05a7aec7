"""`assistant doctor`: everything that can be wrong, looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.health import contents, machine, surroundings
from assistant.cli.health.finding import Check, Finding, run_checks
from assistant.cli.speaking import say, speech, told
from assistant.config import Settings
from assistant.core.errors import ConfigError
from assistant.core.text import sanitize

MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "failure": ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
@click.pass_obj
def command(context: Context, as_json: bool) -> None:
    """Check that everything is in order; the exit status is 1 if something is not.

    Nothing is changed and the network is not used.
    """
    found: list[Finding] = []
    for finding in run_checks(checks(context, os.environ)):
        found.append(finding)
        if not as_json:
            write(finding)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
    else:
        say(summary(found))
    if any(finding.level == "failure" for finding in found):
        raise click.exceptions.Exit(1)


def checks(context: Context, environ: Mapping[str, str]) -> Iterator[tuple[str, Check]]:
    """Every check with the name it has if it fails itself."""
    places = context.places
    settings, refusal = _settings_or_defaults(context)
    yield "Python", machine.check_python
    yield "Packages", machine.check_packages
    yield "Libraries", machine.check_native_modules
    yield "Memory", machine.check_memory
    yield "Terminal", partial(surroundings.check_terminal, environ)
    yield "Locale", surroundings.check_locale
    yield "Settings", partial(contents.check_config, places, environ, refusal)
    yield "Offline mode", partial(contents.check_offline, settings)
    yield "Folders", partial(surroundings.check_folders, places)
    yield "Models", partial(contents.check_models, places, settings)
    yield "Conversations", partial(contents.check_conversations, places)
    yield "Documents", partial(contents.check_documents, places, settings)


def write(finding: Finding) -> None:
    """One finding on the terminal, its remedy below."""
    mark, colour = MARKS[finding.level]
    click.secho(mark, fg=colour, bold=True, nl=False)
    click.echo(f" {sanitize(speech().named(told(finding.name), told(finding.detail)))}")
    if finding.remedy:
        click.echo(f"    {sanitize(told(finding.remedy))}")


def summary(found: Iterable[Finding]) -> str:
    """The last line: how much is wrong."""
    levels = [finding.level for finding in found]
    failures, warnings = levels.count("failure"), levels.count("warning")
    if not failures and not warnings:
        return "Everything is in order."
    return f"{failures} to mend, {warnings} to know of."


def _settings_or_defaults(context: Context) -> tuple[Settings, ConfigError | None]:
    """The settings, or the defaults and why the settings can't be used."""
    try:
        return context.settings, None
    except ConfigError as error:
        return Settings(), error
