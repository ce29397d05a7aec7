"""Everything the program can tell people is told in Chinese as well."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import NamedTuple, TypeGuard

import pytest

from assistant.cli.health import machine
from assistant.language.messages.catalogue import Catalogue
from assistant.language.messages.speech import own_pairs
from assistant.models.catalogue_checks import FORMATS
from assistant.models.devices import Device
from assistant.models.placement import ModelNeed, place
from assistant.models.sizes import of_bytes
from index.loaders import sniffing
from tests.language.message_reader import Hole, Text
from tests.language.message_sources import ROOT, Found, collect, modules

MISSING = """
{count} messages have no Chinese. Add a line for each to a file in
assistant/language/messages/zh/: the English text with {{names}} for what differs, a tab, the
Chinese text with the same names. assistant/language/messages/template.py says how holes are
written.

{lines}
"""
UNREADABLE = """
These texts for people can't be read from the source, so nobody can see whether they have a
Chinese counterpart. Write the text where the error or notice is made, or in a local name, a
constant, or a function of the same module; what only hands on another message goes into HANDED_ON.

{lines}
"""
HANDED_ON: Mapping[str, Collection[str]] = {
    "assistant/cli/health/finding.py": ("name",),
    "assistant/cli/reporting.py": ("error",),
    "assistant/engine/index_jobs.py": ("words",),
    "assistant/models/dispatch.py": ("placement.shares[-1].device",),
    "assistant/models/sources/hub_download.py": ("self.label",),
    "assistant/models/sources/pip_errors.py": ("message.format(**facts)", "hint.format(**facts)"),
    "assistant/models/sources/watch.py": ("label",),
    "assistant/models/history.py": ("remedy",),
    "assistant/models/servers/refusals.py": ("refusal",),
    "skills/find.py": ("words.subject_only.format(subject=one_line(main, 80))",),
    "skills/generate.py": ("usage.remark",),
    "index/vector_checks.py": ("remedies.rebuild", "remedies.embed"),
    "skills/presenting.py": ("words.name_aspect",),
    "skills/qa.py": ("words.followed.format(question=one_line(answerable.followed, 80))",),
}
"""What only hands on a message that is read elsewhere, is written in the question's language, or
is no text; by file."""
COMPOSED = (
    "Files: 3 read, 2 moved or copied, 1 unchanged, 1 no longer there, "
    "4 of other formats passed over, 2 forgotten before and left out.",
    "reads like examples of “qa”",
    "the routing model is not ready; by its wording alone this looks like one of “qa”",
    "reads most like examples that fit",
    "asks for a translation, names Portuguese",
    "It takes a whole number from 1 to 4,096; the default is 16.",
    'It takes one of "auto", "en", "zh"; the default is "auto".',
    "It takes text that is not empty; the default is 3.",
    "Step 2 of 3 (translate): No model on this machine translates from Chinese to German.",
    "The conversations were damaged. 12 of them, with 340 messages, could be read and are here. "
    "The old file is kept: /home/me/c.sqlite3",
    "/home/me/c.sqlite3 can't be written. What you write now is lost when you leave. "
    "Correct the permissions of it and its folder, or name another folder with ASSISTANT_DATA_DIR.",
    "models.mine: “abc” is no model source.",
    "Files are found by their words only: The model e5 is not on this machine yet.",
    "The model e5 can't be loaded: [Errno 13] Permission denied: '/x'.",
    "It can do: English to Portuguese, Portuguese to English.",
    "“describe” can't work on what “qa” gives: it takes documents, image and gets quotes, text.",
)
GB = 10**9
THE_SAME = frozenset({"Python", "SQLite", "cpu"})
"""Names that are the same in Chinese."""
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
MOST_MIXED = 4


class Sample(NamedTuple):
    """What stands in a hole, and what it is in Chinese where that differs."""

    said: str
    told: str = ""


NUMBER, SIZE = Sample("1,234"), Sample("2.1 GB")
KNOWN = Sample("Permission denied", "没有权限")


@cache
def catalogue() -> Catalogue:
    return Catalogue(own_pairs("zh"))


@cache
def texts() -> tuple[Found, ...]:
    return tuple(collect(modules()))


def test_every_message_has_a_chinese_one() -> None:
    found = {each.shown: each for each in texts() if each.says_something}
    assert len(found) > 500, "the messages are no longer found in the source"
    missing = [f"{each.place}: {each.shown}" for each in found.values() if not is_told(each)]
    assert not missing, MISSING.format(count=len(missing), lines="\n".join(missing))


def test_every_message_can_be_read_from_the_source() -> None:
    unread = {
        f"{each.place}: {each.source}"
        for each in texts()
        if not each.text and not _is_handed_on(each)
    }
    assert not unread, UNREADABLE.format(lines="\n".join(sorted(unread)))


def _is_handed_on(found: Found) -> bool:
    path = found.place.partition(":")[0]
    return found.source.endswith((".message", ".hint")) or found.source in HANDED_ON.get(path, ())


@pytest.mark.parametrize("text", COMPOSED)
def test_what_is_put_together_as_it_runs_is_told(text: str) -> None:
    told = catalogue().translate(text)
    assert told is not None
    assert ENGLISH.search(told.replace("smollm2", "")) is None, told


def test_where_models_go_is_told() -> None:
    gpu, cpu = (
        Device("cuda:0", "cuda", "RTX 4090", 24 * GB, 8 * GB),
        Device("cpu", "cpu", "Ryzen", 16 * GB, 12 * GB, cores=8),
    )
    needs = [
        ModelNeed(f"model-{size}", of_bytes(size * GB, 2), portable=portable)
        for size in (1, 6, 14, 60, 900)
        for portable in (True, False)
    ]
    for devices in ((gpu, cpu), (cpu,)):
        for placement in (place([need], devices)[0] for need in needs):
            told = catalogue().translate(placement.reason)
            assert told is not None, placement.reason
            assert CHINESE.search(told)
            assert ENGLISH.search(told) is None, told


@pytest.mark.parametrize("words", machine.NATIVE_MODULES.values())
def test_what_a_library_is_for_is_told(words: str) -> None:
    assert catalogue().translate(words)


@pytest.mark.parametrize("words", sorted({words for _, _, words in sniffing._MAGIC}))
def test_what_a_file_holds_is_told(words: str) -> None:
    assert catalogue().translate(words)


def test_what_models_are_is_told() -> None:
    entries = tomllib.loads((ROOT / "assistant/models/catalogue.toml").read_text("utf-8"))
    summaries = set(_summaries(entries))
    assert summaries
    missing = sorted(text for text in summaries if catalogue().translate(text) is None)
    assert not missing, MISSING.format(count=len(missing), lines="\n".join(missing))


def test_what_models_are_is_told_in_the_same_words_wherever() -> None:
    entries = tomllib.loads((ROOT / "assistant/models/catalogue.toml").read_text("utf-8"))
    for name, entry in entries.items():
        assert catalogue().translate(entry["summary"]) == entry["summary_zh"], name


def test_every_role_of_a_model_has_a_chinese_word() -> None:
    assert [role for role in FORMATS if catalogue().translate(role) is None] == []


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
    names = [Sample(f"⟦{number}⟧") for number in range(len(holes))]
    likely = [NUMBER if _counts(hole) else name for hole, name in zip(holes, names, strict=True)]
    yield dict(zip(holes, likely, strict=True))
    yield dict(zip(holes, names, strict=True))
    kinds = [
        (name, NUMBER, SIZE, KNOWN) if at < MOST_MIXED else (name,) for at, name in enumerate(names)
    ]
    for chosen in itertools.product(*kinds):
        yield dict(zip(holes, chosen, strict=True))


def _counts(hole: str) -> bool:
    """Whether it looks like a number in the source."""
    return re.search(r"len\(|\bcount|number|limit|>>|//|line\b|[A-Z_]{5}", hole) is not None


def _is_told_with(text: Text, values: Mapping[str, Sample]) -> bool:
    said = "".join(part if isinstance(part, str) else values[part.what].said for part in text)
    told = catalogue().translate(said)
    return (
        told is not None
        and CHINESE.search(told) is not None
        and all((value.told or value.said) in told for value in values.values())
        and not any(part.strip() in told for part in filter(_is_english, text))
    )


def _is_english(part: str | Hole) -> TypeGuard[str]:
    """Whether it is English that must not stay; commands must."""
    return (
        isinstance(part, str)
        and ENGLISH.search(part) is not None
        and not part.strip("; ").startswith(("assistant ", "pip "))
    )
