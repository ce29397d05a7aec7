"""Reads weights where mapping the file would keep it in memory beside what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.models.giving_back import large_blocks_return
from assistant.models.placement import DISK, Placement
from assistant.models.sizes import read_header

_NAMES = {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}
"""Data types as safetensors calls them."""


@contextmanager
def weights_read(folder: Path, placement: Placement) -> Iterator[None]:
    """Within it transformers reads a model's weights tensor by tensor, as it does on Windows.

    It maps files otherwise: where weights are quantised, converted or copied to a GPU, the pages
    they came from stay in memory until the system needs them, and count as the program's. Where
    they are used on the CPU just as they are stored, the mapped file is the model: it stays.
    """
    if _are_used_as_stored(folder, placement):
        yield
        return
    from safetensors import safe_open
    from transformers import modeling_utils

    mapped = "safe_open"  # replaced by name: transformers imports it, but doesn't export it
    setattr(modeling_utils, mapped, partial(_opened, safe_open))
    try:
        with large_blocks_return():
            yield
    finally:
        setattr(modeling_utils, mapped, safe_open)


def _opened(safe_open: type, *arguments: object, **options: object) -> object:
    return safe_open(*arguments, **{**options, "backend": "pread"})


def _are_used_as_stored(folder: Path, placement: Placement) -> bool:
    """Whether every weight is computed with on the CPU in the data type it has in the file."""
    if any(share.device not in {"cpu", DISK} for share in placement.shares):
        return False
    wanted = _NAMES.get(placement.dtype)
    if wanted is None:
        return placement.dtype == "as stored"
    return _stored_dtypes(folder) <= {wanted}


def _stored_dtypes(folder: Path) -> set[str]:
    """By safetensors' names; none of a damaged file, which is about to be refused."""
    try:
        headers = [read_header(file) for file in folder.glob("*.safetensors")]
    except ModelError:
        return set()
    return {tensor.dtype for header in headers for tensor in header.values()}
