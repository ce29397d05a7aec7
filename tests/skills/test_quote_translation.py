"""Quotes in another language come with a translation where a model for the pair is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from assistant.core.documents import Passage, Place
from assistant.core.errors import ModelError, ModelMissingError
from assistant.core.events import Notice
from assistant.core.protocols import Translator
from assistant.language.detection import detect
from assistant.models.fast_translator import FastTranslator
from skills.quote_translation import QuoteTranslator
from tests.skills.asking import CONTRACT, FakeRetriever, ask, candidate, passages_of, qa, text_of


@dataclass
class FakeTranslator:
    """Puts a mark before each sentence."""

    pairs: frozenset[tuple[str, str]] = frozenset({("en", "zh")})
    name: str = "fake"
    error: ModelError | None = None
    asked: list[str] = field(default_factory=list)

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        if self.error is not None:
            raise self.error
        self.asked += sentences
        return [f"译：{sentence}" for sentence in sentences]


def translator(*models: Translator) -> QuoteTranslator:
    return QuoteTranslator(
        lambda: models, lambda source, target: (f"opus-mt-{source}-{target}",), detect
    )


def passage(quote: str) -> Passage:
    return Passage("/a.txt", quote, Place(), 0, len(quote), 0.9)


def test_every_sentence_of_a_quote_is_translated() -> None:
    fake = FakeTranslator()
    quote = "The notice period\nis three months. It must be given in writing."
    (done,), notices = translator(fake).translated([passage(quote)], "zh")
    assert fake.asked == ["The notice period is three months.", "It must be given in writing."]
    assert done.translation == " ".join(f"译：{s}" for s in fake.asked)
    assert done.quote == quote
    assert notices == []


def test_a_quote_in_the_language_of_the_question_is_left_alone() -> None:
    fake = FakeTranslator()
    (done,), _ = translator(fake).translated([passage("通知期限是三个月。")], "zh")
    assert done.translation == ""
    assert fake.asked == []


def test_where_no_model_serves_it_is_said_once_which_would() -> None:
    quotes = translator(FakeTranslator(frozenset({("en", "pt")})))
    _, notices = quotes.translated([passage(CONTRACT), passage(CONTRACT)], "zh")
    assert notices == [
        Notice(
            "A model that translates English to Chinese would show these quotes in your language.",
            "assistant models pull opus-mt-en-zh",
        )
    ]
    assert quotes.translated([passage(CONTRACT)], "zh")[1] == []


@pytest.mark.parametrize("error", [ModelError("broken", "mend it"), ModelMissingError("gone", "x")])
def test_a_failing_translator_costs_only_the_translation(error: ModelError) -> None:
    (done,), notices = translator(FakeTranslator(error=error)).translated([passage(CONTRACT)], "zh")
    assert done.translation == ""
    assert notices == [Notice(f"The quotes were not translated: {error.message}", error.hint)]


def test_the_answer_shows_the_quote_as_it_stands_and_its_translation() -> None:
    skill = qa(
        FakeRetriever([candidate(CONTRACT)]),
        language=detect,
        quotes=1,
        translator=translator(FakeTranslator()),
    )
    events = ask(skill, "合同的通知期限是多久？")
    (shown,) = passages_of(events)
    assert shown.translation == f"译：{shown.quote}"
    text = text_of(events)
    assert f"> {shown.quote} [1]\n>\n> 译文: *译：{shown.quote}*\n>\n> — contract.txt" in text


def test_a_question_in_the_language_of_the_documents_gets_no_translation() -> None:
    fake = FakeTranslator()
    skill = qa(FakeRetriever([candidate(CONTRACT)]), language=detect, translator=translator(fake))
    ask(skill, "What is the notice period of the contract?")
    assert fake.asked == []


def test_the_embedded_translator_serves_english_and_portuguese() -> None:
    skill = qa(
        FakeRetriever([candidate(CONTRACT)]),
        language=detect,
        quotes=1,
        translator=translator(FastTranslator()),
    )
    events = ask(skill, "Qual é o prazo de aviso prévio e quanto tempo dura?")
    (shown,) = passages_of(events)
    assert shown.quote in CONTRACT
    assert detect(shown.translation) == "pt"
    assert "Tradução: *" in text_of(events)
