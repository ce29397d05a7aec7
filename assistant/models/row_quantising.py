"""Quantises a weight some rows at a time, so that what it takes besides stays small.

torchao quantises a matrix in one piece and makes some five copies of it in 32 bits on the way:
for the widest layers of a model of 7 billion weights a gigabyte. Rows don't depend on one another,
so the result is the same to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

ELEMENTS = 1 << 19
"""Weights quantised at once: copies of 2 MB, which the allocator gives back one by one."""
_PACKED_ROWS = 64
"""The 4-bit layout of CPUs interleaves at most so many rows; a part is a multiple of it."""
_LEAST_ROWS = 16
"""Of that layout: a matrix whose rows are no multiple of it, such as the gate before some
experts, stays in 16 bits."""
_ROW_AXES = {"scale_and_zero": 1}
"""Along which axis a part of a quantised tensor follows the weight's rows, where not the first."""


def by_rows(config: Any) -> Any:
    """A setting of torchao that does what `config` does, for weights on the CPU that have rows.

    Its name says its bits, by which transformers tells how much memory will be taken.
    """
    bits = "8" if "Int8" in type(config).__name__ else "4"
    return _config_class(f"Int{bits}WeightByRows")(config)


@cache
def _config_class(name: str) -> Any:
    from torchao.core.config import AOBaseConfig
    from torchao.quantization.transform_module import register_quantize_module_handler

    base: Any = AOBaseConfig
    made: Any = dataclass(type(name, (base,), {"__annotations__": {"inner": base}}))
    register: Any = register_quantize_module_handler
    register(made)(_quantise)
    return made


def _quantise(module: Any, config: Any) -> Any:
    import torch

    weight = module.weight
    if weight.device.type != "cpu" or weight.dim() != 2:
        return _whole(module, config.inner)
    if type(config).__name__.startswith("Int4") and len(weight) % _LEAST_ROWS:
        return module
    with _one_thread():
        quantised = _in_parts(weight.data, config.inner)
    module.weight = torch.nn.Parameter(quantised, requires_grad=False)
    return module


def _in_parts(weight: Any, config: Any) -> Any:
    """The weight quantised; as it is where torchao can't, as with a width no group divides."""
    rows = max(1, ELEMENTS // weight.shape[1] // _PACKED_ROWS) * _PACKED_ROWS
    first = _part(weight[:rows], config)
    if len(weight) <= rows or not hasattr(first, "__tensor_flatten__"):
        return weight if not hasattr(first, "__tensor_flatten__") else first
    names, attributes = first.__tensor_flatten__()
    whole = {name: _room(getattr(first, name), name, len(weight) / rows) for name in names}
    for start in range(0, len(weight), rows):
        part = _part(weight[start : start + rows], config) if start else first
        for name in names:
            _put(whole[name], getattr(part, name), name, start / len(weight))
    if "shape" in attributes:
        attributes = {**attributes, "shape": weight.shape}
    return type(first).__tensor_unflatten__(whole, attributes, weight.shape, None)


def _room(part: Any, name: str, times: float) -> Any:
    """Memory for what is `times` such parts along the weight's rows."""
    shape = list(part.shape)
    axis = _ROW_AXES.get(name, 0)
    shape[axis] = round(shape[axis] * times)
    return part.new_empty(shape)


def _put(whole: Any, part: Any, name: str, start: float) -> None:
    """Copy a part to where it begins, in parts of the whole."""
    axis = _ROW_AXES.get(name, 0)
    whole.narrow(axis, round(whole.shape[axis] * start), part.shape[axis]).copy_(part)


def _part(rows: Any, config: Any) -> Any:
    """These rows quantised; as they are where torchao can't."""
    import torch

    linear = torch.nn.Linear(1, 1, bias=False, device="meta")
    linear.weight = torch.nn.Parameter(rows, requires_grad=False)
    quantised = _whole(linear, config).weight.data
    del linear.weight  # torchao makes the module refer to itself, so it stays for a while
    return quantised


def _whole(module: Any, config: Any) -> Any:
    from torchao.quantization import quantize_

    quantize_(module, config)
    return module


@contextmanager
def _one_thread() -> Iterator[None]:
    """Parts are too small to be shared out: where other programs run beside, waiting for one
    another cost ten times the work itself (2 cores, 16 layers of 1024)."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
