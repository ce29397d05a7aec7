"""Everything the program can tell people is told in Chinese as well."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import pytest

from assistant.language.messages.catalogue import Catalogue
from assistant.language.messages.speech import own_pairs
from index.loaders import sniffing
from tests.language.message_sources import ROOT, Found, Hole, Text, collect, modules

MISSING = """
{count} messages have no Chinese. Add a line for each to a file in
assistant/language/messages/zh/: the English text with {{names}} for what differs, a tab, the
Chinese text with the same names. assistant/language/messages/template.py says how holes are
written.

{lines}
"""
THE_SAME = frozenset({"Python", "SQLite", "cpu"})
"""Names that are the same in Chinese."""
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
MOST_MIXED = 4


class Sample(NamedTuple):
    """What stands in a hole, and what it is in Chinese where that differs."""

    said: str
    told: str = ""


COMMON = (Sample("1,234"), Sample("2.1 GB"), Sample("Permission denied", "没有权限"))


@cache
def catalogue() -> Catalogue:
    return Catalogue(own_pairs("zh"))


def test_every_message_has_a_chinese_one() -> None:
    found = {(each.shown, each.place): each for each in collect(modules()) if each.says_something}
    assert len(found) > 500, "the messages are no longer found in the source"
    missing = [f"{each.place}: {each.shown}" for each in found.values() if not is_told(each)]
    assert not missing, MISSING.format(count=len(missing), lines="\n".join(missing))


@pytest.mark.parametrize("words", sorted({words for _, _, words in sniffing._MAGIC}))
def test_what_a_file_holds_is_told(words: str) -> None:
    assert catalogue().translate(words)


def test_what_models_are_is_told() -> None:
    entries = tomllib.loads((ROOT / "assistant/models/catalogue.toml").read_text("utf-8"))
    summaries = set(_summaries(entries))
    assert summaries
    missing = sorted(text for text in summaries if catalogue().translate(text) is None)
    assert not missing, MISSING.format(count=len(missing), lines="\n".join(missing))


def _summaries(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "summary":
                yield inner
            else:
                yield from _summaries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _summaries(inner)


def is_told(found: Found) -> bool:
    """Whether it has a Chinese text that holds whatever the message is filled with, in each
    wording it can have."""
    if found.shown in THE_SAME:
        return True
    return all(
        any(_is_told_with(text, values) for values in _samples(text))
        for text in _wordings(found.text)
    )


def _wordings(text: Text) -> Iterator[Text]:
    """The text with each choice of words for the holes where these are known."""
    choices = [
        (part.texts or ((part,),)) if isinstance(part, Hole) else ((part,),) for part in text
    ]
    for chosen in itertools.product(*choices):
        whole = tuple(itertools.chain.from_iterable(chosen))
        deeper = any(isinstance(part, Hole) and part.texts for part in whole)
        yield from _wordings(whole) if deeper else (whole,)


def _samples(text: Text) -> Iterator[Mapping[str, Sample]]:
    """Values for the holes: names, numbers, other messages, and mixtures of them."""
    holes = list(dict.fromkeys(part.what for part in text if isinstance(part, Hole)))
    kinds = [
        (Sample(f"⟦{number}⟧"), *(COMMON if number < MOST_MIXED else ()))
        for number in range(len(holes))
    ]
    for chosen in itertools.product(*kinds):
        yield dict(zip(holes, chosen, strict=True))


def _is_told_with(text: Text, values: Mapping[str, Sample]) -> bool:
    said = "".join(part if isinstance(part, str) else values[part.what].said for part in text)
    told = catalogue().translate(said)
    return (
        told is not None
        and CHINESE.search(told) is not None
        and all((value.told or value.said) in told for value in values.values())
        and not any(_is_english(part) and part.strip() in told for part in text)
    )


def _is_english(part: str | Hole) -> bool:
    """Whether it is English that must not stay; commands must."""
    return (
        isinstance(part, str)
        and ENGLISH.search(part) is not None
        and not part.strip("; ").startswith("assistant ")
    )
