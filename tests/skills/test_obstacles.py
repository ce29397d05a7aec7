"""What skills say beforehand of work they can't do, so that a chain need not begin."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.core.messages import Message
from assistant.core.protocols import Translator
from assistant.core.skills import Foreseeing, Params, SkillRequest
from skills.translate import TranslateSkill


class Pairs:
    """A translator of the pairs given."""

    name = "pairs"

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = frozenset(pairs)

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        return list(sentences)


def obstacle(params: Params, suggested: tuple[str, ...] = ()) -> str:
    translators: tuple[Translator, ...] = (Pairs(("en", "pt"), ("pt", "en")),)
    skill = TranslateSkill(lambda: translators, lambda _one, _other: suggested, "en")
    assert isinstance(skill, Foreseeing)
    error = skill.obstacle(SkillRequest(Message("user", "x"), (), params, lambda: False))
    return "" if error is None else str(error)


@pytest.mark.parametrize(
    "params",
    [
        Params(target="pt"),
        Params(source="en", target="pt"),
        Params(source="en", target="en"),
        Params(),
    ],
)
def test_what_may_be_possible_is_not_hindered(params: Params) -> None:
    assert obstacle(params) == ""


def test_a_language_nothing_translates_into_names_the_model_that_would() -> None:
    said = obstacle(Params(target="de"), ("opus-mt-en-de",))
    assert "to German" in said
    assert "assistant models pull opus-mt-en-de" in said


def test_a_pair_nothing_translates_says_what_there_is() -> None:
    said = obstacle(Params(source="zh", target="pt"))
    assert "from Chinese to Portuguese" in said
    assert "English to Portuguese" in said


def test_an_unknown_language_is_said() -> None:
    assert "no language known" in obstacle(Params(target="klingonese"))
