"""Labels in anybody's words, scored by an image–text encoder."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.core.errors import ModelMissingError
from assistant.core.events import Labelled
from tests.skills.describing import (
    FakeEncoder,
    ScatteredEmbedder,
    ask,
    notices,
    said,
    skill,
    without,
)


def test_labels_of_ones_own_are_scored_by_clip() -> None:
    events = list(skill(clip=FakeEncoder()).run(ask("which?", "a.jpg", labels=("cat", "dog"))))
    (labelled,) = [e for e in events if isinstance(e, Labelled)]
    assert labelled.model == "fake-clip"
    assert [label.label for label in labelled.labels] == ["dog", "cat"]
    assert labelled.labels[0].score == pytest.approx(1 / (1 + 2 * np.exp(-4)), abs=0.01)
    assert said(events).startswith("Of the labels given, “dog” (96%) fits best, then “cat” (2%).")


@pytest.mark.parametrize("question", ["is this a cat or a dog?", "这是cat还是dog？"])
def test_a_choice_in_the_question_is_scored_as_labels(question: str) -> None:
    events = list(skill(clip=FakeEncoder()).run(ask(question, "a.jpg")))
    (labelled,) = [e for e in events if isinstance(e, Labelled)]
    assert [label.label for label in labelled.labels] == ["dog", "cat"]


def test_several_prompts_are_asked_for_a_label_and_only_once() -> None:
    encoder = FakeEncoder()
    describing = skill(clip=encoder)
    list(describing.run(ask("which?", "a.jpg", "b.jpg", labels=("cat", "dog", "cat"))))
    assert len([text for text in encoder.seen if "cat" in text]) == 3
    assert "a photo of cat." in encoder.seen


def test_without_clip_labels_of_ones_own_are_joined_to_what_the_classifier_saw() -> None:
    events = list(skill().run(ask("is it a dog, a cat or a bird?", "a.jpg")))
    (labelled,) = [e for e in events if isinstance(e, Labelled)]
    assert labelled.model == "fake-labeler"
    assert labelled.labels[0].label == "cat"
    assert said(events).startswith(
        "Of the labels given, “cat” (100%) fits best. "
        "Most likely a tabby cat (62%), possibly an Egyptian cat (21%)."
    )
    assert notices(events) == []


def test_it_says_when_no_label_of_ones_own_fits() -> None:
    answer = said(list(skill().run(ask("which?", "a.jpg", labels=("bridge", "violin")))))
    assert answer.startswith("None of the labels given fits well (100%)")
    answer = said(list(skill().run(ask("这是桥还是小提琴？", "a.jpg"))))
    assert answer.startswith("你给出的说法都不太符合（100%）")


def test_without_the_embedder_labels_that_are_known_names_still_fit() -> None:
    def missing() -> ScatteredEmbedder:
        raise ModelMissingError("No embedder.", "Pull it.")

    describing = without("embedder", missing)
    known = said(list(describing.run(ask("which?", "a.jpg", labels=("cat", "dog")))))
    assert "“cat” (100%) fits best" in known
    events = list(describing.run(ask("which?", "a.jpg", labels=("moggy", "doggo"))))
    (notice,) = notices(events)
    assert notice.text == "Your labels can't be compared with what was seen: No embedder."
    assert "tabby cat" in said(events)


def test_with_clip_people_are_recognised_which_the_fixed_labels_lack() -> None:
    encoder = FakeEncoder(image_shows="group of people")
    events = list(skill(clip=encoder).run(ask("what is this?", "a.jpg")))
    assert "a group of people" in said(events)
    assert "a photo of tabby." in encoder.seen, "the fixed list competes too"


def test_too_many_labels_are_cut_with_a_notice() -> None:
    labels = tuple(f"thing {i}" for i in range(300))
    events = list(skill(clip=FakeEncoder()).run(ask("which?", "a.jpg", labels=labels)))
    assert "first 200 of 300" in notices(events)[0].text


def test_escape_sequences_in_names_and_labels_are_stripped() -> None:
    images = ("\x1b[31mred`.jpg", "b.jpg")
    request = ask("which?", *images, labels=("\x1b]0;x\x07cat", "dog"))
    events = list(skill(clip=FakeEncoder()).run(request))
    assert "\x1b" not in said(events)
    assert "`red'.jpg`" in said(events)
    assert "“cat”" in said(events)
