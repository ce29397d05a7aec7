"""Which device each model is given."""

from __future__ import annotations

import pytest

from assistant.models.devices import Device
from assistant.models.placement import ModelNeed, in_units, place

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 16 * GB, 12 * GB, 8)
SMALL_GPU = Device("cuda:0", "cuda", "a small card", 8 * GB, 7 * GB)
LARGE_GPU = Device("cuda:1", "cuda", "a large card", 24 * GB, 23 * GB)
APPLE = Device("mps", "mps", "Apple GPU", 10 * GB, 10 * GB)
INTEL = Device("xpu:0", "xpu", "Arc", 16 * GB, 16 * GB)


@pytest.mark.parametrize(
    ("need", "devices", "device", "dtype", "because"),
    [
        (2 * GB, [CPU], "cpu", "float32", "there is no GPU"),
        (2 * GB, [SMALL_GPU, CPU], "cuda:0", "float16", "fits a small card"),
        (2 * GB, [SMALL_GPU, LARGE_GPU, CPU], "cuda:1", "float16", "fits a large card"),
        (2 * GB, [INTEL, CPU], "xpu:0", "bfloat16", "fits Arc"),
        (2 * GB, [APPLE, CPU], "mps", "float16", "fits Apple GPU"),
        (9 * GB, [SMALL_GPU, CPU], "cpu", "float32", "no GPU has room"),
        (90 * GB, [SMALL_GPU, CPU], None, "float32", "needs 90.0 GB"),
        (1_000_000, [], None, "float32", "needs 1 MB"),
    ],
)
def test_a_model_goes_where_it_fits_best(
    need: int, devices: list[Device], device: str | None, dtype: str, because: str
) -> None:
    (placement,) = place([ModelNeed("m", need)], devices)
    assert (placement.device, placement.dtype) == (device, dtype)
    assert because in placement.reason


def test_a_portable_runtime_stays_on_the_cpu() -> None:
    (placement,) = place([ModelNeed("m", GB, portable=True)], [LARGE_GPU, CPU])
    assert (placement.device, placement.dtype) == ("cpu", "as stored")
    assert "its runtime uses the CPU" in placement.reason


def test_models_placed_before_take_their_room() -> None:
    needs = [ModelNeed("first", 5 * GB), ModelNeed("second", 5 * GB)]
    assert [p.device for p in place(needs, [SMALL_GPU, CPU])] == ["cuda:0", "cpu"]


def test_a_gpu_that_shares_the_main_memory_takes_from_both() -> None:
    needs = [ModelNeed("first", 8 * GB), ModelNeed("second", 8 * GB)]
    assert [p.device for p in place(needs, [APPLE, CPU])] == ["mps", None]


def test_some_memory_is_left_to_the_rest_of_the_machine() -> None:
    need = [ModelNeed("m", 11 * GB)]
    assert place(need, [CPU])[0].device is None
    assert place(need, [CPU], cpu_reserve=0)[0].device == "cpu"
    assert place([ModelNeed("m", 7 * GB)], [SMALL_GPU], gpu_reserve=0.0)[0].device == "cuda:0"
    assert place([ModelNeed("m", 7 * GB)], [SMALL_GPU], gpu_reserve=0.1)[0].device is None


def test_a_model_nobody_measured_is_placed_and_said_to_be_unknown() -> None:
    (placement,) = place([ModelNeed("m", 0)], [CPU])
    assert placement.device == "cpu"
    assert "memory not known" in placement.reason


@pytest.mark.parametrize(
    ("count", "text"),
    [(98_000_000, "98 MB"), (2_140_000_000, "2.1 GB"), (0, "0 MB"), (-5, "0 MB")],
)
def test_bytes_are_told_in_units(count: int, text: str) -> None:
    assert in_units(count) == text
