"""A person's own terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import ConfigError
from skills.translation.asks import run
from skills.translation.glossary import Glossary, load_glossary
from skills.translation.numbers import wrong_numbers
from skills.translation.sentence import SentenceTranslation


def translate(sentence: str, terms: dict[str, str], **known: str) -> str:
    """Translates by a table, and what is not in it to itself."""
    table = {key.replace("_", " "): value for key, value in known.items()}
    work = [(1, SentenceTranslation(Glossary(terms)).translate(sentence))]
    return next(run(work, lambda texts: [table.get(t, t) for t in texts], lambda: False))


def test_a_term_the_translator_says_otherwise_is_put_in() -> None:
    made = translate("the dashboard is open", {"dashboard": "painel"})
    assert made == "the painel is open"


def test_a_term_the_translator_has_right_stays_in_its_sentence() -> None:
    made = translate("the file", {"file": "arquivo"}, the_file="os arquivos")
    assert made == "os arquivos"


@pytest.mark.parametrize(
    ("sentence", "made"),
    [
        ("the cloud is here", "the nuvem is here"),
        ("Cloud is here", "Nuvem is here"),
        ("the CLOUD is here", "the NUVEM is here"),
        ("the clouds are here", "the clouds are here"),
        ("Apple is here", "Maçã Inc is here"),
        ("an apple is here", "an apple is here"),
        ("the cloud server is here", "the servidor is here"),
    ],
)
def test_case_and_word_ends_count(sentence: str, made: str) -> None:
    terms = {"cloud": "nuvem", "Apple": "Maçã Inc", "cloud server": "servidor"}
    assert translate(sentence, terms) == made


def test_a_chinese_term_needs_no_spaces_around_it() -> None:
    assert translate("打开控制台吧", {"控制台": "console"}).replace(" ", "") == "打开console吧"


def test_the_file_may_use_tabs_or_commas(tmp_path: Path) -> None:
    file = tmp_path / "terms.tsv"
    file.write_text('\ufeff# mine\n\ncloud\tnuvem\tnoun\n"a, b",c\n', encoding="utf-8")
    glossary = load_glossary(str(file))
    assert [term.wanted for term in glossary.find("cloud a, b")] == ["nuvem", "c"]


def test_no_path_is_the_empty_glossary() -> None:
    assert list(load_glossary("").find("anything")) == []


@pytest.mark.parametrize("content", [b"cloud\n", b"cloud\t\n", b"\tnuvem\n", b"\xff\xfe\xfa"])
def test_a_line_without_a_translation_is_an_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "terms.tsv"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="glossary"):
        load_glossary(str(file))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_glossary(str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("text", "translated", "wrong"),
    [
        ("1,234.5 people", "1.234,5 pessoas", set()),
        ("at 9:30", "às 9h30", set()),
        ("the 20th century", "o século XX", set()),
        ("the 60s", "os anos 1960", set()),
        ("3万人", "30,000 people", set()),
        ("five cats", "5 gatos", set()),
        ("12 cats", "doze gatos", {"12"}),
        ("12 cats", "12 gatos, 12", {"12"}),
        ("in 1999 and 1998", "em 1999", {"1998"}),
        ("٤٢ قطة", "42 cats", set()),
    ],
)
def test_numbers_may_change_their_dress_but_not_their_value(
    text: str, translated: str, wrong: set[str]
) -> None:
    assert wrong_numbers(text, translated) == wrong


def test_letters_only_a_search_takes_for_one_another_are_no_error() -> None:
    glossary = Glossary({"altın": "gold", "sun": "sol"})
    assert [t.wanted for t in glossary.find("altin, the ſun and altın")] == ["sol", "gold"]
