"""How well and how quickly images are named and sorted without CLIP.

    python -m benchmarks.images --models ~/.cache/assistant/models --data FOLDER

FOLDER holds pictures called `n02011460_bittern.JPEG`, after their class in ImageNet. Measured are:
how often the class is among the first five labels; how often one of ten coarse labels is chosen
rightly; and the time an image takes, alone and among others.

Ten coarse labels are drawn from data/coarse_labels.tsv (kind, synsets of WordNet that are its
truth, what people call it in English, in Chinese, and in Spanish, Portuguese, German and French),
one of them true, nine of kinds that share no class with it. Every second wording is the
development half. Since few pictures can be shipped, the choice is also measured over the names of
classes, as if the classifier had been right: that tells joining from seeing. The three sets of
data/coarse_pictures.tsv have an answer for every picture.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from assistant.core.documents import Label
from assistant.core.protocols import Embedder, Pixels, Vectors
from assistant.files.images import PillowOpener
from assistant.models.onnx_embedder import OnnxEmbedder
from assistant.models.onnx_labeler import OnnxLabeler
from skills.labelling.joining import Joined, LabelJoiner
from skills.labelling.taxonomy import wordnet

Joining = Callable[[Sequence[Label], Sequence[str]], Joined]
GROUPS = ("en", "zh", "es pt de fr")
DRAWS = 6
ROUNDS = 3
SURE = 0.9
CHOICES = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """A coarse kind: its classes, and wordings by group of languages."""

    members: frozenset[str]
    wordings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """A class and ten labels, the first of which is true."""

    group: str
    seen: str
    labels: tuple[str, ...]


def coarse_kinds() -> list[Kind]:
    """The kinds of data/coarse_labels.tsv."""
    kinds = []
    for line in _table("coarse_labels.tsv"):
        _, synsets, *wordings = line.split("\t")
        members = frozenset[str]().union(*map(wordnet().meant, synsets.split(", ")))
        kinds.append(Kind(members, tuple(tuple(cell.split("|")) for cell in wordings)))
    return kinds


def draws(half: int, classes: Sequence[str] | None = None) -> Iterator[Draw]:
    """Random choices of ten; of the classes given, or of all that belong to a kind."""
    rng = random.Random(half)  # noqa: S311 - a draw to repeat
    kinds = coarse_kinds()
    for kind in kinds:
        pool = sorted(kind.members if classes is None else kind.members & set(classes))
        apart = [other for other in kinds if not other.members & kind.members]
        for _ in range(DRAWS if pool else 0):
            for group in range(len(GROUPS)):
                drawn = [kind, *rng.sample(apart, CHOICES - 1)]
                words = [one.wordings[group] for one in drawn]
                labels = [rng.choice(some[half::2] or some) for some in words]
                if len(set(labels)) == CHOICES:
                    yield Draw(GROUPS[group], rng.choice(pool), tuple(labels))


def convex(embedder: Embedder) -> Joining:
    """Norouzi et al. 2013: the mean of the classes' vectors, weighted by probability, against the
    labels' vectors."""
    known: dict[str, Vectors] = {}

    def rows(words: Sequence[str]) -> Vectors:
        if new := [word for word in words if word not in known]:
            known.update(zip(new, embedder.embed_queries(new), strict=True))
        return np.stack([known[word] for word in words])

    def join(seen: Sequence[Label], labels: Sequence[str]) -> Joined:
        likely = seen[:10]
        weights = np.array([one.score for one in likely], np.float32)
        mean = weights @ rows([one.label for one in likely]) / weights.sum()
        scores = rows(labels) @ mean
        order = np.argsort(-scores)
        return Joined(tuple(Label(labels[i], float(scores[i])) for i in order), 0.0)

    return join


def certain(label: str) -> list[Label]:
    """What a classifier trained with label smoothing gives where it is sure and right."""
    others = [name for name in wordnet().labels if name != label]
    rest = (1 - SURE) / (len(others) + 1)
    return [Label(label, SURE + rest), *(Label(other, rest) for other in others)]


def measure_names(name: str, join: Joining, half: int) -> None:
    """Print the share of right choices over the names of classes, and what "none" is worth."""
    right: dict[str, list[bool]] = defaultdict(list)
    with_truth, without = [], []
    for draw in draws(half):
        seen = certain(draw.seen)
        found = join(seen, sorted(draw.labels))
        right[draw.group].append(found.labels[0].label == draw.labels[0])
        with_truth.append(found.none)
        without.append(join(seen, sorted(draw.labels[1:])).none)
    shares = "  ".join(f"{group} {np.mean(right[group]):.3f}" for group in GROUPS)
    a, b = np.array(with_truth)[:, None], np.array(without)[None]
    area = (b > a).mean() + (b == a).mean() / 2
    print(f"  {name:18}{shares}   none: AUROC {area:.3f}, said though one fits "
          f"{(a > 0.5).mean():.3f}, said where none fits {(b > 0.5).mean():.3f}")  # fmt: skip


def measure_pictures(seen: dict[str, Sequence[Label]], joins: dict[str, Joining]) -> None:
    """Print the share of right choices over the pictures."""
    for name, join in joins.items():
        for half in (0, 1):
            ok = [
                join(seen[draw.seen], sorted(draw.labels)).labels[0].label == draw.labels[0]
                for draw in draws(half, list(seen))
            ]
            print(f"  {name:18}half {half}: {np.mean(ok):.3f} of {len(ok)} draws")
    header, *rows = _table("coarse_pictures.tsv")
    sets = [cell.split("|") for cell in header.split("\t")[1:]]
    for name, join in joins.items():
        hits = []
        for row in rows:
            label, *truths = row.split("\t")
            for labels, truth in zip(sets, truths, strict=True):
                if label in seen:
                    hits.append(join(seen[label], labels).labels[0].label == truth)
        if hits:
            print(f"  {name:18}three fixed sets: {np.mean(hits):.3f} of {len(hits)}")


def measure_time(labeler: OnnxLabeler, paths: Sequence[Path], images: Sequence[Pixels]) -> None:
    """Print the milliseconds an image takes, file to labels and pixels to labels."""
    opener = PillowOpener(50_000_000)
    many = list(images) * 2
    labeler.label(many[:4], 5)
    alone, together, files = [], [], []
    for _ in range(ROUNDS):
        alone.append(_milliseconds(lambda: [labeler.label([one], 5) for one in many]) / len(many))
        together.append(_milliseconds(lambda: labeler.label(many, 5)) / len(many))
        files.append(
            _milliseconds(lambda: [labeler.label([opener.open(p).pixels], 5) for p in paths])
            / len(paths)
        )
    ratios = sorted(one / many for one, many in zip(alone, together, strict=True))
    print(f"alone {min(alone):.1f} ms an image, from the file {min(files):.1f} ms; "
          f"together {min(together):.1f} ms; ratio {ratios[len(ratios) // 2]:.2f}")  # fmt: skip


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def _table(name: str) -> list[str]:
    return resources.files("benchmarks").joinpath(f"data/{name}").read_text("utf-8").splitlines()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    embedder = OnnxEmbedder(
        options.models / "multilingual-e5-small", name="e5", threads=options.threads, batch_size=32
    )
    labeler = OnnxLabeler(
        options.models / "efficientnet-lite2", name="lite2", threads=options.threads
    )
    paths = sorted(path for path in options.data.iterdir() if path.name.startswith("n0"))
    images = [PillowOpener(50_000_000).open(path).pixels for path in paths]
    classes = [path.stem.split("_", 1)[1].replace("_", " ") for path in paths]
    found = labeler.label(images, len(wordnet().labels))
    for n in (1, 5):
        share = np.mean([
            name in [label.label for label in labels[:n]]
            for name, labels in zip(classes, found, strict=True)
        ])  # fmt: skip
        print(f"class among the first {n}: {share:.3f} of {len(paths)}")
    joins = {
        "taxonomy and words": LabelJoiner(lambda: embedder).join,
        "convex combination": convex(embedder),
    }
    print("choice among ten coarse labels, pictures:")
    measure_pictures(dict(zip(classes, found, strict=True)), joins)
    for half, title in ((0, "development wordings"), (1, "test wordings")):
        print(f"choice among ten coarse labels, names of classes, {title}:")
        for name, join in joins.items():
            measure_names(name, join, half)
    measure_time(labeler, paths, images)


if __name__ == "__main__":
    main()
