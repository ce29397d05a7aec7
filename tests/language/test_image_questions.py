"""Questions that go on about an image."""

from __future__ import annotations

import pytest

from assistant.language.image_questions import asks_on


@pytest.mark.parametrize(
    "text",
    [
        "why?",
        "why dog?",
        "why do you think it is a dog?",
        "show me where",
        "is it a dog or a cat?",
        "how many dogs are there?",
        "what colour is it?",
        "what is in the background?",
        "为什么是狗？",
        "它是什么颜色？",
        "图里有几个人？",
        "de que cor é isto?",
        "was ist das auf dem Bild?",
        "how many planets are in the picture?",
        "how many countries does this map show?",
        "有几只狗？",
        "wie viele Kinder gibt es?",
    ],
)
def test_what_asks_on_about_the_image_is_known(text: str) -> None:
    assert asks_on(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "thanks",
        "why is the sky blue?",
        "why do people sleep?",
        "make it shorter",
        "can you translate it into Spanish?",
        "write a poem about it",
        "把它翻译成英文",
        "what does my contract say about it? look into the documents",
        "it " * 80 + "?",
        "how many planets are there?",
        "how many bones are there?",
        "一共有多少个国家？",
        "¿cuántos continentes hay?",
        "quantos países há?",
        "wie viele Bundesländer gibt es?",
        "combien de planètes y a-t-il ?",
    ],
)
def test_what_asks_for_something_else_is_not(text: str) -> None:
    assert not asks_on(text)
