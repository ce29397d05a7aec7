"""Whether the numbers of a sentence are in its translation."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

NUMBER = re.compile(r"\d+(?:[.,:’'\u00a0\u202f]\d+)*")
_DIGITS = re.compile(r"\d+")
_COUNTED_BY_TENS_OF_THOUSANDS = re.compile(r"\s*[万亿萬億만억]")
"""Other languages write 3万 as 30,000; such numbers can't be compared digit by digit."""
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LARGEST_ROMAN = 40  # centuries, kings, chapters


def numbers(text: str) -> Iterator[re.Match[str]]:
    """The numbers whose digits a translation should have."""
    for match in NUMBER.finditer(text):
        if not _COUNTED_BY_TENS_OF_THOUSANDS.match(text, match.end()):
            yield match


def wrong_numbers(text: str, translated: str) -> set[str]:
    """Numbers of a text, as written there, that its translation lacks or repeats.

    Separators may change (1,234.5 → 1.234,5; 9:30 → 9h30), and the 20th century may be the XX.
    Numbers the text has in words may come out in digits.
    """
    there = Counter(_ascii(match.group()) for match in NUMBER.finditer(translated))
    groups = Counter(_groups(translated))
    words = set(re.findall(r"\b[IVXL]+\b", translated))
    wanted = Counter(match.group() for match in numbers(text))
    wrong: set[str] = set()
    for number, count in wanted.items():
        digits = _ascii(number)
        parts = Counter(_groups(number))
        is_there = there[digits] == count or (
            not there[digits] and all(groups[part] == n * count for part, n in parts.items())
        )
        is_there = is_there or _roman(digits) in words or _is_a_decade(digits, there)
        if not is_there:
            wrong.add(number)
    return wrong


def _is_a_decade(digits: str, there: Counter[str]) -> bool:
    """The 60s may be the 1960s."""
    return len(digits) == 2 and any(len(n) == 4 and n.endswith(digits) for n in there)


def _ascii(number: str) -> str:
    return "".join(str(unicodedata.digit(c)) for c in number if c.isdigit())


def _groups(text: str) -> list[str]:
    return [_ascii(match.group()) for match in _DIGITS.finditer(text)]


def _roman(digits: str) -> str:
    number = int(digits[:4] or "0")
    if len(digits) > 2 or not 0 < number <= _LARGEST_ROMAN:
        return "-"
    numeral = ""
    for value, letters in _ROMAN:
        numeral += letters * (number // value)
        number %= value
    return numeral
