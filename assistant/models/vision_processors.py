"""Processors that transformers' own classes don't give: of models that see videos, too, without
what prepares these (it needs torchvision), and of models whose two parts are kept side by side."""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any


def load_for_stills(folder: Path) -> Any:
    """The processor of the folder's model with nothing in the place of its video processor.

    Raises:
        ImportError: another part of it needs a library that is not here, or it has no such part.
        OSError, ValueError, KeyError, TypeError, AttributeError: the files are damaged.
    """
    from transformers import AutoTokenizer

    kind = _class_of(folder)
    settings, _ = kind.get_processor_dict(folder, local_files_only=True)
    parts: dict[str, Any] = {"video_processor": _NoVideos()}
    parts["tokenizer"] = tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    parts["image_processor"] = _image_processor(folder)
    taken = {*signature(kind.__init__).parameters, "chat_template"} - {*parts}
    settings = {key: value for key, value in settings.items() if key in taken}
    settings.setdefault("chat_template", getattr(tokenizer, "chat_template", None))
    return _unchecked(kind)(*(parts[name] for name in kind.get_attributes()), **settings)


def _class_of(folder: Path) -> Any:
    """The class of transformers for the model's processor, by the kind of the model."""
    import transformers
    from transformers import AutoConfig

    names: Any = import_module("transformers.models.auto.processing_auto")
    config: Any = AutoConfig.from_pretrained(folder, local_files_only=True)
    name = names.PROCESSOR_MAPPING_NAMES.get(config.model_type)
    kind: Any = getattr(transformers, name, None) if name else None
    if kind is None or "video_processor" not in kind.get_attributes():
        raise ImportError(f"Models of the kind {config.model_type} are prepared otherwise.")
    return kind


def _image_processor(folder: Path) -> Any:
    from transformers import AutoImageProcessor

    auto: Any = AutoImageProcessor
    return auto.from_pretrained(folder, local_files_only=True, backend="pil")


class _NoVideos:
    """Stands where a processor keeps what prepares videos, and is asked for no video."""

    num_frames = fps = merge_size = None
    model_input_names: tuple[str, ...] = ()


def _unchecked(kind: Any) -> Any:
    """The processor's class, which lets that stand-in pass."""

    class ForStills(kind):  # type: ignore[misc]
        """Looks at the kind of every part but the one for videos."""

        def check_argument_for_proper_class(self, name: str, part: Any) -> Any:
            if isinstance(part, _NoVideos):
                return _NoVideos
            return super().check_argument_for_proper_class(name, part)

    return ForStills


class Paired:
    """An image processor and a tokenizer that no class of transformers joins (ViT-GPT2)."""

    def __init__(self, image_processor: Any, tokenizer: Any) -> None:
        self.image_processor = image_processor
        self.tokenizer = tokenizer

    def __call__(self, **options: Any) -> Any:
        """The inputs of images."""
        return self.image_processor(**options)


def with_images(processor: Any, folder: Path) -> Any:
    """The processor itself, or joined with what prepares images where it takes text alone."""
    from transformers import PreTrainedTokenizerBase

    if not isinstance(processor, PreTrainedTokenizerBase):
        return processor
    return Paired(_image_processor(folder), processor)
