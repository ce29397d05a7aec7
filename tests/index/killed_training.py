"""Adds and trains until it is killed: `python -m tests.index.killed_training FOLDER`."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from index.collection import Collection
from index.training import Policy
from tests.fakes import HashingEmbedder
from tests.index.filling import fill

POLICY = Policy(train_from=100, tail_share=0.0)


def main(folder: str) -> None:
    """A line of output a training."""
    collection, embedder = Collection(Path(folder), POLICY), HashingEmbedder()
    for first in count(len_of(collection), 60):
        texts = [f"Note {n} tells of thing{n}." for n in range(first, first + 60)]
        fill(collection, embedder, texts, first=first)
        with collection.writing() as session:
            session.files.remove_files([f"/papers/{first}.txt"])
            collection.save_vectors(session, embedder.name, embedder.dimension)
        print("trained", flush=True)


def len_of(collection: Collection) -> int:
    """Files there were, removed ones included."""
    with collection.catalogue.session() as session:
        numbers = [int(Path(path).stem) for path in session.files.known()]
    return max(numbers, default=-1) + 1


if __name__ == "__main__":
    main(sys.argv[1])
