"""Slash commands: which there are, what a prompt means, and how it can be completed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

from assistant.tui.strings import Strings

_COMMAND = re.compile(r"/([\w-]*)(?:\s+(.*))?$", re.DOTALL)
_SKILLS_GROUP = "assistant.skills"
_WITH_TEXT = frozenset({"index", "rename", "export", "import"})


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can follow a slash; `takes_text` when more is to be written after it."""

    name: str
    summary: str
    is_skill: bool
    takes_text: bool
    example: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command with the text after it."""

    command: Command
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A slash and a word that is no command."""

    word: str


def commands(skills: Sequence[str], strings: Strings) -> tuple[Command, ...]:
    """The skills first, then the program's own commands."""
    of_skills = tuple(
        Command(name, strings.skill_summaries.get(name, name), True, True, _example(name, strings))
        for name in skills
    )
    own = tuple(
        Command(name, summary, False, name in _WITH_TEXT, _example(name, strings))
        for name, summary in strings.commands.items()
    )
    return of_skills + own


def _example(name: str, strings: Strings) -> str:
    return strings.command_examples.get(name, "")


def skill_names() -> tuple[str, ...]:
    """Names of the installed skills; reading them imports none of them."""
    return tuple(sorted({point.name for point in entry_points(group=_SKILLS_GROUP)}))


def parse(text: str, table: Sequence[Command]) -> Invocation | Unknown | None:
    """What a prompt that starts with a slash means; None for ordinary text.

    A path (`/home/me/cat.jpg`) is ordinary text: its first word holds a second slash or a dot.
    """
    match = _COMMAND.match(text)
    if match is None or not match.group(1):
        return None
    command = next((c for c in table if c.name == match.group(1).lower()), None)
    if command is None:
        return Unknown(match.group(1))
    return Invocation(command, (match.group(2) or "").strip())


def completions(text: str, table: Sequence[Command]) -> tuple[Command, ...]:
    """Commands that a prompt of a slash and the beginning of a word can become."""
    match = _COMMAND.match(text)
    if match is None or match.group(2) is not None or text != text.rstrip():
        return ()
    word = match.group(1).lower()
    return tuple(command for command in table if command.name.startswith(word))
