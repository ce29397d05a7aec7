"""Answers questions about images with a model of the hub, by transformers.

ViLT (Kim et al. 2021) chooses among the 3,129 usual answers of VQA v2, each with a sigmoid of its
own; BLIP (Li et al. 2022) writes a short answer; language models with eyes (Qwen-VL, SmolVLM,
LLaVA and their kin) are asked in their chat form.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.models.vision_asking import asked_in_chat
from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most
from assistant.models.vision_runtime import VisionRuntime, reason
from assistant.models.vision_writing import written

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

ANSWERS = 3
"""Answers given where a model chooses among fixed ones."""
SHORT_TOKENS, LONG_TOKENS = 20, 320
_CHOOSING = frozenset({"vilt"})
_BRIEF = frozenset({"blip", "blip-2"})


class TransformersAnswerer(VisionRuntime):
    """An `ImageAnswerer`."""

    def _model_class(self, config: VisionConfig) -> str:
        if config.model_type in _CHOOSING | _BRIEF:
            return "AutoModelForVisualQuestionAnswering"
        return "AutoModelForImageTextToText"

    def _failed(self, why: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't answer questions about images: {why}",
            "Choose another model for describe.vqa_model.",
        )

    @property
    def _kind(self) -> str:
        return self._model.config.model_type

    def answer(
        self, image: Pixels, question: str, cancelled: Cancelled
    ) -> Generator[str, None, tuple[Label, ...]]:
        """An answer in English (or whatever the model speaks) in pieces as it is written; a model
        that chooses among fixed answers yields nothing.

        Returns:
            Answers, best first, each with how sure the model is, in [0, 1]; none once cancelled.

        Raises:
            ModelError: the files are damaged, nothing has room for the model, or it is for
                something else.
        """
        if self._kind in _CHOOSING:

            def look(loaded: LoadedVision, seen: Pixels) -> tuple[Label, ...]:
                return self._chosen(loaded, seen, question)

            return next(self._looked_at([image], look, cancelled), ())

        def prepare(loaded: LoadedVision) -> Any:
            return self._asked(loaded, image, question)

        most = SHORT_TOKENS if self._kind in _BRIEF else LONG_TOKENS
        said = yield from written(
            self._model, prepare, most, cancelled, lambda error: self._failed(reason(error))
        )
        return () if cancelled() else (Label(said.text, said.sure),)

    def _chosen(self, loaded: LoadedVision, image: Pixels, question: str) -> tuple[Label, ...]:
        limit = loaded.model.config.max_position_embeddings
        inputs = loaded.processor(
            images=at_most(image), text=question, return_tensors="pt", truncation=True,
            max_length=limit, input_data_format="channels_last",
        )  # fmt: skip
        scores = loaded.model(**loaded.prepared(inputs)).logits[0].float().sigmoid()
        best = scores.topk(min(ANSWERS, len(scores)))
        return tuple(
            Label(self.labels[i], score)
            for i, score in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        )

    def _asked(self, loaded: LoadedVision, image: Pixels, question: str) -> Any:
        if self._kind not in _BRIEF:
            return asked_in_chat(loaded, image, question)
        return loaded.processor(
            images=[at_most(image)], text=question, return_tensors="pt",
            input_data_format="channels_last",
        )  # fmt: skip
