"""Speed of the generator beside llama.cpp's own figures for the same prompt.

    python -m benchmarks.generate --models DIR

DIR holds a folder for each model (`assistant models path NAME` shows one).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.core.events import Usage
from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.llamacpp import LlamaCppGenerator
from assistant.models.llamacpp_server import ChatServer, ServerOptions, start_server

SYSTEM = Message("system", "You are a helpful assistant. Answer clearly and briefly.")
PROMPTS = {
    "short": "Tell me about Paris.",
    "long": "Sum up: " + "The quick brown fox jumps over the lazy dog near the river. " * 60,
}


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds to the first token, and tokens a second after it."""

    first: float
    rate: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table: each prompt, through the product and straight from llama.cpp."""
    parser = argparse.ArgumentParser(description="Speed of the generator beside llama.cpp's own.")
    parser.add_argument("--models", type=Path, required=True, help="folder of models")
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--threads", type=int, default=0, help="0: one a physical core")
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    folder = options.models / options.model
    # One model at a time in memory, run in turn: both see the machine in the same state.
    ours = LlamaCppGenerator(
        folder, name=options.model, context=4096, threads=options.threads, grounded=False
    )
    theirs = start_server(ServerOptions(folder / "model.gguf", 4096, options.threads, 0))
    print(f"{'prompt':8} {'tokens':>7} {'first token, s':>20} {'tokens/s':>20} {'ratio':>6}")
    for name, prompt in PROMPTS.items():
        pairs = []
        for run in range(options.runs + 1):
            text = f"({run}) {prompt}"  # a new beginning: nothing of it is remembered
            usage = product(ours, text, options.tokens)
            pairs.append((usage, llamacpp(theirs, text, options.tokens)))
        report(name, pairs[1:])  # the first warms both up
    ours.close()


def report(name: str, pairs: Sequence[tuple[Usage, Speed]]) -> None:
    """One line of medians, product / llama.cpp."""
    first = median(usage.first_token_seconds for usage, _ in pairs)
    their_first = median(speed.first for _, speed in pairs)
    rate = median(usage.tokens_per_second for usage, _ in pairs)
    their_rate = median(speed.rate for _, speed in pairs)
    prompt = pairs[0][0].prompt_tokens
    print(
        f"{name:8} {prompt:7} {first:9.3f} /{their_first:9.3f} {rate:9.1f} /{their_rate:9.1f}"
        f" {rate / their_rate:6.2f}"
    )


def product(generator: LlamaCppGenerator, prompt: str, tokens: int) -> Usage:
    """What a greedy answer costs through the product's own interface."""
    stream = generator.stream(
        (SYSTEM, Message("user", prompt)),
        Sampling(temperature=0, max_tokens=tokens),
        lambda: False,
    )
    while True:
        try:
            next(stream)
        except StopIteration as ended:
            usage: Usage = ended.value
            return usage


def llamacpp(server: ChatServer, prompt: str, tokens: int) -> Speed:
    """The timings llama.cpp reports for the same answer in one piece."""
    reply = server.handle_chat_completions(
        {
            "messages": [
                {"role": "system", "content": SYSTEM.text},
                {"role": "user", "content": prompt},
            ],
            "max_tokens": tokens,
            "temperature": 0,
            "repeat_penalty": Sampling().repeat_penalty,
        }
    )
    assert reply is not None
    timings = reply["timings"]
    one_token = timings["predicted_per_token_ms"]
    return Speed((timings["prompt_ms"] + one_token) / 1000, timings["predicted_per_second"])


if __name__ == "__main__":
    main()
