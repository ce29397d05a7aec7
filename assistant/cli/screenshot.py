"""`assistant screenshot`: a picture of the chat, for the documentation and for bug reports."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import click

from assistant.cli.context import Context
from assistant.core.errors import UsageError

SMALLEST, LARGEST = 20, 500
"""Columns or rows."""


class Size(click.ParamType[tuple[int, int]]):
    """Columns and rows as "120x36"."""

    name = "COLUMNSxROWS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", str(value).strip())
        sides = (int(match[1]), int(match[2])) if match else (0, 0)
        if not all(SMALLEST <= side <= LARGEST for side in sides):
            self.fail(
                f"{value!r} is no size; write columns x rows, each from {SMALLEST} to {LARGEST}, "
                "as in 120x36.",
                param,
                ctx,
            )
        return sides


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.svg")
@click.option("--size", type=Size(), default="120x36", show_default=True, help="Of the terminal.")
@click.option("--theme", help="Draw in this theme instead of the one in the settings.")
@click.pass_obj
def command(context: Context, out: Path, size: tuple[int, int], theme: str | None) -> None:
    """Save a picture of the chat with an example conversation as SVG."""
    if not out.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {out.parent} to save into.", "Make it first.")
    from assistant.tui.screenshot import screenshot

    shown = theme or context.settings.ui.theme
    asyncio.run(screenshot(context.settings, context.places, size=size, theme=shown, out=out))
    click.echo(out)
