"""Models that look at images: used once they are here, out of memory when others need it, and
placed like every other model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from assistant.config import DescribeSettings, DetectSettings, SegmentSettings, Settings
from assistant.core.errors import ModelError
from assistant.core.pictures import Box
from assistant.core.protocols import Pixels
from assistant.engine.models import Models
from assistant.engine.residents import House
from assistant.engine.runtimes import Runtimes
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue
from assistant.models.devices import Device
from assistant.models.dispatch import Room, load_transformers
from assistant.models.placement import Loaded, Placement, Share
from assistant.models.vision_loading import VisionModel
from tests.models import tiny_asking, tiny_vision
from tests.models.pulling import fetch
from tests.models.test_picture_graphs import published_faces, published_foreground
from tests.models.writing import never, whole

T = TypeVar("T")
GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 64 * GB, 60 * GB, 8)
SETTINGS = {
    "detect": DetectSettings(model="eye", open_model="eye", face_model="eye"),
    "segment": SegmentSettings(model="eye", outline_model="eye", foreground_model="eye"),
    "describe": DescribeSettings(caption_model="eye", vqa_model="eye"),
}


def noise() -> Pixels:
    return np.random.default_rng(0).integers(0, 255, (50, 70, 3), dtype=np.uint8)


@dataclass
class Machine:
    """The program's models on a simulated machine, one of them an eye."""

    models: Models
    house: House


def machine(folder: Path, role: str, *, limit_gb: float = 0.0) -> Machine:
    settings = Settings(models={"eye": {"role": role, "source": f"path:{folder}"}}, **_uses(role))
    house = House(int(limit_gb * GB), memory=lambda: CPU)
    cache = ModelCache(folder.parent / "cache")
    runtimes = Runtimes(settings, Catalogue.load(settings), cache, house.idle, house.unload)
    return Machine(Models(settings, runtimes, house, lambda _label: None), house)


def _uses(role: str) -> dict[str, Any]:
    part = {"detect": "detect", "detect-open": "detect", "caption": "describe", "vqa": "describe"}
    name = part.get(role, "segment")
    return {name: SETTINGS[name]}


def look(machine: Machine, role: str) -> object:
    """What the eye of a role makes of an image."""
    eyes = machine.models.eyes
    if role == "detect":
        return list(there(eyes.detector()).detect([noise()], 0.0, never))
    if role == "detect-open":
        return list(there(eyes.open_detector()).detect([noise()], ["cat"], 0.0, never))
    if role == "segment":
        (regions,) = there(eyes.segmenter()).segment([noise()], None, never)
        return len(regions)
    if role == "outline":
        return len(list(there(eyes.outliner()).outline(noise(), [Box(1, 1, 30, 30)], never)))
    if role == "caption":
        return list(there(eyes.captioner()).caption(noise(), never))
    return whole(there(eyes.answerer()).answer(noise(), "what is it?", never))


def there(eye: T | None) -> T:
    assert eye is not None
    return eye


SAVED = {
    "detect": tiny_vision.save_yolos,
    "detect-open": tiny_vision.save_owlv2,
    "segment": tiny_vision.save_segformer,
    "outline": tiny_vision.save_sam,
    "caption": tiny_asking.save_tiny_blip_captioner,
    "vqa": tiny_asking.save_tiny_vilt,
}
GETTERS = {
    "detect": "detector",
    "detect-open": "open_detector",
    "segment": "segmenter",
    "outline": "outliner",
    "caption": "captioner",
    "vqa": "answerer",
}


@pytest.fixture(autouse=True)
def only_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: [CPU])


@pytest.mark.parametrize("role", list(SAVED))
def test_an_eye_takes_room_with_its_first_image_leaves_and_comes_back(
    tmp_path: Path, role: str
) -> None:
    SAVED[role](tmp_path / "eye")
    here = machine(tmp_path / "eye", role)
    there(getattr(here.models.eyes, GETTERS[role])())
    assert here.house.inmates() == (), "its weights are not there before the first image"
    first = look(here, role)
    assert first
    (inmate,) = here.house.inmates()
    assert (inmate.name, inmate.device, inmate.busy) == ("eye", "cpu", False)
    assert inmate.holds > GB, "what it computes in counts too"
    here.house.unload(["eye"])
    assert here.house.inmates() == ()
    assert look(here, role) == first
    assert [one.name for one in here.house.inmates()] == ["eye"]


@pytest.mark.parametrize("role", [*SAVED, "faces", "foreground"])
def test_an_eye_that_is_not_here_is_none(tmp_path: Path, role: str) -> None:
    getter = GETTERS.get(role, role)
    settings = Settings()
    runtimes = Runtimes(settings, Catalogue.load(settings), ModelCache(tmp_path / "cache"))
    house = House(memory=lambda: CPU)
    eyes = Models(settings, runtimes, house, lambda _label: None).eyes
    assert getattr(eyes, getter)() is None


def test_a_model_for_something_else_is_no_eye(tmp_path: Path) -> None:
    settings = Settings(detect=DetectSettings(model="slimsam"))
    runtimes = Runtimes(settings, Catalogue.load(settings), ModelCache(tmp_path / "cache"))
    eyes = Models(settings, runtimes, House(memory=lambda: CPU), lambda _label: None).eyes
    with pytest.raises(ModelError, match="“outline”, not for “detect”"):
        eyes.detector()


def test_an_eye_stays_while_it_looks_and_leaves_for_another_model_after(tmp_path: Path) -> None:
    tiny_vision.save_yolos(tmp_path / "eye")
    here = machine(tmp_path / "eye", "detect", limit_gb=1.5)
    detector = there(here.models.eyes.detector())
    found = detector.detect([noise()] * 9, 0.0, never)
    next(found)
    here.house.unload(["eye"])
    assert [one.name for one in here.house.inmates()] == ["eye"]
    assert len(list(found)) == 8
    here.house.unload(["eye"])
    assert here.house.inmates() == ()


def test_an_eye_is_placed_like_every_other_model_and_idle_ones_leave_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_vision.save_yolos(tmp_path / "eye")
    full = Device("cuda:0", "cuda", "a card", 24 * GB, 2 * GB, bfloat16=True)
    placed: list[Placement] = []

    def load(auto: Any, folder: Path, placement: Placement, offload: Path) -> Any:
        placed.append(placement)
        on_cpu = Placement("eye", (Share("cpu", 1, 0),), "float32", "")  # there is no card here
        return load_transformers(auto, folder, on_cpu, offload)

    monkeypatch.setattr("assistant.models.vision_loading.load_transformers", load)
    left: list[str] = []
    room = Room(lambda: [full], lambda: [Loaded("old", (("cuda:0", 9 * GB),), 1.0)], left.extend)
    model = VisionModel(
        tmp_path / "eye", name="eye", model_class="AutoModelForObjectDetection", room=room
    )
    assert model.device == "cpu"
    loaded = model.ready()
    assert (loaded.device, model.device, left) == ("cuda:0", "cuda:0", ["old"])
    assert placed[0].dtype == "bfloat16"
    model.close()
    assert model.device == "cpu"


@pytest.mark.parametrize("role", ["faces", "foreground"])
def test_networks_of_the_embedded_set_leave_and_come_back(tmp_path: Path, role: str) -> None:
    publish = published_faces if role == "faces" else published_foreground
    settings = Settings(
        models={
            "eye": {
                "role": role,
                "source": f"path:{publish(tmp_path / 'network.onnx')}",
                "format": "centerface-onnx" if role == "faces" else "u2net-onnx",
            }
        },
        **_uses("detect" if role == "faces" else "segment"),
    )
    catalogue, cache = Catalogue.load(settings), ModelCache(tmp_path / "cache")
    fetch(cache, catalogue.get("eye"))
    house = House(memory=lambda: CPU)
    eyes = Models(settings, Runtimes(settings, catalogue, cache), house, lambda _label: None).eyes

    def look() -> object:
        if role == "faces":
            return list(there(eyes.faces()).detect([noise()], None, never))
        return there(eyes.foreground()).foreground(noise()).tolist()

    first = look()
    assert [(one.name, one.device) for one in house.inmates()] == [("eye", "cpu")]
    house.unload(["eye"])
    assert house.inmates() == ()
    assert look() == first


def test_an_eye_that_writes_keeps_its_place_until_its_last_word_or_until_nobody_listens(
    tmp_path: Path,
) -> None:
    tiny_asking.save_tiny_blip_captioner(tmp_path / "eye")
    here = machine(tmp_path / "eye", "caption")
    caption = there(here.models.eyes.captioner()).caption(noise(), never)
    assert next(caption)
    assert [one.busy for one in here.house.inmates()] == [True]
    here.house.unload(["eye"])
    assert next(caption), "a model at work stays"
    caption.close()
    assert [one.busy for one in here.house.inmates()] == [False]
    here.house.unload(["eye"])
    assert here.house.inmates() == ()
