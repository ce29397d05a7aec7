"""Keeps a fitted classifier on disk, so that a start need not fit it again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from assistant.routing.array_file import read_arrays, write_arrays
from assistant.routing.classifier import Lessons, SkillClassifier

_METHOD = b"five-views-1"  # changes whenever `classifier.fit` would give other weights


def fingerprint(lessons: Lessons) -> str:
    """What a fit depends on, as a digest."""
    digest = hashlib.blake2b(_METHOD, digest_size=16)
    messages = lessons.messages
    for part in (messages.vectors, messages.inner, messages.cues, lessons.weights):
        digest.update(part.tobytes())
    for found in messages.terms:
        digest.update(found.tobytes() + b"/")
    digest.update("\n".join(lessons.labels).encode())
    return digest.hexdigest()


def load_classifier(path: Path, lessons: Lessons) -> SkillClassifier | None:
    """The classifier kept at a path, if it was fitted to just these lessons."""
    kept = read_arrays(
        path,
        ("mark", "skills", "mean", "weights", "temperature", "table", "curvature", "nearest"),
    )
    if kept is None or str(kept["mark"]) != fingerprint(lessons):
        return None
    return SkillClassifier(
        tuple(map(str, kept["skills"].tolist())),
        kept["mean"],
        kept["weights"],
        float(kept["temperature"]),
        kept["table"],
        lessons.messages,
        lessons.targets,
        kept["curvature"],
        kept["nearest"],
    )


def save_classifier(path: Path, lessons: Lessons, classifier: SkillClassifier) -> None:
    """Keep a classifier; a folder that can't be written only costs the fit again."""
    write_arrays(
        path,
        {
            "mark": np.array(fingerprint(lessons)),
            "skills": np.array(classifier.skills),
            "mean": classifier.mean,
            "weights": classifier.weights,
            "temperature": np.array(classifier.temperature),
            "table": classifier.table,
            "curvature": classifier.curvature,
            "nearest": classifier.nearest,
        },
    )
