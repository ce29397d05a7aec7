"""Reads from the source what people can be told: the texts of errors, notices and progress.

Nothing is run: the syntax trees of the packages are walked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.language.message_reader import DEPTH, Module, Reader, Text, called, has_letters, shown

ROOT = Path(__file__).parents[2]
PACKAGES = ("assistant", "skills", "index")
BASES = frozenset({"AssistantError", "Notice", "Failed"})
FIRST_ONLY = frozenset({"Progress"})
"""Of these only the first argument is a text for people."""
FURTHER: Mapping[str, tuple[int | str, ...]] = {
    "Finding": (0, "name", 2, "detail", 3, "remedy"),
    "Route": (3, "reason"),
    "_Meaning": (1, 2),
    "_ranked": (1,),
    "_refuse": (0, 1),
    "confirm": (0,),
    "echo": (0,),
    "prompt": (0,),
    "report": (0, "label"),
    "say": (0,),
    "show": (1,),
    "tell": (0,),
    "told": (0, 1),
}
"""Other makers of texts, with the arguments that hold them."""
IN_THE_LANGUAGE = ("assistant/tui", "assistant/plain")
"""What these say stands in tables of each language."""


@dataclass(frozen=True)
class Found:
    """A text and where it is made."""

    place: str
    text: Text
    source: str = ""

    @property
    def shown(self) -> str:
        """The text with `{}` for what is not known."""
        return shown(self.text)

    @property
    def says_something(self) -> bool:
        """Whether it has words of its own; else it only hands on another's."""
        return any(isinstance(part, str) and has_letters(part) for part in self.text)


def modules(paths: Iterable[Path] | None = None) -> list[Module]:
    """The modules of the program, parsed."""
    files = paths or sorted(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))
    files = [p for p in files if not p.relative_to(ROOT).as_posix().startswith(IN_THE_LANGUAGE)]
    return [Module(path, ast.parse(path.read_text("utf-8"))) for path in files]


def families(parsed: Iterable[Module]) -> frozenset[str]:
    """The error and event types, and whatever is derived from them."""
    parsed = list(parsed)
    names = set(BASES)
    before = 0
    while before != len(names):
        before = len(names)
        for module in parsed:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ClassDef) and _bases(node) & names:
                    names.add(node.name)
    return frozenset(names)


def collect(parsed: Iterable[Module]) -> Iterator[Found]:
    """Every text handed to an error, a notice, progress or a finding; without a text where that
    of an error or an event can't be read from the source."""
    parsed = list(parsed)
    names = families(parsed)
    for module in parsed:
        reader = Reader(module)
        for node, within in module.walk():
            if not isinstance(node, ast.Call):
                continue
            for argument in _texts_of(node, names):
                place = f"{module.path.relative_to(ROOT).as_posix()}:{argument.lineno}"
                texts = reader.read(argument, within, DEPTH)
                if texts is None and called(node) in names | FIRST_ONLY:
                    texts = [()]
                yield from (Found(place, text, ast.unparse(argument)) for text in texts or ())


def _texts_of(call: ast.Call, names: frozenset[str]) -> Iterator[ast.expr]:
    name = called(call)
    wanted: tuple[int | str, ...]
    if name in names:
        wanted = (0, 1, "message", "text", "hint")
    elif name in FIRST_ONLY:
        wanted = (0, "label")
    else:
        wanted = FURTHER.get(name, ())
    yield from (arg for at, arg in enumerate(call.args) if at in wanted)
    yield from (keyword.value for keyword in call.keywords if keyword.arg in wanted)


def _bases(node: ast.ClassDef) -> set[str]:
    return {
        base.id if isinstance(base, ast.Name) else base.attr
        for base in node.bases
        if isinstance(base, ast.Name | ast.Attribute)
    }
