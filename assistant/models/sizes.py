"""How large a model is, read from the headers of its files; no weights are loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from assistant.core.errors import ModelError
from assistant.models.gguf import read_tensors

Dtype = Literal["float32", "float16", "bfloat16", "int8", "int4", "as stored"]

_BYTES: Mapping[str, float] = {
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int8": 1.06,  # with its scales and the parts that stay in 16 bits
    "int4": 0.62,
}
_STORED_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2}
"""Bytes of an element by safetensors' names; what is not listed has one."""
_MOST_HEADER = 100_000_000
"""Bytes of a safetensors header at most, the format's own limit."""
_GGUF_EMBEDDINGS = "token_embd.weight"
_BLOCK = re.compile(r"(.*?\.\d+)\.")


@dataclass(frozen=True, slots=True)
class Block:
    """Parts of a model that stay on one device: a layer, an embedding, a head."""

    name: str
    elements: int


@dataclass(frozen=True, slots=True)
class ModelSize:
    """Blocks in the order they run, and the bytes of the files as they are."""

    blocks: tuple[Block, ...]
    stored_bytes: int

    @property
    def elements(self) -> int:
        """Numbers in all blocks together."""
        return sum(block.elements for block in self.blocks)

    def bytes(self, dtype: Dtype) -> int:
        """Memory of the weights in a data type."""
        if dtype == "as stored" or not self.blocks:
            return self.stored_bytes
        return sum(self.block_bytes(dtype))

    def block_bytes(self, dtype: Dtype) -> list[int]:
        """Memory of each block in a data type."""
        if dtype == "as stored":
            scale = self.stored_bytes / self.elements if self.elements else 0.0
        else:
            scale = _BYTES[dtype]
        return [round(block.elements * scale) for block in self.blocks]


def of_bytes(stored: int, bytes_each: int = 4) -> ModelSize:
    """The size of a model of which only the bytes are known: one block, not to be divided."""
    return ModelSize((Block("weights", stored // bytes_each),) if stored else (), stored)


def size_of_folder(folder: Path) -> ModelSize:
    """The size of a model on disk: by its safetensors' headers, else by its files' bytes.

    Raises:
        ModelError: a header is damaged.
    """
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        return of_bytes(sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()))
    shapes: dict[str, int] = {}
    stored = 0
    for file in files:
        for name, tensor in read_header(file).items():
            shapes[name] = tensor.elements
            stored += tensor.bytes
    return ModelSize(_blocks(shapes), stored)


def size_of_gguf(file: Path, name: str) -> ModelSize:
    """The size of a GGUF model: its layers, and what follows them, in the order they run.

    The table of token embeddings is no block: llama.cpp keeps it in main memory and reads a
    row of it a token. Elements are bytes here, as its data types are mixed.

    Raises:
        ModelError: the file is damaged; `name` is for the hint.
    """
    tensors = {tensor.name: tensor.bytes for tensor in read_tensors(file, name)}
    computed = {name: count for name, count in tensors.items() if name != _GGUF_EMBEDDINGS}
    return ModelSize(_blocks(computed), sum(tensors.values()))


class Tensor(msgspec.Struct, frozen=True):
    """An entry of a safetensors header."""

    dtype: str
    shape: tuple[int, ...]

    @property
    def elements(self) -> int:
        """Numbers in it."""
        count = 1
        for side in self.shape:
            count *= side
        return count

    @property
    def bytes(self) -> int:
        """Its size in the file."""
        return self.elements * _STORED_BYTES.get(self.dtype, 1)


def read_header(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file by name.

    Raises:
        ModelError: it is no such file, or cut off.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > _MOST_HEADER:
                raise ValueError("its header is longer than the format allows")
            raw = msgspec.json.decode(file.read(length), type=dict[str, msgspec.Raw])
        raw.pop("__metadata__", None)
        return {name: msgspec.json.decode(value, type=Tensor) for name, value in raw.items()}
    except (ValueError, msgspec.MsgspecError) as error:
        raise ModelError(
            f"The weights {path} are damaged: {error}.", "Remove the model and pull it again."
        ) from error


def _blocks(elements: Mapping[str, int]) -> tuple[Block, ...]:
    """Tensors by the layer they belong to: what comes before the layers, the layers, the rest."""
    grouped: dict[str, int] = {}
    for name, count in elements.items():
        key = _block_name(name)
        grouped[key] = grouped.get(key, 0) + count
    return tuple(Block(name, grouped[name]) for name in sorted(grouped, key=_place_of))


def _block_name(tensor: str) -> str:
    found = _BLOCK.match(tensor)
    return found[1] if found else tensor.rsplit(".", 1)[0]


def _place_of(name: str) -> tuple[int, str, int]:
    """Sorts embeddings before layers, layers by number, heads behind."""
    stem, _, number = name.rpartition(".")
    if number.isdigit():
        return 1, stem, int(number)
    return (0 if "emb" in name or "wte" in name else 2), name, 0
