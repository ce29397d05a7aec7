"""Runtimes of torch take their device and data type from the placement, and back off."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.config import DescribeSettings, EmbedSettings, GenerateSettings, Settings
from assistant.core.errors import ModelError
from assistant.engine.runtimes import Runtimes
from assistant.engine.shelf import Shelf
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue
from assistant.models.devices import Device
from assistant.models.dispatch import DeviceFullError
from assistant.models.placement import Loaded
from tests.models.tiny_gguf import write_tiny_gguf

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 64 * GB, 60 * GB, 8)
CARD = Device("cuda:0", "cuda", "a card", 24 * GB, 20 * GB, bfloat16=True)
APPLE = Device("mps", "mps", "Apple GPU", 20 * GB, 20 * GB)
INTEL = Device("xpu:0", "xpu", "Arc", 16 * GB, 16 * GB, bfloat16=True)


@dataclass
class FakeModel:
    """Stands for a class of models; its devices can be full."""

    full: tuple[str, ...] = ()
    made: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, _folder: Path, *, device: str, dtype: str, **_options: Any) -> object:
        self.made.append((device, dtype))
        if device in self.full:
            raise DeviceFullError(device)
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "config.json").write_bytes(b"x" * 4000)
    return tmp_path / "weights"


def runtimes(folder: Path, **options: Any) -> Runtimes:
    models = {
        "eyes": {"role": "clip", "source": f"path:{folder}"},
        "vectors": {"role": "embed", "source": f"path:{folder}"},
        "words": {"role": "generate", "source": f"path:{folder}", "format": "gguf"},
    }
    settings = Settings(
        models=models,
        describe=DescribeSettings(clip_model="eyes"),
        embed=EmbedSettings(model="vectors"),
        generate=GenerateSettings(model="words"),
    )
    cache = ModelCache(folder.parent / "cache")
    return Runtimes(settings, Catalogue.load(settings), cache, **options)


@pytest.mark.parametrize(
    ("device", "dtype"),
    [(CARD, "bfloat16"), (APPLE, "float16"), (INTEL, "bfloat16"), (CPU, "float32")],
)
@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("clip", "assistant.models.clip_encoder.ClipEncoder"),
        (
            "embedder",
            "assistant.models.sentence_transformers_embedder.SentenceTransformersEmbedder",
        ),
    ],
)
def test_each_device_gets_its_data_type(
    monkeypatch: pytest.MonkeyPatch, folder: Path, kind: str, place: str, device: Device, dtype: str
) -> None:
    found = [device] if device is CPU else [device, CPU]
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: found)
    model = FakeModel()
    monkeypatch.setattr(place, model)
    getattr(runtimes(folder), kind)()
    assert model.made == [(device.id, dtype)]


def test_a_card_that_turns_out_full_is_left_for_the_cpu(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    small = Device("cuda:0", "cuda", "a card", GB, 3 * GB // 10, bfloat16=True)
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: [small, CPU])
    model = FakeModel(full=("cuda:0",))
    monkeypatch.setattr("assistant.models.clip_encoder.ClipEncoder", model)
    runtimes(folder).clip()
    assert model.made[0] == ("cuda:0", "bfloat16")
    assert model.made[-1] == ("cpu", "float32")


def test_an_idle_model_leaves_a_card_for_another(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    full = Device("cuda:0", "cuda", "a card", 24 * GB, 2 * GB, bfloat16=True)
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: [full, CPU])
    monkeypatch.setattr("assistant.models.clip_encoder.ClipEncoder", FakeModel())
    left: list[str] = []
    idle = (Loaded("old", (("cuda:0", 15 * GB),), 1.0),)
    runtimes(folder, loaded=lambda: idle, leave=left.extend).clip()
    assert left == ["old"]


def test_a_gguf_model_runs_on_the_cpu_where_llamacpp_knows_no_gpu(folder: Path) -> None:
    write_tiny_gguf(folder)
    generator = runtimes(folder).generator()
    assert generator.device == "cpu"
    generator.close()


def test_a_full_machine_is_an_error_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    nothing = Device("cpu", "cpu", "a processor", 8 * GB, GB // 2, 2)
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: [nothing])
    with pytest.raises(ModelError) as caught:
        runtimes(folder).clip()
    assert "does not fit this machine" in caught.value.message
    assert "smaller" in caught.value.hint


class TestWhereAModelMayGo:
    """What making room in main memory reckons with."""

    @pytest.fixture(autouse=True)
    def two_cards(self, monkeypatch: pytest.MonkeyPatch) -> None:
        place = "assistant.models.llamacpp_devices.llamacpp_devices"
        vulkan = Device("vulkan:0", "vulkan", "a card", 24 * GB, 20 * GB)
        monkeypatch.setattr("assistant.models.devices.list_devices", lambda: [CARD, CPU])
        monkeypatch.setattr(place, lambda: [vulkan, CPU])

    def test_a_model_of_torch_may_go_where_torch_can(self, folder: Path) -> None:
        shelf = runtimes(folder).shelf
        assert [device.id for device in shelf.gpus("eyes")] == ["cuda:0"]
        assert not shelf.need("eyes").portable

    def test_a_gguf_model_may_go_where_llamacpp_can(self, folder: Path) -> None:
        write_tiny_gguf(folder)
        shelf = runtimes(folder).shelf
        assert [device.id for device in shelf.gpus("words")] == ["vulkan:0"]
        assert not shelf.need("words").portable

    @pytest.mark.parametrize(("layers", "on_cards"), [("auto", 1), (999, 1), (10, 0), (0, 0)])
    def test_a_gguf_model_with_layers_in_main_memory_by_the_settings_counts_there(
        self, folder: Path, layers: Any, on_cards: int
    ) -> None:
        write_tiny_gguf(folder)
        entry = {"role": "generate", "source": f"path:{folder}", "format": "gguf"}
        settings = Settings(models={"words": entry}, generate=GenerateSettings(gpu_layers=layers))
        shelf = Shelf(
            Catalogue.load(settings), ModelCache(folder.parent / "cache"), settings.generate
        )
        assert len(shelf.gpus("words")) == on_cards
        assert shelf.need("words").portable is not bool(on_cards)

    @pytest.mark.parametrize("name", ["centerface", "multilingual-e5-small", "no such model"])
    def test_what_only_runs_in_main_memory_asks_for_no_cards(self, folder: Path, name: str) -> None:
        assert runtimes(folder).shelf.gpus(name) == ()
