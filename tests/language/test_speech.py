"""People are told in their language; what nobody translated stays as it is."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from importlib.metadata import EntryPoint

import pytest

from assistant.config.language import interface_language
from assistant.language.messages import speech
from assistant.language.messages.speech import Speech

THEIRS = {
    "There are no words here.": "这里没有词。",
    "It counted {count:number}.": "数了 {count} 个。",
}
PACKAGE = "tests.language.test_speech"


def entry(value: str, language: str = "zh") -> EntryPoint:
    return EntryPoint(language, value, speech.GROUP)


def offer(monkeypatch: pytest.MonkeyPatch, *entries: EntryPoint) -> None:
    def installed(*, group: str) -> tuple[EntryPoint, ...]:
        return tuple(each for each in entries if each.group == group)

    monkeypatch.setattr(importlib.metadata, "entry_points", installed)


def test_a_fact_and_its_remedy_are_told_in_chinese() -> None:
    told = Speech("zh").tell("The message is empty.", "Type something, or attach a file.")
    assert told == "消息是空的。请写点什么，或附上一个文件。"


def test_in_english_messages_stay_as_they_are() -> None:
    assert Speech("en").tell("The message is empty.", "", "Check the path.") == (
        "The message is empty. Check the path."
    )


def test_what_nobody_translated_stays_english() -> None:
    assert Speech("zh").tell("Lisbon lies on the Tagus.") == "Lisbon lies on the Tagus."


@pytest.mark.parametrize("language", ["de", "../zh", "", "zh/.."])
def test_a_language_without_texts_is_told_in_english(language: str) -> None:
    assert Speech(language).tell("Check the path.") == "Check the path."


def test_another_package_brings_its_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, entry(f"{PACKAGE}:THEIRS"))
    spoken = Speech("zh")
    assert spoken.tell("There are no words here.") == "这里没有词。"
    assert spoken.tell("It counted 1,234.") == "数了 1,234 个。"


def test_another_package_does_not_reword_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(THEIRS, "Check the path.", "无所谓。")
    offer(monkeypatch, entry(f"{PACKAGE}:THEIRS"))
    assert Speech("zh").tell("Check the path.") == "请检查路径。"


@pytest.mark.parametrize("value", ["no_such_module:X", f"{PACKAGE}:NONE", f"{PACKAGE}:offer"])
def test_messages_that_can_t_be_read_are_left_out(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, entry(value), entry(f"{PACKAGE}:THEIRS"))
    assert Speech("zh").tell("There are no words here.") == "这里没有词。"


def test_a_template_of_another_package_that_makes_no_sense_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(THEIRS, "{a}{b} is it.", "{a}")
    monkeypatch.setitem(THEIRS, "It is {a}.", "{c}")
    monkeypatch.setitem(THEIRS, "Seven.", 7)
    offer(monkeypatch, entry(f"{PACKAGE}:THEIRS"))
    spoken = Speech("zh")
    assert spoken.tell("It is done.") == "It is done."
    assert spoken.tell("There are no words here.") == "这里没有词。"


@pytest.mark.parametrize(
    ("environ", "setting", "language"),
    [
        ({}, "auto", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "auto", "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "auto", "en"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LANG": "C"}, "zh", "zh"),
        ({"LANG": "C", "ASSISTANT_LANG": "en"}, "zh", "en"),
        ({"LANG": "de_DE.UTF-8"}, "auto", "en"),
    ],
)
def test_the_language_is_the_one_asked_for(
    environ: Mapping[str, str], setting: str, language: str
) -> None:
    assert interface_language(environ, setting) == language


def test_a_message_of_another_package_in_one_of_ours_is_translated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, entry(f"{PACKAGE}:THEIRS"))
    told = Speech("zh").tell("Step 2 of 3 (count): There are no words here.")
    assert told == "第 2 步，共 3 步（count）：这里没有词。"


def test_nothing_is_read_before_the_first_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_language: str) -> None:
        raise AssertionError("read too early")

    monkeypatch.setattr(speech, "own_pairs", read)
    spoken = Speech("zh")
    assert spoken.tell() == ""
    assert spoken.tell("", "  ") == ""
