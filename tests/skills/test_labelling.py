"""Labels in anybody's words, joined to the classes of a classifier."""

from __future__ import annotations

import pytest

from assistant.core.documents import Label
from skills.describe_names import imagenet_names
from skills.labelling import joining
from skills.labelling.joining import LabelJoiner
from skills.labelling.kinds import LANGUAGES, kinds, meaning
from skills.labelling.taxonomy import wordnet
from tests.skills.describing import ScatteredEmbedder


def seen(*pairs: tuple[str, float]) -> list[Label]:
    """All classes: those named, the rest sharing what is left."""
    named = dict(pairs)
    others = [label for label in wordnet().labels if label not in named]
    rest = (1 - sum(named.values())) / len(others)
    found = [Label(name, share) for name, share in pairs]
    return found + [Label(name, rest) for name in others]


def test_words_seen_before_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MOST_KEPT", 50)
    joiner = LabelJoiner(ScatteredEmbedder)
    first = joiner.join(seen(("pug", 0.9)), ("violin", "bridge"))
    for number in range(10):
        joiner.join(seen(("pug", 0.9)), [f"word{number} {other}" for other in range(20)])
    assert len(joiner._vectors) < 150
    assert joiner.join(seen(("pug", 0.9)), ("violin", "bridge")) == first


def alike() -> ScatteredEmbedder:
    """Takes two words for the same."""
    return ScatteredEmbedder(same=("bittern", "thing with feathers"))


def unused() -> ScatteredEmbedder:
    raise AssertionError("no word needed comparing")


def test_every_class_of_the_classifier_is_in_the_taxonomy_in_its_order() -> None:
    assert wordnet().labels == tuple(imagenet_names())


def test_a_class_is_below_what_it_is_a_kind_of() -> None:
    names = [name for synset in wordnet().above("bittern") for name in synset.names]
    assert names.index("bittern") < names.index("heron") < names.index("bird")
    assert wordnet().above("no class at all") == ()


def test_of_two_meanings_the_usual_one_is_taken() -> None:
    assert wordnet().meant("monitor") == {"monitor"}
    assert "Komodo dragon" in wordnet().meant("lizard")


def test_every_kind_has_names_in_every_language_and_covers_classes() -> None:
    for kind in kinds():
        assert all(kind.names[language][0] for language in LANGUAGES)
        assert kind.members, kind.names["en"]


def test_every_term_of_the_kinds_is_known() -> None:
    from importlib import resources

    table = resources.files("skills.labelling").joinpath("kinds.tsv").read_text("utf-8")
    for line in table.splitlines():
        for term in line.split("\t")[-1].split(", "):
            assert wordnet().meant(term.removeprefix("-")), term


@pytest.mark.parametrize(
    "label",
    ["dog", "a dog", "Dogs", "puppies", "a photo of a dog", "狗", "一只狗", "perros", "um cachorro",
     "Hunde", "le chien", "犬类"],
)  # fmt: skip
def test_a_label_is_understood_in_the_plural_with_an_article_and_in_six_languages(
    label: str,
) -> None:
    found = meaning(label)
    assert found is not None
    assert found.whole
    assert "toy poodle" in found.members
    assert "tabby" not in found.members


def test_a_label_of_two_names_covers_both() -> None:
    found = meaning("cats and dogs")
    assert found is not None
    assert {"tabby", "pug"} <= found.members


def test_the_end_of_a_longer_label_tells_its_kind_but_not_for_certain() -> None:
    for label in ("garden chair", "花园椅子"):
        found = meaning(label)
        assert found is not None
        assert not found.whole
        assert "throne" in found.members
    assert meaning("strange thing") is None, "a thing can be anything"


@pytest.mark.parametrize("label", ["", "qwertyuiop", "???", "a", "的"])
def test_what_names_nothing_means_nothing(label: str) -> None:
    assert meaning(label) is None


def test_a_class_gives_its_probability_to_the_label_that_covers_it() -> None:
    joined = LabelJoiner(unused).join(seen(("bittern", 0.6), ("pug", 0.3)), ("dog", "bird"))
    assert [label.label for label in joined.labels] == ["bird", "dog"]
    floor = 0.1 / 1000  # what label smoothing gives to every class
    assert joined.labels[0].score == pytest.approx((0.6 - floor) / (0.9 - 2 * floor), abs=0.01)
    assert joined.none < 0.01


def test_scores_and_none_sum_to_one() -> None:
    joiner = LabelJoiner(ScatteredEmbedder)
    for labels in [("dog", "bird"), ("violin",), ("blue", "x", "thing with feathers")]:
        joined = joiner.join(seen(("bittern", 0.5), ("pug", 0.2)), labels)
        assert sum(label.score for label in joined.labels) + joined.none == pytest.approx(1)


def test_the_narrower_of_two_true_labels_wins() -> None:
    joined = LabelJoiner(unused).join(seen(("pug", 0.9)), ("animal", "dog"))
    assert joined.labels[0].label == "dog"
    assert joined.labels[1].score > 0.1, "an animal it is all the same"


def test_where_no_label_covers_what_was_seen_none_is_probable() -> None:
    joined = LabelJoiner(ScatteredEmbedder).join(seen(("pug", 0.9)), ("violin", "bridge"))
    assert joined.none > 0.9


def test_a_label_that_is_no_known_name_is_compared_by_its_words() -> None:
    labels = ("thing with feathers", "odd contraption")
    joined = LabelJoiner(alike).join(seen(("bittern", 0.9)), labels)
    assert joined.labels[0].label == "thing with feathers"
    assert joined.none < 0.1


def test_classes_of_another_classifier_are_compared_by_their_words() -> None:
    other = [Label("thing with feathers", 0.9), Label("unheard of", 0.1)]
    joined = LabelJoiner(alike).join(other, ("bittern", "violin"))
    assert joined.labels[0].label == "bittern"


def test_words_are_embedded_once() -> None:
    embedder = ScatteredEmbedder()
    joiner = LabelJoiner(lambda: embedder)
    for _ in range(2):
        joiner.join(seen(("bittern", 0.9)), ("thing with feathers", "x"))
        calls = embedder.calls
    assert calls == 2, "the usual words for the mean, and the new words"
