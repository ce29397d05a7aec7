"""Has a model write of an image: its text as it comes, stoppable, and how sure it was of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.text import sanitize
from assistant.models.quiet import quiet_transformers
from assistant.models.transformers_run import TransformersRun
from assistant.models.vision_loading import LoadedVision, VisionModel

if TYPE_CHECKING:
    import torch

    from assistant.core.skills import Cancelled


@dataclass(frozen=True, slots=True)
class Written:
    """A whole text, and the geometric mean of its tokens' probabilities."""

    text: str
    sure: float


Writing = Generator[str, None, Written]


def written(
    model: VisionModel,
    prepare: Callable[[LoadedVision], Any],
    most: int,
    cancelled: Cancelled,
    told: Callable[[Exception], ModelError],
) -> Writing:
    """What the model writes of one image, without chance, in pieces; ends early once cancelled.

    A model whose own settings ask for a search with beams gives its text in one piece, for until
    the end it is not known which one is the best.

    Args:
        prepare: gives the inputs of the image.
        most: new tokens at most.
        told: what to say of an error of the computation.

    Raises:
        ModelError: the files are damaged, nothing has room for the model, or it fails.
    """
    if cancelled():
        return Written("", 0.0)
    loaded = model.ready()
    stopped = threading.Event()
    sure: list[float] = []

    def generate(streamer: Any) -> None:
        with model.looking(stopped.is_set), quiet_transformers():
            inputs = loaded.prepared(prepare(loaded))
            found = loaded.model.generate(
                **inputs,
                max_new_tokens=most,
                do_sample=False,
                output_scores=True,
                return_dict_in_generate=True,
                **({} if _searches(loaded.model) else {"streamer": streamer}),
            )
            new = _new_tokens(found)
            sure.append(_mean_probability(found, new))
            if _searches(loaded.model):
                streamer.say(decode(new))

    tokenizer = getattr(loaded.processor, "tokenizer", loaded.processor)
    decode = partial(tokenizer.decode, skip_special_tokens=True)
    run = TransformersRun(generate, decode, stopped, model.thread, told)
    text = RunningText()
    try:
        for piece in run.texts(cancelled):
            if fresh := text.feed(piece):
                yield fresh
    finally:
        run.finish()
    return Written(text.whole, sure[0] if sure else 0.0)


class RunningText:
    """Takes pieces of text as a model writes them, and gives what of them can be shown: without
    what a terminal would obey, and without white space at both ends."""

    def __init__(self) -> None:
        self._raw = ""
        self.whole = ""
        """All that was given."""

    def feed(self, piece: str) -> str:
        """The text that is new."""
        self._raw += piece
        clean = sanitize(self._raw).strip()
        fresh = clean[len(self.whole) :]
        self.whole += fresh
        return fresh


def _searches(model: Any) -> bool:
    """Whether its own settings ask for several beams."""
    settings = getattr(model, "generation_config", None)
    return (getattr(settings, "num_beams", 1) or 1) > 1


def _new_tokens(found: Any) -> torch.Tensor:
    """What was written behind the prompt; a search goes on for some steps beyond the end of what
    turns out the best."""
    beams = getattr(found, "beam_indices", None)
    count = len(found.scores) if beams is None else beams.shape[1]
    tokens: torch.Tensor = found.sequences[0, found.sequences.shape[1] - count :]
    return tokens


def _mean_probability(found: Any, new: torch.Tensor) -> float:
    """Geometric mean over the new tokens; a search with beams tells it of the text as a whole."""
    import torch

    beams = getattr(found, "sequences_scores", None)
    if beams is not None:
        return float(beams[0].float().exp())
    if not found.scores:
        return 0.0
    logs = [
        torch.log_softmax(step[0].float(), dim=-1)[token]
        for step, token in zip(found.scores, new, strict=True)
    ]
    return float(torch.stack(logs).mean().exp())
