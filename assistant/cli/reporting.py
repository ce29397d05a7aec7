"""Failures of commands, told: the fact, the remedy, an exit status."""

from __future__ import annotations

import errno
import io
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from assistant.cli.speaking import speech
from assistant.cli.streams import BROKEN_PIPE_STATUS, silence_output
from assistant.core.errors import AssistantError, UsageError
from assistant.core.text import one_line, sanitize
from assistant.language.messages.speech import Speech

INTERRUPTED = 130
"""What shells report for SIGINT (128 + 2)."""
MAX_LOG_BYTES = 1024 * 1024


class Told(click.ClickException):
    """A failure as the person sees it on standard error."""

    def __init__(self, error: AssistantError) -> None:
        super().__init__(error.message)
        self.error = error
        self._speech = speech()  # while the command, and so its settings, are at hand

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002
        tell(self.error, self._speech)


class Misused(Told):
    """The command line contradicts itself or lacks something."""

    exit_code = 2


class Bug(Told):
    """Nobody foresaw this; EX_SOFTWARE of sysexits.h."""

    exit_code = 70


class Mistyped(click.UsageError):
    """What click says of a command line, in the language of the interface."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.message, error.ctx)
        self._error = error
        self._speech = speech()

    def show(self, file: IO[Any] | None = None) -> None:
        written = io.StringIO()
        self._error.show(written)
        for line in written.getvalue().splitlines():
            told = self._speech.tell(line)
            click.echo(told if told != line.strip() else line, file, err=file is None)


def tell(error: AssistantError, language: Speech | None = None) -> None:
    """Write an error and its remedy on standard error, coloured on a terminal only."""
    said = language or speech()
    heading = said.tell("Error:")
    click.secho(heading, err=True, nl=False, fg="red", bold=True)
    space = " " if heading.isascii() else ""
    click.echo(f"{space}{sanitize(said.tell(error.message))}", err=True)
    if error.hint:
        click.echo(sanitize(said.tell(error.hint)), err=True)


@contextmanager
def reported(log: Callable[[], Path], *, verbose: bool) -> Iterator[None]:
    """Turns whatever a command raises into a `Told` or an exit status.

    `verbose` shows tracebacks. A failure nobody foresaw is a fault of this program: it goes in
    full to the file `log()`, and in one line to the person.
    """
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise Mistyped(error) from error
    except (click.exceptions.Exit, click.ClickException):
        raise
    except (KeyboardInterrupt, click.Abort) as stop:
        raise click.exceptions.Exit(INTERRUPTED) from stop
    except BrokenPipeError as gone:
        silence_output()
        raise click.exceptions.Exit(BROKEN_PIPE_STATUS) from gone
    except AssistantError as error:
        if verbose:
            click.echo(traceback.format_exc(), err=True, nl=False)
        raise (Misused if isinstance(error, UsageError) else Told)(error) from error
    except Exception as error:  # the outermost seam of the process
        raise _told_of(error, log, verbose=verbose) from error


def _told_of(error: Exception, log: Callable[[], Path], *, verbose: bool) -> Told:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        full = AssistantError("There is no space left to write to.", "Free some, then try again.")
        return Told(full)
    details = traceback.format_exc()
    if verbose:
        click.echo(details, err=True, nl=False)
    fact = f"The assistant met a fault of its own: {one_line(f'{type(error).__name__}: {error}')}"
    try:
        path = log()
        write_log(path, details)
    except (OSError, AssistantError):
        hint = f"The details could not be saved:\n{details}" if not verbose else ""
    else:
        hint = f"The details are in {path}"
    return Bug(AssistantError(fact, hint))


def write_log(path: Path, details: str) -> None:
    """Append to a log only its owner may read; past 1 MB the old part is set aside as `.1`.

    Command lines are left out: they hold what people ask.
    """
    from assistant.config import make_private_folder

    make_private_folder(path.parent)
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    stamp = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = f"{stamp}\n{details}\n".encode("utf-8", "backslashreplace")
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.write(entry)
