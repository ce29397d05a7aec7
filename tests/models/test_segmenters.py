"""Segmenters of the hub, on tiny models of the real classes."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.core.errors import ModelError
from assistant.core.pictures import Box, resized
from assistant.models.box_segmenter import SamSegmenter
from assistant.models.dispatch import Room
from assistant.models.segmenter import TransformersSegmenter
from tests.models import tiny_outliners, tiny_vision
from tests.models.test_detectors import cpu, never, noise
from tests.models.tiny_vision import LABELS, hub
from tests.models.writing import cancelled_after

SAVERS = {
    "mask2former": tiny_vision.save_mask2former,
    "maskformer": tiny_outliners.save_maskformer,
    "sam": tiny_vision.save_sam,
    "sam_hq": tiny_outliners.save_sam_hq,
}


@pytest.fixture(scope="module")
def segformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_vision.save_segformer(tmp_path_factory.mktemp("segformer"))


@pytest.fixture(scope="module", params=["mask2former", "maskformer"])
def of_objects(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SAVERS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module", params=["sam", "sam_hq"])
def sam(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SAVERS[request.param](tmp_path_factory.mktemp(request.param))


class TestSemantic:
    def test_each_pixel_has_the_kind_transformers_gives_it(self, segformer: Path) -> None:
        image = noise()
        model = TransformersSegmenter(segformer, name="tiny", room=Room(cpu))
        (regions,) = model.segment([image], None, never)
        processor = hub.AutoImageProcessor.from_pretrained(segformer, backend="pil")
        plain = hub.AutoModelForSemanticSegmentation.from_pretrained(segformer).eval()
        with torch.inference_mode():
            outputs = plain(**processor(images=[image], return_tensors="pt"))
        (kinds,) = processor.post_process_semantic_segmentation(
            outputs, target_sizes=[image.shape[:2]]
        )
        for region in regions:
            assert np.array_equal(region.mask, kinds.numpy() == LABELS.index(region.label))

    def test_regions_cover_the_image_once_the_largest_first(self, segformer: Path) -> None:
        model = TransformersSegmenter(segformer, name="tiny", room=Room(cpu))
        (regions,) = model.segment([noise()], None, never)
        assert np.sum([region.mask for region in regions], axis=0).max() == 1
        assert sum(region.share for region in regions) == pytest.approx(1.0)
        shares = [region.share for region in regions]
        assert shares == sorted(shares, reverse=True)
        assert all(1 / len(LABELS) <= region.score <= 1 for region in regions)

    def test_masks_have_the_size_of_an_image_larger_than_what_was_seen(
        self, segformer: Path
    ) -> None:
        model = TransformersSegmenter(segformer, name="tiny", room=Room(cpu))
        (regions,) = model.segment([noise(1000, 400)], None, never)
        assert {region.mask.shape for region in regions} == {(1000, 400)}

    def test_a_cancelled_run_ends_between_images(self, segformer: Path) -> None:
        model = TransformersSegmenter(segformer, name="tiny", room=Room(cpu))
        images = [noise()] * 3
        found = cancelled_after(1, lambda cancelled: model.segment(images, None, cancelled))
        assert len(found) == 1


class TestObjects:
    def test_each_object_is_one_that_transformers_gives(self, of_objects: Path) -> None:
        image = noise(seed=1)
        model = TransformersSegmenter(of_objects, name="tiny", room=Room(cpu))
        (regions,) = model.segment([image], 0.2, never)
        processor = hub.AutoImageProcessor.from_pretrained(of_objects, backend="pil")
        plain = hub.AutoModelForUniversalSegmentation.from_pretrained(of_objects).eval()
        with torch.inference_mode():
            outputs = plain(**processor(images=[image], return_tensors="pt"))
        (expected,) = processor.post_process_panoptic_segmentation(
            outputs, threshold=0.2, label_ids_to_fuse=set(), target_sizes=[image.shape[:2]]
        )
        numbers = expected["segmentation"].numpy()
        told = {
            (LABELS[one["label_id"]], round(one["score"], 3), int((numbers == one["id"]).sum()))
            for one in expected["segments_info"]
        }
        found = {(r.label, round(r.score, 3), int(r.mask.sum())) for r in regions}
        assert regions
        assert found == {one for one in told if one[2]}

    def test_a_semantic_checkpoint_gives_each_kind_once(self, of_objects: Path) -> None:
        model = TransformersSegmenter(of_objects, name="tiny-semantic", room=Room(cpu))
        (regions,) = model.segment([noise(seed=1)], 0.2, never)
        labels = [region.label for region in regions]
        assert labels
        assert len(labels) == len(set(labels))

    def test_nothing_sure_enough_is_nothing(self, of_objects: Path) -> None:
        model = TransformersSegmenter(of_objects, name="tiny", room=Room(cpu))
        assert list(model.segment([noise()], 0.999, never)) == [()]


class TestBoxes:
    def test_a_mask_for_each_box_is_the_one_transformers_prefers(self, sam: Path) -> None:
        image, boxes = noise(), [Box(1, 2, 30, 40), Box(5, 5, 60, 45)]
        masks = list(SamSegmenter(sam, name="sam", room=Room(cpu)).outline(image, boxes, never))
        processor = hub.AutoProcessor.from_pretrained(sam, backend="pil")
        plain = hub.AutoModelForMaskGeneration.from_pretrained(sam).eval()
        corners = [[[b.left, b.top, b.right, b.bottom] for b in boxes]]
        inputs = processor(images=[image], input_boxes=corners, return_tensors="pt")
        with torch.inference_mode():
            outputs = plain(**inputs)
        (expected,) = processor.post_process_masks(
            outputs.pred_masks, inputs["original_sizes"], inputs["reshaped_input_sizes"]
        )
        best = outputs.iou_scores[0].argmax(dim=-1)
        assert len(masks) == 2
        for at, mask in enumerate(masks):
            assert np.array_equal(mask, expected[at, best[at]].numpy())

    def test_many_boxes_are_decoded_in_batches(self, sam: Path) -> None:
        boxes = [Box(0, 0, 5 + number, 40) for number in range(18)]
        segmenter = SamSegmenter(sam, name="sam", room=Room(cpu))
        masks = list(segmenter.outline(noise(), boxes, never))
        assert [mask.shape for mask in masks] == [(50, 70)] * 18

    def test_no_boxes_load_nothing(self, sam: Path) -> None:
        segmenter = SamSegmenter(sam, name="sam", room=Room(cpu))
        assert list(segmenter.outline(noise(), [], never)) == []
        assert segmenter._model._loaded is None

    def test_points_give_one_mask(self, sam: Path) -> None:
        segmenter = SamSegmenter(sam, name="sam", room=Room(cpu))
        mask = segmenter.outline_points(noise(90, 40), [(3, 4), (20, 60)])
        assert mask.shape == (90, 40)
        assert mask.dtype == np.bool_


def test_a_detector_is_refused_as_a_segmenter(tmp_path: Path) -> None:
    folder = tiny_vision.save_yolos(tmp_path)
    with pytest.raises(ModelError, match="none that segments") as caught:
        TransformersSegmenter(folder, name="tiny", room=Room(cpu))
    assert "SegFormer" in caught.value.hint


def test_a_mask_at_another_size_takes_the_nearest_pixels() -> None:
    mask = np.array([[True, False], [False, False]])
    assert resized(mask, 4, 4).tolist() == [
        [True, True, False, False],
        [True, True, False, False],
        [False] * 4,
        [False] * 4,
    ]
    assert resized(resized(mask, 4, 6), 2, 2).tolist() == mask.tolist()


def test_a_model_without_an_architecture_is_refused_as_a_segmenter(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"architectures": null}')
    with pytest.raises(ModelError, match=r"none that segments \(unknown\)"):
        TransformersSegmenter(tmp_path, name="tiny", room=Room(cpu))


def test_a_segmenter_that_wants_its_task_in_words_is_refused_with_what_can_be_used(
    tmp_path: Path,
) -> None:
    config = {
        "architectures": ["OneFormerForUniversalSegmentation"],
        "model_type": "oneformer",
        "id2label": {"0": "cat"},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="none that segments") as caught:
        TransformersSegmenter(tmp_path, name="tiny", room=Room(cpu))
    assert "Mask2Former" in caught.value.hint


def test_a_segmenter_is_refused_as_an_outliner_of_boxes(segformer: Path) -> None:
    with pytest.raises(ModelError, match="none that outlines what is in a box") as caught:
        SamSegmenter(segformer, name="tiny", room=Room(cpu))
    assert "SAM" in caught.value.hint


def test_a_sam_2_outlines_or_says_which_library_prepares_its_images(tmp_path: Path) -> None:
    outliner = SamSegmenter(tiny_outliners.save_sam2(tmp_path), name="tiny", room=Room(cpu))
    boxes = [Box(1, 2, 30, 40), Box(5, 5, 60, 45)]
    if find_spec("torchvision") is not None:
        assert [mask.shape for mask in outliner.outline(noise(), boxes, never)] == [(50, 70)] * 2
        return
    with pytest.raises(ModelError, match="without torchvision, which is not installed") as caught:
        list(outliner.outline(noise(), boxes, never))
    assert "pip install torchvision" in caught.value.hint
