"""Corrections: learned at once, undone, judged; and skills that join."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import cast

import pytest

from assistant.core.errors import UsageError
from assistant.core.events import Event
from assistant.core.messages import Message
from assistant.core.skills import Kind, SkillCard, SkillRequest
from assistant.routing.corrections import CorrectionFile
from assistant.routing.router import SkillRouter
from assistant.routing.validation import Case
from skills.registry import GROUP, Services, load_skills
from tests.fakes import HashingEmbedder
from tests.routing.test_router import CARDS, absent

TEXT: frozenset[Kind] = frozenset({"text"})


def router(cache: Path, file: Path, cards: list[SkillCard] | None = None) -> SkillRouter:
    embedder = HashingEmbedder(dimension=256)
    kept = CorrectionFile(file / "corrections.tsv")
    return SkillRouter(lambda: embedder, cards or CARDS, lambda _: True, None, cache, kept)


def skill(router: SkillRouter, text: str) -> str:
    return router.route(Message("user", text), ()).skill


MISTAKEN = "run me through the numbers of the merger"


def test_a_corrected_message_goes_right_from_then_on(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    taught.teach(MISTAKEN, "translate")
    assert skill(taught, MISTAKEN) == "translate"
    assert skill(taught, f"  {MISTAKEN.upper()} ") == "translate"


def test_a_corrected_message_is_no_chain_any_more(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    chained = "what does the lease say about notice, and then translate it into Portuguese"
    explained = taught.explain(Message("user", chained), ())
    assert taught.route(Message("user", chained), ()).chain == ("qa", "translate")
    assert explained.routed.chain == ("qa", "translate")
    taught.teach(chained, "generate")
    assert skill(taught, chained) == "generate"
    assert taught.explain(Message("user", chained), ()).routed.skill == "generate"


def test_near_messages_follow_and_others_stay(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    others = ["tell me a joke", "translate into portuguese: hello", "what does the lease say?"]
    before = [skill(taught, text) for text in others]
    taught.teach("zorble the quanfex", "qa")
    assert skill(taught, "zorble the quanfex please") == "qa"
    assert [skill(taught, text) for text in others] == before


def test_another_process_sees_it_at_its_next_message(cache: Path, tmp_path: Path) -> None:
    one, other = router(cache, tmp_path), router(cache, tmp_path)
    before = skill(other, MISTAKEN)
    one.teach(MISTAKEN, "translate")
    assert (before, skill(other, MISTAKEN)) == (before, "translate")


def test_undoing_brings_the_old_choice_back(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    before = skill(taught, MISTAKEN)
    taught.teach(MISTAKEN, "translate")
    assert taught.unteach().text == MISTAKEN
    assert skill(taught, MISTAKEN) == before
    with pytest.raises(UsageError, match="no such correction"):
        taught.unteach()


def test_a_command_in_front_is_no_part_of_the_correction(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    assert taught.teach(f"/generate {MISTAKEN}", "translate").text == MISTAKEN


@pytest.mark.parametrize(("text", "name"), [("hello", "nothing"), ("  ", "qa")])
def test_what_cannot_be_learned_is_refused(
    cache: Path, tmp_path: Path, text: str, name: str
) -> None:
    with pytest.raises(UsageError) as told:
        router(cache, tmp_path).teach(text, name)
    assert told.value.hint


def test_a_correction_for_a_skill_that_left_does_not_count(cache: Path, tmp_path: Path) -> None:
    router(cache, tmp_path).teach(MISTAKEN, "translate")
    fewer = [card for card in CARDS if card.name != "translate"]
    assert skill(router(cache, tmp_path, fewer), MISTAKEN) != "translate"


def test_a_broken_file_of_corrections_leaves_the_router_as_it_was(
    cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "corrections.tsv").write_bytes(b"\x00\xff nonsense\n" * 50)
    assert skill(router(cache, tmp_path), "tell me a joke") == "generate"


def test_without_an_encoder_a_correction_is_kept_for_later(tmp_path: Path) -> None:
    kept = CorrectionFile(tmp_path / "corrections.tsv")
    SkillRouter(absent, CARDS, lambda _: True, None, tmp_path, kept).teach(MISTAKEN, "qa")
    assert kept.read().kept[0].text == MISTAKEN


def test_corrections_are_judged_on_examples_and_on_a_file(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    clean = taught.validate()
    assert clean.corrections == 0
    assert [one.after for one in clean.examples] == [one.before for one in clean.examples]
    taught.teach("zorble the quanfex", "qa")
    judged = taught.validate([Case("qa", "en", "zorble the quanfex")] * 3)
    assert (judged.corrections, judged.hurt) == (1, ())
    assert judged.cases[0].after == 1.0
    groups = {one.group for one in judged.examples}
    assert {"all", "qa", "generate", "translate", "en", "zh"} <= groups


def test_harmful_corrections_are_called_harmful(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    for text in ("tell me a joke about a dog", "tell me a story", "write a poem", "who are you"):
        taught.teach(text, "translate")
    cases = [Case("generate", "en", f"tell me a joke number {i}") for i in range(30)]
    judged = taught.validate(cases)
    assert judged.cases[0].after <= judged.cases[0].before


class WeatherSkill:
    """A skill of somebody else."""

    card = SkillCard(
        "weather",
        "say what the weather will be",
        TEXT,
        TEXT,
        {
            "en": ("will it hail tomorrow?", "hail forecast for the coast", "is hail coming?"),
            "zh": ("明天会下冰雹吗", "沿海冰雹预报"),
        },
    )

    def run(self, request: SkillRequest) -> Iterator[Event]:
        yield from ()


def make_weather(_services: Services) -> WeatherSkill:
    return WeatherSkill()


def test_a_skill_of_somebody_else_joins_and_leaves_with_its_examples(
    cache: Path, tmp_path: Path
) -> None:
    entry = EntryPoint("weather", "tests.routing.test_teaching:make_weather", GROUP)
    found = load_skills(cast("Services", object()), [entry])
    joined = router(cache, tmp_path, [*CARDS, *(skill.card for skill in found.values())])
    assert skill(joined, "will it hail on the coast tomorrow?") == "weather"
    assert skill(joined, "沿海明天会下冰雹吗") == "weather"
    assert skill(joined, "tell me a joke") == "generate"
    before = (Message("user", "tell me a joke"), Message("assistant", "Ha."))
    hail = Message("user", "will it hail on the coast tomorrow?")
    assert joined.route(hail, before).skill == "weather", "it was learned without turns"
    assert skill(router(cache, tmp_path), "will it hail on the coast tomorrow?") != "weather"


def test_which_skills_take_images_is_read_from_their_cards(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, tmp_path)
    assert taught.takes_images("describe")
    assert not taught.takes_images("translate")
    assert not taught.takes_images("no such skill")
