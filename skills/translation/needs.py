"""What a translation should have in it, though translators may be trusted to put it there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skills.translation.glossary import Glossary, Term
from skills.translation.nodes import Flat
from skills.translation.numbers import numbers, wrong_numbers

Range = tuple[int, int, int, str]
"""Number of a node, start and end in its text, and what is to stand there."""
_NAME = re.compile(r"\b(?:[a-z]+|[A-Z][a-z0-9]+)(?:[A-Z][a-z0-9]*)+\b|\b(?=\w*\d)[A-Z][A-Z0-9]+\b")
"""Names of things in code and of products: camelCase, PascalCase, MP3."""
_MONEY = re.compile(r"([$€£¥₹₩])\s?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*\s?([$€£¥₹₩])")
_CURRENCIES = {
    "$": ("dol", "dól", "usd", "peso", "real", "reais", "доллар", "元", "ドル", "달러"),
    "€": ("eur", "евро", "欧", "歐", "ユーロ", "유로"),
    "£": (
        "pound",
        "libra",
        "gbp",
        "livre",
        "pfund",
        "sterlin",
        "фунт",
        "镑",
        "鎊",
        "ポンド",
        "파운드",
    ),
    "¥": ("yen", "iene", "yuan", "rmb", "cny", "jpy", "иен", "юан", "元", "円", "엔"),
    "₹": ("rup", "inr", "руп", "卢比", "ルピー", "루피"),
    "₩": ("won", "krw", "вон", "韩元", "ウォン", "원"),
}
"""Beginnings of what each is called."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Finds numbers, names and terms of the glossary that got lost."""

    glossary: Glossary

    def unmet(self, nodes: Flat, translated: str) -> list[Range]:
        """What of the text in `nodes` a translation lacks, or says more often than the text."""
        text = " \n".join(node for node in nodes if isinstance(node, str))
        wrong = wrong_numbers(text, translated) | _wrong_names(text, translated)
        wrong |= _lost_money(text, translated)
        found: list[Range] = []
        for place, node in enumerate(nodes):
            if isinstance(node, str):
                terms = self._lost_terms(node, translated)
                found += [(place, term.start, term.end, term.wanted) for term in terms]
                found += [
                    (place, *match.span(), match.group())
                    for match in _exact(node)
                    if match.group() in wrong and not _within(match, terms)
                ]
        return found

    def _lost_terms(self, text: str, translated: str) -> list[Term]:
        folded = translated.casefold()
        return [t for t in self.glossary.find(text) if t.wanted.casefold() not in folded]


def _exact(text: str) -> Iterator[re.Match[str]]:
    """Amounts of money, numbers and names."""
    yield from _MONEY.finditer(text)
    yield from numbers(text)
    yield from _NAME.finditer(text)


def _wrong_names(text: str, translated: str) -> set[str]:
    names = Counter(_NAME.findall(text))
    return {name for name, count in names.items() if translated.count(name) != count}


def _lost_money(text: str, translated: str) -> set[str]:
    """Amounts whose currency is missing, both its sign and its name."""
    folded = translated.casefold()
    return {
        match.group()
        for match in _MONEY.finditer(text)
        for sign in (match[1] or match[2],)
        if sign not in translated and not any(name in folded for name in _CURRENCIES[sign])
    }


def _within(match: re.Match[str], terms: Sequence[Term]) -> bool:
    return any(term.start < match.end() and match.start() < term.end for term in terms)
