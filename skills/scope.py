"""Says what was searched, and which filter let nothing through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import PurePath

from assistant.core.documents import Filters, Scope
from assistant.core.text import one_line
from skills.filter_values import written
from skills.qa_wording import Wording, counted

_MOST_NAMES = 5
_NEAR = 0.5
"""Similarity (difflib's ratio) of names worth offering."""
_LONGEST_LIST = 20_000
"""Names compared at most; some 10 µs each."""


def searched(scope: Scope, words: Wording) -> str:
    """ "3 files searched, collection “work”, type:pdf"."""
    parts = [counted(words.searched, scope.files, files=scope.files)]
    if scope.collection:
        parts.append(words.collection.format(name=one_line(scope.collection, 64)))
    if scope.filters:
        parts.append(written(scope.filters))
    return ", ".join(parts)


def explain_exclusion(
    filters: Filters,
    count: Callable[[Filters], int],
    file_names: Callable[[], Sequence[str]],
    words: Wording,
) -> str:
    """Which filter lets no file through, and what there is instead.

    Args:
        count: files that pass some filters.
        file_names: paths of the files there are.
    """
    alone = _parts(filters)
    guilty = next((part for part in alone if count(part) == 0), None)
    if guilty is None:
        return words.excluded_together.format(filter=written(filters))
    text = words.excluded.format(filter=written(guilty))
    return " ".join(part for part in (text, _instead(guilty, file_names(), words)) if part)


def _parts(filters: Filters) -> list[Filters]:
    parts = [
        Filters(paths=filters.paths),
        Filters(types=filters.types),
        Filters(after=filters.after, before=filters.before),
    ]
    return [part for part in parts if part]


def _instead(filters: Filters, paths: Sequence[str], words: Wording) -> str:
    if filters.types:
        endings = Counter(PurePath(p).suffix.lower().removeprefix(".") for p in paths)
        names = [f"{name} ({count})" for name, count in endings.most_common(_MOST_NAMES) if name]
        return words.there_are.format(names=one_line(", ".join(names))) if names else ""
    if filters.paths:
        near = _near(filters.paths, paths)
        return words.near.format(names=one_line(", ".join(near), 400)) if near else ""
    return ""


def _near(wanted: Sequence[str], paths: Sequence[str]) -> list[str]:
    names: dict[str, str] = {}
    for path in paths[:_LONGEST_LIST]:
        name = PurePath(path).name
        names.setdefault(name.casefold(), name)
        names.setdefault(PurePath(path).stem.casefold(), name)
    found = [
        names[match]
        for asked in wanted
        for match in get_close_matches(asked.casefold(), names, _MOST_NAMES, _NEAR)
    ]
    return list(dict.fromkeys(found))[:_MOST_NAMES]
