"""The choices a question offers."""

from __future__ import annotations

import pytest

from assistant.language.choices import read_choices


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("Is it a dog, a bird, a machine, furniture or clothing?",
         ("dog", "bird", "machine", "furniture", "clothing")),
        ("Is this a dog, bird, piece of furniture or musical instrument?",
         ("dog", "bird", "piece of furniture", "musical instrument")),
        ("Which of these is it: dog, bird, monkey?", ("dog", "bird", "monkey")),
        ("which label fits best: dog, bird or a vehicle?", ("dog", "bird", "vehicle")),
        ("classify this image as dog, bird, or food", ("dog", "bird", "food")),
        ("Is the animal in the picture a poodle or a schnauzer?", ("poodle", "schnauzer")),
        ("Is there a dog or a cat in the picture?", ("dog", "cat")),
        ("Look at this photo. Is it a boat or a plane?", ("boat", "plane")),
        ("what is it, a cat or a dog?", ("cat", "dog")),
        ("are these apples or oranges?", ("apples", "oranges")),
        ("labels: dog, cat", ("dog", "cat")),
        ("Labels: dog; cat; bird. Which one fits?", ("dog", "cat", "bird")),
        ("Is this image best described as 'dog', 'bird', or 'cat'?", ("dog", "bird", "cat")),
        ("what kind of thing is it - animal, vehicle or food?", ("animal", "vehicle", "food")),
        ("this could be a dog or a cat - which one?", ("dog", "cat")),
        ("Answer with one of dog, bird and monkey.", ("dog", "bird", "monkey")),
        ("is it a wind-up toy or a watch?", ("wind-up toy", "watch")),
        ("选择一个：动物/食物/工具", ("动物", "食物", "工具")),
        ("cat or dog", ("cat", "dog")),
        ("这是狗、鸟、食物还是工具？", ("狗", "鸟", "食物", "工具")),
        ("它是一只猫还是一只狐狸？", ("猫", "狐狸")),
        ("请从动物、食物、家具中选一个", ("动物", "食物", "家具")),
        ("这张图属于哪一类：狗、猫、鸟", ("狗", "猫", "鸟")),
        ("¿es un perro, un pájaro o un mono?", ("perro", "pájaro", "mono")),
        ("isto é um gato ou um cachorro?", ("gato", "cachorro")),
        ("Ist das ein Hund oder eine Katze?", ("Hund", "Katze")),
        ("c'est un chat, un chien ou un oiseau ?", ("chat", "chien", "oiseau")),
    ],
)  # fmt: skip
def test_a_question_with_choices_gives_them_without_articles(
    question: str, choices: tuple[str, ...]
) -> None:
    assert read_choices(question) == choices


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what breed is it?",
        "is it a cat?",
        "describe the colours or shapes",
        "note: the meeting is at noon",
        "I want to know more about this or that, can you tell me in detail what happens?",
        "or",
        "还是",
    ],
)
def test_what_offers_no_choice_gives_none(text: str) -> None:
    assert read_choices(text) == ()


def test_choices_are_as_many_as_are_named() -> None:
    names = tuple(f"thing {i}" for i in range(60))
    assert read_choices("which is it: " + ", ".join(names)) == names


def test_a_text_without_end_is_read_at_its_beginning_only() -> None:
    assert len(read_choices("is it " + "a cat, a dog, " * 50_000 + "or a fox?")) <= 3
