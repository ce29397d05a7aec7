"""How quickly and how well pictures of a collection are found.

    python -m benchmarks.picture_search --models ~/.cache/assistant/models --data FOLDER

Speed: 10,000 made-up vectors go through the collection's own database; measured is a question put
to it, the first time and later, and listing near duplicates. FOLDER holds pictures called
`n02011460_bittern.JPEG`, after their class in ImageNet; they are indexed as a person would, and
every label of data/coarse_pictures.tsv is asked for: what share of the pictures shown is right, and
what share of the right ones is shown, for several thresholds, and the same in the text embedder's
space (Norouzi et al. 2013). Last, in how many bits fingerprints differ between a picture and
itself saved anew at a quarter of the size, and between different pictures.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import tempfile
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from time import perf_counter

import numpy as np

from assistant.config import IndexSettings
from assistant.core.protocols import Pixels, Vectors
from assistant.files.images import PillowOpener
from assistant.models.onnx_embedder import OnnxEmbedder
from assistant.models.onnx_labeler import OnnxLabeler
from index.catalogue import Catalogue
from index.files import Stamp
from index.fingerprints import differing_bits, fingerprint
from index.loaders.document import Limits
from index.loaders.recognition import Readers
from index.loaders.safe_reader import SafeReader
from index.picture_table import PictureFacts
from index.service import DocumentIndex
from skills.finding.class_names import ClassNames
from skills.finding.spaces import LabelSpace, Likeness, TextFit
from skills.labelling.taxonomy import wordnet

PICTURES = 10_000
ROUNDS = 20
THRESHOLDS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6)
SPACES = {"CLIP, 512 numbers": 512, "labels, 1,000 numbers": 1_000}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of model folders")
    parser.add_argument("--data", type=Path, required=True, help="folder of pictures")
    options = parser.parse_args()
    for name, dimension in SPACES.items():
        with tempfile.TemporaryDirectory() as folder:
            measure_speed(Path(folder), name, dimension)
    with tempfile.TemporaryDirectory() as folder:
        measure_finding(Path(folder), options.models, options.data)


def measure_speed(folder: Path, name: str, dimension: int) -> None:
    """Fill a collection with made-up vectors and ask it."""
    rows = _unit(np.random.default_rng(0).normal(size=(PICTURES, dimension)).astype(np.float32))
    _fill(folder / "default", rows)
    index = DocumentIndex(folder, IndexSettings(), _no_embedder)
    query = TextFit("made-up", rows[7], rows[8], 100.0, 0.0, 0.5)
    first = _seconds(lambda: index.find_pictures(query, None))
    times = [_seconds(lambda: index.find_pictures(query, None)) for _ in range(ROUNDS)]
    like = Likeness("made-up", rows[7], 0.75)
    likes = [_seconds(lambda: index.find_pictures(like, None)) for _ in range(ROUNDS)]
    copies = _seconds(lambda: index.near_duplicates(None))
    print(
        f"{name}: {PICTURES:,} pictures searched in {statistics.median(times) * 1000:.1f} ms "
        f"(p95 {sorted(times)[-2] * 1000:.1f}), alike {statistics.median(likes) * 1000:.1f} ms, "
        f"the first time {first * 1000:.0f} ms; near duplicates {copies:.2f} s"
    )


def _fill(folder: Path, rows: Vectors) -> None:
    prints = np.random.default_rng(1).integers(-(1 << 63), (1 << 63) - 1, len(rows), np.int64)
    with Catalogue(folder / "index.sqlite3").session() as session:
        files = [
            session.files.store_file(f"/made-up/{at:05d}.jpg", Stamp(at, at), os.urandom(32), ())
            for at in range(len(rows))
        ]
        facts = [
            PictureFacts("2023-05-01T10:00:00", None, None, "", 640, 480, int(one))
            for one in prints
        ]
        session.pictures.store(files, facts, "made-up", rows)


def measure_finding(folder: Path, models: Path, data: Path) -> None:
    """Index real pictures, and ask for kinds of things."""
    labeler = OnnxLabeler(models / "efficientnet-lite2", name="efficientnet-lite2", threads=0)
    embedder = OnnxEmbedder(
        models / "multilingual-e5-small", name="multilingual-e5-small", threads=0, batch_size=32
    )
    space = LabelSpace("efficientnet-lite2", lambda: labeler, lambda: embedder, ClassNames(folder))
    paths = sorted(data.glob("n*_*.JPEG"))
    images = [PillowOpener(100_000_000).open(path).pixels for path in paths]
    reader = SafeReader(Limits(), Readers(_Blind, keeps_pictures=True))
    index = DocumentIndex(
        folder / "index", IndexSettings(), _no_embedder, reader, pictures=lambda: space
    )
    seconds = _seconds(lambda: list(index.add([data], None, lambda: False)))
    print(f"indexed without reading text: {len(paths) / seconds:.1f} pictures a second")
    rows = space.encode(images)
    _kinds("classes and WordNet", paths, lambda text: space.showing(text).scores(rows))
    centred = _convex(rows, embedder)
    _kinds("text embedder's space", paths, centred)
    _fingerprints(images)


def _kinds(name: str, paths: Sequence[Path], score: Callable[[str], Vectors]) -> None:
    """Ask for every label of the sets in data/coarse_pictures.tsv."""
    found: list[tuple[float, bool]] = []
    for labels, answers in _sets():
        for label in labels:
            found += [
                (float(one), answers[_name_of(path)] == label)
                for one, path in zip(score(label), paths, strict=True)
            ]
    right = sum(true for _, true in found)
    for least in THRESHOLDS:
        shown = [true for one, true in found if one >= least]
        precision = sum(shown) / len(shown) if shown else 1.0
        print(
            f"{name}, from {least:.2f}: {precision:.3f} of {len(shown)} shown are right, "
            f"{sum(shown) / max(1, right):.3f} of {right} right ones shown"
        )


def _sets() -> list[tuple[list[str], dict[str, str]]]:
    """Labels, and each picture's answer among them."""
    text = resources.files("benchmarks").joinpath("data/coarse_pictures.tsv").read_text("utf-8")
    head, *rows = (line.split("\t") for line in text.splitlines())
    return [
        (labels.split("|"), {row[0]: row[column] for row in rows})
        for column, labels in enumerate(head)
        if column
    ]


def _name_of(path: Path) -> str:
    return path.stem.split("_", 1)[1].replace("_", " ")


def _convex(rows: Vectors, embedder: OnnxEmbedder) -> Callable[[str], Vectors]:
    """Cosines in the text embedder's space, each picture at the mean of its ten likeliest
    classes' names."""
    names = embedder.embed_queries(list(wordnet().labels))
    mean = names.mean(axis=0)
    names = _unit(names - mean)
    shares = rows**2
    least = np.sort(shares, axis=1)[:, -10][:, None]
    pictures = _unit(np.where(shares >= least, shares, 0) @ names)

    def score(text: str) -> Vectors:
        wanted = _unit(embedder.embed_queries([text]) - mean)[0]
        return np.asarray(pictures @ wanted, dtype=np.float32)

    return score


def _fingerprints(images: Sequence[Pixels]) -> None:
    from PIL import Image

    own, different = [], []
    prints = np.array([fingerprint(image) for image in images], np.int64)
    for at, image in enumerate(images):
        whole = Image.fromarray(image)
        buffer = io.BytesIO()
        whole.resize((whole.width // 2, whole.height // 2)).save(buffer, "JPEG", quality=50)
        with Image.open(buffer) as small:
            again = np.int64(fingerprint(np.asarray(small.convert("RGB"))))
        bits = differing_bits(again, prints)
        own.append(int(bits[at]))
        different.append(int(np.delete(bits, at).min()))
    print(
        f"fingerprints differ in {max(own)} bits at most for one picture saved anew, "
        f"in {min(different)} at least between two"
    )


def _unit(rows: Vectors) -> Vectors:
    norms = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / norms, dtype=np.float32)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def _no_embedder() -> OnnxEmbedder:
    from assistant.core.errors import ModelMissingError

    raise ModelMissingError("Not measured here.", "")


class _Blind:
    """Reads no text."""

    name = "blind"

    def read(self, image: Pixels) -> tuple[()]:  # noqa: ARG002  # the readers' signature
        return ()


if __name__ == "__main__":
    main()
