"""Labels a person asks to choose from."""

from __future__ import annotations

import pytest

from assistant.routing.parameters import read_labels


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
    assert read_labels(question) == labels
