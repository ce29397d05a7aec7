"""Reads source code as text; functions and classes are its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.core.errors import DocumentError
from index.loaders.document import Document, Heading, Limits
from index.loaders.text import read_text

_LONGEST_LINE = 300
"""Characters; longer lines declare nothing a person wrote."""
_GENERATED = 1_000
"""Characters a line on average from which code was made by a program for a program."""
_MODIFIERS = (
    "export|default|public|private|protected|internal|static|final|abstract|async|pub|"
    r"pub\([\w:]+\)|sealed|open|override|inline|extern|unsafe|const|data|partial|virtual|local"
)
_KINDS = (
    "class|interface|struct|enum|trait|impl|union|protocol|extension|namespace|module|mod|object|"
    "record|def|defp|defmodule|defn|func|function|fn|fun|sub|type|contract|procedure|package"
)
_DECLARED = re.compile(
    rf"\s*\(?(?:(?:{_MODIFIERS})\s+){{0,6}}(?:{_KINDS})(?:\s+|(?=<))"
    r"(?:\([^()]{0,100}\)\s*)?(?:<[^<>]{0,60}>\s*)?\*?([A-Za-z_$][\w$.:!?-]{0,100})"
)
_SQL = re.compile(
    r"\s*create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|trigger)\s+"
    r"(?:if\s+not\s+exists\s+)?[\"`\[]?([\w.]{1,100})",
    re.IGNORECASE,
)
_BRACED = re.compile(
    r"\s{0,12}(?:[\w:<>,\[\]*&?.~@]+\s+){1,6}[*&]*([A-Za-z_~$][\w:~$]{0,100})\s?"
    r"\([^;{}=]{0,200}(?:\)[^;(){}=]{0,60}\{?|,)\s*$"
)
"""A C, Java or C# function: a type, a name, parameters, and no semicolon."""
_NOT_TYPES = re.compile(
    r"\s*(?:if|for|while|switch|return|else|catch|new|throw|delete|case|do|elif|await|yield|"
    r"assert|raise|print|echo|import|from|using|goto|in|not|and|or|with|del|lambda)\b"
)
_LEADS = re.compile(
    r"\s*(?:@\w|#(?!include|define|if|endif|else|pragma)|//|/\*|\*|\[\w|--|template\b)"
)
"""Decorators, attributes and comments, which belong to the declaration below them."""


def load(path: Path, limits: Limits) -> Document:
    """The source text itself; lines are the file's lines.

    Raises:
        DocumentError: minified or otherwise made by a program.
    """
    text = read_text(path, limits)
    lines = text.count("\n") + 1
    if len(text) > 50 * _GENERATED and len(text) > _GENERATED * lines:
        raise DocumentError(
            "It is generated code, without lines a person could read.", "Add its sources."
        )
    return Document(text, headings=tuple(_headings(text)), has_lines=True)


def _headings(text: str) -> Iterator[Heading]:
    """Levels follow the indentation."""
    offset = 0
    lead = -1
    for line in text.split("\n"):
        name = _name(line)
        start = offset + len(line) - len(line.lstrip())
        if name:
            indent = len(line[: start - offset].expandtabs(4))
            yield Heading(lead if lead >= 0 else start, indent + 1, name)
        if not _LEADS.match(line):
            lead = -1
        elif lead < 0:
            lead = start
        offset += len(line) + 1


def _name(line: str) -> str:
    """Name of what the line declares, if anything."""
    if not line.strip() or len(line) > _LONGEST_LINE:
        return ""
    match = _DECLARED.match(line) or _SQL.match(line)
    if match is None and "(" in line and not _NOT_TYPES.match(line):
        match = _BRACED.match(line)
    return match[1].rstrip(":") if match else ""
