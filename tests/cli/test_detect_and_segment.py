"""`assistant detect` and `assistant segment`, with tiny models in the cache."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from assistant.cli.main import root
from assistant.config import Places, Settings
from assistant.models.cache import ModelCache, write_manifest
from assistant.models.catalogue import Catalogue
from assistant.models.conversion.picture_graphs import convert_faces, convert_foreground
from skills.detection.exporting import from_run_lengths
from tests.models.test_picture_graphs import published_faces, published_foreground
from tests.models.tiny_vision import save_yolos


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    """64 × 64 pixels, the left half bright; the stand-in for a face is at 20, 40."""
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, :32] = 40
    image[40:44, 20:24] = 255
    Image.fromarray(image).save(tmp_path / "portrait.png")
    return tmp_path / "portrait.png"


def install(places: Places, name: str) -> Path:
    """An empty folder of the cache that counts as the model's."""
    entry = Catalogue.load(Settings()).get(name)
    folder = ModelCache(places.models).root / name
    folder.mkdir(parents=True)
    write_manifest(entry, folder)
    return folder


@pytest.fixture
def faces(places: Places, tmp_path: Path) -> None:
    convert_faces(published_faces(tmp_path / "faces.onnx"), install(places, "centerface"))


@pytest.fixture
def foreground(places: Places, tmp_path: Path) -> None:
    convert_foreground(published_foreground(tmp_path / "fg.onnx"), install(places, "u2netp"))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(root, [str(argument) for argument in arguments])


@pytest.mark.usefixtures("faces")
class TestDetect:
    def test_faces_are_told_with_their_places(self, portrait: Path) -> None:
        result = run("detect", portrait, "--labels", "face")
        assert result.exit_code == 0, result.output
        assert "I see one face." in result.stdout
        assert "face  100%  14,34 – 30,50" in result.stdout

    def test_chinese_people_are_told_in_chinese(
        self, portrait: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ASSISTANT_LANG", "zh")
        out = tmp_path / "marked"
        result = run("detect", portrait, "--labels", "people", "--out", out)
        assert "人脸  100%" in result.stdout
        assert f"标注图：{out / 'portrait-boxes.png'}" in result.stdout
        assert "assistant models pull rtdetr-r18" in result.stderr
        assert "Fetch one" not in result.stderr

    def test_people_are_counted_by_their_faces_with_a_remark(self, portrait: Path) -> None:
        result = run("detect", portrait, "--labels", "people")
        assert "at least 1 person" in result.stdout
        assert "assistant models pull rtdetr-r18" in result.stderr

    def test_json_is_one_line_an_image(self, portrait: Path, tmp_path: Path) -> None:
        result = run("detect", portrait, portrait, "--labels", "face", "--json", "--out", tmp_path)
        first, second = map(json.loads, result.stdout.splitlines())
        assert first["detections"][0]["box"] == [14, 34, 30, 50]
        assert Path(first["picture"]).is_file()
        assert first["picture"] != second["picture"]

    def test_a_folder_may_begin_with_a_tilde(
        self, portrait: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        result = run("detect", portrait, "--labels", "face", "--out=~/marked")
        assert result.exit_code == 0, result.output
        assert (tmp_path / "marked" / "portrait-boxes.png").is_file()

    def test_coco_holds_every_image(self, portrait: Path, tmp_path: Path) -> None:
        wanted = tmp_path / "found.json"
        result = run("detect", portrait, portrait, "--labels", "face", "--coco", wanted)
        assert result.exit_code == 0, result.output
        coco = json.loads(wanted.read_text())
        assert [one["image_id"] for one in coco["annotations"]] == [1, 2]
        assert coco["annotations"][0]["bbox"] == [14, 34, 16, 16]
        again = run("detect", portrait, "--labels", "face", "--coco", wanted)
        assert "exists" in again.stderr
        assert (
            run("detect", portrait, "--labels", "face", "--coco", wanted, "--force").exit_code == 0
        )

    def test_a_broken_image_is_told_and_the_others_are_looked_at(
        self, portrait: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "broken.png").write_bytes(portrait.read_bytes()[:60])
        result = run("detect", tmp_path / "broken.png", portrait, "--labels", "face")
        assert result.exit_code == 1
        assert "one face" in result.stdout
        assert "broken.png" in result.stderr
        assert run("detect", tmp_path / "broken.png", "--labels", "face").exit_code != 0

    def test_an_image_beyond_the_limit_is_refused(self, tmp_path: Path) -> None:
        Image.new("1", (12_000, 8_000)).save(tmp_path / "huge.png")
        result = run("detect", tmp_path / "huge.png", "--labels", "face")
        assert result.exit_code != 0
        assert "limit is 90 megapixels" in result.stderr

    def test_a_file_as_folder_is_refused_before_any_work(self, portrait: Path) -> None:
        result = run("detect", portrait, "--labels", "face", "--out", portrait)
        assert result.exit_code != 0
        assert "is no folder" in result.stderr

    def test_without_a_detector_the_error_names_the_one_to_pull(self, portrait: Path) -> None:
        result = run("detect", portrait, "--labels", "dog")
        assert result.exit_code != 0
        assert "assistant models pull rtdetr-r18" in result.stderr

    def test_a_model_of_the_settings_is_used(self, portrait: Path, places: Places) -> None:
        save_yolos(install(places, "yolos-tiny"))
        places.config_file.parent.mkdir(parents=True, exist_ok=True)
        places.config_file.write_text('[detect]\nmodel = "yolos-tiny"\n')
        result = run("detect", portrait, "--threshold", "0.01", "--json")
        (told,) = map(json.loads, result.stdout.splitlines())
        assert told["model"] == "yolos-tiny"
        assert {one["label"] for one in told["detections"]} <= {"cat", "dog", "traffic light"}
        assert told["detections"]


@pytest.mark.usefixtures("foreground")
class TestSegment:
    def test_a_cut_out_is_kept_for_its_owner(self, portrait: Path, places: Places) -> None:
        result = run("segment", portrait, "--cutout")
        assert result.exit_code == 0, result.output
        path = places.pictures / "portrait-cutout.png"
        assert str(path) in result.stdout
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with Image.open(path) as image:
            assert image.mode == "RGBA"

    def test_masks_of_coco_come_back_at_the_images_size(
        self, portrait: Path, tmp_path: Path
    ) -> None:
        wanted = tmp_path / "masks.json"
        result = run("segment", portrait, "--coco", wanted, "--out", tmp_path / "drawn")
        assert result.exit_code == 0, result.output
        assert "mask2former-coco-instance" in result.stderr
        (one,) = json.loads(wanted.read_text())["annotations"]
        mask = from_run_lengths(one["segmentation"]["counts"], *one["segmentation"]["size"])
        assert mask.shape == (64, 64)
        assert int(mask.sum()) == one["area"] > 0
        assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["portrait-regions.png"]

    def test_what_can_not_be_outlined_names_what_to_pull(self, portrait: Path) -> None:
        result = run("segment", portrait, "--labels", "dog")
        assert result.exit_code != 0
        assert "assistant models pull" in result.stderr


@pytest.mark.usefixtures("faces")
class TestInChinese:
    @pytest.fixture(autouse=True)
    def _chinese(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSISTANT_LANG", "zh")

    def test_what_is_found_is_told(self, portrait: Path, tmp_path: Path) -> None:
        result = run("detect", portrait, "--labels", "face", "--out", tmp_path / "out")
        assert result.exit_code == 0, result.output
        assert "标注图：" in result.stdout
        assert "drawn" not in result.stdout
        assert "I see" not in result.stdout
        assert "face " not in result.stdout

    def test_what_can_not_be_read_is_told(self, tmp_path: Path) -> None:
        for name in ("detect", "describe"):
            assert "找不到文件" in run(name, tmp_path / "absent.png").stderr
