"""What every `Translator` does; a test class inherits this and provides the fixtures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.core.errors import ModelError
from assistant.core.protocols import Translator

Pair = tuple[str, str]

SENTENCES = ["Good morning.", "The train leaves at nine.", "Where is the station?"]
HOSTILE = [
    "",
    "   \n\t ",
    "\x00\x1b[31mred\x07",
    "👍🏽🇨🇳",
    "a\ud800b",
    "12345",
    "!!!",
    "你好",
    "a" * 3000,
]
LONG = " ".join(["the committee discussed the budget"] * 110)
"""More than 500 tokens."""


class TranslatorContract:
    """Inherit and add `translator` and `pair` fixtures, the pair one of the translator's own."""

    def test_says_what_it_is(self, translator: Translator) -> None:
        assert translator.name
        assert translator.pairs

    def test_gives_a_translation_for_each_sentence_in_order(
        self, translator: Translator, pair: Pair
    ) -> None:
        together = translator.translate(SENTENCES, *pair)
        alone = [translator.translate([sentence], *pair)[0] for sentence in SENTENCES]
        assert together == alone

    def test_no_sentences_give_none(self, translator: Translator, pair: Pair) -> None:
        assert translator.translate([], *pair) == []

    def test_a_pair_it_does_not_know_is_refused(self, translator: Translator) -> None:
        with pytest.raises(ModelError, match="xx"):
            translator.translate(SENTENCES, "xx", "yy")

    def test_hostile_text_does_no_harm(self, translator: Translator, pair: Pair) -> None:
        translations = translator.translate(HOSTILE, *pair)
        assert len(translations) == len(HOSTILE)
        assert "\x1b" not in "".join(translations)

    def test_a_sentence_of_more_than_500_tokens_is_translated(
        self, translator: Translator, pair: Pair
    ) -> None:
        (translation,) = translator.translate([LONG], *pair)
        assert translation

    def test_serves_several_threads_at_once(self, translator: Translator, pair: Pair) -> None:
        expected = translator.translate(SENTENCES, *pair)
        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(translator.translate, SENTENCES, *pair) for _ in range(4)]
            assert all(job.result() == expected for job in jobs)
