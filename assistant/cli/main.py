"""The `assistant` command: global options, and the table of commands."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from assistant.cli.context import Context, PendingContext
from assistant.cli.lazy_group import CommandEntry, LazyGroup
from assistant.cli.reporting import reported
from assistant.config import LoadedSettings, Places, find_places, load_with_origins
from assistant.core.errors import ConfigError
from assistant.core.paths import with_home

COMMANDS: Mapping[str, CommandEntry] = {
    "chat": CommandEntry("assistant.cli.chat", "Open the chat (also without a command)."),
    "serve": CommandEntry("assistant.cli.serve", "Open the chat in a browser of this machine."),
    "ask": CommandEntry("assistant.cli.ask", "Ask one question and print the answer."),
    "batch": CommandEntry("assistant.cli.batch", "Answer JSON requests, one a line."),
    "translate": CommandEntry("assistant.cli.translate", "Translate a document."),
    "classify": CommandEntry(
        "assistant.cli.classify", "Give each line of a file one of your labels."
    ),
    "describe": CommandEntry(
        "assistant.cli.describe", "Say what images show; which label fits, and why."
    ),
    "detect": CommandEntry("assistant.cli.detect", "Find and count things in images."),
    "read": CommandEntry("assistant.cli.read", "Write down the text in images and scans."),
    "segment": CommandEntry("assistant.cli.segment", "Outline or cut out things in images."),
    "route": CommandEntry("assistant.cli.route", "Show which skill a message is for; teach it."),
    "index": CommandEntry(
        "assistant.cli.index.group", "Add your documents, keep up with them, forget them."
    ),
    "conversations": CommandEntry(
        "assistant.cli.conversations", "List, search, export, import, delete conversations."
    ),
    "models": CommandEntry("assistant.cli.models", "List, fetch and remove models."),
    "devices": CommandEntry("assistant.cli.devices", "Show where each model would run, and why."),
    "config": CommandEntry("assistant.cli.config", "Show and check the settings."),
    "doctor": CommandEntry("assistant.cli.doctor", "Check that everything is in order."),
    "screenshot": CommandEntry("assistant.cli.screenshot", "Save a picture of the chat as SVG."),
}


class Root(LazyGroup):
    """The top command; whatever goes wrong below it is told here."""

    def invoke(self, ctx: click.Context) -> None:
        if "NO_COLOR" in os.environ:
            ctx.color = False
        with reported(lambda: _error_log(ctx), verbose=bool(ctx.params.get("verbose"))):
            super().invoke(ctx)


@click.command(
    cls=Root,
    entries=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--offline", is_flag=True, help="Block every network access.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use this configuration file.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="assistant", message="assistant %(version)s")
@click.pass_context
def root(
    ctx: click.Context,
    offline: bool,
    config_file: Path | None,
    verbose: bool,  # noqa: ARG001 - read by Root.invoke
) -> None:
    """A private assistant in the terminal: your documents, translation, writing and images.

    Without a command it opens the chat. Nothing leaves this machine, unless you put a model on
    another one.
    """
    flags = _variables(offline=offline, config_file=config_file)
    ctx.with_resource(_environment(flags))
    ctx.obj = _context(ctx, find_places(os.environ), offline=offline, must_exist=bool(config_file))
    if ctx.invoked_subcommand is None:
        chat = root.get_command(ctx, "chat")
        assert chat is not None  # noqa: S101 - it is in the table
        ctx.invoke(chat)


def _variables(*, offline: bool, config_file: Path | None) -> dict[str, str]:
    """The global options as the engine process finds them, which inherits the environment."""
    variables = {"ASSISTANT_OFFLINE": "true"} if offline else {}
    if config_file is not None:
        variables["ASSISTANT_CONFIG"] = str(with_home(config_file).absolute())
    return variables


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets environment variables for the length of a command."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _context(ctx: click.Context, places: Places, *, offline: bool, must_exist: bool) -> Context:
    """The context of the commands; the network is closed as soon as settings say so."""

    def load() -> LoadedSettings:
        if must_exist and not places.config_file.exists():
            raise ConfigError(
                f"There is no file {places.config_file}.", "Correct --config, or leave it out."
            )
        flags = {"offline": "true"} if offline else {}
        loaded = load_with_origins(places, os.environ, flags)
        if loaded.settings.offline:
            _close_network(ctx, loopback=ctx.invoked_subcommand == "serve")
        return loaded

    return PendingContext(places, load)


def _close_network(ctx: click.Context, *, loopback: bool) -> None:
    """For the length of the command, which outside tests is that of the process; with
    `loopback` what stays on this machine is allowed."""
    from assistant.models.network import network_forbidden

    ctx.with_resource(network_forbidden(loopback=loopback))


def _error_log(ctx: click.Context) -> Path:
    places = ctx.obj.places if isinstance(ctx.obj, Context) else find_places(os.environ)
    return places.error_log
