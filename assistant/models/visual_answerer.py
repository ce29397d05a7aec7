"""Answers questions about images with a model of the hub, by transformers.

ViLT (Kim et al. 2021) chooses among the 3,129 usual answers of VQA v2, each with a sigmoid of its
own; BLIP (Li et al. 2022) writes a short answer; language models with eyes (Qwen-VL, SmolVLM,
LLaVA and their kin) are asked in their chat form.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.text import one_line, sanitize
from assistant.models.dispatch import Room
from assistant.models.vision_loading import LoadedVision, VisionModel, at_most

if TYPE_CHECKING:
    import torch

    from assistant.core.protocols import Pixels

ANSWERS = 3
"""Answers given where a model chooses among fixed ones."""
SHORT_TOKENS, LONG_TOKENS = 20, 160
_LONGEST_ANSWER = 1000  # characters
_CHOOSING = frozenset({"vilt"})
_BRIEF = frozenset({"blip", "blip-2", "git"})


class TransformersAnswerer:
    """An `ImageAnswerer`; weights load at the first question.

    Args:
        room: where it may be placed; None = this machine.

    Raises:
        ModelError: the folder has no readable config.json.
    """

    def __init__(self, folder: Path, *, name: str, room: Room | None = None) -> None:
        self.name = name
        kind = VisionModel(folder, name=name, model_class="").config.model_type
        self._chooses, self._brief = kind in _CHOOSING, kind in _BRIEF
        brief = self._chooses or self._brief
        self._model = VisionModel(
            folder,
            name=name,
            model_class="AutoModelForVisualQuestionAnswering"
            if brief
            else "AutoModelForImageTextToText",
            processor_class="AutoProcessor",
            room=room,
        )

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        return self._model.device

    def close(self) -> None:
        """Free the weights' memory; they load again when next needed."""
        self._model.close()

    def answer(self, image: Pixels, question: str) -> tuple[Label, ...]:
        """Answers in English (or whatever the model speaks), best first, each with how sure the
        model is, in [0, 1].

        Raises:
            ModelError: the files are damaged, or nothing has room for the model.
        """
        loaded = self._model.ready()
        try:
            if self._chooses:
                return self._chosen(loaded, image, question)
            return (self._written(loaded, image, question),)
        except (ValueError, TypeError, KeyError, IndexError, RuntimeError) as error:
            raise ModelError(
                f"The model {self.name} can't answer questions about images: "
                f"{one_line(str(error), 200)}",
                "Choose another model for describe.vqa_model.",
            ) from error

    def _chosen(self, loaded: LoadedVision, image: Pixels, question: str) -> tuple[Label, ...]:
        import torch

        limit = loaded.model.config.max_position_embeddings
        inputs = loaded.processor(
            images=at_most(image), text=question, return_tensors="pt", truncation=True,
            max_length=limit, input_data_format="channels_last",
        )  # fmt: skip
        with torch.inference_mode():
            scores = loaded.model(**loaded.prepared(inputs)).logits[0].float().sigmoid()
        best = scores.topk(min(ANSWERS, len(scores)))
        names = self._model.labels
        return tuple(
            Label(names[i], score)
            for i, score in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        )

    def _written(self, loaded: LoadedVision, image: Pixels, question: str) -> Label:
        inputs = self._asked(loaded, at_most(image), question)
        most = SHORT_TOKENS if self._brief else LONG_TOKENS
        text, sure = written(loaded, inputs, most)
        return Label(text, sure)

    def _asked(self, loaded: LoadedVision, image: Pixels, question: str) -> Any:
        from PIL import Image

        picture = Image.fromarray(image)
        if self._brief:
            return loaded.processor(images=picture, text=question, return_tensors="pt")
        content = [{"type": "image", "image": picture}, {"type": "text", "text": question}]
        return loaded.processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
        )  # fmt: skip


def written(loaded: LoadedVision, inputs: Any, most: int) -> tuple[str, float]:
    """What the model writes without chance, and the geometric mean of its tokens' probabilities.

    Args:
        inputs: of one image.
        most: new tokens at most.
    """
    import torch

    with torch.inference_mode():
        found = loaded.model.generate(
            **loaded.prepared(inputs), max_new_tokens=most, do_sample=False, num_beams=1,
            output_scores=True, return_dict_in_generate=True,
        )  # fmt: skip
    steps = len(found.scores)
    new = found.sequences[0, found.sequences.shape[1] - steps :]
    text = loaded.processor.tokenizer.decode(new, skip_special_tokens=True)
    return one_line(sanitize(text), _LONGEST_ANSWER).strip(), _mean_probability(found.scores, new)


def _mean_probability(scores: tuple[torch.Tensor, ...], new: torch.Tensor) -> float:
    import torch

    if not scores:
        return 0.0
    logs = [
        torch.log_softmax(step[0].float(), dim=-1)[token]
        for step, token in zip(scores, new, strict=True)
    ]
    return float(torch.stack(logs).mean().exp())
