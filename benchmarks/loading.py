"""Measures the most memory a language model takes while transformers loads it.

`python -m benchmarks.loading [--megabytes 600] [--one FOLDER DTYPE]`

The model is a Llama of random weights in bfloat16, in several files, written to a temporary folder.
Each data type is loaded in a process of its own, which loaded a tiny model before, so that code
and tables of the libraries are there already. Printed: the peak of resident memory, pages of mapped
files included once every weight was read, over the bytes of the weights in that data type.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, get_args

import psutil

from assistant.models.giving_back import give_back_memory
from assistant.models.placement import Placement, Share
from assistant.models.sizes import Dtype
from assistant.models.transformers_loading import load_causal_lm

DTYPES: tuple[Dtype, ...] = ("bfloat16", "float32", "int8", "int4")
WIDTH = 1024
LAYER_BYTES = 2 * (3 * WIDTH * 2816 + 3 * WIDTH * WIDTH)
"""Of one layer in 16 bits: the products of its feed-forward and of its attention."""
EMBEDDING_BYTES = 2 * 32_000 * WIDTH


def write_model(folder: Path, megabytes: int) -> None:
    """A Llama with embeddings that its head shares."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    layers = max(1, round((megabytes * 1e6 - EMBEDDING_BYTES) / LAYER_BYTES)) if megabytes else 1
    config = LlamaConfig(
        vocab_size=32_000 if megabytes else 256,
        hidden_size=WIDTH if megabytes else 64,
        intermediate_size=2816 if megabytes else 128,
        num_hidden_layers=layers,
        num_attention_heads=16,
        num_key_value_heads=8,
        tie_word_embeddings=True,
    )
    model: Any = LlamaForCausalLM(config)
    model.to(torch.bfloat16).save_pretrained(folder, max_shard_size="200MB")


def measure(folder: Path, dtype: Dtype) -> str:
    """Load it here, after the tiny one beside it, and tell the peak."""
    load(folder.with_name("tiny"), dtype)
    give_back_memory()
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    model = load(folder, dtype)
    seconds = time.perf_counter() - started
    weights = sum(read_through(weight) for weight in model.parameters())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    return (
        f"{dtype}: {weights / 1e6:.0f} MB of weights, peak {peak / 1e6:.0f} MB"
        f" = {peak / weights:.2f} x, {seconds:.1f} s"
    )


def load(folder: Path, dtype: Dtype) -> Any:
    """As the assistant loads it, whole on the CPU."""
    placement = Placement("m", (Share("cpu", 1, 0),), dtype, "")
    return load_causal_lm(folder, placement, folder / "offload")


def read_through(weight: Any) -> int:
    """Bytes of a weight, each of which was read: a mapped page counts once it is."""
    if hasattr(weight, "__tensor_flatten__"):
        names, _ = weight.__tensor_flatten__()
        return sum(read_through(getattr(weight, name)) for name in names)
    weight.detach().flatten().max()
    return int(weight.untyped_storage().nbytes())


def main() -> None:
    """Print a line for each data type."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--megabytes", type=int, default=600, help="of the model in 16 bits")
    options.add_argument("--one", nargs=2, metavar=("FOLDER", "DTYPE"), help="used by itself")
    options.add_argument("--write", nargs=2, metavar=("FOLDER", "MB"), help="used by itself")
    given = options.parse_args()
    if given.write:
        write_model(Path(given.write[0]) / "tiny", 0)
        write_model(Path(given.write[0]) / "model", int(given.write[1]))
        return
    if given.one:
        dtype = next(d for d in get_args(Dtype) if d == given.one[1])
        print(measure(Path(given.one[0]), dtype))
        return
    with tempfile.TemporaryDirectory() as name:
        in_child("--write", name, str(given.megabytes))
        for dtype in DTYPES:
            in_child("--one", f"{name}/model", dtype)


def in_child(*arguments: str) -> None:
    """A process of its own. A child's peak starts at what its parent holds when it forks, so this
    one never loads anything."""
    command = [sys.executable, "-m", "benchmarks.loading", *arguments]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
