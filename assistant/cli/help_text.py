"""Help in the language of the interface: every page of it, without importing what it tells of."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

import click

from assistant.cli.speaking import cells, padded, speech
from assistant.language.messages.speech import Speech

GAP = 2
MOST_CELLS = 30
"""Of the column with options or commands."""
_WIDE = "\u2e80-\uffef"
_PIECES = re.compile(f"(?:[{_WIDE}]|[^\\s{_WIDE}]+) ?")
"""What is never broken: a word, a Chinese character; each with the space after it."""
_NOT_FIRST = frozenset("，。！？：；、）》”’…")
_NOT_LAST = frozenset("（《“‘")
_EXTRA = re.compile(r"(.*?)  \[([^\[\]]+)\]", re.DOTALL)
"""What click says after the help of an option: its default, its range, that it is required."""
_DEFAULT = "default: "


class HelpPage(click.HelpFormatter):
    """A page of help as click writes it, told in the person's language."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        super().__init__(indent_increment, width, max_width)
        self._speech = speech()

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how the command is written."""
        tell = self._speech.tell
        heading = tell("Usage:")
        words = [tell(word) for word in args.split(" ")] if args else []
        super().write_usage(prog, " ".join(words), prefix or f"{heading}{_space(heading)}")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        self.write(f"{'':>{self.current_indent}}{self._speech.tell(f'{heading}:')}\n")

    def write_text(self, text: str) -> None:
        """What the command does: paragraphs of prose, and examples that stay as they are."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(paragraphs(text)):
            told = (
                paragraph.splitlines()
                if is_example(paragraph)
                else wrapped(self._speech.tell(paragraph), self.width - self.current_indent)
            )
            self.write("\n" if number else "")
            self.write("".join(f"{indent}{line}\n" for line in told))

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = MOST_CELLS,
        col_spacing: int = GAP,
    ) -> None:
        """Options or commands, and what each does."""
        rows = list(rows)
        first = min(max(cells(name) for name, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, help_text in rows:
            room = max(self.width - first - self.current_indent, 10)
            lines = wrapped(told_help(help_text, self._speech), room)
            if cells(name) > first - col_spacing:
                self.write(f"{indent}{name}\n")
            elif lines:
                self.write(f"{indent}{padded(name, first)}{lines.pop(0)}\n")
            else:
                self.write(f"{indent}{name}\n")
            self.write("".join(f"{indent}{' ' * first}{line}\n" for line in lines))


class SpokenContext(click.Context):
    """A context whose help is told so."""

    formatter_class = HelpPage


def spoken(command: click.Command) -> click.Command:
    """The command, its help and that of those below it told so, their summaries whole."""
    command.context_class = SpokenContext
    if isinstance(command, click.Group):
        for below in command.commands.values():
            below.short_help = below.short_help or summary(below.help or "")
            spoken(below)
    return command


def paragraphs(text: str) -> list[str]:
    """Those of a help text: prose on one line, examples line by line."""
    found = re.split(r"\n\s*\n", inspect.cleandoc(text).replace("\b\n", ""))
    return [p.rstrip() if is_example(p) else " ".join(p.split()) for p in found if p.strip()]


def is_example(paragraph: str) -> bool:
    """Whether it shows what one might type: it is indented."""
    return paragraph.startswith("  ")


def summary(text: str) -> str:
    """The first paragraph."""
    return paragraphs(text)[0] if text.strip() else ""


def told_help(text: str, language: Speech) -> str:
    """The help of an option, and what click adds to it."""
    found = _EXTRA.fullmatch(text) or re.fullmatch(r"()\[([^\[\]]+)\]", text)
    if found is None:
        return language.tell(text)
    extras = "; ".join(_told_extra(extra, language) for extra in found[2].split("; "))
    return f"{language.tell(found[1])}  [{extras}]".lstrip()


def _told_extra(extra: str, language: Speech) -> str:
    if not extra.startswith(_DEFAULT):
        return language.tell(extra)
    heading = language.tell(_DEFAULT.strip())
    return f"{heading}{_space(heading)}{language.tell(extra.removeprefix(_DEFAULT))}"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many columns, broken at spaces and between Chinese characters."""
    lines: list[str] = []
    line = ""
    for piece in _unbroken(" ".join(text.split())):
        if line and cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line else lines


def _unbroken(text: str) -> Iterator[str]:
    """Pieces a line may end after; no line begins with a closing sign or ends with an opening
    one."""
    held = ""
    for piece in _PIECES.findall(text):
        if held and piece[0] not in _NOT_FIRST and held[-1] not in _NOT_LAST:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _space(heading: str) -> str:
    return " " if heading.isascii() else ""
