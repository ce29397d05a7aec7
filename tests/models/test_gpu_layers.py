"""How many layers of a GGUF model go onto GPUs, over simulated machines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant.config import GenerateSettings
from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.devices import Device
from assistant.models.dispatch import Room
from assistant.models.footprint import need_of
from assistant.models.gguf import read_tensors
from assistant.models.gpu_layers import ALL_LAYERS, described, gpu_layers
from assistant.models.llamacpp_devices import llamacpp_devices
from assistant.models.llamacpp_placed import load_llamacpp
from assistant.models.placement import ModelNeed, Placement, place
from assistant.models.sizes import Block, ModelSize, size_of_gguf
from tests.models.tiny_gguf import write_tiny_gguf

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 64 * GB, 62 * GB, 8)
ENTRY = ModelEntry("tiny", "generate", "path:/x.gguf", "gguf", cache=1000)


def card(number: int, free: float, kind: str = "cuda") -> Device:
    total = int(free * GB)
    return Device(f"{kind}:{number}", kind, f"card {number}", total, total)  # type: ignore[arg-type]


def need(gb: float, layers: int = 36, working: float = 0.0) -> ModelNeed:
    """A model so large, with its head as one more block."""
    each = int(gb * GB / (layers + 1))
    blocks = (*(Block(f"blk.{i}", each) for i in range(layers)), Block("output", each))
    size = ModelSize(blocks, each * (layers + 1))
    return ModelNeed("m", size, working=int(working * GB), dtype="as stored", in_place=True)


def planned(wanted: ModelNeed, *devices: Device) -> Placement:
    return place([wanted], [*devices, CPU], gpu_reserve=0.0)[0]


@pytest.mark.parametrize(
    ("wanted", "devices", "layers", "where"),
    [
        (need(5), [], 0, "cpu"),
        (need(5), [card(0, 8)], ALL_LAYERS, "cuda:0"),
        (need(5), [card(0, 8, "vulkan")], ALL_LAYERS, "vulkan:0"),
        (need(5, working=4), [card(0, 8)], 29, "cuda:0 29/37+cpu"),
        (need(37), [card(0, 10)], 10, "cuda:0 10/37+cpu"),  # a little on the GPU pays here
        (need(37), [card(0, 10), card(1, 30)], ALL_LAYERS, "cuda:1 30/37+cuda:0 7/37"),
        (need(37), [card(0, 0.5)], 0, "cpu"),
        (need(100), [card(i, 12) for i in range(8)], None, None),
        (need(400), [card(i, 80) for i in range(8)], ALL_LAYERS, None),
        (need(400), [card(0, 24)], 0, "cpu"),  # fits nowhere
    ],
)
def test_as_many_layers_go_onto_gpus_as_fit(
    wanted: ModelNeed, devices: list[Device], layers: int | None, where: str | None
) -> None:
    placement = planned(wanted, *devices)
    if layers is not None:
        assert gpu_layers(placement) == layers
    if where is not None:
        assert described(placement) == where
    assert all(share.device != "disk" for share in placement.shares)


def test_the_devices_of_llamacpp_are_told_apart() -> None:
    listed: list[dict[str, object]] = [
        {"name": "CUDA1", "description": "RTX", "memory_free": 5, "memory_total": 8},
        {"name": "Metal", "description": "M3", "memory_free": 9, "memory_total": 9},
        {"name": "Vulkan0", "description": "Arc", "memory_free": 7, "memory_total": 6},
        {"name": "BLAS", "description": "OpenBLAS"},
        {"name": "CPU", "description": "EPYC", "memory_free": 1, "memory_total": 2},
        {"name": ""},
    ]
    found = llamacpp_devices(lambda: listed)
    assert [(d.id, d.kind, d.free) for d in found[:-1]] == [
        ("cuda:1", "cuda", 5),
        ("mps", "mps", 9),
        ("vulkan:0", "vulkan", 6),
    ]
    assert found[-1].id == "cpu"


def test_llamacpp_as_installed_is_asked() -> None:
    assert llamacpp_devices()[-1].kind == "cpu"


@dataclass
class FakeLlama:
    """Loads as long as no more than so many layers are asked for."""

    most: int
    asked: list[tuple[int, str]] = field(default_factory=list)

    def __call__(self, layers: int, device: str) -> str:
        self.asked.append((layers, device))
        if layers > self.most:
            raise ModelError("llama.cpp can't load it.", "Choose another.")
        return f"{layers} on {device}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tiny_gguf(tmp_path)
    return tmp_path


def load(folder: Path, llama: FakeLlama, layers: int | str, *devices: Device) -> str:
    settings = replace_layers(layers)
    return load_llamacpp(ENTRY, folder, settings, Room(lambda: [*devices, CPU]), llama)


def replace_layers(layers: int | str) -> GenerateSettings:
    return GenerateSettings(gpu_layers=layers)  # type: ignore[arg-type]


def test_a_build_without_gpus_loads_on_the_cpu_whatever_is_asked(folder: Path) -> None:
    assert load(folder, FakeLlama(0), 999) == "0 on cpu"


def test_the_settings_number_counts(folder: Path) -> None:
    assert load(folder, FakeLlama(99), 7, card(0, 8)) == "7 on cuda:0"
    assert load(folder, FakeLlama(99), 0, card(0, 8)) == "0 on cpu"


def test_a_number_too_high_for_the_gpu_is_told_with_the_setting(folder: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(folder, FakeLlama(5), 30, card(0, 8))
    assert "30 layers on cuda:0" in caught.value.message
    assert "generate.gpu_layers" in caught.value.hint


def test_a_gpu_that_fills_up_gets_less_and_nothing_at_last(folder: Path) -> None:
    llama = FakeLlama(0)
    assert load(folder, llama, "auto", replace(card(0, 8), free=1_200_000_000)) == "0 on cpu"
    assert llama.asked[0][0] > 0


def test_a_file_that_is_refused_on_the_cpu_too_is_an_error(folder: Path) -> None:
    with pytest.raises(ModelError, match="can't load"):
        load(folder, FakeLlama(-1), "auto")


def test_sizes_are_read_from_the_header(folder: Path) -> None:
    file = folder / "model.gguf"
    tensors = {tensor.name: tensor.bytes for tensor in read_tensors(file, "tiny")}
    assert tensors["blk.0.attn_q.weight"] == 32 * 32 * 4
    assert tensors["output.weight"] == 259 * 32 * 4
    size = size_of_gguf(file, "tiny")
    assert [block.name for block in size.blocks] == ["blk.0", "output", "output_norm"]
    assert size.stored_bytes <= file.stat().st_size
    wanted = need_of(ENTRY, folder, context=100, gpu_layers=True)
    assert wanted.working == 100 * 1000 + (64 << 20)


@pytest.mark.parametrize("kept", [0, 3, 20, 2000])
def test_a_cut_off_file_is_damage(folder: Path, kept: int) -> None:
    file = folder / "model.gguf"
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelError, match="can't be loaded"):
        read_tensors(file, "tiny")
