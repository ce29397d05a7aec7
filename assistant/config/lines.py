"""Which line of a TOML text a key stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any

_PLACE = re.compile(r"\(at line (\d+), column \d+\)$")


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line (from 1) on which the statement that sets `path` begins; None if it isn't set.

    TOML is parsed for ever longer beginnings of the text: the key belongs to the first that
    has it, and its statement begins after the last shorter one that parses. This is exact for
    multi-line values, dotted keys and inline tables. The cost is quadratic in the lines, about
    0.1 s for 500, and is paid only once something is wrong.
    """
    lines = text.splitlines(keepends=True)
    begins = 1
    for count in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        if _holds(document, path):
            return begins
        begins = count + 1
    return None


def line_of_syntax_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """Where the parser gave up (a line from 1), and its complaint without the place."""
    place = _PLACE.search(str(error))
    complaint = re.sub(r" \(at .*\)$", "", str(error))
    return (int(place[1]) if place else max(1, len(text.splitlines()))), complaint


def _holds(document: dict[str, Any], path: Sequence[str]) -> bool:
    node: object = document
    for name in path:
        if not isinstance(node, dict) or name not in node:
            return False
        node = node[name]
    return True
