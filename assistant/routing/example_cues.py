"""What can be seen in the examples without a model, kept from one start to the next.

To look at 20,000 messages costs 2 s; they and the code that looks at them hardly ever change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import assistant.language
import assistant.routing
from assistant.routing.array_file import read_arrays, write_arrays
from assistant.routing.features import features_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.routing.classifier import Matrix

    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ExampleCues:
    """What was seen in texts, a row each."""

    cues: Matrix
    """[n, cues]"""
    pictured: Flags
    """Which speak of a picture [n]."""
    lacking: Flags
    """Which ask to shorten what they neither name nor bring: "in two lines" [n]."""


def seen_in(texts: Sequence[str], cache_dir: Path) -> ExampleCues:
    """Look at texts, unless just these were looked at before by just this code."""
    path, mark = cache_dir / "cues.npz", _mark(texts)
    kept = read_arrays(path, ("mark", "cues", "pictured", "lacking"))
    if kept is not None and str(kept["mark"]) == mark:
        return ExampleCues(kept["cues"].astype(np.float32), kept["pictured"], kept["lacking"])
    read = [features_of(text) for text in texts]
    found = ExampleCues(
        np.array([each.cues() for each in read], np.float32),
        np.array([each.picture_word for each in read], bool),
        np.array([each.shortens and not each.names_text for each in read], bool),
    )
    write_arrays(
        path,
        {
            "mark": np.array(mark),
            "cues": found.cues.astype(np.uint8),
            "pictured": found.pictured,
            "lacking": found.lacking,
        },
    )
    return found


def _mark(texts: Sequence[str]) -> str:
    """A digest of the texts and of whatever says what is seen in them."""
    digest = hashlib.blake2b("\n".join(texts).encode("utf-8", "surrogatepass"), digest_size=16)
    for file in sorted(_code()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _code() -> Iterator[Path]:
    """The modules and tables the cues come from."""
    for package in (assistant.routing, assistant.language):
        for folder in package.__path__:
            yield from Path(folder).glob("*.py")
            yield from Path(folder).glob("*.tsv")
