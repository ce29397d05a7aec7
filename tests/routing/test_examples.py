"""The messages the router learns from."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.core.skills import Kind, SkillCard
from assistant.routing.examples import gather_examples

TEXT: frozenset[Kind] = frozenset({"text"})


def card(name: str, **examples: tuple[str, ...]) -> SkillCard:
    return SkillCard(name, "", TEXT, TEXT, examples)


@pytest.mark.parametrize(("skill", "least"), [("generate", 60), ("translate", 60), ("qa", 40)])
def test_each_skill_has_many_examples_in_six_languages(skill: str, least: int) -> None:
    counts = Counter(example.language for example in gather_examples([card(skill)]))
    assert set(counts) == {"en", "zh", "es", "pt", "de", "fr"}
    assert min(counts.values()) >= least


def test_cards_add_their_own() -> None:
    examples = gather_examples([card("weather", en=("is it raining",), zh=("下雨吗",))])
    assert [(e.skill, e.language, e.text) for e in examples] == [
        ("weather", "en", "is it raining"),
        ("weather", "zh", "下雨吗"),
    ]


def test_skills_that_are_not_there_lend_no_examples() -> None:
    assert {e.skill for e in gather_examples([card("generate")])} == {"generate"}


def test_no_text_is_claimed_by_two_skills() -> None:
    examples = gather_examples([card("generate"), card("translate"), card("qa")])
    texts = [" ".join(example.text.casefold().split()) for example in examples]
    assert len(texts) == len(set(texts))
