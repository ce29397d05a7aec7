"""Embeds texts with any sentence-transformers model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.models.dispatch import DeviceFullError, explain_load_error, torch_dtype
from assistant.models.placement import Placement, Share
from assistant.models.quiet import quiet_torchao, quiet_transformers
from assistant.models.sizes import Dtype

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from assistant.core.protocols import Vectors

CHARACTERS_A_TOKEN = 64
"""Texts are cut at that many for each token of the model before they are tokenized."""
DOCUMENT_PROMPTS = ("document", "passage", "corpus")
"""Names sentence-transformers looks for, in its order."""
DEFAULT_MAX_TOKENS = 512
"""For a model that doesn't say."""


class SentenceTransformersEmbedder:
    """An `Embedder` over a folder as sentence-transformers saves it.

    Reads safetensors only and runs no code that comes with the model. Calls from several
    threads take turns, as its tokenizer can't be used by two at once.

    Args:
        folder: where the model is.
        name: the model's name in the catalogue.
        device: as torch names it: "cpu", "cuda:0", "mps".
        batch_size: texts in one pass.
        dtype: of the weights; one device wants another than the next (`Placement.dtype`).

    Raises:
        ModelError: the folder doesn't hold such a model, or it is damaged.
        DeviceFullError: the device has less memory than the model needs.
    """

    def __init__(
        self, folder: Path, *, name: str, device: str, batch_size: int, dtype: Dtype = "float32"
    ) -> None:
        self._name = name
        self._device = device
        self._batch_size = max(1, batch_size)
        self._turn = threading.Lock()
        placement = Placement(name, (Share(device, 1, 0),), dtype, "")
        self._model: Any = _load(folder, placement)
        self._max_tokens = int(self._model.max_seq_length or DEFAULT_MAX_TOKENS)
        dimension = self._model.get_embedding_dimension()
        self._dimension = dimension or len(self._model.encode("", show_progress_bar=False))

    @property
    def name(self) -> str:
        return self._name

    @property
    def device(self) -> str:
        return self._device

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def close(self) -> None:
        """Free the model's memory; may be called twice."""
        with self._turn:
            self._model = None

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for passages, with the model's own prompt for them."""
        return self._embed(self._opened.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for questions, with the model's own prompt for them."""
        return self._embed(self._opened.encode_query, texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, prompt and special tokens included, uncut."""
        prompts = self._opened.prompts
        prompt = next((prompts[key] for key in DOCUMENT_PROMPTS if key in prompts), None) or ""
        with self._turn:
            # verbose=False: no remark on texts longer than the model takes
            return [
                len(self._opened.tokenizer(prompt + _valid(text), verbose=False)["input_ids"])
                for text in texts
            ]

    @property
    def _opened(self) -> Any:
        if self._model is None:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        return self._model

    def _embed(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        limit = self._max_tokens * CHARACTERS_A_TOKEN
        with self._turn:
            rows = encode(
                [_valid(text.lstrip()[:limit]) for text in texts],
                batch_size=self._batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        rows = np.asarray(rows, dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)


def _valid(text: str) -> str:
    """The text without halves of surrogate pairs, which have no UTF-8 form."""
    return text.encode("utf-8", "replace").decode()


def _load(folder: Path, placement: Placement) -> SentenceTransformer:
    name = placement.model
    from safetensors import SafetensorError

    with quiet_torchao():  # where it is installed, it is imported along
        from sentence_transformers import SentenceTransformer

    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise _damaged(name, f"there is no model in {folder}")
    try:
        with quiet_transformers():
            return SentenceTransformer(
                str(folder),
                device=placement.device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": torch_dtype(placement)},
            )
    except (MemoryError, RuntimeError) as error:
        full = explain_load_error(error, placement)
        if isinstance(full, DeviceFullError):
            raise full from error
        raise _damaged(name, str(error).partition("\n")[0]) from error
    except (
        AttributeError,
        KeyError,
        OSError,
        SafetensorError,
        TypeError,
        ValueError,
    ) as error:
        raise _damaged(name, str(error).partition("\n")[0]) from error


def _damaged(name: str, what: str) -> ModelError:
    return ModelError(
        f"The embedding model {name} can't be loaded: {what}.",
        f"Fetch it again: assistant models remove {name}, then assistant models pull {name}.",
    )
