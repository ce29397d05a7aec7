"""What labels are called."""

from __future__ import annotations

from importlib import resources

from skills.describe_names import everyday_labels, name_of


def imagenet_labels() -> list[str]:
    place = resources.files("assistant.models").joinpath("imagenet_labels.txt")
    return place.read_text(encoding="utf-8").splitlines()


def test_every_label_of_the_labeler_has_a_chinese_name() -> None:
    untold = [label for label in imagenet_labels() if name_of(label).chinese == label]
    assert untold == ["iPod"]


def test_no_two_labels_share_a_name() -> None:
    names = [name_of(label) for label in imagenet_labels()]
    assert len({name.english for name in names}) == 1000
    assert len({name.chinese for name in names}) == 1000


def test_everyday_labels_have_chinese_names() -> None:
    assert all(name_of(label).chinese != label for label in everyday_labels())


def test_an_unknown_label_is_called_what_it_is() -> None:
    assert name_of("my mug").english == name_of("my mug").chinese == "my mug"
