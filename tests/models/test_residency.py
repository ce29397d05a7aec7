"""Which models leave memory for another, over simulated machines."""

from __future__ import annotations

import pytest

from assistant.models.devices import Device, Kind
from assistant.models.placement import ModelNeed
from assistant.models.residency import Inmate, idle, leaving, unused
from assistant.models.sizes import Block, ModelSize, of_bytes

GB = 1_000_000_000


def machine(free: float, total: float = 100) -> Device:
    return Device("cpu", "cpu", "a processor", int(total * GB), int(free * GB), 4)


def need(gb: float) -> ModelNeed:
    return ModelNeed("new", of_bytes(int(gb * GB)), portable=True)


def inmate(name: str, gb: float, used: float, *, busy: bool = False) -> Inmate:
    return Inmate(name, int(gb * GB), used, busy=busy)


OLD, NEW, BUSY = inmate("old", 3, 1), inmate("new", 5, 9), inmate("busy", 8, 0, busy=True)


@pytest.mark.parametrize(
    ("needed", "free", "limit", "there", "leave"),
    [
        (2, 50, 0, [OLD, NEW], ()),  # there is room
        (2, 10, 0, [OLD, NEW], ("old",)),  # ten of a hundred are the machine's reserve
        (4, 10, 0, [OLD, NEW], ("old", "new")),
        (2, 50, 10, [OLD, NEW], ()),  # within the limit
        (4, 50, 10, [OLD, NEW], ("old",)),
        (4, 50, 16, [OLD, NEW, BUSY], ("old", "new")),
        (1, 50, 8, [BUSY], ()),  # what is at work stays, whatever the limit
        (99, 50, 10, [NEW, OLD], ("old", "new")),  # nothing is enough: all that can leave does
        (0, 50, 10, [OLD], ()),  # a model of a server takes nothing
    ],
)
def test_the_fewest_least_recently_used_leave(
    needed: float, free: float, limit: float, there: list[Inmate], leave: tuple[str, ...]
) -> None:
    assert leaving(need(needed), there, machine(free), int(limit * GB)) == leave


def test_what_is_on_a_gpu_makes_no_room_in_main_memory() -> None:
    on_gpu = Inmate("far", 9 * GB, 0.0, device="cuda:0")
    assert leaving(need(4), [on_gpu, NEW], machine(50), 8 * GB) == ("new",)


def card(free: float, kind: Kind = "cuda", name: str = "cuda:0") -> Device:
    return Device(name, kind, "a card", int(24 * GB), int(free * GB), bfloat16=True)


def torch_need(gb: float) -> ModelNeed:
    """Of a model of 16 bits on a card, and of 32 in main memory."""
    return ModelNeed("new", of_bytes(int(gb * GB), bytes_each=2), divisible=False)


@pytest.mark.parametrize(
    ("needed", "card_free", "there", "leave"),
    [
        (4, 20, [OLD, NEW], ()),  # all of it goes onto the card: main memory is full for nothing
        (4, 1, [OLD, NEW], ("old", "new")),  # the card is full: main memory it is, 32 bits there
        (4, 1, [OLD, Inmate("far", 9 * GB, 0.0, device="cuda:0")], ("far",)),
        (6, 1, [OLD, Inmate("far", 9 * GB, 0.0, busy=True, device="cuda:0")], ("old",)),
        (30, 20, [OLD, NEW], ("old", "new")),  # it fits nowhere: all that can leaves
    ],
)
def test_a_model_planned_for_a_card_makes_nothing_leave_main_memory(
    needed: float, card_free: float, there: list[Inmate], leave: tuple[str, ...]
) -> None:
    gpus = [card(card_free)]
    assert leaving(torch_need(needed), there, machine(50), 8 * GB, gpus) == leave


def test_a_gguf_model_in_part_on_a_card_takes_main_memory_for_the_rest() -> None:
    layers = tuple(Block(f"layer.{i}", GB) for i in range(10))
    in_part = ModelNeed("new", ModelSize(layers, 10 * GB), dtype="as stored", in_place=True)
    gpus = [card(8)]  # of 24, of which a tenth stays free: five layers
    assert leaving(in_part, [OLD], machine(50), 9 * GB, gpus) == ()
    assert leaving(in_part, [OLD], machine(50), 7 * GB, gpus) == ("old",)


def test_apples_gpu_has_the_memory_the_cpu_has() -> None:
    apple = [card(20, "mps", "mps")]
    there = [Inmate("far", 9 * GB, 0.0, device="mps")]
    assert leaving(torch_need(2), there, machine(50), 12 * GB, apple) == ()
    assert leaving(torch_need(4), there, machine(50), 12 * GB, apple) == ("far",)
    assert leaving(need(4), there, machine(50), 12 * GB) == ("far",)


def test_the_idle_are_told_with_the_device_they_hold() -> None:
    on_gpu = Inmate("far", 9, 0.0, device="cuda:0")
    assert [(m.name, m.holds) for m in idle([on_gpu, BUSY])] == [("far", (("cuda:0", 9),))]


@pytest.mark.parametrize(("seconds", "gone"), [(0, ()), (5, ("old",)), (50, ())])
def test_unused_models_are_those_idle_for_long(seconds: float, gone: tuple[str, ...]) -> None:
    assert unused([OLD, NEW, BUSY], now=10, seconds=seconds) == gone
