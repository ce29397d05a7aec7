"""Speaks of images with llama.cpp: a GGUF language model, and a projector that gives it eyes."""

from __future__ import annotations

import base64
import io
import math
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.text import one_line, sanitize
from assistant.models.catalogue_entry import PROJECTOR_FILE
from assistant.models.gguf import read_model_card
from assistant.models.llamacpp_run import ServerRun
from assistant.models.llamacpp_server import ChatServer, Reply, ServerOptions
from assistant.models.llamacpp_start import start_chat
from assistant.models.vision_loading import at_most
from assistant.models.vision_writing import RunningText

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

CONTEXT = 4096
"""Tokens of an image, a question and an answer; `IMAGE_TOKENS` of them for the image at most."""
IMAGE_TOKENS = 2048
"""For models that take an image in its own size; others have a number of their own."""
ANSWER_TOKENS, CAPTION_TOKENS = 320, 60
_CAPTION = "Describe this image in one sentence."


@dataclass(frozen=True, slots=True)
class Seeing:
    """The model in memory, and where it is."""

    server: ChatServer
    device: str


class LlamaCppEyes:
    """An `ImageAnswerer` and `ImageCaptioner`; weights load at the first image.

    Args:
        start: loads the model.
    """

    def __init__(self, *, name: str, start: Callable[[], Seeing]) -> None:
        self.name = name
        self._start = start
        self._lock = threading.Lock()
        self._seeing: Seeing | None = None
        self._run: ServerRun | None = None

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        seeing = self._seeing
        return seeing.device if seeing else "cpu"

    def close(self) -> None:
        """Free the weights' memory; they load again when next needed."""
        with self._lock:
            if self._run is not None:
                self._run.stop()
                self._run.join()
            self._run = self._seeing = None

    def answer(
        self, image: Pixels, question: str, cancelled: Cancelled
    ) -> Generator[str, None, tuple[Label, ...]]:
        """The answer in pieces, and the geometric mean of its tokens' probabilities.

        Raises:
            ModelError: the files are damaged, or llama.cpp refuses the image.
        """
        said = yield from self._said(image, question, ANSWER_TOKENS, cancelled)
        return () if cancelled() else (said,)

    def caption(self, image: Pixels, cancelled: Cancelled) -> Generator[str, None, None]:
        """A sentence on the image, in pieces.

        Raises:
            ModelError: the files are damaged, or llama.cpp refuses the image.
        """
        yield from self._said(image, _CAPTION, CAPTION_TOKENS, cancelled)

    def _said(
        self, image: Pixels, question: str, most: int, cancelled: Cancelled
    ) -> Generator[str, None, Label]:
        """The text as it comes; nothing more of it once cancelled."""
        text, logs = RunningText(), list[float]()
        with self._lock:
            if self._seeing is None:
                self._seeing = self._start()
            run = self._run = ServerRun(self._seeing.server, _request(image, question, most))
            try:
                for chunk in run.chunks(cancelled):
                    if "error" in chunk:
                        raise self._failed(str(chunk["error"].get("message", "")))
                    logs += _logs(chunk)
                    if fresh := text.feed(_delta(chunk)):
                        yield fresh
            finally:
                run.stop()
        return Label(text.whole, math.exp(sum(logs) / len(logs)) if logs else 0.0)

    def _failed(self, reason: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't look at the image: {one_line(sanitize(reason), 200)}",
            "Choose another model for describe.vqa_model or describe.caption_model.",
        )


def start_eyes(folder: Path, *, name: str, threads: int, gpu_layers: int, device: str) -> Seeing:
    """Load `model.gguf` and its projector `mmproj.gguf`, the projector on a GPU where layers are.

    Raises:
        ModelError: a file is missing, damaged, not what it should be, or refused by llama.cpp.
    """
    check_projector(folder / PROJECTOR_FILE, name)
    path = folder / "model.gguf"
    card = read_model_card(path, name)
    context = min(card.context_length or CONTEXT, CONTEXT)
    options = ServerOptions(
        path,
        context,
        threads,
        gpu_layers,
        projector=folder / PROJECTOR_FILE,
        image_tokens=min(IMAGE_TOKENS, context // 2),
    )
    return Seeing(start_chat(options, card, name)[0], device)


def check_projector(path: Path, name: str) -> None:
    """
    Raises:
        ModelError: the file is missing, damaged, or no projector.
    """
    if not path.is_file():
        raise ModelError(
            f"{name} has no projector ({PROJECTOR_FILE}), without which it sees no images.",
            f'Name its file in config.toml: models.{name}.projector = "hf:ORG/NAME:FILE"',
        )
    architecture = read_model_card(path, name).architecture
    if architecture != "clip":
        raise ModelError(
            f"The projector of {name} is none but a “{one_line(architecture, 40)}” model.",
            f"Name the file that begins with mmproj as models.{name}.projector in config.toml.",
        )


def _request(image: Pixels, question: str, most: int) -> dict[str, Any]:
    content = [
        {"type": "image_url", "image_url": {"url": _data_url(image)}},
        {"type": "text", "text": question},
    ]
    return {
        "messages": [{"role": "user", "content": content}],
        "max_tokens": most,
        "temperature": 0.0,
        "logprobs": True,
        "stream": True,
        "cache_prompt": True,
    }


def _data_url(image: Pixels) -> str:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(at_most(image)).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def _delta(chunk: Reply) -> str:
    return "".join(one["delta"].get("content") or "" for one in chunk.get("choices", ()))


def _logs(chunk: Reply) -> list[float]:
    """Logarithms of the probabilities of the chunk's tokens."""
    told = [(one.get("logprobs") or {}).get("content") or () for one in chunk.get("choices", ())]
    return [float(token["logprob"]) for tokens in told for token in tokens]
