"""Which language a text is in."""

from __future__ import annotations

import pytest

from assistant.language.detection import UNKNOWN, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The train leaves at nine.", "en"),
        ("O trem sai às nove horas.", "pt"),
        ("El tren sale a las nueve.", "es"),
        ("Le train part à neuf heures.", "fr"),
        ("Der Zug fährt um neun Uhr ab.", "de"),
        ("Il treno parte alle nove di mattina.", "it"),
        ("De trein vertrekt om negen uur.", "nl"),
        ("Dzień dobry, jak się masz?", "pl"),
        ("火车九点开。", "zh"),
        ("用 Python 写一个函数", "zh"),
        ("今日はとても天気がいいですね", "ja"),
        ("안녕하세요", "ko"),
        ("Поезд отправляется в девять часов", "ru"),
        ("Привіт, як справи?", "uk"),
        ("Καλημέρα", "el"),
        ("สวัสดีครับ", "th"),
        ("مرحبا بالعالم", "ar"),
        ("नमस्ते", "hi"),
        ("שלום", "he"),
    ],
)
def test_sentences_are_told_apart(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("thank you", "en"),
        ("obrigado", "pt"),
        ("o que é isto?", "pt"),
        ("hola", "es"),
        ("bonjour", "fr"),
        ("danke", "de"),
        ("¿dónde está?", "es"),
    ],
)
def test_a_word_or_two_are_enough_for_common_ones(text: str, language: str) -> None:
    assert detect(text) == language


def test_expected_languages_decide_what_letters_leave_open() -> None:
    assert detect("banana", ("pt", "zh")) == "pt"
    assert detect("banana", ("en", "zh")) == "en"


def test_an_expected_language_does_not_overrule_plain_evidence() -> None:
    assert detect("Der Zug fährt heute leider erst um neun Uhr ab.", ("en", "pt")) == "de"
    assert detect("你好", ("en", "pt")) == "zh"


@pytest.mark.parametrize("text", ["", "  \n", "12345", "!?…", "😀👍"])
def test_without_letters_the_language_is_unknown(text: str) -> None:
    assert detect(text) == UNKNOWN


def test_a_chinese_text_that_quotes_a_japanese_word_stays_chinese() -> None:
    assert detect("日语里的「の」是一个很常用的助词，用法类似中文的“的”字。") == "zh"


def test_capitals_and_hostile_characters_do_not_matter() -> None:
    assert detect("THE TRAIN LEAVES AT NINE") == "en"
    assert detect("\x00\x1b[31mThe train leaves at nine\ud800") == "en"
