"""Questions that lean on the one before them are told from those that stand alone."""

from __future__ import annotations

import pytest

from assistant.core.messages import Message
from skills.follow_up import Understood, stands_alone, understood


@pytest.mark.parametrize(
    "question",
    [
        "and what about page 3?",
        "what about the second one?",
        "when was he born?",
        "What is its price?",
        "Who signed it?",
        "How long did it last?",
        "What does that mean?",
        "why?",
        "And in 2020?",
        "tell me more",
        "那第二个呢？",
        "他什么时候出生的？",
        "为什么？",
        "它的价格是多少？",
        "其作者是谁？",
        "该公司的总部在哪里？",
        "那么谁赢了？",
        "¿y en 2020?",
        "¿Cuándo nació él?",
        "¿Cuál es su precio?",
        "E quando ele nasceu?",
        "Qual é o preço dele?",
        "Und wann wurde er geboren?",
        "Wann wurde sie gegründet?",
        "Wie heißt seine Frau?",
        "et la page 3 ?",
        "Quand est-il né ?",
        "Quel est leur prix ?",
    ],
)
def test_a_pronoun_or_an_opening_leans_on_the_question_before(question: str) -> None:
    assert not stands_alone(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the notice period?",
        "When Tesla moved to New York, who did he work for?",
        "What did the company do with its waste?",
        "How long does it take to register?",
        "Is it possible to cancel the contract?",
        "What are those who work at night called?",
        "通知期限是多久？",
        "特斯拉什么时候搬到纽约，他为谁工作？",
        "其他城市的人口是多少？",
        "因此合同何时终止？",
        "Gibt es eine Frist?",
        "Y a-t-il un délai ?",
        "¿Qué dice mi contrato sobre el plazo de preaviso?",
        "Qual é o prazo do contrato?",
        "Welche Frist gilt für die Kündigung?",
        "What is it? " + "A long story about a house and a garden. " * 20,
    ],
)
def test_a_question_that_names_its_subject_stands_alone(question: str) -> None:
    assert stands_alone(question)


HISTORY = [
    Message("user", "Where was the house built?"),
    Message("assistant", "In Geneva."),
    Message("user", "Who was Nikola Tesla?"),
    Message("assistant", "An engineer."),
]


def test_one_question_back_is_searched_along_and_no_more() -> None:
    assert understood("When was he born?", HISTORY) == Understood(
        "Who was Nikola Tesla? When was he born?", "Who was Nikola Tesla?"
    )


def test_a_question_that_stands_alone_is_left_as_it_is() -> None:
    assert understood("What is the notice period?", HISTORY) == Understood(
        "What is the notice period?"
    )


@pytest.mark.parametrize("before", ["", "why?", "When was he born?"])
def test_without_a_question_to_lean_on_it_is_left_as_it_is(before: str) -> None:
    history = [Message("user", before)] if before else []
    assert understood("When was he born?", history) == Understood("When was he born?")


def test_of_a_pasted_question_the_beginning_is_enough() -> None:
    asked = understood("When was he born?", [Message("user", "Tesla " * 1000)])
    assert len(asked.question) < 400
