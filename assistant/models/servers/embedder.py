"""Turns texts into vectors with a server's model: any OpenAI-compatible endpoint."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any

from assistant.core.errors import ModelError
from assistant.core.protocols import Vectors
from assistant.core.stopping import StoppedError, is_stopped
from assistant.models.servers.client import ServerClient
from assistant.models.servers.dialect import Dialect
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.estimate import TokenEstimate
from assistant.models.servers.refusals import RefusedError

FALLBACK_TOKENS = 512
"""Longest text where the entry names no context; the usual embedders take no more."""
SPECIAL_TOKENS = 2
"""The marks at both ends of a text."""
SHORTEST_TOKENS = 16
"""A server that refuses even texts cut to this length refuses for another reason."""
EMPTY = "-"
"""Stands for a text without a letter: servers refuse empty ones."""
PROMPTS: tuple[tuple[str, str, str], ...] = (
    (r"e5.*instruct", "Instruct: Given a question, retrieve passages that answer it\nQuery: ", ""),
    (r"(^|[/_-])e5|multilingual-e5", "query: ", "passage: "),
    (r"qwen3-embedding",
     "Instruct: Given a question, retrieve passages that answer it\nQuery:", ""),
    (r"nomic-embed-text", "search_query: ", "search_document: "),
    (r"embedding-?gemma", "task: search result | query: ", "title: none | text: "),
    (r"arctic-embed", "query: ", ""),
    (r"mxbai-embed|bge-(small|base|large)-en",
     "Represent this sentence for searching relevant passages: ", ""),
)  # fmt: skip
"""Pattern of a model's name → what its card says to put before questions and passages."""


class ServerEmbedder:
    """An `Embedder` over `POST /embeddings`.

    Nothing is connected before the first text, or the question for the dimension. Tokens are
    estimated; a text the server finds too long is cut further. Stopping the job it works for
    (`stopped_by`) shuts the connection and raises `StoppedError`.

    Args:
        endpoint: the server.
        name: the model's name in the catalogue.
        max_tokens: longer texts are cut; 0 = 512.
        batch_size: most texts in one request.
        prompts: before a question and a passage; None = as models of this name want it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        name: str,
        max_tokens: int,
        batch_size: int,
        prompts: tuple[str | None, str | None] = (None, None),
    ) -> None:
        self._client = ServerClient(endpoint, name)
        self._model = endpoint.source.model
        self._name = name
        self._max_tokens = max_tokens or FALLBACK_TOKENS
        self._batch_size = max(1, batch_size)
        usual = usual_prompts(self._model)
        self._query_prompt = usual[0] if prompts[0] is None else prompts[0]
        self._document_prompt = usual[1] if prompts[1] is None else prompts[1]
        self._dialect = Dialect()
        self._estimate = TokenEstimate()
        self._lock = threading.Lock()
        self._dimension = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        """Columns of a vector; the server is asked once."""
        if not self._dimension:
            self._rows([EMPTY])
        return self._dimension

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for passages."""
        return self._embed(self._document_prompt, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d] for questions."""
        return self._embed(self._query_prompt, texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a document, about; prefix and special tokens included, uncut."""
        return [self._count(self._document_prompt + text) for text in texts]

    def close(self) -> None:
        """Shut the connections; may be called twice."""
        self._client.close()

    def _count(self, text: str) -> int:
        return self._estimate.count(text) + SPECIAL_TOKENS

    def _embed(self, prompt: str, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        prepared = [self._prepared(prompt, text) for text in texts]
        batches = (
            self._rows(prepared[start : start + self._batch_size])
            for start in range(0, len(prepared), self._batch_size)
        )
        return np.concatenate(list(batches))

    def _prepared(self, prompt: str, text: str) -> str:
        """The text with its prompt, cut to length, and nothing in it that servers refuse."""
        valid = text.encode("utf-8", "replace").decode().replace("\x00", " ").strip()
        return self._cut(prompt + (valid or EMPTY), self._max_tokens)

    def _cut(self, text: str, tokens: int) -> str:
        """The beginning of the text that is no longer than that, by the estimate."""
        excess = self._count(text) > tokens
        while excess:
            share = tokens / self._count(text)
            text = text[: max(1, min(len(text) - 1, int(len(text) * share)))]
            excess = self._count(text) > tokens and len(text) > 1
        return text

    def _rows(self, texts: Sequence[str]) -> Vectors:
        """Vectors of prepared texts; those found too long are cut to half until they pass."""
        tokens = self._max_tokens
        while True:
            body = self._dialect.spoken(
                {"model": self._model, "input": list(texts), "encoding_format": "float"}
            )
            try:
                answer = self._client.ask("/embeddings", body, is_stopped)
            except RefusedError as error:
                tokens //= 2
                if error.refusal.is_too_long and tokens >= SHORTEST_TOKENS:
                    texts = [self._cut(text, tokens) for text in texts]
                elif not self._dialect.learns_from(error.refusal, body):
                    raise
                continue
            if answer is None and is_stopped():
                raise StoppedError
            return self._units(answer, len(texts))

    def _units(self, answer: Any, count: int) -> Vectors:
        """The rows of an answer in the order asked for, each of length 1.

        Raises:
            ModelError: they are not what was asked for.
        """
        import numpy as np

        try:
            listed = sorted(answer["data"], key=lambda row: row.get("index") or 0)
            rows = np.asarray([row["embedding"] for row in listed], dtype=np.float32)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._senseless("no list of vectors") from error
        if rows.ndim != 2 or rows.shape[0] != count or not np.isfinite(rows).all():
            raise self._senseless(f"no {count} vectors of numbers")
        with self._lock:
            self._dimension = self._dimension or rows.shape[1]
        if rows.shape[1] != self._dimension:
            raise self._senseless(
                f"vectors of {rows.shape[1]} instead of {self._dimension} numbers"
            )
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not lengths.all():
            raise self._senseless("vectors of zeros")
        units: Vectors = rows / lengths
        return units

    def _senseless(self, what: str) -> ModelError:
        return ModelError(
            f"{self._client.endpoint.source.host} sent {what} for {self._model}.",
            "See whether that is a model for embeddings, and the server's log.",
        )


def usual_prompts(model: str) -> tuple[str, str]:
    """What models of a name want before questions and passages; mostly nothing."""
    name = model.lower()
    found = (p[1:] for p in PROMPTS if re.search(p[0], name))
    return next(found, ("", ""))
