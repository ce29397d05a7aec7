"""Writes a turn to the terminal as it happens: the answer apart from everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click

from assistant.cli.speaking import told
from assistant.core.events import (
    Event,
    Failed,
    Notice,
    Picture,
    Planned,
    PlannedStep,
    Routed,
    SentTo,
    StepDone,
    StepStarted,
    TextDelta,
)
from assistant.core.text import one_line


class AnswerWriter:
    """The answer goes to standard output, everything else to standard error.

    Of a chain the answer is the last step's output: what a pipe gets is what was asked for, and
    in a terminal, where both are seen, the steps before it stand above under their headings.

    Args:
        why: also say which skill was chosen and why.
    """

    def __init__(self, why: bool) -> None:
        self._why = why
        self._steps: tuple[PlannedStep, ...] = ()
        self._stream: TextIO = sys.stdout
        self._open_line = False

    def write(self, events: Iterable[Event]) -> bool:
        """Write a turn to its end; whether it failed."""
        failed = False
        for event in events:
            self._show(event)
            failed = failed or isinstance(event, Failed)
        self._end_line()
        return failed

    def _show(self, event: Event) -> None:
        match event:
            case TextDelta(piece) if piece:
                self._stream.write(piece)
                self._stream.flush()
                self._open_line = not piece.endswith("\n")
            case Routed():
                self._tell_choice(event)
            case Planned(steps, _):
                self._steps = steps
                named = [f"{n} {_named(step)}" for n, step in enumerate(steps, 1)]
                self._remark(told(f"Plan: {' → '.join(named)}"))
            case StepStarted(index):
                self._begin(index)
            case StepDone():
                self._end_line()
            case Notice(text, hint):
                self._remark(told("Note:", text, hint))
            case SentTo(host, encrypted):
                sent = f"text is sent to {one_line(host, 80)}, where a model in use is served."
                more = "" if encrypted else "The connection is not encrypted."
                self._remark(told("Note:", sent, more))
            case Picture(path, caption) if Path(path).name != caption:
                self._remark(f"{told('Picture:')} {one_line(path, 1000)}")  # made, not attached
            case Failed(message, hint):
                self._end_line()
                self._remark(f"{told('Error:', message)}\n{told(hint)}".rstrip())
            case _:
                return

    def _tell_choice(self, routed: Routed) -> None:
        """The choice where it was asked for, and doubt in any case."""
        if self._why:
            self._remark(f"[{routed.skill} {routed.score:.0%}: {told(routed.reason)}]")
        if routed.unsure and routed.alternatives:
            other = routed.alternatives[0]
            doubt = (
                f"Note: this may be for {routed.skill} ({routed.score:.0%}) or {other.skill} "
                f"({other.score:.0%}); {routed.skill} is the safer. "
                f"-s {other.skill} asks the other."
            )
            self._remark(told(doubt))

    def _begin(self, index: int) -> None:
        self._end_line()
        last = index + 1 == len(self._steps)
        self._remark(f"— {index + 1} {_named(self._steps[index])} —")
        self._stream = sys.stdout if last else sys.stderr

    def _remark(self, text: str) -> None:
        # Not into what goes to a file: there a remark is no part of it.
        if self._stream is sys.stderr or self._stream.isatty():
            self._end_line()
        click.echo(text, err=True)

    def _end_line(self) -> None:
        if self._open_line:
            self._stream.write("\n")
            self._stream.flush()
            self._open_line = False


def _named(step: PlannedStep) -> str:
    """ "translate (pt)"."""
    target = f" ({one_line(step.target, 20)})" if step.target else ""
    return f"{one_line(step.skill, 40)}{target}"
