"""Puts images and texts into one space with CLIP, SigLIP or SigLIP 2, by transformers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.core.errors import ModelError
from assistant.core.heat import Heat
from assistant.models.dispatch import DeviceFullError, load_transformers
from assistant.models.placement import Placement, Share
from assistant.models.quiet import quiet_transformers
from assistant.models.sizes import Dtype

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import torch

    from assistant.core.protocols import Pixels, Vectors

_Item = TypeVar("_Item")

BATCH = 16
"""Images or texts run at once."""


class ClipEncoder:
    """A folder as a model hub keeps it: safetensors, config, tokenizer, image processor.

    Args:
        device: as torch names it.
        dtype: of the weights; one device wants another than the next (`Placement.dtype`).

    Raises:
        ModelError: something in the folder is missing, damaged, or no such model.
        DeviceFullError: the device has less memory than the model needs.
    """

    def __init__(self, folder: Path, *, name: str, device: str, dtype: Dtype = "float32") -> None:
        from transformers import AutoModel, AutoProcessor

        read: Any = AutoProcessor.from_pretrained
        self._name = name
        self._device = device
        placement = Placement(name, (Share(device, 1, 0),), dtype, "")
        try:
            with quiet_transformers():
                self._processor: Any = read(folder, local_files_only=True)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError) as error:
            raise self._broken from error
        try:
            self._model: Any = load_transformers(AutoModel, folder, placement, folder)
        except DeviceFullError:
            raise
        except (ModelError, TypeError) as error:
            raise self._broken from error
        if not hasattr(self._model, "get_image_features") or not hasattr(
            self._model, "logit_scale"
        ):
            raise self._broken
        self._is_siglip = str(self._model.config.model_type).startswith("siglip")

    @property
    def name(self) -> str:
        return self._name

    @property
    def device(self) -> str:
        return self._device

    def close(self) -> None:
        """Free the model's memory; may be called twice."""
        self._model = None

    @property
    def logit_scale(self) -> float:
        return float(self._opened.logit_scale.detach().float().exp())

    @property
    def logit_bias(self) -> float | None:
        """SigLIP's; None for CLIP, which has none."""
        bias = getattr(self._opened, "logit_bias", None)
        return None if bias is None else float(bias.detach().float())

    def embed_images(self, images: Sequence[Pixels]) -> Vectors:
        """Unit rows float32 [n, d]."""
        import torch

        parts = []
        for batch in _batches(images):
            inputs = self._processor(
                images=list(batch), return_tensors="pt", input_data_format="channels_last"
            )
            with torch.inference_mode():
                found = self._opened.get_image_features(**self._moved(inputs))
            parts.append(found.pooler_output)
        return self._unit_rows(parts)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d]; what is beyond the model's length (77 or 64 tokens) is cut.

        SigLIP was trained on lower-case text filled up to that length, without a mask
        (Zhai et al. 2023; Tschannen et al. 2025).
        """
        import torch

        parts = []
        for batch in _batches(texts):
            inputs = self._processor(
                text=[text.lower() for text in batch] if self._is_siglip else list(batch),
                return_tensors="pt",
                padding="max_length" if self._is_siglip else True,
                truncation=True,
                max_length=self._opened.config.text_config.max_position_embeddings,
            )
            if self._is_siglip:
                inputs.pop("attention_mask", None)
            with torch.inference_mode():
                found = self._opened.get_text_features(**self._moved(inputs))
            parts.append(found.pooler_output)
        return self._unit_rows(parts)

    def heat(self, image: Pixels, text: str) -> Heat:
        """What in the image makes it like the text (`clip_relevance`)."""
        import torch

        from assistant.models.clip_relevance import relevance

        (row,) = self.embed_texts([text])
        inputs = self._moved(
            self._processor(images=[image], return_tensors="pt", input_data_format="channels_last")
        )
        wanted = torch.from_numpy(row).to(self._device)
        return relevance(self._opened, inputs, wanted, image, self._processor.image_processor)

    @property
    def _opened(self) -> Any:
        if self._model is None:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        return self._model

    @property
    def _broken(self) -> ModelError:
        return ModelError(
            f"The files of the model {self._name} can't be loaded.",
            f"Run `assistant models remove {self._name}`, then "
            f"`assistant models pull {self._name}`.",
        )

    def _moved(self, inputs: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Onto the model's device; numbers with a fraction in the model's data type."""
        dtype = self._opened.dtype
        return {
            name: tensor.to(self._device, dtype if tensor.is_floating_point() else tensor.dtype)
            for name, tensor in inputs.items()
        }

    def _dimension(self) -> int:
        config = self._opened.config
        towers = config.vision_config.hidden_size
        return int(getattr(config, "projection_dim", None) or towers)

    def _unit_rows(self, parts: Sequence[torch.Tensor]) -> Vectors:
        import numpy as np
        import torch

        if not parts:
            return np.empty((0, self._dimension()), np.float32)
        rows = torch.nn.functional.normalize(torch.cat(list(parts)).float(), dim=-1)
        return np.asarray(rows.cpu().numpy(), dtype=np.float32)


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
