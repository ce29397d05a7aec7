"""What things are called: the detectors' English labels, in other languages and as people say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

PLURALS: Mapping[str, str] = {
    "person": "people",
    "man": "men",
    "woman": "women",
    "child": "children",
    "mouse": "mice",
    "knife": "knives",
    "sheep": "sheep",
    "skis": "skis",
    "scissors": "scissors",
    "broccoli": "broccoli",
    "fish": "fish",
    "foot": "feet",
    "tooth": "teeth",
    "leaf": "leaves",
    "shelf": "shelves",
    "wolf": "wolves",
    "goose": "geese",
    "grass": "grass",
    "snow": "snow",
    "sand": "sand",
    "water": "water",
}
"""English nouns whose plural follows no rule; "man" also ends compounds ("policeman")."""
_SURFACE = re.compile(r"(?:-other|-merged|-stuff)+$")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_MEASURE = "个"


@dataclass(frozen=True, slots=True)
class Name:
    """A kind of thing.

    `parts` are the labels it stands for: itself, or several ("animal"), or a wider one ("child"
    is counted among persons).
    """

    english: str
    chinese: str
    measure: str
    parts: tuple[str, ...]

    @property
    def narrower(self) -> bool:
        """Whether its one part is a wider kind, so that not all of that are meant."""
        return len(self.parts) == 1 and self.parts[0] != self.english


def canonical(label: str) -> str:
    """A model's label as people say it: "sky-other-merged" is "sky"."""
    return _SURFACE.sub("", label.strip().lower().split(",")[0]).replace("_", " ").strip()


def known_name(said: str) -> Name | None:
    """The kind of thing a person means by a word, in any of six languages; None if unknown."""
    word = " ".join(said.casefold().split())
    table = _table()
    return table.get(word) or table.get(singular(word))


def plural(noun: str) -> str:
    """The plural of an English noun, of which the last word changes."""
    first, space, last = noun.rpartition(" ")
    if last in PLURALS:
        ending = PLURALS[last]
    elif last.endswith("man"):
        ending = last[:-2] + "en"
    elif last.endswith("y") and last[-2:-1] not in set("aeiou"):
        ending = last[:-1] + "ies"
    else:
        ending = last + ("es" if _SIBILANT.search(last) else "s")
    return first + space + ending


def singular(noun: str) -> str:
    """The singular of an English noun, as far as rules go; a singular stays."""
    first, space, last = noun.rpartition(" ")
    return first + space + _singular_word(last)


def in_chinese(label: str) -> Name:
    """A label with its Chinese name and measure word; the label itself where there is none."""
    name = _table().get(label.casefold())
    return name or Name(label, label, _MEASURE, (label,))


def _singular_word(word: str) -> str:
    for one, several in PLURALS.items():
        if word == several:
            return one
    if word.endswith("men"):
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and _SIBILANT.search(word[:-2]):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@cache
def _table() -> dict[str, Name]:
    """Every word there is for a kind of thing; of two kinds with one word the first keeps it."""
    table: dict[str, Name] = {}
    for name, words in (*_own_names(), *_groups()):
        table.setdefault(name.english, name)
        table.setdefault(plural(name.english), name)
        for word in words:
            table.setdefault(word.casefold(), name)
    return table


def _own_names() -> list[tuple[Name, list[str]]]:
    found = []
    for english, chinese, measure, *others in _rows("names.tsv"):
        words = _words([chinese, *others])
        found.append((Name(english, words[0], measure, (english,)), words))
    return found


def _groups() -> list[tuple[Name, list[str]]]:
    found = []
    for english, chinese, measure, *others, parts in _rows("groups.tsv"):
        words = _words([chinese, *others])
        found.append((Name(english, words[0], measure, tuple(parts.split(","))), words))
    return found


def _rows(file: str) -> list[list[str]]:
    """Lines of a table: English, Chinese, measure word, then other languages' words."""
    text = resources.files("skills.detection").joinpath(file).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line]


def _words(cells: list[str]) -> list[str]:
    return [word for cell in cells for word in cell.split("|") if word]
