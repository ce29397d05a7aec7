"""Chooses how the words of a question are looked up, so that common ones don't cost seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ALONE = 2_000
"""Rows that terms looked up by themselves may match; scoring one takes a microsecond."""
ROWS = 8_000
"""Rows that all may match. On a made-up million chunks eight of the ten contents with the
highest BM25 scores are found in 8 ms, of 100,000 all but a few, in 3 ms; without pairs six."""
_PARTNERS = 6
"""Commoner terms that one is looked up together with."""
_PASSED = 0.03
"""Cost of a row that is passed over or counted, in scored ones."""


def plan(
    counts: Mapping[str, int], contents: int, share: float = 1.0, *, thorough: bool = False
) -> str:
    """A full-text query that finds the contents most likely to score high; "" for none.

    The rarest terms are looked up by themselves, as many as the rows allow. Others, the rarer
    first, only where they stand together with a commoner one: what holds nothing but a
    single common term can hardly score high. A term that more than half of the contents
    hold tells nothing.

    Args:
        counts: contents that hold it, by term.
        contents: in the collection.
        share: of the contents that may be found at all, in (0, 1]; only those are scored.
        thorough: look up the rarest term whatever it costs rather than nothing.
    """
    telling = sorted((n, term) for term, n in counts.items() if 0 < n <= max(1, contents // 2))
    chosen: list[str] = []
    cost = 0.0
    while telling and cost + (one := _cost(telling[0][0], 0, share)) <= ALONE:
        chosen.append(quoted(telling.pop(0)[1]))
        cost += one
    for place, (count, term) in enumerate(telling):
        partners = telling[place + 1 : place + 1 + _PARTNERS]
        together = _together(count, partners, contents, share, ROWS - cost)
        if not together:
            break
        cost += _pair_cost(count, together, contents, share)
        any_partner = " OR ".join(quoted(partner) for _, partner in together)
        chosen.append(f"({quoted(term)} AND ({any_partner}))")
    if not chosen:
        chosen = _lonely(counts, telling, share, thorough=thorough)
    return " OR ".join(chosen)


def _together(
    count: int,
    partners: Sequence[tuple[int, str]],
    contents: int,
    share: float,
    rows: float,
) -> Sequence[tuple[int, str]]:
    """As many of the partners, the rarer first, as the rows allow."""
    while partners and _pair_cost(count, partners, contents, share) > rows:
        partners = partners[:-1]
    return partners


def _pair_cost(
    count: int, partners: Sequence[tuple[int, str]], contents: int, share: float
) -> float:
    others = sum(n for n, _ in partners)
    return _cost(count * others / contents, count + others, share)


def _cost(matched: float, passed: float, share: float) -> float:
    return matched * (share + _PASSED) + passed * _PASSED


def _lonely(
    counts: Mapping[str, int], telling: Sequence[tuple[int, str]], share: float, *, thorough: bool
) -> list[str]:
    """The only telling term of a question is worth some milliseconds more."""
    if telling and _cost(telling[0][0], 0, share) <= 4 * ROWS:
        return [quoted(telling[0][1])]
    known = sorted((n, term) for term, n in counts.items() if n > 0)
    return [quoted(term) for _, term in known[:1]] if thorough else []


def quoted(term: str) -> str:
    """A term as a full-text query has it; terms hold no quotation marks."""
    return f'"{term}"'
