"""Names of languages, and where a text mentions one."""

from __future__ import annotations

import pytest

from assistant.language.mentions import find_mentions
from assistant.language.names import find_language, language_name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Portuguese", "pt"),
        ("  portuguese. ", "pt"),
        ("葡萄牙语", "pt"),
        ("葡语", "pt"),
        ("português", "pt"),
        ("portugues", "pt"),
        ("Portugiesisch", "pt"),
        ("portugais", "pt"),
        ("Brazilian Portuguese", "pt"),
        ("pt", "pt"),
        ("pt-BR", "pt"),
        ("EN", "en"),
        ("Mandarin", "zh"),
        ("中文", "zh"),
        ("Cantonese", "yue"),
        ("norueguês", "no"),
        ("nb", "no"),
        ("ポルトガル語", "pt"),
        ("португальский", "pt"),
        ("swahili", "sw"),
        ("francesa", "fr"),
        ("spanische", "es"),
    ],
)
def test_languages_are_found_by_name_or_code(name: str, code: str) -> None:
    assert find_language(name) == code


@pytest.mark.parametrize("name", ["", "...", "banana", "xx", "klingonese", "the kitchen"])
def test_what_names_no_language_finds_none(name: str) -> None:
    assert find_language(name) is None


@pytest.mark.parametrize(
    ("code", "in_language", "name"),
    [
        ("pt", "en", "Portuguese"),
        ("pt", "zh", "葡萄牙语"),
        ("pt", "pt", "português"),
        ("zh", "de", "Chinesisch"),
        ("no", "en", "Norwegian"),
        ("???", "en", "???"),
    ],
)
def test_languages_are_named_in_other_languages(code: str, in_language: str, name: str) -> None:
    assert language_name(code, in_language) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("how do they say hello in france", [("fr", "place", "france")]),
        ("how do germans say goodnight", [("de", "people", "germans")]),
        ("if i were mexican", [("es", "people", "mexican")]),
        ("把你好翻译成葡萄牙语", [("pt", "language", "葡萄牙语")]),
        ("法国人怎么说谢谢", [("fr", "people", "法国人")]),
        ("wie heißt das auf Portugiesisch?", [("pt", "language", "Portugiesisch")]),
        (
            "de l'anglais au français",
            [("en", "language", "anglais"), ("fr", "language", "français")],
        ),
        ("what do they speak in hong kong", [("yue", "place", "hong kong")]),
        ("tell me a joke", []),
    ],
)
def test_mentions_are_found_with_their_kind(text: str, found: list[tuple[str, str, str]]) -> None:
    mentions = [(m.code, m.kind, text[m.start : m.end]) for m in find_mentions(text)]
    assert mentions == found
