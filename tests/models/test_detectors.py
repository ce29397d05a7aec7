"""Detectors of the hub, on tiny models of the real classes: what they find is what transformers'
own processing finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from assistant.core.errors import ModelError
from assistant.core.pictures import Box, Detection
from assistant.core.protocols import Pixels
from assistant.models.devices import Device
from assistant.models.dispatch import Room
from assistant.models.object_detector import BATCH, TransformersDetector
from assistant.models.open_detector import TransformersOpenDetector
from assistant.models.vision_loading import MOST_SIDE, at_most
from tests.models import tiny_vision
from tests.models.tiny_vision import LABELS, hub
from tests.models.writing import cancelled_after

Saver = Callable[[Path], Path]
CLOSED: dict[str, Saver] = {
    "detr": tiny_vision.save_detr,
    "yolos": tiny_vision.save_yolos,
    "rt_detr": tiny_vision.save_rt_detr,
    "rt_detr_v2": lambda folder: tiny_vision.save_rt_detr(folder, version=2),
}
OPEN: dict[str, Saver] = {
    "owlvit": tiny_vision.save_owlvit,
    "owlv2": tiny_vision.save_owlv2,
    "grounding_dino": tiny_vision.save_grounding_dino,
    "mm_grounding_dino": tiny_vision.save_mm_grounding_dino,
}
LOW = 0.01


def noise(height: int = 50, width: int = 70, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def never() -> bool:
    return False


def cpu() -> tuple[Device, ...]:
    return (Device("cpu", "cpu", "a CPU", 8 << 30, 6 << 30, 2),)


@pytest.fixture(scope="module", params=list(CLOSED))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return CLOSED[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def detector(folder: Path) -> TransformersDetector:
    return TransformersDetector(folder, name="tiny", room=Room(cpu))


def reference(
    folder: Path, image: Pixels, threshold: float
) -> list[tuple[str, float, list[float]]]:
    """What transformers' own classes find, without any of ours."""
    processor = hub.AutoImageProcessor.from_pretrained(folder, backend="pil")
    model = hub.AutoModelForObjectDetection.from_pretrained(folder).eval()
    with torch.inference_mode():
        outputs = model(**processor(images=[image], return_tensors="pt"))
    (found,) = processor.post_process_object_detection(
        outputs, threshold=threshold, target_sizes=[image.shape[:2]]
    )
    rows = zip(found["labels"], found["scores"], found["boxes"], strict=True)
    return [(LABELS[label], score.item(), box.tolist()) for label, score, box in rows]


def inside(box: list[float], image: Pixels) -> list[float]:
    height, width = image.shape[:2]
    clipped = Box(*box).clipped(width, height)
    return [clipped.left, clipped.top, clipped.right, clipped.bottom]


def test_labels_are_known_before_weights_are_loaded(folder: Path) -> None:
    detector = TransformersDetector(folder, name="tiny", room=Room(cpu))
    assert detector.labels == LABELS
    assert detector._model._loaded is None


def test_everything_found_is_found_by_transformers_itself_with_the_same_score_and_box(
    detector: TransformersDetector, folder: Path
) -> None:
    image = noise()
    (found,) = detector.detect([image], LOW, never)
    expected = reference(folder, image, LOW)
    assert found
    for one in found:
        box = [one.box.left, one.box.top, one.box.right, one.box.bottom]
        assert any(
            one.label == label
            and one.score == pytest.approx(score, abs=1e-4)
            and box == pytest.approx(inside(corners, image), abs=0.05)
            for label, score, corners in expected
        )


def test_the_best_that_transformers_finds_is_there(
    detector: TransformersDetector, folder: Path
) -> None:
    image = noise(seed=4)
    (found,) = detector.detect([image], LOW, never)
    best = max(score for _, score, _ in reference(folder, image, LOW))
    assert found[0].score == pytest.approx(best, abs=1e-4)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_batch_finds_what_single_images_do(detector: TransformersDetector) -> None:
    images = [noise(seed=seed) for seed in range(BATCH + 1)]
    together = list(detector.detect(images, LOW, never))
    assert len(together) == len(images)
    for image, found in zip(images, together, strict=True):
        (alone,) = detector.detect([image], LOW, never)
        assert [one.label for one in found] == [one.label for one in alone]
        assert [one.score for one in found] == pytest.approx([one.score for one in alone], abs=1e-3)


def test_images_of_different_shapes_share_a_batch(detector: TransformersDetector) -> None:
    wide, high = noise(40, 90), noise(90, 40)
    found = list(detector.detect([wide, high], LOW, never))
    for image, detections in zip([wide, high], found, strict=True):
        height, width = image.shape[:2]
        assert all(one.box.right <= width and one.box.bottom <= height for one in detections)


def test_nothing_is_told_below_the_threshold(detector: TransformersDetector) -> None:
    assert list(detector.detect([noise()], 0.999, never)) == [()]


def test_a_cancelled_search_ends_between_batches(folder: Path) -> None:
    detector = TransformersDetector(folder, name="tiny", room=Room(cpu))
    images = [noise(seed=seed) for seed in range(2 * BATCH)]
    found = cancelled_after(BATCH, lambda cancelled: detector.detect(images, LOW, cancelled))
    assert len(found) == BATCH
    assert list(detector.detect(images, LOW, lambda: True)) == []


def test_a_search_ends_between_two_blocks_of_the_network(folder: Path) -> None:
    asked = 0

    def soon() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2  # before the image, before the network; then within it

    detector = TransformersDetector(folder, name="tiny", room=Room(cpu))
    assert list(detector.detect([noise()], LOW, soon)) == []
    assert asked == 3
    (found,) = detector.detect([noise()], LOW, never)
    assert found, "what was stopped leaves nothing behind"


@pytest.mark.parametrize("damage", ["absent", "no json", "no labels file", "far too many labels"])
def test_a_folder_that_is_no_model_is_an_error_with_a_remedy(tmp_path: Path, damage: str) -> None:
    if damage == "no json":
        (tmp_path / "config.json").write_text("{")
    elif damage == "no labels file":
        (tmp_path / "config.json").write_text('{"id2label": {"x": "cat"}}')
    elif damage == "far too many labels":
        (tmp_path / "config.json").write_text('{"id2label": {"9999999": "cat"}}')
    with pytest.raises(ModelError, match="tiny can't be loaded") as caught:
        TransformersDetector(tmp_path, name="tiny", room=Room(cpu))
    assert "assistant models pull tiny" in caught.value.hint


def test_weights_cut_short_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    weights = tiny_vision.save_yolos(tmp_path) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    detector = TransformersDetector(tmp_path, name="tiny", room=Room(cpu))
    with pytest.raises(ModelError) as caught:
        list(detector.detect([noise()], LOW, never))
    assert "pull" in caught.value.hint


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    folder = tiny_vision.save_yolos(tmp_path)
    model = hub.AutoModelForObjectDetection.from_pretrained(folder)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    detector = TransformersDetector(folder, name="tiny", room=Room(cpu))
    with pytest.raises(ModelError):
        list(detector.detect([noise()], LOW, never))


def test_a_model_larger_than_the_machine_is_refused(folder: Path) -> None:
    def full() -> tuple[Device, ...]:
        return (Device("cpu", "cpu", "a CPU", 1 << 20, 1 << 10, 2),)

    detector = TransformersDetector(folder, name="tiny", room=Room(full))
    with pytest.raises(ModelError, match="does not fit"):
        list(detector.detect([noise()], LOW, never))


def test_a_large_image_is_scaled_before_a_model_sees_it() -> None:
    seen = at_most(np.zeros((100, 4000, 3), np.uint8))
    assert seen.shape == (40, MOST_SIDE, 3)
    small = noise()
    assert at_most(small) is small


class TestOpenDetectors:
    @pytest.fixture(scope="class", params=list(OPEN))
    def folder(
        self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> Path:
        return OPEN[request.param](tmp_path_factory.mktemp(request.param))

    @pytest.fixture(scope="class")
    def detector(self, folder: Path) -> TransformersOpenDetector:
        return TransformersOpenDetector(folder, name="open", room=Room(cpu))

    def test_only_what_was_named_is_found(self, detector: TransformersOpenDetector) -> None:
        (found,) = detector.detect([noise()], ["cat", "traffic light"], LOW, never)
        assert found
        assert {one.label for one in found} <= {"cat", "traffic light"}
        assert all(0 <= one.box.left < one.box.right <= 70 for one in found)

    def test_nothing_named_finds_nothing(self, detector: TransformersOpenDetector) -> None:
        assert list(detector.detect([noise()], [], LOW, never)) == [()]

    def test_repeats_of_one_thing_are_left_out(self, detector: TransformersOpenDetector) -> None:
        (found,) = detector.detect([noise()], ["cat", "dog"], LOW, never)
        for number, one in enumerate(found):
            for other in found[:number]:
                least = 0.5 if one.label == other.label else 0.8
                assert one.box.overlap(other.box) < least

    def test_a_cancelled_search_ends_between_images(
        self, detector: TransformersOpenDetector
    ) -> None:
        images = [noise()] * 3
        found = cancelled_after(1, lambda stop: detector.detect(images, ["cat"], LOW, stop))
        assert len(found) == 1

    def test_it_agrees_with_transformers_own_processing(
        self, detector: TransformersOpenDetector, folder: Path
    ) -> None:
        image, labels = noise(seed=2), ["cat", "dog"]
        (found,) = detector.detect([image], labels, LOW, never)
        expected = _open_reference(folder, image, labels)
        assert found[0].score == pytest.approx(max(expected["scores"].tolist()), abs=1e-4)
        boxes = [inside(box, image) for box in expected["boxes"].tolist()]
        for one in found:
            box = [one.box.left, one.box.top, one.box.right, one.box.bottom]
            assert any(box == pytest.approx(other, abs=0.05) for other in boxes)


def _open_reference(folder: Path, image: Pixels, labels: list[str]) -> Any:
    processor = hub.AutoProcessor.from_pretrained(folder, backend="pil")
    model = hub.AutoModelForZeroShotObjectDetection.from_pretrained(folder).eval()
    grounding = model.config.model_type.endswith("grounding-dino")
    asked = labels if grounding else [f"a photo of a {label}" for label in labels]
    inputs = processor(images=[image], text=[asked], return_tensors="pt")
    with torch.inference_mode():
        outputs = model(**inputs)
    more: dict[str, Any] = {"input_ids": inputs["input_ids"]} if grounding else {}
    (found,) = processor.post_process_grounded_object_detection(
        outputs, threshold=LOW, target_sizes=[image.shape[:2]], **more
    )
    return found


def test_a_model_that_takes_no_words_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    folder = tiny_vision.save_yolos(tmp_path)
    with pytest.raises(ModelError, match="does not find things named in words") as caught:
        TransformersOpenDetector(folder, name="tiny", room=Room(cpu))
    assert "OWL-ViT" in caught.value.hint


def test_detections_compare_by_value() -> None:
    assert Detection("cat", 0.5, Box(0, 0, 1, 1)) == Detection("cat", 0.5, Box(0, 0, 1, 1))
