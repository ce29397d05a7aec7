"""Descriptions composed from scored vocabularies; the arithmetic of scores, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from assistant.core.events import Labelled
from assistant.core.heat import Heat
from assistant.core.protocols import Pixels, Vectors
from skills.describe_open_labels import OpenLabels, prompts
from skills.picturing.facets import find_facets, told
from skills.picturing.vocabularies import vocabularies
from tests.skills.describing import ask, said, skill


@dataclass
class PlacedEncoder:
    """Cosines of the image with texts that contain a word; 0 with all others."""

    cosines: dict[str, float] = field(default_factory=dict)
    logit_scale: float = 10.0
    logit_bias: float | None = None
    name: str = "placed"
    texts: list[str] = field(default_factory=list)

    def embed_images(self, images: Sequence[Pixels]) -> Vectors:
        return np.array([[1.0, 0.0]] * len(images), np.float32)

    def heat(self, image: Pixels, text: str) -> Heat:
        raise NotImplementedError

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        found = [max((c for w, c in self.cosines.items() if w in t), default=0.0) for t in texts]
        return np.array([[c, np.sqrt(1 - c * c)] for c in found], np.float32)


IMAGE = np.array([1.0, 0.0], np.float32)


def test_shares_of_a_softmax_are_those_worked_out_by_hand() -> None:
    labels = OpenLabels(PlacedEncoder({"cat": 0.3, "dog": 0.1}))
    found, none = labels.choose(IMAGE, ("dog", "cat"))
    whole = np.exp(3) + np.exp(1) + np.exp(0)
    assert [x.label for x in found] == ["cat", "dog"]
    assert [x.score for x in found] == pytest.approx([np.exp(3) / whole, np.exp(1) / whole])
    assert none == pytest.approx(1 / whole)


def test_with_a_bias_none_has_the_logit_zero() -> None:
    labels = OpenLabels(PlacedEncoder({"cat": 0.3, "dog": 0.1}, logit_bias=-2))
    found, none = labels.choose(IMAGE, ("dog", "cat"))
    whole = np.exp(3 - 2) + np.exp(1 - 2) + 1
    assert [x.score for x in found] == pytest.approx([np.exp(1) / whole, np.exp(-1) / whole])
    assert none == pytest.approx(1 / whole)
    ((alone,), _) = labels.choose(IMAGE, ("cat",))
    assert alone.score == pytest.approx(1 / (1 + np.exp(-1))), "the sigmoid of its logit"


def test_a_known_label_in_another_language_is_asked_about_in_english() -> None:
    assert prompts("狗")[0] == "a photo of dog."
    assert prompts("perro") == prompts("dog")
    assert prompts("无名之物")[0] == "a photo of 无名之物."


def test_only_what_is_more_probable_than_all_else_is_said() -> None:
    unsure = find_facets(OpenLabels(PlacedEncoder({})), IMAGE)
    assert unsure == ()
    sure = find_facets(
        OpenLabels(PlacedEncoder({"beach": 0.9, "photo taken at night": 0.4})), IMAGE
    )
    assert [(facet.vocabulary, facet.word.english) for facet in sure] == [("scenes", "a beach")]


def test_the_description_names_place_and_activity_with_their_probability() -> None:
    clip = PlacedEncoder({"beach": 0.9, "surfing": 0.95})
    events = list(skill(clip=clip).run(ask("what is this?", "a.jpg")))
    assert "The place: a beach (99%), somebody surfing (100%)." in said(events)
    facets = [e for e in events if isinstance(e, Labelled)][1]
    assert [label.label for label in facets.labels] == ["a beach", "surfing"]
    chinese = list(skill(clip=clip).run(ask("这是什么？", "a.jpg")))
    assert "地点：海滩（99%），有人在冲浪（100%）。" in said(chinese)


def test_nothing_is_told_of_nothing() -> None:
    assert told((), "en") == told((), "zh") == ""


def test_every_vocabulary_says_where_it_comes_from_and_has_two_languages() -> None:
    from importlib import resources

    for vocabulary in vocabularies():
        path = resources.files("skills.picturing").joinpath(f"{vocabulary.name}.tsv")
        assert "Written for this program" in path.read_text("utf-8").splitlines()[0]
        assert len(vocabulary.words) == len({word.english for word in vocabulary.words}) >= 10
        assert all(word.chinese for word in vocabulary.words)


def test_texts_are_embedded_once() -> None:
    encoder = PlacedEncoder()
    labels = OpenLabels(encoder)
    find_facets(labels, IMAGE)
    asked = len(encoder.texts)
    find_facets(labels, IMAGE)
    assert len(encoder.texts) == asked
