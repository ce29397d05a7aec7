"""Compares the transformers generator with bare `generate`.

`python -m benchmarks.transformers_generate`

The model is a Llama of random weights made in a temporary folder (some 60 million parameters), for
speed depends on shapes, not on what was learned. Printed: tokens a second of both in turns, their
ratio, and the peak memory of loading over the bytes of the weights.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.devices import cpu
from assistant.models.placement import ModelNeed, Placement, place
from assistant.models.sizes import size_of_folder

TOKENS = 96
ROUNDS = 5
QUESTION = (Message("user", "Tell me something about the sea."),)


def write_model(folder: Path) -> None:
    """A Llama of random weights beside a tokenizer of bytes."""
    from transformers import AutoConfig, LlamaForCausalLM

    from tests.models.tiny_llama import write_tiny_llama

    write_tiny_llama(folder, layers=1)
    config: Any = AutoConfig.from_pretrained(folder)
    config.hidden_size, config.intermediate_size = 640, 1720
    config.num_hidden_layers, config.num_attention_heads, config.num_key_value_heads = 12, 10, 5
    config.head_dim = 64
    config.eos_token_id = None  # every answer is as long as asked for
    LlamaForCausalLM(config).save_pretrained(folder)


def placed(folder: Path) -> Placement:
    """The CPU, in 32 bits."""
    need = ModelNeed("benchmark", size_of_folder(folder), dtype="float32")
    return place([need], [cpu()])[0]


def ours(generator: Any) -> float:
    """Tokens a second of the whole answer."""
    stream = generator.stream(QUESTION, Sampling(0.0, max_tokens=TOKENS), lambda: False)
    while True:
        try:
            next(stream)
        except StopIteration as ended:
            return float(ended.value.new_tokens / ended.value.seconds)


def bare(generator: Any) -> float:
    """Tokens a second of `generate` on the same prompt, with nothing around it."""
    import torch

    generator._stopped.clear()  # noqa: SLF001 - set when an answer is over
    ids = torch.tensor([generator._encoded(QUESTION)])  # noqa: SLF001 - the same prompt
    started = time.perf_counter()
    with torch.inference_mode():
        found = generator._model.generate(  # noqa: SLF001 - the same weights
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=TOKENS,
            repetition_penalty=1.1,
            pad_token_id=0,
        )
    return float((found.shape[1] - ids.shape[1]) / (time.perf_counter() - started))


def peak_of_loading(folder: Path) -> float:
    """Peak memory while loading over that before, in parts of the weights' bytes."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from benchmarks.transformers_generate import placed\n"
        "import torch, psutil\n"
        "from transformers import AutoModelForCausalLM, LlamaForCausalLM\n"
        "from assistant.models.dispatch import load_transformers\n"
        "folder = Path(sys.argv[1]); before = psutil.Process().memory_info().rss\n"
        "model = load_transformers(AutoModelForCausalLM, folder, placed(folder), folder / 'o')\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "print((peak - before) / sum(p.numel() * 4 for p in model.parameters()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure in turns, so that what else the machine does falls on both."""
    argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0]).parse_args()
    from assistant.models.transformers_generator import TransformersGenerator

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_model(folder)
        print(f"peak of loading: {peak_of_loading(folder):.2f} x the weights")
        generator = TransformersGenerator(
            folder, name="m", placement=placed(folder), context=0, grounded=False, offload=folder
        )
        with ThreadPoolExecutor(1) as pool:  # both off the main thread, whose workers wait busily
            pairs = [
                (ours(generator), pool.submit(bare, generator).result()) for _ in range(ROUNDS + 1)
            ][1:]
        mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"{mine:.1f} tokens/s, bare generate {theirs:.1f}: ratio {mine / theirs:.3f}")


if __name__ == "__main__":
    main()
