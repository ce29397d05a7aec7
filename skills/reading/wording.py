"""What a message wants of the pages it comes with: which of them, and their tables alone."""

from __future__ import annotations

import re

MOST_PAGES = 10_000
_TABLES = re.compile(
    r"\btables?\b|\bcsv\b|表格|表单里的表|[这那张个]表\b|\btablas?\b|\btabelas?\b|\btabellen?\b|\btableaux?\b",
    re.IGNORECASE,
)
_ALL_TEXT = re.compile(
    r"\b(?:text|words|everything|transcri\w+|texto|todo|tudo|alles|tout|texte)\b|文字|全部|全文|所有",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,5}"
_TO = r"(?:-|–|—|to|through|until|bis|a|hasta|até|à|至|到|~)"
_AND = r"(?:,|，|、|and|und|y|e|et|&|和)"
_LIST = rf"{_NUMBER}(?:\s*(?:{_TO}|{_AND})\s*{_NUMBER})*"
_PAGES = re.compile(
    rf"\b(?:pages?|pp?\.|seiten?|páginas?|paginas?)\s*({_LIST})|第\s*({_LIST})\s*页", re.IGNORECASE
)
_CHINESE_NUMBERS = {c: str(n) for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": "2"}
_CHINESE_PAGE = re.compile("第([一二三四五六七八九十])页")
_RANGE = re.compile(rf"({_NUMBER})(?:\s*{_TO}\s*({_NUMBER}))?", re.IGNORECASE)


def wants_tables(text: str) -> bool:
    """Whether the tables alone are wanted: "turn this table into CSV"."""
    return _TABLES.search(text) is not None and _ALL_TEXT.search(text) is None


def pages_named(text: str) -> frozenset[int]:
    """The pages a message names, from 1; none named: all of them."""
    text = _CHINESE_PAGE.sub(lambda found: f"第{_CHINESE_NUMBERS[found[1]]}页", text)
    lists = (found[1] or found[2] for found in _PAGES.finditer(text))
    return frozenset().union(*map(parse_pages, lists))


def parse_pages(text: str) -> frozenset[int]:
    """The numbers of a list such as "1-3, 5"."""
    found: set[int] = set()
    for first, last in _RANGE.findall(text):
        found.update(range(int(first), min(int(last or first), MOST_PAGES) + 1))
    return frozenset(found)
