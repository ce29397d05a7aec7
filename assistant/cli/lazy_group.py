"""A click group that imports a command only when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module

import click

from assistant.cli.help_text import SpokenContext, spoken
from assistant.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """Where a command lives (a module with a click command named `command`), and its help."""

    module: str
    summary: str


class LazyGroup(click.Group):
    """A group over a table of commands; its help imports none of them."""

    context_class = SpokenContext

    def __init__(self, *, entries: Mapping[str, CommandEntry], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        command = import_module(entry.module).command
        assert isinstance(command, click.Command)  # noqa: S101 - a fault of the table
        return spoken(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self._entries and not name.startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(name, self._entries, n=1)
            meant = f"Did you mean `assistant {near[0]}`? " if near else ""
            raise UsageError(
                f'There is no command "{name}".',
                f'{meant}To ask something: assistant ask "…". All commands: assistant --help',
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self._entries.items()])
