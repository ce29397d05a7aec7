"""Why a message goes where it goes, and what would change that."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.events import Explained
from assistant.core.messages import ImageAttachment, Message
from assistant.core.routing import Counterfactual, Seen
from assistant.routing.corrections import CorrectionFile
from assistant.routing.router import SkillRouter
from assistant.routing.view import Evidence
from tests.fakes import HashingEmbedder
from tests.routing.test_router import CARDS, absent


def router(
    cache: Path,
    indexed: bool = False,
    evidence: Evidence | None = None,
    corrections: Path = Path("nowhere"),
) -> SkillRouter:
    embedder = HashingEmbedder(dimension=256)
    file = CorrectionFile(corrections / "corrections.tsv")
    return SkillRouter(lambda: embedder, CARDS, lambda _: indexed, evidence, cache, file)


def explained(router: SkillRouter, text: str, *before: str) -> Explained:
    history = tuple(Message("user", said) for said in before)
    return router.explain(Message("user", text), history)


def changes(found: Explained) -> dict[str, str]:
    return {one.change: one.skill for one in found.counterfactuals}


def test_it_explains_the_choice_that_is_made(cache: Path) -> None:
    asked = Message("user", "how do you say boat in polish")
    route, found = router(cache).route(asked, ()), router(cache).explain(asked, ())
    assert (found.routed.skill, found.routed.score) == (route.skill, route.score)
    assert found.routed.reason == route.reason


def test_what_was_seen_is_shown_with_its_words(cache: Path) -> None:
    found = explained(router(cache), "Please translate boat into Polish")
    assert Seen("language", "Polish") in found.seen
    assert Seen("translate", "translate") in found.seen


def test_the_nearest_examples_come_first(cache: Path) -> None:
    found = explained(router(cache), "tell me a joke")
    first = found.neighbours[0]
    assert (first.skill, first.text, first.language) == ("generate", "tell me a joke", "en")
    assert first.similarity == pytest.approx(1, abs=0.01)
    scores = [near.similarity for near in found.neighbours]
    assert scores == sorted(scores, reverse=True)


def test_words_that_decide_are_found_by_leaving_them_out(cache: Path) -> None:
    found = explained(router(cache), "translate the boat")
    without = [one for one in found.counterfactuals if one.change == "without_words"]
    assert "translate" in without[0].words
    assert (without[0].skill, without[0].score < found.routed.score) != ("translate", False)


def test_documents_would_have_been_asked_had_there_been_some(cache: Path) -> None:
    question = "what does my contract say about the notice period?"
    assert changes(explained(router(cache), question))["with_documents"] == "qa"
    assert changes(explained(router(cache, indexed=True), question))["without_documents"] != "qa"


def test_evidence_is_told_and_what_it_changed(cache: Path) -> None:
    strong = router(cache, indexed=True, evidence=lambda *_: 0.97)
    found = explained(strong, "who wrote don quixote?")
    assert found.routed.skill == "qa"
    assert found.evidence == pytest.approx(0.97)
    assert changes(found)["without_evidence"] == "generate"
    weak = router(cache, indexed=True, evidence=lambda *_: 0.1)
    assert changes(explained(weak, "who wrote don quixote?"))["with_evidence"] == "qa"


def test_the_turn_before_is_told_where_it_counted(cache: Path) -> None:
    found = explained(router(cache), "and in spanish?", "how do you say boat in polish")
    assert found.routed.skill == "translate"
    assert Seen("previous", "translate") in found.seen


def test_a_correction_is_told_with_what_would_be_without_it(cache: Path, tmp_path: Path) -> None:
    taught = router(cache, corrections=tmp_path)
    taught.teach("tell me a joke", "translate")
    found = explained(taught, "tell me a joke")
    assert found.routed.skill == "translate"
    assert found.neighbours[0].corrected
    assert changes(found)["without_correction"] == "generate"


def test_an_image_decides_and_the_words_alone_are_told(cache: Path) -> None:
    message = Message("user", "translate into french: hello", (ImageAttachment("a.png"),))
    found = router(cache).explain(message, ())
    assert found.routed.skill == "describe"
    assert Seen("image", "1") in found.seen
    (without,) = [one for one in found.counterfactuals if one.change == "without_image"]
    assert isinstance(without, Counterfactual)
    assert without.skill == "translate"


def test_a_command_explains_itself(cache: Path) -> None:
    found = explained(router(cache), "/generate translate this")
    assert found.seen == (Seen("command", "generate"),)
    assert found.counterfactuals == ()


def test_without_an_encoder_the_wording_is_explained(cache: Path, tmp_path: Path) -> None:
    without = SkillRouter(absent, CARDS, lambda _: False, None, tmp_path)
    found = explained(without, "translate into french: hello")
    assert found.neighbours == ()
    assert Seen("translate", "translate") in found.seen


@pytest.mark.parametrize("text", ["", "?", "\x00\x1b[31m", "a" * 100_000, "\ud800", "。" * 300])
def test_hostile_messages_are_explained(cache: Path, text: str) -> None:
    assert explained(router(cache), text).routed.skill in {card.name for card in CARDS}
