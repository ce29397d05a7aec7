"""Chooses which terms of a question are looked up, so that common words don't cost seconds."""

from __future__ import annotations

from collections.abc import Mapping

ROWS = 5_000
"""Rows a question may have scored; one costs about a microsecond."""
ENOUGH = 200
"""Rows after which further terms are not looked for in pairs."""
_PASSED = 0.1
"""Cost of a row that is matched but not scored, in scored rows."""


def plan(
    counts: Mapping[str, int], contents: int, share: float = 1.0, *, thorough: bool = False
) -> str:
    """A full-text query that finds the contents most likely to score high; "" for none.

    The rarest terms come first, as many as the rows allow: they tell most, and what holds
    only commoner ones can hardly outscore what holds them. Where they find little, or every
    term is common, the next rarest is looked up where it stands together with one of the
    three that follow. A term that more than half of the contents hold tells nothing.

    Args:
        counts: contents that hold it, by term.
        contents: in the collection.
        share: of the contents that may be found at all, in (0, 1]; only those are scored.
        thorough: look up the rarest term whatever it costs rather than nothing.
    """
    budget = ROWS / (_PASSED + (1 - _PASSED) * share)
    telling = sorted((n, term) for term, n in counts.items() if 0 < n <= max(1, contents // 2))
    chosen: list[str] = []
    rows = 0
    while telling and rows + telling[0][0] <= budget:
        count, term = telling.pop(0)
        chosen.append(quoted(term))
        rows += count
    if rows < ENOUGH and telling:
        chosen += _together(telling, contents, budget, alone=not chosen)
    if not chosen and thorough:
        known = sorted((n, term) for term, n in counts.items() if n > 0)
        chosen = [quoted(term) for _, term in known[:1]]
    return " OR ".join(chosen)


def _together(
    telling: list[tuple[int, str]], contents: int, budget: float, *, alone: bool
) -> list[str]:
    """The first term with others, as far as the rows both may be in stay within the budget."""
    (count, first), others = telling[0], telling[1:4]
    while others:
        if count * sum(n for n, _ in others) / contents <= budget:
            any_other = " OR ".join(quoted(term) for _, term in others)
            return [f"({quoted(first)} AND ({any_other}))"]
        others.pop()
    # A single telling word: worth some milliseconds more.
    return [quoted(first)] if alone and count <= 4 * budget else []


def quoted(term: str) -> str:
    """A term as a full-text query has it; terms hold no quotation marks."""
    return f'"{term}"'
