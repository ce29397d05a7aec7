"""A person's own translations of terms: read from a file, looked for in text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import ConfigError
from assistant.core.paths import with_home
from skills.translation.patterns import WIDE

_LARGEST = 16 << 20  # bytes
_MOST_TERMS = 100_000


@dataclass(frozen=True, slots=True)
class Term:
    """A term where it stands in a text, and what it is to be called."""

    start: int
    end: int
    wanted: str


class Glossary:
    """Source term → target term. A term with a capital in it matches as it is written, one
    without in any case, and its translation then takes the case of what was found."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        self._terms = dict(terms)
        self._folded = {t.casefold(): made for t, made in terms.items() if t == t.lower()}
        longest_first = sorted(self._terms, key=len, reverse=True)
        pattern = "|".join(map(_searchable, longest_first))
        self._pattern = re.compile(pattern) if pattern else None

    def find(self, text: str) -> Iterator[Term]:
        """Terms in a text, the longer of two that overlap."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            wanted = self._wanted(match.group())
            if wanted is not None:
                yield Term(match.start(), match.end(), wanted)

    def _wanted(self, found: str) -> str | None:
        """None where only `re` takes two letters for one in another case ("ı" and "i")."""
        if (exact := self._terms.get(found)) is not None:
            return exact
        made = self._terms.get(found.lower()) or self._folded.get(found.casefold())
        return None if made is None else _in_case(made, found)


def load_glossary(path: str) -> Glossary:
    """Read a glossary, one term a line: source, then a tab or comma, then target.

    The tab is taken where a line has one. Empty lines and lines that start with # are passed
    over; anything in a third column is a remark. "" is the empty glossary.

    Raises:
        ConfigError: the file can't be read, or a line lacks its second column.
    """
    if not path:
        return NO_GLOSSARY
    file = with_home(path)
    terms: dict[str, str] = {}
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        row = next(csv.reader(io.StringIO(line), delimiter="\t" if "\t" in line else ","), [])
        columns = [column.strip() for column in row]
        if len(columns) < 2 or not columns[0] or not columns[1]:
            raise ConfigError(
                f"Line {number} of the glossary {file} has no translation.",
                "Write the term, a tab or a comma, then its translation.",
            )
        terms[columns[0]] = columns[1]
    if len(terms) > _MOST_TERMS:
        raise ConfigError(
            f"The glossary {file} has {len(terms):,} terms.", f"At most {_MOST_TERMS:,} will do."
        )
    return Glossary(terms)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise ConfigError(
                f"The glossary {file} is larger than {_LARGEST >> 20} MB.", "Use a shorter one."
            )
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(
            f"The glossary {file} can't be read: {reason}.",
            "Correct translate.glossary in the settings.",
        ) from error


def _searchable(term: str) -> str:
    escaped = re.escape(term)
    if WIDE.search(term) is None:
        before = r"(?<!\w)" if re.match(r"\w", term) else ""
        after = r"(?!\w)" if re.search(r"\w$", term) else ""
        escaped = before + escaped + after
    return f"(?i:{escaped})" if term == term.lower() else escaped


def _in_case(wanted: str, found: str) -> str:
    if len(found) > 1 and found.isupper():
        return wanted.upper()
    return wanted[:1].upper() + wanted[1:] if found[:1].isupper() else wanted


NO_GLOSSARY = Glossary({})
