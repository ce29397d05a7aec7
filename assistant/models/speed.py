"""How fast a language model will write, told from its size and the machine's memory.

tokens/s = efficiency x bandwidth / bytes read a token: every weight, and what is kept of the
conversation, is read once a token (Pope et al. 2023, "Efficiently Scaling Transformer
Inference", section 2). On a CPU unpacking quantised weights can take longer than reading them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.models.devices import Device, Kind
from assistant.models.placement import DISK, Placement

EFFICIENCY: Mapping[Kind, float] = {
    "cpu": 0.75,
    "cuda": 0.7,
    "mps": 0.7,
    "xpu": 0.6,
    "vulkan": 0.6,
}
"""Part of the measured bandwidth a whole model reaches; only that of the CPU was measured here
(`python -m benchmarks.choosing`), the others are usual figures."""
WEIGHTS_A_CORE = 5.5e9
"""Quantised weights a core unpacks and multiplies a second (AVX2; the same benchmark)."""
TORCHAO_WEIGHTS_A_CORE: Mapping[str, float] = {"int8": 4.2e9, "int4": 5.9e9}
"""The same of torchao's (AVX-512; processor time of one thread, the same benchmark)."""
STEP_SECONDS = 0.35e-3
"""What `generate` adds to a token: choosing it, decoding it, handing it out."""
BLOCK_SECONDS = 0.17e-3
"""For Python to start the operations of one layer of a model of transformers; measured on a CPU
with layers 64 wide."""
QUANTISED_BLOCK_SECONDS = 0.4e-3
"""The same where torchao's tensors intercept each of them."""
DISK_BANDWIDTH = 0.5e9
"""Bytes a second, of blocks that are read from the disk for every token."""
TYPICAL_TOKENS = 512
"""Of the conversation, kept and read again for each new token."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read for a token of an answer.

    Args:
        weights: how many there are; 0 = not known.
        quantised: whether they must be unpacked.
        cache: bytes a token of context takes.
        by_python: whether Python starts the operations of each block, as in transformers.
    """

    weights: int
    quantised: bool
    cache: int
    by_python: bool = False


def tokens_a_second(
    placement: Placement,
    reading: Reading,
    devices: Sequence[Device],
    bandwidth: Mapping[str, float],
) -> float | None:
    """How fast answers come; None where the model's size or a device's speed is not known.

    Args:
        bandwidth: bytes a second by device id.
    """
    known = {device.id: device for device in devices}
    total = sum(share.bytes for share in placement.shares)
    if not total:
        return None
    dtype = placement.dtype
    seconds = STEP_SECONDS if reading.by_python else 0.0
    for share in placement.shares:
        part = share.bytes / total
        size = share.bytes + part * reading.cache * TYPICAL_TOKENS
        if share.device == DISK:
            seconds += size / DISK_BANDWIDTH
            continue
        device, speed = known.get(share.device), bandwidth.get(share.device)
        if device is None or not speed:
            return None
        unpacking = _unpacking(device, reading, part, dtype)
        seconds += max(size / (EFFICIENCY[device.kind] * speed), unpacking)
        if reading.by_python:
            seconds += share.blocks * (
                QUANTISED_BLOCK_SECONDS if dtype in TORCHAO_WEIGHTS_A_CORE else BLOCK_SECONDS
            )
    return 1 / seconds


def _unpacking(device: Device, reading: Reading, part: float, dtype: str) -> float:
    """Seconds a token; only on a CPU it takes longer than reading."""
    rate = WEIGHTS_A_CORE if reading.quantised else 0.0
    if reading.by_python:
        rate = TORCHAO_WEIGHTS_A_CORE.get(dtype, 0.0)
    if device.kind != "cpu" or not rate:
        return 0.0
    return part * reading.weights / (rate * max(1, device.cores))
