"""Embeds texts with a sentence encoder in ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assistant.core.errors import ModelError
from assistant.models.network import forbid_telemetry

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

    from assistant.core.protocols import Ids, Vectors

BATCH_TOKENS = 2048
"""Padded tokens of a batch: as quick as larger ones, and working memory stays near 50 MB."""
CHARACTERS_A_TOKEN = 64
"""No piece is longer than 16 characters; normalisation can shrink a text, hence the margin."""


class _Config(msgspec.Struct, frozen=True):
    """The `config.json` beside the graph."""

    dimension: int
    max_tokens: int
    padding_id: int
    query_prefix: str
    document_prefix: str


class OnnxEmbedder:
    """An `Embedder` over a folder with `model.onnx`, `tokenizer.json` and `config.json`.

    May be used from several threads at once.

    Args:
        folder: where the three files are.
        name: the model's name in the catalogue.
        threads: CPU threads for one batch; 0 = one a physical core.
        batch_size: most texts in one pass.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, *, name: str, threads: int, batch_size: int) -> None:
        self._name = name
        self._batch_size = max(1, batch_size)
        self._config = _read_config(folder / "config.json", name)
        self._tokenizer = _load_tokenizer(folder / "tokenizer.json", name)
        self._session: onnxruntime.InferenceSession | None = _load_session(
            folder / "model.onnx", name, threads
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return self._config.dimension

    @property
    def max_tokens(self) -> int:
        return self._config.max_tokens

    def close(self) -> None:
        """Free the model's memory; may be called twice."""
        self._session = None

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for passages."""
        return self._embed(self._config.document_prefix, texts)[0]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for questions."""
        return self._embed(self._config.query_prefix, texts)[0]

    def embed_queries_inside(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Unit rows float32 [n, d] for questions, and those of a layer in the middle [n, d]."""
        return self._embed(self._config.query_prefix, texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, prefix and special tokens included, uncut."""
        return [len(self._encode(self._config.document_prefix + text)) for text in texts]

    def _embed(self, prefix: str, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        import numpy as np

        rows = [self._encode_cut(prefix, text) for text in texts]
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        inner = np.empty_like(vectors)
        for batch in self._batches([len(row) for row in rows]):
            vectors[batch], inner[batch] = self._run([rows[index] for index in batch])
        return vectors, inner

    def _encode_cut(self, prefix: str, text: str) -> list[int]:
        """Ids of the text, cut to the model's length with its closing token kept."""
        limit = self.max_tokens
        ids = self._encode(prefix + text.lstrip()[: limit * CHARACTERS_A_TOKEN])
        return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]

    def _encode(self, text: str) -> list[int]:
        # Half of a surrogate pair has no UTF-8 form, which the tokenizer needs.
        valid = text.encode("utf-8", "replace").decode()
        return list(self._tokenizer.encode(valid).ids)

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Indices of rows of like length, longest first: little padding, memory peaks early."""
        order = iter(sorted(range(len(lengths)), key=lambda index: -lengths[index]))
        for longest in order:
            size = min(self._batch_size, max(1, BATCH_TOKENS // lengths[longest]))
            yield [longest, *islice(order, size - 1)]

    def _run(self, rows: Sequence[Sequence[int]]) -> tuple[Vectors, Vectors]:
        import numpy as np

        shape = len(rows), max(len(row) for row in rows)
        ids: Ids = np.full(shape, self._config.padding_id, dtype=np.int64)
        mask: Ids = np.zeros(shape, dtype=np.int64)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        if self._session is None:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        vectors, inner = self._session.run(["vectors", "inner"], {"ids": ids, "mask": mask})
        return vectors, inner


def _damaged(name: str, what: str) -> ModelError:
    return ModelError(
        f"The embedding model {name} can't be loaded: {what}.",
        f"Fetch it again: assistant models remove {name}, then assistant models pull {name}.",
    )


def _read(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _damaged(name, f"{path.name}: {error.strerror}") from error


def _read_config(path: Path, name: str) -> _Config:
    try:
        return msgspec.json.decode(_read(path, name), type=_Config)
    except msgspec.DecodeError as error:
        raise _damaged(name, f"{path.name} is damaged ({error})") from error


def _load_tokenizer(path: Path, name: str) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_buffer(_read(path, name))
    except ValueError as error:
        raise _damaged(name, f"{path.name} is damaged") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _load_session(path: Path, name: str, threads: int) -> onnxruntime.InferenceSession:
    forbid_telemetry()
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as native

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # fatal only: what goes wrong is raised as well
    # Waiting threads sleep; spinning would cost a core each while the assistant is idle.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (
        native.Fail,
        native.InvalidArgument,
        native.InvalidGraph,
        native.InvalidProtobuf,
        native.NoSuchFile,
        native.NotImplemented,
        native.RuntimeException,
    ) as error:
        raise _damaged(name, f"{path.name} is missing or damaged") from error
    if not {"vectors", "inner"} <= {output.name for output in session.get_outputs()}:
        raise _damaged(name, f"{path.name} was prepared by another version of the program")
    return session
