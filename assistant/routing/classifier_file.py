"""Keeps a fitted classifier on disk, so that a start need not fit it again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.routing.array_file import read_arrays, write_arrays
from assistant.routing.classifier import SkillClassifier

if TYPE_CHECKING:
    from assistant.routing.classifier import Matrix

_METHOD = b"boehning-1"  # changes whenever `classifier.fit` would give other weights


def fingerprint(vectors: Matrix, cues: Matrix, labels: Sequence[str]) -> str:
    """What a fit depends on, as a digest."""
    digest = hashlib.blake2b(_METHOD, digest_size=16)
    for part in (vectors.tobytes(), cues.tobytes(), "\n".join(labels).encode()):
        digest.update(part)
    return digest.hexdigest()


def load_classifier(path: Path, mark: str) -> SkillClassifier | None:
    """The classifier kept at a path, if it was fitted to just these examples."""
    kept = read_arrays(path, ("mark", "skills", "mean", "weights", "temperature"))
    if kept is None or str(kept["mark"]) != mark:
        return None
    skills = tuple(map(str, kept["skills"].tolist()))
    return SkillClassifier(skills, kept["mean"], kept["weights"], float(kept["temperature"]))


def save_classifier(path: Path, mark: str, classifier: SkillClassifier) -> None:
    """Keep a classifier; a folder that can't be written only costs the fit again."""
    write_arrays(
        path,
        {
            "mark": np.array(mark),
            "skills": np.array(classifier.skills),
            "mean": classifier.mean,
            "weights": classifier.weights,
            "temperature": np.array(classifier.temperature),
        },
    )
