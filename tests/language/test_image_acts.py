"""What a short message tells to do with the image before it."""

from __future__ import annotations

import pytest

from assistant.language.image_acts import cuts_out, finds, reads


@pytest.mark.parametrize(
    "text",
    [
        "remove the background",
        "Can you please remove its background?",
        "and now cut the dog out",
        "cut it out",
        "make the background transparent",
        "把背景去掉",
        "请去掉背景",
        "抠图",
        "把狗抠出来",
        "quita el fondo",
        "remova o fundo",
        "entferne den Hintergrund",
        "enlève l'arrière-plan",
    ],
)
def test_cutting_out_is_heard(text: str) -> None:
    assert cuts_out(text)
    assert not finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "find the dog",
        "mark all the people",
        "count the cars in the picture",
        "框出狗",
        "数一下人",
        "where is the dog?",
        "and where's the red car in the picture?",
        "狗在哪里？",
        "照片里的猫在哪",
        "¿dónde está el perro?",
        "onde estão as bolas?",
        "wo ist der Hund?",
        "où est le chien ?",
    ],
)
def test_finding_is_heard(text: str) -> None:
    assert finds(text)
    assert not cuts_out(text)


@pytest.mark.parametrize(
    "text",
    ["read the text", "please transcribe it", "识别文字", "把图里的字读出来", "lee el texto"],
)
def test_reading_is_heard(text: str) -> None:
    assert reads(text)
    assert not finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "read me a story",
        "shorten the text",
        "explain the background of the war",
        "what's in the background?",
        "背景音乐推荐",
        "find me a rhyme for dog",
        "how do I count words in Python?",
        "mark my words",
        "cut the costs",
        "cut out sugar",
        "找出一个押韵的词",
        "where is the Louvre?",
        "where is the capital of France?",
        "where is the nearest pharmacy?",
        "where are the settings?",
        "where am I?",
        "北京在哪里？",
        "你在哪里？",
        "remove the background " + "music from the third chapter of my novel " * 2,
        "",
    ],
)
def test_other_messages_are_left_alone(text: str) -> None:
    assert not cuts_out(text)
    assert not finds(text)
    assert not reads(text)
