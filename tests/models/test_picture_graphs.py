"""Faces and foreground: graphs like the published ones, and the arithmetic around them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from assistant.core.errors import ModelError
from assistant.core.pictures import Box
from assistant.models.conversion.picture_graphs import (
    FACE_OUTPUTS,
    FOREGROUND_OUTPUTS,
    INPUT,
    convert_faces,
    convert_foreground,
)
from assistant.models.onnx_faces import MOST_SIDE, OnnxFaceDetector, decoded, prepared
from assistant.models.onnx_foreground import SIDE, OnnxForeground, box_mean, guided
from assistant.models.onnx_foreground import prepared as standardised


def never() -> bool:
    return False


def value(name: str, *shape: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def weights(name: str, array: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(array.astype(np.float32), name)


def published_faces(path: Path) -> Path:
    """A graph as CenterFace was exported: of ten images of 32 pixels, with landmarks. A cell of
    4 × 4 white pixels is a face of 16 × 16 pixels around its middle."""
    grey = np.full((1, 3, 4, 4), 1 / (48 * 255))
    nodes = [
        helper.make_node("Conv", [INPUT, "grey"], ["537"], strides=[4, 4], kernel_shape=[4, 4]),
        helper.make_node("Conv", [INPUT, "none2", "four"], ["538"], strides=[4, 4]),
        helper.make_node("Conv", [INPUT, "none2"], ["539"], strides=[4, 4]),
        helper.make_node("Conv", [INPUT, "none10"], ["540"], strides=[4, 4]),
    ]
    graph = helper.make_graph(
        nodes,
        "centerface",
        [value(INPUT, 10, 3, 32, 32)],
        [value(o, 10, c, 8, 8) for o, c in zip((*FACE_OUTPUTS, "540"), (1, 2, 2, 10), strict=True)],
        [
            weights("grey", grey),
            weights("none2", np.zeros((2, 3, 4, 4))),
            weights("four", np.log([4.0, 4.0])),
            weights("none10", np.zeros((10, 3, 4, 4))),
        ],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)]), path)
    return path


def published_foreground(path: Path) -> Path:
    """A graph as U²-Net was exported, with a side output: what is bright is in front."""
    bright = np.full((1, 3, 1, 1), 3.0)
    nodes = [
        helper.make_node("Conv", [INPUT, "bright"], ["sum"]),
        helper.make_node("Sigmoid", ["sum"], [FOREGROUND_OUTPUTS[0]]),
        helper.make_node("Conv", [INPUT, "side"], ["1960"]),
    ]
    graph = helper.make_graph(
        nodes,
        "u2net",
        [value(INPUT, 1, 3, SIDE, SIDE)],
        [value(FOREGROUND_OUTPUTS[0], 1, 1, SIDE, SIDE), value("1960", 1, 1, SIDE, SIDE)],
        [weights("bright", bright), weights("side", bright)],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)]), path)
    return path


@pytest.fixture
def faces(tmp_path: Path) -> OnnxFaceDetector:
    convert_faces(published_faces(tmp_path / "published.onnx"), tmp_path)
    return OnnxFaceDetector(tmp_path, name="faces", threads=1)


@pytest.fixture
def foreground(tmp_path: Path) -> OnnxForeground:
    convert_foreground(published_foreground(tmp_path / "published.onnx"), tmp_path)
    return OnnxForeground(tmp_path, name="foreground", threads=1)


def with_white_cell(height: int, width: int, top: int, left: int) -> np.ndarray:
    image = np.zeros((height, width, 3), np.uint8)
    image[top : top + 4, left : left + 4] = 255
    return image


class TestFaces:
    def test_a_face_is_found_where_it_is_in_an_image_of_another_size(
        self, faces: OnnxFaceDetector
    ) -> None:
        (found,) = faces.detect([with_white_cell(64, 96, 20, 40)], None, never)
        assert [one.label for one in found] == ["face"]
        assert found[0].score == pytest.approx(1.0)
        assert found[0].box == Box(34, 14, 50, 30)

    def test_boxes_are_in_pixels_of_the_image_and_end_at_its_edge(
        self, faces: OnnxFaceDetector
    ) -> None:
        image = with_white_cell(32, 32, 0, 0).repeat(2, axis=0).repeat(2, axis=1)[:50, :60]
        (found,) = faces.detect([image], 0.3, never)
        assert all(one.box.left >= 0 and one.box.right <= 60 for one in found)
        assert all(one.box.top >= 0 and one.box.bottom <= 50 for one in found)

    def test_no_face_is_no_face(self, faces: OnnxFaceDetector) -> None:
        assert list(faces.detect([np.zeros((40, 40, 3), np.uint8)], None, never)) == [()]

    def test_a_cancelled_search_ends_between_images(self, faces: OnnxFaceDetector) -> None:
        answers = iter([False, True])
        images = [np.zeros((40, 40, 3), np.uint8)] * 3
        assert len(list(faces.detect(images, None, lambda: next(answers)))) == 1

    def test_sides_given_to_the_network_are_multiples_of_32_and_not_too_many(self) -> None:
        assert prepared(np.zeros((33, 50, 3), np.uint8)).shape == (1, 3, 64, 64)
        wide = prepared(np.zeros((10, 5000, 3), np.uint8)).shape
        assert wide == (1, 3, 32, MOST_SIDE)

    def test_maps_are_decoded_by_hand_computed_numbers(self) -> None:
        heat = np.zeros((3, 3), np.float32)
        heat[1, 2] = 0.8
        sizes = np.log(np.stack([np.full((3, 3), 2.0), np.full((3, 3), 1.0)])).astype(np.float32)
        offsets = np.stack([np.full((3, 3), 0.25), np.full((3, 3), -0.5)]).astype(np.float32)
        (one,) = decoded(heat, sizes, offsets, 0.5)
        assert one.score == pytest.approx(0.8)
        # the middle lies at (2 - .5 + .5) * 4 = 8 across and (1 + .25 + .5) * 4 = 7 down
        box = (one.box.left, one.box.top, one.box.right, one.box.bottom)
        assert box == pytest.approx((6, 3, 10, 11))

    def test_another_file_is_refused_at_the_pull(self, tmp_path: Path) -> None:
        other = published_foreground(tmp_path / "other.onnx")
        with pytest.raises(ModelError, match="not the model it should be"):
            convert_faces(other, tmp_path)
        (tmp_path / "broken.onnx").write_bytes(b"no graph at all")
        with pytest.raises(ModelError):
            convert_foreground(tmp_path / "broken.onnx", tmp_path)

    def test_a_damaged_folder_is_an_error_with_a_remedy(self, tmp_path: Path) -> None:
        (tmp_path / "model.onnx").write_bytes(b"cut")
        with pytest.raises(ModelError) as caught:
            OnnxFaceDetector(tmp_path, name="faces", threads=1)
        assert "assistant models pull faces" in caught.value.hint


class TestForeground:
    def test_what_is_bright_is_in_front(self, foreground: OnnxForeground) -> None:
        image = np.zeros((60, 100, 3), np.uint8)
        image[:, :50] = 255
        alpha = foreground.foreground(image)
        assert alpha.shape == (60, 100)
        assert alpha[:, :40].min() > 0.9
        assert alpha[:, 60:].max() < 0.1

    def test_what_only_other_outputs_need_is_dropped(self, tmp_path: Path) -> None:
        convert_foreground(published_foreground(tmp_path / "published.onnx"), tmp_path)
        graph = onnx.load(tmp_path / "model.onnx").graph
        assert [output.name for output in graph.output] == list(FOREGROUND_OUTPUTS)
        assert [one.name for one in graph.initializer] == ["bright"]

    def test_pixels_are_standardised_by_the_brightest(self) -> None:
        seen = standardised(np.full((10, 10, 3), 128, np.uint8))
        assert seen.shape == (1, 3, SIDE, SIDE)
        assert seen[0, :, 0, 0] == pytest.approx([(1 - 0.485) / 0.229, (1 - 0.456) / 0.224,
                                                  (1 - 0.406) / 0.225], rel=1e-5)  # fmt: skip
        assert np.isfinite(standardised(np.zeros((10, 10, 3), np.uint8))).all()

    def test_the_box_mean_is_that_of_the_window_inside_the_image(self) -> None:
        values = np.arange(12, dtype=np.float32).reshape(3, 4)
        expected = [
            [values[max(0, r - 1) : r + 2, max(0, c - 1) : c + 2].mean() for c in range(4)]
            for r in range(3)
        ]
        assert box_mean(values, 1) == pytest.approx(np.array(expected))

    def test_edges_go_where_the_image_has_them(self) -> None:
        guide = np.zeros((40, 40), np.float32)
        guide[:, 20:] = 1.0
        ramp = (np.arange(40) - 12) / 16
        blurred = np.clip(ramp, 0, 1)[None].repeat(40, 0).astype(np.float32)
        fine = guided(guide, blurred, 6, 1e-4)
        assert fine[20, 21] - fine[20, 18] > 2 * (blurred[20, 21] - blurred[20, 18])

    def test_an_even_guide_leaves_an_even_source(self) -> None:
        even = np.full((10, 10), 0.3, np.float32)
        assert guided(even, even, 2, 1e-4) == pytest.approx(even, abs=1e-5)


def test_a_closed_network_gives_its_memory_back_and_says_so(
    faces: OnnxFaceDetector, foreground: OnnxForeground
) -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    for _ in range(2):
        faces.close()
        foreground.close()
    with pytest.raises(ModelError, match="faces is closed"):
        list(faces.detect([image], None, never))
    with pytest.raises(ModelError, match="foreground is closed"):
        foreground.foreground(image)
