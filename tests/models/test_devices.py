"""The devices of this machine."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from assistant.models.devices import cpu, list_devices, torch_knows_gpus


def test_the_cpu_is_always_there_and_comes_last() -> None:
    device = list_devices()[-1]
    assert (device.id, device.kind) == ("cpu", "cpu")
    assert device.name
    assert device.cores >= 1
    assert 0 < device.free <= device.total


@pytest.fixture
def with_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.devices.torch_knows_gpus", lambda: True)


@pytest.mark.parametrize(
    ("version", "knows"), [("2.13.0+cpu", False), ("2.13.0", True), ("2.13.0+cu130", True)]
)
def test_torch_is_only_imported_where_it_was_built_for_gpus(
    monkeypatch: pytest.MonkeyPatch, version: str, knows: bool
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _name: version)
    assert torch_knows_gpus() is knows


@pytest.mark.usefixtures("with_gpus")
def test_graphics_cards_come_first_with_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda index: (5 + index, 8 + index))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"card {index}")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda index: (7 + index, 0))
    first, second, *_ = list_devices()
    assert (first.id, first.name, first.free, first.total) == ("cuda:0", "card 0", 5, 8)
    assert (second.id, second.free, second.total) == ("cuda:1", 6, 9)
    assert (first.bfloat16, second.bfloat16) == (False, True)


@pytest.mark.usefixtures("with_gpus")
def test_an_intel_card_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.xpu, "is_available", lambda: True)
    monkeypatch.setattr(torch.xpu, "device_count", lambda: 1)
    monkeypatch.setattr(torch.xpu, "mem_get_info", lambda index: (3, 4))
    monkeypatch.setattr(torch.xpu, "get_device_name", lambda index: "Arc")
    assert (list_devices()[0].id, list_devices()[0].name) == ("xpu:0", "Arc")


@pytest.mark.usefixtures("with_gpus")
def test_apples_gpu_has_what_is_not_allocated_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 10)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 4)
    assert (list_devices()[0].kind, list_devices()[0].free) == ("mps", 6)


def test_asking_for_the_cpu_does_not_import_torch() -> None:
    code = (
        "import sys; from assistant.models.devices import cpu; cpu(); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_name_of_the_cpu_is_readable() -> None:
    assert cpu().name == cpu().name.strip() != ""
