"""Loading models of transformers over devices; here the CPU and the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

from assistant.core.errors import ModelError
from assistant.models.devices import Device
from assistant.models.dispatch import DeviceFullError, load_backing_off, load_transformers
from assistant.models.placement import DISK, ModelNeed, Placement, Share, place
from assistant.models.sizes import of_bytes, size_of_folder

TOKENS = torch.tensor([[1, 5, 9, 2, 7]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of 8 layers, 3 MB."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=500,
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=8,
        num_attention_heads=4,
        num_key_value_heads=2,
    )
    path = tmp_path_factory.mktemp("llama")
    LlamaForCausalLM(config).save_pretrained(path)
    return path


def cpu(free: int) -> Device:
    return Device("cpu", "cpu", "a processor", free, free, 2)


def planned(folder: Path, free: int, disk_free: int = 0) -> Placement:
    need = ModelNeed("llama", size_of_folder(folder), dtype="float32")
    return place([need], [cpu(free)], cpu_reserve=0, disk_free=disk_free)[0]


def logits(model: Any) -> torch.Tensor:
    with torch.inference_mode():
        found: torch.Tensor = model(TOKENS).logits
    return found


@pytest.fixture(scope="module")
def expected(folder: Path) -> torch.Tensor:
    model: Any = LlamaForCausalLM.from_pretrained(folder)
    return logits(model.eval())


def test_a_model_that_fits_is_loaded_whole(
    folder: Path, tmp_path: Path, expected: torch.Tensor
) -> None:
    placement = planned(folder, 1 << 30)
    model = load_transformers(AutoModelForCausalLM, folder, placement, tmp_path)
    assert placement.is_whole
    assert torch.equal(logits(model), expected)


def test_a_model_larger_than_its_limit_computes_the_same_from_the_disk(
    folder: Path, tmp_path: Path, expected: torch.Tensor
) -> None:
    size = size_of_folder(folder).bytes("float32")
    placement = planned(folder, size // 2, disk_free=1 << 30)
    assert [share.device for share in placement.shares] == ["cpu", DISK]
    model = load_transformers(AutoModelForCausalLM, folder, placement, tmp_path)
    places = set(model.hf_device_map.values())
    assert places == {"cpu", DISK}
    assert torch.allclose(logits(model), expected, atol=1e-6)
    held = sum(p.numel() * 4 for p in model.parameters() if p.device.type != "meta")
    assert held <= size // 2


def test_files_that_are_no_model_are_said(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    placement = Placement("m", (Share("cpu", 1, 1),), "float32", "")
    with pytest.raises(ModelError, match="can't be loaded"):
        load_transformers(AutoModelForCausalLM, tmp_path, placement, tmp_path)


class Machine:
    """Two cards that seem free; the first has less than it says."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, int], ...]] = []

    def devices(self) -> tuple[Device, ...]:
        first = Device("cuda:0", "cuda", "a card", 24 << 30, 24 << 30, bfloat16=True)
        second = Device("cuda:1", "cuda", "another", 16 << 30, 16 << 30, bfloat16=True)
        return first, second, cpu(64 << 30)

    def load(self, placement: Placement) -> str:
        self.asked.append(tuple((s.device, s.bytes) for s in placement.shares))
        if any(s.device == "cuda:0" and s.bytes > 8 << 30 for s in placement.shares):
            raise DeviceFullError("cuda:0")
        return placement.device or ""


def test_a_device_that_fills_up_is_given_less_the_next_time() -> None:
    machine = Machine()
    need = ModelNeed("m", of_bytes(20 << 30, 2))
    device, placement = load_backing_off(need, machine.devices, machine.load)
    assert device == "cpu"
    assert placement.device == "cpu"
    assert machine.asked[0][0][0] == "cuda:0"


def test_a_smaller_model_backs_off_to_the_other_card() -> None:
    machine = Machine()
    need = ModelNeed("m", of_bytes(12 << 30, 2))
    assert load_backing_off(need, machine.devices, machine.load)[0] == "cuda:1"


def test_what_fits_nowhere_is_said_with_a_remedy() -> None:
    def full(placement: Placement) -> str:
        raise DeviceFullError(placement.device or "cpu")

    with pytest.raises(ModelError, match=r"memory ran out|does not fit") as raised:
        load_backing_off(ModelNeed("m", of_bytes(1 << 30)), lambda: [cpu(64 << 30)], full)
    assert raised.value.hint
    with pytest.raises(ModelError, match="does not fit this machine"):
        load_backing_off(ModelNeed("m", of_bytes(90 << 30)), lambda: [cpu(8 << 30)], full)
