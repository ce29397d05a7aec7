"""Compares the transformers generator with bare `generate`.

`python -m benchmarks.transformers_generate [--tokens 32 96 256] [--rounds 9] [--threads N]`

The model is a Llama of random weights made in a temporary folder (some 60 million parameters), for
speed depends on shapes, not on what was learned. Each round asks both the same new question, one
right after the other and in turns who is first, in the same thread; nothing of a prompt was read
before. Printed for each length of answer: tokens a second of both (medians), their ratio within a
round with its quartiles, and the ratio of processor time, which other programs disturb less.
`benchmarks.loading` measures the memory of loading.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.devices import cpu
from assistant.models.placement import ModelNeed, Placement, place
from assistant.models.sizes import size_of_folder


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one answer: seconds on the clock, and of all processors."""

    wall: float
    processor: float


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


def asked(number: int) -> tuple[Message, ...]:
    """A question of its own from its first letter on."""
    return (Message("user", f"{number}. Tell me something about the sea."),)


def ours(generator: Any, number: int, tokens: int) -> None:
    """The whole answer, as a skill takes it."""
    for _ in generator.stream(asked(number), Sampling(0.0, max_tokens=tokens), lambda: False):
        pass


def bare(generator: Any, number: int, tokens: int) -> None:
    """`generate` on the same prompt with nothing around it, in the thread ours computes in: the
    threads of OpenMP belong to the one that started them."""
    generator._stopped.clear()  # noqa: SLF001 - set when an answer is over
    prompt = generator._encoded(asked(number))  # noqa: SLF001 - the same prompt
    thread = generator._thread  # noqa: SLF001 - the same thread
    thread.start(lambda: generate(generator._model, prompt, tokens)).wait()  # noqa: SLF001


def generate(model: Any, prompt: list[int], tokens: int) -> None:
    """With the settings that ours has."""
    import torch

    ids = torch.tensor([prompt])
    with torch.inference_mode():
        model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=tokens,
            repetition_penalty=1.1,
            pad_token_id=0,
        )


def cost(work: Callable[[], None]) -> Cost:
    """What it takes now."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - processor)


def compared(generator: Any, tokens: int, rounds: int) -> str:
    """A line of figures for answers of this length."""
    mine: list[Cost] = []
    theirs: list[Cost] = []
    sides = ((ours, mine), (bare, theirs))
    for number in range(rounds + 1):
        for work, costs in sides if number % 2 else sides[::-1]:
            costs.append(cost(lambda work=work, n=number: work(generator, n, tokens)))  # type: ignore[misc]
    del mine[0], theirs[0]  # warming up
    wall = [b.wall / a.wall for a, b in zip(mine, theirs, strict=True)]
    processor = [b.processor / a.processor for a, b in zip(mine, theirs, strict=True)]
    speeds = [tokens / statistics.median(c.wall for c in side) for side in (mine, theirs)]
    return (
        f"{tokens:4} tokens: {speeds[0]:.1f} a second, bare {speeds[1]:.1f};"
        f" ratio {spread(wall)}, of processor time {spread(processor)}"
    )


def spread(ratios: list[float]) -> str:
    """Median and quartiles."""
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return f"{middle:.3f} ({low:.3f}-{high:.3f})"


def main() -> None:
    """Measure in turns, so that what else the machine does falls on both."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--tokens", type=int, nargs="+", default=[32, 96, 256])
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--threads", type=int, default=0, help="of torch; 0 = as it chooses")
    given = options.parse_args()
    import torch

    from assistant.models.transformers_generator import TransformersGenerator

    if given.threads:
        torch.set_num_threads(given.threads)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_model(folder)
        generator = TransformersGenerator(
            folder, name="m", placement=placed(folder), context=0, grounded=False, offload=folder
        )
        for tokens in given.tokens:
            print(compared(generator, tokens, given.rounds), flush=True)
        generator.close()


if __name__ == "__main__":
    main()
