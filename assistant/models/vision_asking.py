"""How models that write of images are asked: bare captioners, short answerers, chat models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

_CAPTIONERS = frozenset({"blip", "blip-2", "git", "vision-encoder-decoder"})
"""Write of an image without being asked anything."""


_TASKS = {"florence2": "<CAPTION>"}
"""What kinds that are told a task by its name are told."""


def caption_task(config: VisionConfig) -> str:
    """The name the model gives to captioning; "" where it has none."""
    return _TASKS.get(config.model_type, "")


def captions_unasked(config: VisionConfig) -> bool:
    """Whether the model writes of an image without a question."""
    return config.model_type in _CAPTIONERS


def asked_in_chat(loaded: LoadedVision, image: Pixels, question: str) -> Any:
    """The inputs of a chat of one message: the image, and the question.

    Raises:
        ValueError: the model has no chat template.
    """
    from PIL import Image

    speaker = getattr(loaded.processor, "tokenizer", loaded.processor)
    if not (getattr(loaded.processor, "chat_template", None) or speaker.chat_template):
        raise ValueError("it has no chat template, so it can't be asked anything")
    picture = Image.fromarray(at_most(image))
    content = [{"type": "image", "image": picture}, {"type": "text", "text": question}]
    return loaded.processor.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt",
    )  # fmt: skip
