"""Labels a person asks to choose from."""

from __future__ import annotations

import pytest

from assistant.core.messages import ImageAttachment, Message
from assistant.language.choices import read_choices
from assistant.routing.features import read_features
from assistant.routing.parameters import read_params


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("is it a cat, a dog or a fox?", ("cat", "dog", "fox")),
        ("Is this a tabby cat or an owl", ("tabby cat", "owl")),
        ("这是猫、狗还是狐狸？", ("猫", "狗", "狐狸")),
        ("图里是一只猫还是一只狗", ("猫", "狗")),
        ("¿es un gato, un perro o un zorro?", ("gato", "perro", "zorro")),
        ("é um gato, um cachorro ou uma raposa?", ("gato", "cachorro", "raposa")),
        ("ist das eine Katze, ein Hund oder ein Fuchs?", ("Katze", "Hund", "Fuchs")),
        ("est-ce un chat, un chien ou un renard ?", ("chat", "chien", "renard")),
        ("what is this?", ()),
        ("is it a cat?", ()),
        ("", ()),
    ],
)
def test_the_choices_of_a_question_are_labels(question: str, labels: tuple[str, ...]) -> None:
    assert read_choices(question) == labels


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("cat or dog?", ("cat", "dog")),
        ("a crow, a raven or a rook", ("crow", "raven", "rook")),
        ("猫还是狗", ("猫", "狗")),
        ("apple or orange?", ("apple", "orange")),
        ("leopard, lama or ounce?", ("leopard", "lama", "ounce")),
        ("what is better in general for a small flat in town, a cat or maybe a dog?", ()),
        ("what is this", ()),
    ],
)
def test_a_bare_choice_beside_a_picture_gives_labels(
    question: str, labels: tuple[str, ...]
) -> None:
    message = Message("user", question, (ImageAttachment("a.png"),))
    assert read_params("describe", question, read_features(message)).labels == labels


def test_labels_are_as_many_as_are_named() -> None:
    names = tuple(f"label{number}" for number in range(60))
    asked = f"is it {', '.join(names[:-1])} or {names[-1]}?"
    assert read_choices(asked) == names


def test_a_message_of_nothing_but_choices_costs_little() -> None:
    assert read_choices("is it " * 50_000) == ()


def test_a_bare_choice_without_a_picture_gives_none() -> None:
    features = read_features(Message("user", "cat or dog?"))
    assert read_params("describe", "cat or dog?", features).labels == ()
