"""Times the planner on 8 GPUs and 12 models: `python -m benchmarks.placement`."""

from __future__ import annotations

import random
import statistics
from time import perf_counter

from assistant.models.devices import Device
from assistant.models.placement import ModelNeed, place
from assistant.models.sizes import Block, ModelSize

GB = 1_000_000_000
RUNS = 200


def main() -> None:
    """Print the median and the slowest of random machines and models."""
    draw = random.Random(0)  # noqa: S311
    seconds: list[float] = []
    for _ in range(RUNS):
        devices = [
            Device(f"cuda:{i}", "cuda", f"card {i}", gb * GB, gb * GB, bfloat16=True)
            for i, gb in enumerate(draw.choices([8, 16, 24, 48, 80], k=8))
        ]
        devices.append(Device("cpu", "cpu", "a processor", 256 * GB, 240 * GB, 32))
        needs = [_need(f"m{i}", draw) for i in range(12)]
        started = perf_counter()
        place(needs, devices, disk_free=1000 * GB)
        seconds.append(perf_counter() - started)
    median, slowest = statistics.median(seconds) * 1000, max(seconds) * 1000
    print(f"8 GPUs, 12 models: median {median:.2f} ms, slowest {slowest:.2f} ms of {RUNS} runs")


def _need(name: str, draw: random.Random) -> ModelNeed:
    blocks = draw.randint(24, 120)
    each = int(draw.uniform(0.3, 200) * GB / 2 / blocks)
    size = ModelSize(tuple(Block(f"layer.{i}", each) for i in range(blocks)), each * blocks * 2)
    return ModelNeed(name, size, lower=("int8", "int4"))


if __name__ == "__main__":
    main()
