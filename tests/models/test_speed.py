"""How fast a model is expected to write."""

from __future__ import annotations

import pytest

from assistant.models.devices import Device
from assistant.models.placement import DISK, Placement, Share
from assistant.models.speed import (
    BLOCK_SECONDS,
    DISK_BANDWIDTH,
    EFFICIENCY,
    QUANTISED_BLOCK_SECONDS,
    STEP_SECONDS,
    TORCHAO_WEIGHTS_A_CORE,
    WEIGHTS_A_CORE,
    Reading,
    tokens_a_second,
)

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 64 * GB, 60 * GB, 8)
GPU = Device("cuda:0", "cuda", "a card", 24 * GB, 24 * GB)
SPEEDS = {"cpu": 50 * GB, "cuda:0": 1000 * GB}
PLAIN = Reading(0, quantised=False, cache=0)


def speed(*shares: Share, reading: Reading = PLAIN) -> float | None:
    placement = Placement("m", shares, "float16", "")
    return tokens_a_second(placement, reading, [GPU, CPU], SPEEDS)


def test_every_weight_is_read_once_a_token() -> None:
    assert speed(Share("cpu", 1, 10 * GB)) == pytest.approx(5 * EFFICIENCY["cpu"])
    assert speed(Share("cuda:0", 1, 10 * GB)) == pytest.approx(100 * EFFICIENCY["cuda"])


def test_the_conversation_is_read_too() -> None:
    with_cache = speed(
        Share("cpu", 1, 1 * GB), reading=Reading(0, quantised=False, cache=2_000_000)
    )
    alone = speed(Share("cpu", 1, 1 * GB))
    assert with_cache is not None
    assert alone is not None
    assert with_cache == pytest.approx(alone / (1 + 512 * 2_000_000 / GB))


def test_on_few_cores_unpacking_takes_longer_than_reading() -> None:
    weights = int(8 * WEIGHTS_A_CORE)  # a second of work for the eight cores
    packed = Reading(weights, quantised=True, cache=0)
    assert speed(Share("cpu", 1, 1 * GB), reading=packed) == pytest.approx(1.0)
    assert speed(Share("cuda:0", 1, 1 * GB), reading=packed) == pytest.approx(700)


def test_parts_on_several_devices_take_their_turns() -> None:
    both = speed(Share("cuda:0", 30, 10 * GB), Share("cpu", 10, 5 * GB))
    assert both == pytest.approx(
        1 / (10 / (1000 * EFFICIENCY["cuda"]) + 5 / (50 * EFFICIENCY["cpu"]))
    )


def test_what_waits_on_the_disk_is_read_from_there() -> None:
    found = speed(Share("cpu", 10, 1 * GB), Share(DISK, 10, 50 * GB))
    assert found == pytest.approx(DISK_BANDWIDTH / (50 * GB), rel=0.01)


def test_an_unknown_size_or_an_unmeasured_device_gives_no_figure() -> None:
    assert speed() is None
    assert speed(Share("cpu", 1, 0)) is None
    assert speed(Share("xpu:0", 1, 5)) is None


def test_python_takes_its_time_for_each_layer_of_a_model_of_transformers() -> None:
    reading = Reading(0, quantised=False, cache=0, by_python=True)
    found = speed(Share("cuda:0", 30, 1 * GB), reading=reading)
    assert found is not None
    waits = STEP_SECONDS + 30 * BLOCK_SECONDS
    assert 1 / found == pytest.approx(1 / (1000 * EFFICIENCY["cuda"]) + waits)


def test_torchao_unpacks_in_its_own_time() -> None:
    weights = int(8 * TORCHAO_WEIGHTS_A_CORE["int8"])  # a second of work for the eight cores
    reading = Reading(weights, quantised=False, cache=0, by_python=True)
    placement = Placement("m", (Share("cpu", 10, 1 * GB),), "int8", "")
    found = tokens_a_second(placement, reading, [CPU], SPEEDS)
    assert found is not None
    assert 1 / found == pytest.approx(1.0 + STEP_SECONDS + 10 * QUANTISED_BLOCK_SECONDS)
