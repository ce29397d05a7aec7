"""Which devices each model is given."""

from __future__ import annotations

import random

import pytest

from assistant.models.devices import Device
from assistant.models.placement import DISK, Loaded, ModelNeed, Placement, place
from assistant.models.placement_words import in_units
from assistant.models.sizes import Block, ModelSize, of_bytes

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 64 * GB, 62 * GB, 8)
SMALL_CPU = Device("cpu", "cpu", "a processor", 16 * GB, 12 * GB, 8)
SMALL_GPU = Device("cuda:0", "cuda", "a small card", 8 * GB, 7 * GB)
LARGE_GPU = Device("cuda:1", "cuda", "a large card", 24 * GB, 23 * GB, bfloat16=True)
APPLE = Device("mps", "mps", "Apple GPU", 10 * GB, 10 * GB)
INTEL = Device("xpu:0", "xpu", "Arc", 16 * GB, 16 * GB, bfloat16=True)


def card(number: int, free: float) -> Device:
    """A GPU with so many GB, all of them free once the reserve is off."""
    total = int(free * GB)
    return Device(f"cuda:{number}", "cuda", f"card {number}", total, total, bfloat16=True)


def need(name: str, in_16_bits: float, blocks: int = 40, **options: object) -> ModelNeed:
    """A model of so many GB in 16 bits, of equal blocks."""
    each = int(in_16_bits * GB / 2 / blocks)
    size = ModelSize(tuple(Block(f"layer.{i}", each) for i in range(blocks)), blocks * each * 2)
    return ModelNeed(name, size, **options)  # type: ignore[arg-type]


def shares(placement: Placement) -> list[tuple[str, int]]:
    return [(share.device, share.blocks) for share in placement.shares]


@pytest.mark.parametrize(
    ("size", "devices", "device", "dtype", "because"),
    [
        (2, [SMALL_CPU], "cpu", "float32", "there is no GPU"),
        (4, [SMALL_CPU], "cpu", "float32", "there is no GPU"),
        (8, [SMALL_CPU], "cpu", "bfloat16", "there is no GPU"),
        (2, [SMALL_GPU, CPU], "cuda:0", "float16", "fits a small card"),
        (2, [SMALL_GPU, LARGE_GPU, CPU], "cuda:1", "bfloat16", "fits a large card"),
        (2, [INTEL, CPU], "xpu:0", "bfloat16", "fits Arc"),
        (2, [APPLE, SMALL_CPU], "mps", "float16", "fits Apple GPU"),
        (25, [SMALL_GPU, CPU], "cpu", "float32", "no GPU has room"),
        (90, [SMALL_GPU, CPU], None, "float16", "needs 90.0 GB"),
        (1, [], None, "float32", "needs 2.0 GB"),
    ],
)
def test_a_model_goes_where_it_fits_best(
    size: float, devices: list[Device], device: str | None, dtype: str, because: str
) -> None:
    (placement,) = place([need("m", size)], devices)
    assert (placement.device, placement.dtype) == (device, dtype)
    assert because in placement.reason


def test_a_portable_runtime_stays_on_the_cpu() -> None:
    (placement,) = place([need("m", 1, portable=True)], [LARGE_GPU, CPU])
    assert (placement.device, placement.dtype) == ("cpu", "as stored")
    assert "its runtime uses the CPU" in placement.reason


def test_models_placed_before_take_their_room() -> None:
    placed = place([need("first", 5), need("second", 5, divisible=False)], [SMALL_GPU, CPU])
    assert [p.device for p in placed] == ["cuda:0", "cpu"]


def test_models_are_packed_so_that_all_of_them_fit_whole() -> None:
    wanted = [need("small", 6), need("large", 20), need("middle", 12)]
    placed = place(wanted, [card(0, 24), card(1, 14), card(2, 8), CPU])
    assert [p.device for p in placed] == ["cuda:2", "cuda:0", "cuda:1"]
    assert all(p.is_whole for p in placed)


def test_a_gpu_that_shares_the_main_memory_takes_from_both() -> None:
    placed = place([need("first", 8), need("second", 8)], [APPLE, SMALL_CPU])
    assert [p.device for p in placed] == ["mps", None]


def test_some_memory_is_left_to_the_rest_of_the_machine() -> None:
    wanted = [need("m", 11, divisible=False)]
    assert place(wanted, [SMALL_CPU])[0].device is None
    assert place(wanted, [SMALL_CPU], cpu_reserve=0)[0].device == "cpu"
    assert place([need("m", 7)], [SMALL_GPU], gpu_reserve=0.0)[0].device == "cuda:0"
    assert place([need("m", 7)], [SMALL_GPU], gpu_reserve=0.1)[0].device is None


def test_a_model_too_large_for_one_gpu_is_divided_over_several() -> None:
    (placement,) = place([need("m", 40)], [card(0, 24), card(1, 32), CPU])
    assert shares(placement) == [("cuda:1", 28), ("cuda:0", 12)]
    assert "no GPU alone holds it" in placement.reason


def test_working_memory_is_kept_on_every_device_that_computes() -> None:
    (placement,) = place([need("m", 40, working=4 * GB)], [card(0, 24), card(1, 32), CPU])
    assert shares(placement) == [("cuda:1", 24), ("cuda:0", 16)]


def test_what_the_gpus_cannot_hold_goes_to_main_memory_where_they_hold_the_most() -> None:
    (placement,) = place([need("m", 40)], [card(0, 32), CPU])
    assert shares(placement) == [("cuda:0", 28), ("cpu", 12)]


def test_a_model_the_gpus_could_hold_little_of_runs_on_the_cpu_whole() -> None:
    (placement,) = place([need("m", 30)], [SMALL_GPU, CPU])
    assert placement.device == "cpu"
    assert placement.is_whole


def test_a_smaller_data_type_goes_before_dividing() -> None:
    (placement,) = place([need("m", 30, lower=("int8", "int4"))], [card(0, 20), card(1, 20), CPU])
    assert (placement.device, placement.dtype) == ("cuda:0", "int8")


def test_the_rest_waits_on_the_disk_only_where_that_is_allowed() -> None:
    assert place([need("m", 30)], [SMALL_CPU])[0].shares == ()
    (placement,) = place([need("m", 30)], [SMALL_CPU], disk_free=100 * GB)
    assert placement.device == "cpu"
    assert placement.shares[-1].device == DISK
    assert "memory is too small" in placement.reason
    assert place([need("m", 30)], [SMALL_CPU], disk_free=10 * GB)[0].shares == ()


def test_room_for_the_largest_block_is_kept_where_blocks_come_from_the_disk() -> None:
    size = ModelSize(tuple(Block(f"l.{i}", 2 * GB) for i in range(20)), 80 * GB)
    (placement,) = place([ModelNeed("m", size)], [card(0, 20)], disk_free=100 * GB)
    assert shares(placement) == [("cuda:0", 3), (DISK, 17)]


def test_idle_models_leave_the_one_unused_for_longest_first() -> None:
    loaded = (
        Loaded("newer", (("cuda:0", 8 * GB),), used=200.0),
        Loaded("older", (("cuda:0", 8 * GB),), used=100.0),
    )
    full = Device("cuda:0", "cuda", "a card", 24 * GB, 7 * GB, bfloat16=True)
    (placement,) = place([need("m", 10)], [full, CPU], loaded=loaded)
    assert placement.leaves == ("older",)
    assert placement.device == "cuda:0"
    assert "older must leave" in placement.reason


def test_nothing_leaves_where_its_leaving_would_not_help() -> None:
    loaded = (Loaded("idle", (("cuda:0", 2 * GB),), used=1.0),)
    full = Device("cuda:0", "cuda", "a card", 8 * GB, 2 * GB)
    (placement,) = place([need("m", 12, divisible=False)], [full, CPU], loaded=loaded)
    assert (placement.device, placement.leaves) == ("cpu", ())


def test_a_model_nobody_measured_is_placed_and_said_to_be_unknown() -> None:
    (placement,) = place([ModelNeed("m", of_bytes(0))], [SMALL_CPU])
    assert placement.device == "cpu"
    assert "memory not known" in placement.reason


@pytest.mark.parametrize("size", [1, 10, 60, 150, 400])
@pytest.mark.parametrize("cards", [(24,), (24, 8), (80,) * 8, (8, 12, 16, 24, 24, 40, 48, 80)])
def test_no_device_is_given_more_than_it_has(size: float, cards: tuple[int, ...]) -> None:
    devices = [*(card(i, gb) for i, gb in enumerate(cards)), CPU]
    (placement,) = place([need("m", size, blocks=80)], devices, disk_free=500 * GB)
    given = {share.device: share.bytes for share in placement.shares}
    assert sum(share.blocks for share in placement.shares) == 80
    assert all(given.get(d.id, 0) <= d.free for d in devices)


def test_many_models_on_unequal_cards_never_share_a_byte() -> None:
    draw = random.Random(7)  # noqa: S311
    for _ in range(200):
        devices = [*(card(i, draw.choice([8, 16, 24, 48, 80])) for i in range(8)), CPU]
        wanted = [need(f"m{i}", draw.uniform(0.2, 90)) for i in range(12)]
        given = dict.fromkeys((d.id for d in devices), 0)
        for placement in place(wanted, devices):
            for share in placement.shares:
                given[share.device] += share.bytes
        assert all(given[d.id] <= d.free for d in devices)


@pytest.mark.parametrize(
    ("count", "text"),
    [(98_000_000, "98 MB"), (2_140_000_000, "2.1 GB"), (0, "0 MB"), (-5, "0 MB")],
)
def test_bytes_are_told_in_units(count: int, text: str) -> None:
    assert in_units(count) == text
