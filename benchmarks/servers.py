"""What a server in between costs: the same model in the program, and behind llama.cpp's server.

    python -m benchmarks.servers --models DIR

DIR holds a folder for each model (`assistant models path NAME` shows one). A second table is of
a server that says tokens as fast as they can be sent: what the client itself can take.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from assistant.core.events import Usage
from assistant.core.messages import Message
from assistant.core.protocols import Generator, Sampling
from assistant.models.llamacpp import LlamaCppGenerator
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.generator import ServerGenerator
from assistant.models.sources.server import parse_server
from tests.models.real_servers import llama_server
from tests.models.scripted_server import ScriptedServer, Visit

PROMPTS = {
    "short": "Tell me about Paris.",
    "long": "Sum up: " + "The quick brown fox jumps over the lazy dog near the river. " * 60,
}
CONTEXT = 4096
FLOOD = 20_000
"""Tokens of the server that says them at once."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Cost of a server between chat and model.")
    parser.add_argument("--models", type=Path, required=True, help="folder of models")
    parser.add_argument("--model", default="smollm2-135m-instruct")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args(arguments)
    folder = options.models / options.model
    inside = LlamaCppGenerator(
        folder, name="inside", context=CONTEXT, threads=options.threads, grounded=False
    )
    with llama_server(folder / "model.gguf", context=CONTEXT, threads=options.threads) as url:
        served = ServerGenerator(
            Endpoint(parse_server(f"{url}#m")), name="served", context=CONTEXT, grounded=False
        )
        print(f"{'prompt':8} {'tokens':>7} {'first token, ms':>22} {'tokens/s':>19} {'ratio':>6}")
        for name, prompt in PROMPTS.items():
            report(name, [pair(inside, served, prompt, options.tokens, run)
                          for run in range(options.runs + 1)][1:])  # fmt: skip
        served.close()
    inside.close()
    flood()


def pair(
    inside: Generator, served: Generator, prompt: str, tokens: int, run: int
) -> tuple[Usage, Usage]:
    """Both, in turn, on a prompt nothing of which is remembered."""
    text = f"({run}) {prompt}"
    first, second = (inside, served) if run % 2 else (served, inside)
    usages = {id(g): answer(g, text, tokens) for g in (first, second)}
    return usages[id(inside)], usages[id(served)]


def report(name: str, pairs: Sequence[tuple[Usage, Usage]]) -> None:
    """One line of medians, inside / served; the ratio is that of runs side by side."""
    first = [1000 * median(u[side].first_token_seconds for u in pairs) for side in (0, 1)]
    rate = [median(u[side].tokens_per_second for u in pairs) for side in (0, 1)]
    ratio = median(served.tokens_per_second / here.tokens_per_second for here, served in pairs)
    print(
        f"{name:8} {pairs[0][0].prompt_tokens:7} {first[0]:10.1f} /{first[1]:10.1f} "
        f"{rate[0]:8.1f} /{rate[1]:8.1f}  {ratio:6.3f}"
    )


def flood() -> None:
    """How many tokens a second the client can take."""

    def say(visit: Visit) -> None:
        visit.begin()
        piece = b'data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
        for _ in range(FLOOD // 100):
            visit.write(piece * 100)
        visit.end()

    with ScriptedServer(script=[say]).serving() as server:
        generator = ServerGenerator(
            Endpoint(parse_server(f"{server.url}#m")), name="m", context=FLOOD * 2, grounded=False
        )
        usages = [answer(generator, "flood", FLOOD) for _ in range(3)]
        generator.close()
    print(f"\nat most {median(usage.tokens_per_second for usage in usages):,.0f} tokens/s")


def answer(generator: Generator, prompt: str, tokens: int) -> Usage:
    """What a greedy answer costs."""
    stream = generator.stream(
        (Message("user", prompt),),
        Sampling(temperature=0, max_tokens=tokens, repeat_penalty=1.0),
        lambda: False,
    )
    while True:
        try:
            next(stream)
        except StopIteration as ended:
            usage: Usage = ended.value
            return usage


if __name__ == "__main__":
    main()
