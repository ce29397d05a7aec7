"""Checks the expected tokens/s of `assistant models recommend` against measured ones.

`python -m benchmarks.choosing --models M`: the embedded language model, and models with random
weights in other data types, made up here (0.3 GB on the disk for a while), for llama.cpp and for
transformers.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.bandwidth import read_speed
from assistant.models.devices import cpu
from assistant.models.llamacpp import LlamaCppGenerator
from assistant.models.placement import ModelNeed, Placement, Share, place
from assistant.models.sizes import Dtype, size_of_folder
from assistant.models.speed import Reading, tokens_a_second
from benchmarks.transformers_generate import write_model

if TYPE_CHECKING:
    from assistant.core.protocols import Generator

QUESTION = (Message("user", "Tell me a long story about a king and his three daughters."),)
ANSWERS = 5
TOKENS = 120
SMOLLM = Reading(135_000_000, quantised=True, cache=23_040)
TRANSFORMERS: tuple[Dtype, ...] = ("float32", "bfloat16", "int8", "int4")
WRITTEN_CACHE = 2 * 12 * 5 * 64 * 2
"""Bytes a token of context takes in the model `transformers_generate` writes."""
HIDDEN, INNER, LAYERS, HEADS = 1024, 4096, 16, 16


def main() -> None:
    """Print expected and measured speed, and their ratio, of each model."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", type=Path, required=True, help="the cache's models folder")
    folder = options.parse_args().models
    device = cpu()
    bandwidth = read_speed(device)
    print(f"{device.cores} cores, {bandwidth / 1e9:.1f} GB read a second")
    _compare("smollm2-135m Q4_1", folder / "smollm2-135m-instruct", SMOLLM, bandwidth)
    for kind in ("Q4_0", "Q8_0"):
        with tempfile.TemporaryDirectory() as made:
            weights = _write(Path(made), kind)
            cache = 2 * LAYERS * HIDDEN * 2
            _compare(f"made up {kind}", Path(made), Reading(weights, True, cache), bandwidth)
    with tempfile.TemporaryDirectory() as made:
        write_model(Path(made))
        for dtype in TRANSFORMERS:
            _compare_transformers(Path(made), dtype, bandwidth)


def _compare_transformers(folder: Path, dtype: Dtype, bandwidth: float) -> None:
    from assistant.models.transformers_generator import TransformersGenerator

    size = size_of_folder(folder)
    (placement,) = place([ModelNeed("made up", size, dtype=dtype)], [cpu()])
    reading = Reading(size.elements, False, WRITTEN_CACHE, by_python=True)
    expected = tokens_a_second(placement, reading, [cpu()], {"cpu": bandwidth}) or 0.0
    generator = TransformersGenerator(
        folder, name="made up", placement=placement, context=0, grounded=False, offload=folder
    )
    found = statistics.median(_speed(generator) for _ in range(ANSWERS))
    generator.close()
    print(
        f"transformers {dtype}: {size.bytes(dtype) / 1e6:.0f} MB, "
        f"{size.elements / 1e6:.0f} M weights, "
        f"expected {expected:.1f}, measured {found:.1f} tokens/s, ratio {expected / found:.2f}",
        flush=True,
    )


def _compare(name: str, folder: Path, reading: Reading, bandwidth: float) -> None:
    size = (folder / "model.gguf").stat().st_size
    placement = Placement(name, (Share("cpu", 1, size),), "as stored", "")
    expected = tokens_a_second(placement, reading, [cpu()], {"cpu": bandwidth}) or 0.0
    generator = LlamaCppGenerator(folder, name=name, context=2048, threads=0, grounded=False)
    found = statistics.median(_speed(generator) for _ in range(ANSWERS))
    generator.close()
    print(
        f"{name}: {size / 1e6:.0f} MB, {reading.weights / 1e6:.0f} M weights, "
        f"expected {expected:.1f}, measured {found:.1f} tokens/s, ratio {expected / found:.2f}"
    )


def _speed(generator: Generator) -> float:
    """Tokens a second after the first one."""
    sampling = Sampling(temperature=0.8, max_tokens=TOKENS, seed=1)
    stream = generator.stream(QUESTION, sampling, lambda: False)
    while True:
        try:
            next(stream)
        except StopIteration as end:
            usage = end.value
            return float(usage.new_tokens / (usage.seconds - usage.first_token_seconds))


def _write(folder: Path, kind: str) -> int:
    """A Llama with random weights of a data type; how many weights it has."""
    import gguf
    import numpy as np

    letters = [chr(256 + i) for i in range(256)]
    writer = gguf.GGUFWriter(folder / "model.gguf", "llama")
    writer.add_context_length(4096)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_vocab_size(len(letters) + 3)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([*letters, "<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    writer.add_token_types([1] * len(letters) + [3] * 3)
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(len(letters))
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    dtype = gguf.GGMLQuantizationType[kind]
    random = np.random.default_rng(0)
    weights = 0
    for name, rows, columns in _matrices(len(letters) + 3):
        values = random.standard_normal((rows, columns), dtype=np.float32) * 0.02
        packed = gguf.quants.quantize(values, dtype)
        writer.add_tensor(name, packed, raw_dtype=dtype)
        weights += values.size
    for name in ("output_norm", *_norms()):
        writer.add_tensor(f"{name}.weight", np.ones(HIDDEN, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return weights


def _matrices(vocabulary: int) -> list[tuple[str, int, int]]:
    found = [("token_embd.weight", vocabulary, HIDDEN), ("output.weight", vocabulary, HIDDEN)]
    for layer in range(LAYERS):
        names = [f"blk.{layer}.attn_{part}.weight" for part in ("q", "k", "v", "output")]
        found += [(name, HIDDEN, HIDDEN) for name in names]
        found += [(f"blk.{layer}.ffn_{part}.weight", INNER, HIDDEN) for part in ("gate", "up")]
        found.append((f"blk.{layer}.ffn_down.weight", HIDDEN, INNER))
    return found


def _norms() -> list[str]:
    return [f"blk.{i}.{part}_norm" for i in range(LAYERS) for part in ("attn", "ffn")]


if __name__ == "__main__":
    main()
