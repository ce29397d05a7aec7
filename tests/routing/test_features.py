"""What is seen in a message without a model."""

from __future__ import annotations

import pytest

from assistant.core.messages import ImageAttachment, Message, TextAttachment
from assistant.routing.features import Features, read_features


def features(text: str) -> Features:
    return read_features(Message("user", text))


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/translate hello", "translate", "hello"),
        ("  /qa\nwho signed?", "qa", "who signed?"),
        ("/translate", "translate", ""),
        ("/home/me/cat.jpg what is it", None, "/home/me/cat.jpg what is it"),
        ("and/or", None, "and/or"),
        ("/ hello", None, "/ hello"),
    ],
)
def test_a_leading_slash_and_word_are_a_command(text: str, command: str | None, rest: str) -> None:
    seen = features(text)
    assert (seen.command, seen.text) == (command, rest)


@pytest.mark.parametrize(
    "text",
    [
        "translate this",
        "请翻译一下",
        "tradúceme esto",
        "traduza isto",
        "übersetze das",
        "traduis ça",
    ],
)
def test_the_verb_to_translate_is_known_in_six_languages(text: str) -> None:
    assert features(text).translate_word


@pytest.mark.parametrize(
    "text",
    [
        "what does the contract say?",
        "合同里怎么说的？",
        "¿qué dice el contrato?",
        "o que diz o contrato?",
        "was steht im Vertrag?",
        "que dit le contrat ?",
    ],
)
def test_questions_about_documents_are_seen_in_six_languages(text: str) -> None:
    seen = features(text)
    assert seen.question
    assert seen.document_word


def test_a_joke_shows_none_of_these() -> None:
    seen = features("tell me a joke")
    assert seen.mentions == ()
    assert not any((seen.translate_word, seen.document_word, seen.question))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("goodbye in icelandic", True),
        ("再见用法语", True),
        ("learn icelandic", False),
        ("french food", False),
    ],
)
def test_a_language_at_the_end_is_noticed(text: str, last: bool) -> None:
    assert features(text).language_last is last


def test_attachments_are_counted_by_kind() -> None:
    message = Message("user", "look", (ImageAttachment("a.png"), TextAttachment("stdin", "text")))
    seen = read_features(message)
    assert (seen.images, seen.files, seen.pasted) == (1, 0, 1)


def test_cues_have_one_length_whatever_the_message() -> None:
    lengths = {len(features(text).cues()) for text in ("", "hello", "translate to French: x" * 500)}
    assert len(lengths) == 1


def test_an_instruction_after_long_text_is_still_seen() -> None:
    assert features("word " * 5000 + "\ntranslate this into french").translate_word
