"""SavedModels of TensorFlow that take texts: embedders and classifiers.

TensorFlow is a quarter of a gigabyte and rarely wanted, so it is an extra and no dependency. What
a model gives for a list of texts is the one thing asked of it (`Run`); the rest is plain numpy.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.paths import with_home
from assistant.core.text import one_line, sanitize

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from assistant.core.protocols import Vectors

    Rows = npt.NDArray[np.float32]

Run = Callable[[Sequence[str]], Any]
"""Texts → an array [texts, …]."""
Loader = Callable[[Path], Run]

MAX_WORDS = 512
"""Words a text is cut to; models of TensorFlow Hub take texts of any length, but say nothing new
of longer ones."""
_CHARACTERS_A_WORD = 20
_BATCH = 32
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+|[^\w\s]")
_LABELS = ("assets/labels.txt", "labels.txt")
_PREFERRED = ("default", "outputs", "output_0", "embedding", "logits", "probabilities", "scores")
"""Names of the output to take where a signature gives several."""
_SIGNATURE = "serving_default"
_SUM = 1e-3  # off one, where probabilities are summed


def load_saved_model(folder: Path) -> Run:
    """The model as a function of texts.

    Raises:
        ModelError: TensorFlow is not installed, or the model takes anything but texts.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # it writes to the terminal otherwise
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ModelError(
            "TensorFlow is not installed; SavedModels need it.",
            "pip install “assistant[tensorflow]” (about 270 MB to fetch).",
        ) from error
    try:
        model = tf.saved_model.load(str(folder))
    except (OSError, ValueError, KeyError, RuntimeError, tf.errors.OpError) as error:
        raise _unusable(folder.name, f"it can't be loaded ({_first(error)})") from error
    call, name = _callable(model, folder.name)

    def run(texts: Sequence[str]) -> Any:
        given = tf.constant(list(texts), dtype=tf.string)
        try:
            found = call(given) if name is None else call(**{name: given})
        except (TypeError, ValueError, tf.errors.OpError) as error:
            raise _unusable(folder.name, f"it takes no list of texts ({_first(error)})") from error
        return _one(found).numpy()

    run.keep = model  # type: ignore[attr-defined] # its variables go with the last reference
    return run


class SavedModelEmbedder:
    """An `Embedder`: questions and passages are embedded alike.

    Args:
        folder: of the SavedModel, called with a list of texts, giving [texts, dimension].
        load: makes a function of it; tests put another in its place.

    Raises:
        ModelError: it can't be loaded, or gives no vectors.
    """

    def __init__(self, folder: Path, *, name: str, load: Loader = load_saved_model) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._run = load(folder)
        self.dimension = int(self._rows(["a"]).shape[1])
        self.max_tokens = MAX_WORDS

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d]; a text without a word points in all directions alike."""
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        cut = [_cut(text) for text in texts]
        with self._lock:
            rows = np.concatenate(
                [self._rows(cut[begin : begin + _BATCH]) for begin in range(0, len(cut), _BATCH)]
            )
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        units = np.where(lengths > 0, rows, 1.0) / np.where(
            lengths > 0, lengths, rows.shape[1] ** 0.5
        )
        return np.asarray(units, dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As `embed_documents`."""
        return self.embed_documents(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, marks and characters of Chinese and Japanese; at least one a text."""
        return [max(len(_WORD.findall(text)), 1) for text in texts]

    def _rows(self, texts: Sequence[str]) -> Rows:
        import numpy as np

        rows = np.asarray(self._run(texts), dtype=np.float32)
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise _unusable(self.name, f"it gives {rows.shape} numbers for {len(texts)} texts")
        return rows


class SavedModelClassifier:
    """A `TextClassifier`; the model loads at the first text.

    Args:
        folder: of the SavedModel, called with a list of texts, giving logits or probabilities
            [texts, labels]; one column stands for the second of two labels.
        labels: file with one label a line, by its path in full or in the folder; "" = one of the
            usual names there.

    Raises:
        ModelError: there are no labels.
    """

    def __init__(
        self, folder: Path, *, name: str, labels: str = "", load: Loader = load_saved_model
    ) -> None:
        self.name = name
        self._folder = folder
        self._load = load
        self._lock = threading.Lock()
        self._run: Run | None = None
        self.labels = _read_labels(folder, labels, name)

    def classify(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        """Every label with its probability for each text, best first."""
        with self._lock:
            self._run = self._run or self._load(self._folder)
            batches = (texts[begin : begin + _BATCH] for begin in range(0, len(texts), _BATCH))
            return [self._ranked(row) for batch in batches for row in self._shares(batch)]

    def _shares(self, texts: Sequence[str]) -> Rows:
        import numpy as np

        assert self._run is not None  # noqa: S101 - loaded by `classify`
        rows = np.asarray(self._run([_cut(text) for text in texts]), dtype=np.float64)
        if rows.ndim == 1:
            rows = rows[:, None]
        if rows.shape == (len(texts), 1) and len(self.labels) == 2:
            second = rows if ((rows >= 0) & (rows <= 1)).all() else 1 / (1 + np.exp(-rows))
            rows = np.concatenate([1 - second, second], axis=1)
        if rows.shape != (len(texts), len(self.labels)) or not np.isfinite(rows).all():
            raise _unusable(
                self.name,
                f"it gives {rows.shape[1:]} numbers a text for {len(self.labels)} labels",
            )
        return np.asarray(_probabilities(rows), dtype=np.float32)

    def _ranked(self, row: Rows) -> tuple[Label, ...]:
        found = (Label(name, float(p)) for name, p in zip(self.labels, row, strict=True))
        return tuple(sorted(found, key=lambda label: -label.score))


def _probabilities(rows: Any) -> Any:
    """Rows as they are where they are probabilities, else their softmax."""
    import numpy as np

    if (rows >= 0).all() and (abs(rows.sum(axis=1) - 1) < _SUM).all():
        return rows
    shares = np.exp(rows - rows.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _callable(model: Any, name: str) -> tuple[Any, str | None]:
    """What to call, and the name of its argument where it wants one."""
    signatures = getattr(model, "signatures", {})
    if _SIGNATURE in signatures:
        call = signatures[_SIGNATURE]
        names = list(call.structured_input_signature[1])
        if len(names) == 1:
            return call, names[0]
    if callable(model):
        return model, None
    raise _unusable(name, "it has no signature that takes one list of texts")


def _one(found: Any) -> Any:
    """The output of a signature, by the usual names where there are several."""
    if not isinstance(found, dict):
        return found
    return next((found[key] for key in _PREFERRED if key in found), next(iter(found.values())))


def _cut(text: str) -> str:
    """The first words, in valid UTF-8; control characters would end a string of TensorFlow's."""
    words = text.lstrip()[: MAX_WORDS * _CHARACTERS_A_WORD].split(maxsplit=MAX_WORDS)[:MAX_WORDS]
    return " ".join(words).replace("\0", " ").encode("utf-8", "replace").decode()


def _read_labels(folder: Path, labels: str, name: str) -> tuple[str, ...]:
    named = [folder / with_home(labels)] if labels else [folder / n for n in _LABELS]
    file = next((path for path in named if path.is_file()), None)
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file else []
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(name, f"its labels can't be read ({_first(error)})") from error
    found = tuple(sanitize(line).strip() for line in lines if line.strip())
    if len(found) < 2:
        raise _unusable(name, "it has no file of labels")
    return found


def _first(error: Exception) -> str:
    return one_line(str(error), 120)


def _unusable(name: str, fact: str) -> ModelError:
    return ModelError(
        f"The SavedModel {name} can't be used: {fact}.",
        f"Models that turn a list of texts into vectors or scores can. A list of labels goes into "
        f"models.{name}.labels.",
    )
