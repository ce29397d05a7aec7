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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Non se puido gardar o ficheiro porque o disco está cheo", "gl"),
        ("No s'ha pogut desar el fitxer perquè el disc és ple", "ca"),
        ("Vennligst skriv inn en gyldig adresse for nettstedet", "no"),
        ("Mae'n rhaid i chi ddewis cyfrinair newydd cyn parhau", "cy"),
        ("Ang sumusunod na salita ay hindi maaaring gamitin dito", "tl"),
        ("Раҳмат, ман фардо ба шаҳр меравам ва шуморо мебинам", "tg"),
        ("Рәхмәт, мин иртәгә шәһәргә барам һәм сезне күрәм", "tt"),
        ("Lütfen devam etmeden önce yeni bir parola seçin", "tr"),
        ("Tafadhali chagua nenosiri jipya kabla ya kuendelea", "sw"),
    ],
)
def test_a_sentence_in_a_rarer_language_is_not_taken_for_an_expected_one(
    text: str, language: str
) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The word 你好 means hello in Chinese and is said all day.", "en"),
        ("我觉得这个 API 的 design 很好，但是 performance 还要改进。", "zh"),
        ("O comando git push --force não deve ser usado na branch main.", "pt"),
    ],
)
def test_mixed_text_is_in_the_language_most_of_it_is_in(text: str, language: str) -> None:
    assert detect(text) == language
