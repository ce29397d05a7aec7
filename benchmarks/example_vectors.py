"""Writes the vectors of the router's examples that come with the package.

`python -m benchmarks.example_vectors --models DIR` encodes every example of the installed cards,
every continuation and every turn that follows another with multilingual-e5-small in DIR (one by
one, as messages will be: texts in one batch change each other's vectors a little; a minute) and
writes `assistant/routing/example_vectors.npz`: to be done whenever examples change. The same
examples on the same machine give the same file, byte by byte.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from assistant.models.onnx_embedder import OnnxEmbedder
from assistant.routing.array_file import write_arrays
from assistant.routing.examples import gather_continuations, gather_examples
from assistant.routing.following import gather_pairs
from assistant.routing.instruction import instruction
from assistant.routing.shipped import FILE, quantised
from benchmarks.routing_data import installed_cards

MODEL = "multilingual-e5-small"


def main() -> None:
    """Encode and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of model folders")
    options = parser.parse_args()
    embedder = OnnxEmbedder(options.models / MODEL, name=MODEL, threads=0, batch_size=1)
    made = quantised(encoded_texts(), embedder)
    path = Path(str(files("assistant.routing").joinpath(FILE)))
    names = ("digests", "packed", "means", "steps")
    write_arrays(path, {name: getattr(made, name) for name in names})
    path.chmod(0o644)
    print(f"{len(made.digests)} vectors, {path.stat().st_size / 1e6:.1f} MB: {path}")


def encoded_texts() -> tuple[str, ...]:
    """What the router encodes when it learns."""
    cards = installed_cards()
    pairs = gather_pairs(tuple(card.name for card in cards))
    examples = (*gather_examples(cards), *gather_continuations(), *(pair.example for pair in pairs))
    return tuple(instruction(example.text) for example in examples)


if __name__ == "__main__":
    main()
