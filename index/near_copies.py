"""Tells whether two passages say the same in nearly the same words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

ALIKE = 0.85
"""Share of the pairs of neighbouring terms that both passages have, of those that either has
(Jaccard; Broder 1997). A replaced word costs two pairs of each, so it may be one word in 25:
what hyphens, recognised scans and small edits change. In a passage of under 25 words a single
word may be the answer, and there only equal texts are folded."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a passage is compared by."""

    pairs: frozenset[tuple[str, str]]
    telling: frozenset[str]
    """Its numbers, and those of its terms the question asks for: passages that differ in these
    may answer differently, however alike they look (invoices, form letters, versions)."""


def fingerprint(terms: Sequence[str], asked: Collection[str]) -> Fingerprint:
    """Of a passage's terms, for a question that asks for some."""
    telling = frozenset(t for t in set(terms) if t in asked or _is_number(t))
    return Fingerprint(frozenset(pairwise(terms)) or frozenset({(t, "") for t in terms}), telling)


def _is_number(term: str) -> bool:
    return not term.isalpha() and any(map(str.isdigit, term))


def are_near_copies(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one stands for the other in an answer."""
    smaller, larger = sorted((len(one.pairs), len(other.pairs)))
    if one.telling != other.telling or smaller < ALIKE * larger:
        return False
    shared = len(one.pairs & other.pairs)
    return shared >= ALIKE * (smaller + larger - shared)
